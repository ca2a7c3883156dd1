//! Writes the queue as CSV for spreadsheets: the comment table's columns, what vigie says, and the comment answered.

use std::io::Write;

use super::{Columns, Mark, Style, excerpt};
use crate::comment::COLUMNS;
use crate::error::{Error, Result};
use crate::source::table::neutralise;
use crate::triage::Queue;

/// The columns are `vigie_rank`, those of the comment table, the other `vigie_*` ones, `parent_author` and
/// `parent_text` (its first 2,000 characters). Cells that a spreadsheet would run are neutralised.
pub(super) fn write(queue: &Queue, style: &Style, out: &mut dyn Write) -> Result<()> {
    if style.mark == Mark::ByteOrder {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let columns = Columns::new(&queue.adviser, style.locale, &style.model);
    let mut table = ::csv::Writer::from_writer(out);
    let mut record = vec!["vigie_rank".to_string()];
    record.extend(COLUMNS.map(str::to_string));
    record.extend(columns.names());
    record.extend(["parent_author", "parent_text"].map(str::to_string));
    table.write_record(&record).map_err(unwritten)?;
    for entry in &queue.entries {
        let comment = queue.comment(entry);
        record.clear();
        record.push(entry.rank.to_string());
        record.extend(comment.cells());
        record.extend(columns.cells(&comment.text, entry.advice, &entry.scores, &entry.reasons));
        let parent = queue.parent(entry);
        record.push(parent.and_then(|parent| parent.author.clone()).unwrap_or_default());
        record.push(parent.map(|p| excerpt::first(&p.text, excerpt::QUOTED)).unwrap_or_default());
        table
            .write_record(record.iter().map(|cell| neutralise(cell).into_owned()))
            .map_err(unwritten)?;
    }
    table.flush()?;
    Ok(())
}

pub(super) fn unwritten(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error.into(),
        other => Error::table(format!("cannot write a record: {other:?}")),
    }
}
