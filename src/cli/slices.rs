//! Measures a model part by part: by functionality, by source, by any column.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;
use vigie::evaluation::{Pair, Slice};
use vigie::report::cell;

use super::figure::{named, number, percent_interval, width};
use super::judged::Known;

/// A labelled set, part by part.
#[derive(Debug, Serialize)]
pub struct Slices {
    by: String,
    /// Those that pass least first, then by name.
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    value: String,
    #[serde(flatten)]
    slice: Slice,
}

/// Columns of a terminal that the name of a part fills, at the least and at the most.
const WIDTH: (usize, usize) = (24, 40);

impl Slices {
    /// The parts of rows by `column`; none where no row stands in any.
    pub fn of(column: &str, known: &Known, threshold: f64) -> Option<Slices> {
        let mut parts: BTreeMap<&str, Vec<Pair>> = BTreeMap::new();
        for (row, pair) in known.rows.iter().zip(&known.pairs) {
            if let Some(part) = &row.part {
                parts.entry(part).or_default().push(*pair);
            }
        }
        let part = |(value, pairs): (&&str, &Vec<Pair>)| Part {
            value: value.to_string(),
            slice: Slice::of(pairs, threshold),
        };
        let mut parts: Vec<Part> = parts.iter().map(part).collect();
        let rate = |part: &Part| part.slice.pass_rate.unwrap_or_default();
        // Stable, so that equal ones stay sorted by name.
        parts.sort_by(|a, b| rate(a).total_cmp(&rate(b)));
        (!parts.is_empty()).then(|| Slices { by: column.to_string(), parts })
    }

    /// Tells them in a table.
    pub fn tell(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let names = self.parts.iter().map(|part| named(&part.value));
        let width = width(names, WIDTH.0, WIDTH.1);
        let by = cell(&format!("by {}", self.by), width);
        writeln!(out, "  {by} comments  positive   agrees with the label   mean    AUC")?;
        for Part { value, slice } in &self.parts {
            let interval = slice.interval.map_or(String::new(), percent_interval);
            writeln!(
                out,
                "  {} {:>8}  {:>8}  {:>5.1} % {interval:<14}  {:.3}  {}",
                cell(named(value), width),
                slice.rows,
                slice.positives,
                100.0 * slice.pass_rate.unwrap_or_default(),
                slice.mean_score.unwrap_or_default(),
                number(slice.auc),
            )?;
        }
        Ok(())
    }
}
