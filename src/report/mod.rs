//! Writes the queue for those who read it: a spreadsheet, a program, a terminal, a browser. And what was simulated.
//!
//! Comments are hostile input: whatever a format could run, obey or be fooled by is made harmless here.

#[cfg(feature = "serve")]
pub mod chart;
mod columns;
mod csv;
mod excerpt;
mod explanation;
#[cfg(feature = "serve")]
pub mod fragment;
mod html;
mod jsonl;
mod reading;
mod sentence;
mod simulation;
mod table;
mod visible;
mod words;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use columns::Columns;
pub use excerpt::{cell, excerpt};
pub use explanation::explanation;
#[cfg(feature = "serve")]
pub use reading::draw_readings;
pub use reading::{Readings, write_curve, write_readings};
pub use sentence::{Sentence, sentences};
pub use simulation::{SimulationFormat, write_simulation};
#[cfg(feature = "serve")]
pub(crate) use visible::ascii_unseen;
pub use words::Locale;

use std::io::Write;

use crate::error::Result;
use crate::triage::Queue;

/// What a queue is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A table for spreadsheets.
    #[default]
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Two lines an entry, for a terminal.
    Table,
    /// One self-contained page.
    Html,
    /// A workbook for Excel.
    #[cfg(feature = "xlsx")]
    Xlsx,
}

impl Format {
    /// All of them.
    pub const ALL: &[Format] = &[
        Format::Csv,
        Format::Jsonl,
        Format::Table,
        Format::Html,
        #[cfg(feature = "xlsx")]
        Format::Xlsx,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
            Format::Table => "table",
            Format::Html => "html",
            #[cfg(feature = "xlsx")]
            Format::Xlsx => "xlsx",
        }
    }
}

/// How a queue is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The language of everything that is not the readers' own words.
    pub locale: Locale,
    /// The id of the model that scored the comments.
    pub model: String,
    /// How a CSV begins.
    pub mark: Mark,
    /// The columns of the terminal that a table may fill.
    pub width: usize,
    /// Whether a table is coloured.
    pub colour: Colour,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            locale: Locale::Fr,
            model: String::new(),
            mark: Mark::None,
            width: 100,
            colour: Colour::Plain,
        }
    }
}

/// How a CSV begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// With its header.
    #[default]
    None,
    /// With a byte order mark, without which Excel takes UTF-8 for something else.
    ByteOrder,
}

/// Whether a table is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Text only.
    #[default]
    Plain,
    /// With ANSI escapes.
    Ansi,
}

/// Writes `queue` as `format`.
///
/// # Errors
/// When `out` cannot be written to, or the queue is longer than a sheet of a workbook.
pub fn write(queue: &Queue, format: Format, style: &Style, out: &mut dyn Write) -> Result<()> {
    match format {
        Format::Csv => csv::write(queue, style, out),
        Format::Jsonl => jsonl::write(queue, style, out),
        Format::Table => table::write(queue, style, out),
        Format::Html => html::write(queue, style, out),
        #[cfg(feature = "xlsx")]
        Format::Xlsx => xlsx::write(queue, style, out),
    }
}
