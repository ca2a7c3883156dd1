//! Writes the shares read as a table for a terminal.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::Readings;
use crate::error::Result;
use crate::model::Probability;
use crate::report::visible::visible;
use crate::report::words::{Words, fill};

/// Columns that a name takes.
const NAME: usize = 34;
/// Columns that a share takes.
const CELL: usize = 9;

pub(super) fn write(
    readings: &[Readings],
    targets: &[f64],
    words: &Words,
    out: &mut dyn Write,
) -> Result<()> {
    for (index, Readings { file, label, by }) in readings.iter().enumerate() {
        let Some((_, any)) = by.first() else { continue };
        if index > 0 {
            writeln!(out)?;
        }
        let share = words.share(any.positives as f64 / any.comments.max(1) as f64);
        let values = [
            ("file", &*visible(file)),
            ("comments", &words.number(any.comments)),
            ("positives", &words.number(any.positives)),
            ("label", words.label(label)),
            ("share", &share),
        ];
        writeln!(out, "{}", fill(&words.reading["head"], &values))?;
        let exact = |&target: &f64| words.exact(Probability::new(target));
        row(out, &words.reading["until"], targets.iter().map(exact))?;
        for (sequence, discovery) in by {
            let shares = targets.iter().map(|&target| discovery.share_until(target));
            let cells = shares.map(|share| share.map_or("-".into(), |share| words.share(share)));
            row(out, words.sequence(*sequence), cells)?;
        }
        row(out, &words.reading["least"], targets.iter().map(|&t| words.share(any.least(t))))?;
    }
    Ok(out.flush()?)
}

fn row(out: &mut dyn Write, name: &str, cells: impl Iterator<Item = String>) -> Result<()> {
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.width()));
    let cells: String = cells.map(|cell| pad(&cell, CELL) + &cell).collect();
    Ok(writeln!(out, "{name}{}{cells}", pad(name, NAME))?)
}
