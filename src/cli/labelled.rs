//! Reads labelled comments: for training and for measuring.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Context as _;
use vigie::Error;
use vigie::feature::{Context, Places};
use vigie::source::Input;
use vigie::source::table::{Overrides, Record, Reject, Table};
use vigie::text::{Language, hash};

use super::input::Account;

/// A comment with what people said of it.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub text: String,
    pub place: Context,
    /// The language that the file says it is in.
    pub language: Language,
    /// By label wanted: 1 is true, 0 false, an empty cell unknown.
    pub labels: Vec<Option<bool>>,
    /// What must not be parted: its thread, else copies of its text.
    pub group: u64,
    /// The part of the set that it stands in, where parts are asked for.
    pub part: Option<String>,
    /// By column of scores: what others gave it.
    pub given: Vec<Option<f64>>,
}

/// The column whose values part a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Parting {
    /// None.
    #[default]
    None,
    /// This one, where a table has it.
    Where(String),
    /// This one; a table without it is refused.
    By(String),
}

/// How rows are grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// By thread, as parents tell.
    #[default]
    Thread,
    /// By the value of a column; rows where it is empty, as above.
    Column(String),
    /// So many neighbouring rows together.
    Block(u64),
}

/// Labels that lie beside their comments, by the comments' ids: texts that are not ours stay where they are.
pub type Annotations = HashMap<String, Vec<Option<bool>>>;

/// Where the labels of a table are.
#[derive(Clone, Copy, Debug)]
pub enum Gold<'a> {
    /// In its own columns.
    Columns,
    /// Elsewhere; where nothing is said there of a label, its own column counts. Other rows are left out.
    Annotations(&'a Annotations),
    /// In its own columns, for rows of which nothing is said elsewhere. Other rows are left out.
    Unannotated(&'a Annotations),
}

/// Reads annotations: a table with an `id` column and columns of labels.
pub fn annotations(path: &Path, labels: &[String]) -> anyhow::Result<Annotations> {
    let mut annotations = Annotations::new();
    let mut table = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let header = table.headers()?.clone();
    let column = |wanted: &str| header.iter().position(|name| name == wanted);
    let id =
        column("id").with_context(|| format!("{}: expected a column named id", path.display()))?;
    let columns: Vec<Option<usize>> = labels.iter().map(|label| column(label)).collect();
    for record in table.records() {
        let record = record?;
        let cells = columns.iter().map(|column| column.and_then(|column| record.get(column)));
        let parsed = cells.map(|cell| parse(cell.unwrap_or_default())).collect::<Option<Vec<_>>>();
        let labels = parsed.with_context(|| {
            format!(
                "{}: comment {}: expected 0, 1 or nothing as a label",
                path.display(),
                &record[id]
            )
        })?;
        annotations.insert(record[id].to_string(), labels);
    }
    Ok(annotations)
}

/// What is asked of the rows of a table.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub labels: &'a [String],
    pub gold: Gold<'a>,
    pub grouping: &'a Grouping,
    pub parting: &'a Parting,
    /// Columns of scores that others gave, from 0 to 1.
    pub scores: &'a [String],
}

