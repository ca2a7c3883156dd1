//! Reads decisions back from a table that this program wrote.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::moment;
use crate::comment::COLUMNS;
use crate::error::Result;
use crate::source::table::{Mapping, Record as Cells, Reject, Row, Table};
use crate::store::{Decision, Record, Verdict};

/// Who decided, and when, where a table does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who.
    pub moderator: String,
    /// When: milliseconds since 1970, UTC.
    pub made: i64,
}

/// What was read of a table. Every row of it is in one of the two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Its decisions, in their order.
    pub records: Vec<Record>,
    /// Rows that could not be read, each with its reason.
    pub refused: Vec<Reject>,
}

/// The column without which a table holds no decisions.
const MARK: &str = "decision_verdict";

/// Whether a table is one that [`super::write_decisions`] or [`super::write_labels`] wrote.
pub fn holds_decisions(table: &Table) -> bool {
    table.mapping().is_own() && table.header().iter().any(|name| name == MARK)
}

/// The decisions of such a table.
///
/// # Errors
/// When it cannot be read to its end.
pub fn records(table: &mut Table, origin: &Origin) -> Result<Records> {
    let (mapping, header) = (table.mapping().clone(), table.header().to_vec());
    let reader = Reading { mapping, header, origin };
    let mut read = Records::default();
    for record in table {
        match record? {
            Cells::Reject(reject) => read.refused.push(reject),
            Cells::Row(row) => match reader.record(&row) {
                Ok(record) => read.records.push(record),
                Err(reason) => read.refused.push(reader.refused(&row, reason)),
            },
        }
    }
    Ok(read)
}

struct Reading<'o> {
    mapping: Mapping,
    header: Vec<String>,
    origin: &'o Origin,
}

impl Reading<'_> {
    /// The decision of a row; else what is wrong with it.
    fn record(&self, row: &Row) -> std::result::Result<Record, String> {
        let cells = Values::of(&self.header, row);
        let number =
            |name: &str| cells.parsed(name, |cell| whole(cell).parse::<i64>().ok(), "a number");
        let text = |name: &str| cells.text(name).unwrap_or_default();
        let seq = number("decision")?.unwrap_or(row.record as i64);
        let verdict = cells.parsed(MARK, Verdict::named, "a verdict")?;
        let made = cells.parsed("decision_made", moment::read, "a moment")?;
        let sample = cells.parsed("decision_sample", |cell| cell.parse().ok(), "a number")?;
        let log = self.header.iter().any(|name| name == "decision");
        let labels = if log { cells.object("decision_labels")? } else { self.labels(&cells)? };
        let comment = row.comment(&self.mapping);
        // What is gone left nothing behind, not even an id.
        let there = !self.mapping.text(row).is_empty() || cells.text("id").is_some();
        Ok(Record {
            decision: Decision {
                seq,
                act: number("decision_act")?.unwrap_or(seq),
                comment: 0,
                uid: [0; 16],
                verdict: verdict.ok_or_else(|| format!("expected a verdict in {MARK}"))?,
                undoes: number("decision_undoes")?,
                reason: text("decision_reason"),
                labels,
                note: cells.text("decision_note"),
                moderator: cells
                    .text("decision_moderator")
                    .unwrap_or_else(|| self.origin.moderator.clone()),
                made: made.unwrap_or(self.origin.made),
                model: text("decision_model"),
                scores: cells.object("decision_scores")?,
                advice: text("decision_advice"),
                sample,
            },
            undone: whole(&text("decision_undone")) == "1",
            comment: there.then_some(comment),
        })
    }

    /// What the columns of labels say.
    fn labels(&self, cells: &Values) -> std::result::Result<BTreeMap<String, bool>, String> {
        let mut labels = BTreeMap::new();
        for name in &self.header {
            let own = name.starts_with("decision_") || name.starts_with("vigie_");
            if own || COLUMNS.contains(&name.as_str()) {
                continue;
            }
            match cells.text(name).as_deref().map(whole) {
                None => {}
                Some("1") => _ = labels.insert(name.clone(), true),
                Some("0") => _ = labels.insert(name.clone(), false),
                Some(_) => return Err(format!("expected 0, 1 or nothing in the column {name}")),
            }
        }
        Ok(labels)
    }

    fn refused(&self, row: &Row, reason: String) -> Reject {
        let (path, raw) = (self.mapping.path().to_string(), row.cells().collect::<Vec<_>>());
        Reject { path, record: row.record, line: Some(row.line), reason, raw: raw.join(",") }
    }
}

/// A whole number as a spreadsheet may have written it: `1.0` is 1.
fn whole(cell: &str) -> &str {
    cell.strip_suffix(".0").unwrap_or(cell)
}

/// The values of a row by their columns, however it is written.
enum Values<'r> {
    Cells(&'r [String], &'r Row),
    Json(Map<String, Value>),
}

impl Values<'_> {
    fn of<'r>(header: &'r [String], row: &'r Row) -> Values<'r> {
        match row.json().and_then(|json| serde_json::from_str(json).ok()) {
            Some(object) => Values::Json(object),
            None => Values::Cells(header, row),
        }
    }

    /// What stands there; none where it is empty.
    fn text(&self, name: &str) -> Option<String> {
        let text = match self {
            Values::Cells(header, row) => {
                let column = header.iter().position(|own| own == name)?;
                row.cell(column)?.to_string()
            }
            Values::Json(object) => match object.get(name)? {
                Value::Null => return None,
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
        };
        Some(text).filter(|text| !text.is_empty())
    }

    fn parsed<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        what: &str,
    ) -> std::result::Result<Option<T>, String> {
        let Some(text) = self.text(name) else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| format!("expected {what} in {name}"))
    }

    fn object<T: DeserializeOwned + Default>(&self, name: &str) -> std::result::Result<T, String> {
        let parse = |text: &str| serde_json::from_str(text).ok();
        Ok(self.parsed(name, parse, "an object")?.unwrap_or_default())
    }
}
