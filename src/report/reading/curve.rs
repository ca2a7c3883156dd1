//! Writes the points of curves: how many comments were read when each one was found.

use std::io::Write;

use super::Readings;
use crate::error::Result;
use crate::report::csv::unwritten;
use crate::source::table::neutralise;

pub(super) fn write(readings: &[Readings], out: &mut dyn Write) -> Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table
        .write_record(["file", "label", "order", "comments", "positives", "found", "read"])
        .map_err(unwritten)?;
    for Readings { file, label, by } in readings {
        let (file, label) = (neutralise(file), neutralise(label));
        for (sequence, discovery) in by {
            let counts = [discovery.comments, discovery.positives].map(|count| count.to_string());
            for (before, read) in discovery.found_at.iter().enumerate() {
                let (found, read) = ((before + 1).to_string(), read.to_string());
                let [comments, positives] = &counts;
                let names = [&*file, &*label, sequence.name()];
                let counts = [&**comments, positives, &found, &read];
                let record = names.into_iter().chain(counts);
                table.write_record(record).map_err(unwritten)?;
            }
        }
    }
    Ok(table.flush()?)
}
