//! Writes out what moderators decided: the log, the labels in it, counts for the public; and reads back what it wrote.
//!
//! Comments are hostile input: cells that a spreadsheet would run are neutralised in a CSV, and restored where it is read.

mod counts;
mod decisions;
mod labels;
mod moment;
mod reading;
mod rows;

pub use counts::{Count, counts};
pub use reading::{Origin, Records, holds_decisions, records};
pub use rows::Rows;

use std::io::Write;

use crate::error::Result;
use crate::report::{self, Format, Style};
use crate::store::{Judge, Store, View};

/// Writes the whole log, a row a decision in its order, with what is known of the comment that it is about. Returns how many
/// rows there are.
///
/// The columns are `decision` (its number), `decision_act`, `decision_verdict` (`approve`, `reject`, `defer`, `note`,
/// `undo`), `decision_undoes` (an act), `decision_undone` (1 where it was taken back), `decision_reason`,
/// `decision_labels` (JSON), `decision_note`, `decision_moderator`, `decision_made` (ISO 8601, UTC), `decision_model`,
/// `decision_scores` (JSON), `decision_advice`, `decision_sample` (the rate at which the comment was drawn for the audit),
/// `decision_comment` (the random name of the comment in the log), then those of the comment table, empty where the comment
/// was forgotten.
///
/// # Errors
/// When the database cannot be read or `out` not be written to.
pub fn write_decisions(store: &Store, rows: Rows, out: &mut dyn Write) -> Result<u64> {
    decisions::write(store, rows, out)
}

/// Writes a row for each comment that is approved or rejected, in the order in which they came: what a model learns from.
/// Returns how many rows there are.
///
/// The columns are those of the comment table, one a label (1, 0, or empty where nothing is known), and
/// `decision_verdict`, `decision_reason`, `decision_moderator`, `decision_made`, `decision_model` and `decision_advice`.
/// What a decision says of a label is told at [`crate::store::Decision::says`].
///
/// # Errors
/// When the database cannot be read or `out` not be written to.
pub fn write_labels(store: &Store, rows: Rows, out: &mut dyn Write) -> Result<u64> {
    labels::write(store, rows, out)
}

/// Writes counts of decisions, a row for each month, verdict and reason: see [`Count`]. Returns how many rows there are.
///
/// # Errors
/// When the database cannot be read or `out` not be written to.
pub fn write_counts(store: &Store, rows: Rows, out: &mut dyn Write) -> Result<u64> {
    counts::write(store, rows, out)
}

/// Writes the queue of a view with its reasons. Returns how many comments it holds.
///
/// # Errors
/// When the database cannot be read, its scores come from another model than the judge's, or `out` cannot be written to.
pub fn write_queue(
    store: &Store,
    judge: &Judge,
    view: &View,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> Result<u64> {
    let queue = store.queue(view, judge)?;
    report::write(&queue, format, style, out)?;
    Ok(queue.entries.len() as u64)
}