impl<'a> Asked<'a> {
    /// Rows with these labels in their own columns, grouped by thread, neither parted nor scored.
    pub fn of(labels: &'a [String]) -> Asked<'a> {
        let (grouping, parting) = (&Grouping::Thread, &Parting::None);
        Asked { labels, gold: Gold::Columns, grouping, parting, scores: &[] }
    }
}

/// Reads the rows of a table that bear at least one of the labels; all of them, where no label is asked for.
///
/// # Errors
/// When the table cannot be read, lacks all of the labels, or a column that groups, parts or scores.
pub fn read(
    input: &Input,
    overrides: &Overrides,
    asked: &Asked,
    account: &mut Account,
) -> anyhow::Result<Vec<Labelled>> {
    let Asked { labels, gold, grouping, parting, scores } = *asked;
    let name = input.to_string();
    let table = input.open().and_then(|reader| Table::open(reader, &name, overrides));
    let mut table = table.map_err(|error| error.at_path(&name))?;
    let mapping = table.mapping().clone();
    let columns: Vec<Option<usize>> = labels.iter().map(|label| table.column(label)).collect();
    let labelled = !labels.is_empty();
    if labelled && matches!(gold, Gold::Columns) && columns.iter().all(Option::is_none) {
        let message = format!(
            "expected a column of labels named {}; the columns are {}",
            labels.join(" or "),
            table.header().join(", ")
        );
        return Err(Error::table(message).at_path(&name).into());
    }
    let missing = |column: &str, purpose: &str| {
        Error::table(format!("no column \"{column}\" to {purpose} by")).at_path(&name)
    };
    let group_column = match grouping {
        Grouping::Column(column) => {
            Some(table.column(column).ok_or_else(|| missing(column, "group"))?)
        }
        _ => None,
    };
    let part_column = match parting {
        Parting::None => None,
        Parting::Where(column) => table.column(column),
        Parting::By(column) => Some(table.column(column).ok_or_else(|| missing(column, "part"))?),
    };
    let given: Vec<usize> = scores
        .iter()
        .map(|column| table.column(column).ok_or_else(|| missing(column, "compare")))
        .collect::<Result<_, _>>()?;
    // Folds, and so the model, must not depend on the folder that the file lies in.
    let file = name.rsplit('/').next().unwrap_or_default();
    let language = table.column("lang");
    let mut rows = Vec::new();
    let mut places = Places::default();
    let mut roots: HashMap<u64, u64> = HashMap::new();
    let mut answered = HashSet::new();
    let mut by_text = Vec::new();
    for record in &mut table {
        let row = match record? {
            Record::Reject(reject) => {
                account.reject(&reject)?;
                continue;
            }
            Record::Row(row) => row,
        };
        let (page, id, parent) = row.place(&mapping);
        let page = if page == name { file } else { page };
        let place = places.next(page, &id, parent);
        let key = |id: &str| hash(format!("{file}\0{page}\0{id}").as_bytes());
        let root = parent.map(|parent| *roots.entry(key(parent)).or_insert_with(|| key(parent)));
        roots.insert(key(&id), root.unwrap_or_else(|| key(&id)));
        let of_value =
            group_column.and_then(|column| row.cell(column)).filter(|value| !value.is_empty());
        let text = mapping.text(&row).to_string();
        let group = match (grouping, of_value) {
            (Grouping::Block(size), _) => {
                hash(format!("{file}\0block {}", row.record / size).as_bytes())
            }
            (_, Some(value)) => hash(format!("{file}\0{value}").as_bytes()),
            _ => root.unwrap_or_else(|| key(&id)),
        };
        // A copy of a comment would give its label away: what stands alone is grouped by its text.
        let alone = (root.is_none() && group == key(&id)).then(|| hash(text.as_bytes()));
        answered.extend(root);
        let beside = match gold {
            Gold::Columns => None,
            Gold::Annotations(annotations) => match annotations.get(id.as_ref()) {
                None => continue,
                labels => labels,
            },
            Gold::Unannotated(annotations) if annotations.contains_key(id.as_ref()) => continue,
            Gold::Unannotated(_) => None,
        };
        let cells = columns.iter().map(|column| column.and_then(|column| row.cell(column)));
        let parsed: Vec<_> = cells.map(|cell| parse(cell.unwrap_or_default())).collect();
        if let Some(wrong) = parsed.iter().position(Option::is_none) {
            account.reject(&Reject {
                path: name.clone(),
                record: row.record,
                line: Some(row.line),
                reason: format!("expected 0, 1 or nothing in the column {}", labels[wrong]),
                raw: row.cells().collect::<Vec<_>>().join(","),
            })?;
            continue;
        }
        let mut labels: Vec<Option<bool>> = parsed.into_iter().flatten().collect();
        if let Some(beside) = beside {
            labels.iter_mut().zip(beside).for_each(|(label, said)| *label = said.or(*label));
        }
        account.comments += 1;
        if !labelled || labels.iter().any(Option::is_some) {
            let said = language.and_then(|column| row.cell(column)).unwrap_or_default();
            let language = Language::from_code(said.trim());
            let part = part_column.map(|column| row.cell(column).unwrap_or_default().to_string());
            let given = given.iter().map(|&column| score(row.cell(column).unwrap_or_default()));
            let given = given.collect();
            rows.push(Labelled { text, place, language, labels, group, part, given });
            by_text.push(alone);
        }
    }
    for (row, alone) in rows.iter_mut().zip(by_text) {
        row.group = alone.filter(|_| !answered.contains(&row.group)).unwrap_or(row.group);
    }
    account.tell_repairs(input, table.repairs());
    account.inputs += 1;
    Ok(rows)
}

/// A score from 0 to 1, with a point or a comma.
fn score(cell: &str) -> Option<f64> {
    let score: f64 = cell.trim().replace(',', ".").parse().ok()?;
    (0.0..=1.0).contains(&score).then_some(score)
}

/// What a cell says of a label: 1, 0, or nothing. None when the cell is no label.
pub fn parse(cell: &str) -> Option<Option<bool>> {
    match cell.trim() {
        "" => Some(None),
        "0" | "0.0" => Some(Some(false)),
        "1" | "1.0" => Some(Some(true)),
        _ => None,
    }
}
