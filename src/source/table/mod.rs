//! Reads exported tables (CSV, JSON Lines) record by record, in constant memory, whoever wrote them.
//!
//! Every record is a [`Row`] or a [`Reject`] with its reason: what was read is what was accepted and what was refused.

mod aliases;
mod comment;
mod csv;
mod dialect;
mod field;
mod formula;
mod json;
mod jsonl;
mod mapping;
mod objects;
mod row;
mod runs;
mod sample;
#[cfg(feature = "xlsx")]
mod sheet;
mod splitter;
mod traps;
mod verdict;
mod window;

use std::collections::VecDeque;
use std::io::Read;

use self::aliases::fold;
pub(super) use aliases::aliases;
pub(super) use comment::{parent_id, votes};
pub(super) use dialect::guess;
pub use dialect::{Dialect, LineEnd};
pub use field::{Field, Overrides, Repair};
pub use formula::{neutralise, restore};
pub use mapping::Mapping;
pub(super) use mapping::Zero;
pub(super) use objects::{Objects, Parsed};
pub use row::{Record, Reject, Row};

use self::csv::CsvReader;
use self::jsonl::JsonReader;
#[cfg(feature = "xlsx")]
use self::sheet::SheetReader;
use self::traps::{Traps, mend};
use self::window::Window;
use super::decoder::Decoder;
use super::encoding::HEAD;
use super::sniff::{Kind, sniff};
use crate::error::{Error, Result};

/// The longest record that is read; what is longer is refused, in bounded memory.
pub(super) const LIMIT: usize = 10_000_000;

/// The most columns that a table may have, as in spreadsheets.
const MOST_COLUMNS: usize = 16_384;

/// How many rows are looked at to tell the columns apart, and how many bytes of them at most.
const SAMPLE_ROWS: usize = 200;
const SAMPLE_BYTES: usize = 16_000_000;

/// A table being read: an iterator over its records.
///
/// An error (a cut archive, a failing disk) ends it.
pub struct Table {
    records: Records,
    format: Format,
    mapping: Mapping,
    /// What was read to tell the columns apart, and is still to be given.
    ready: VecDeque<Record>,
    state: State,
    repairs: Vec<Repair>,
    traps: Traps,
    /// The text column, where texts are cut into runs.
    runs: Option<usize>,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Cells parted by a delimiter.
    Csv(Dialect),
    /// JSON objects, one a line or in an array.
    Json,
    /// The cells of a spreadsheet.
    Sheet,
}

enum Records {
    Csv(Box<CsvReader>),
    Json(Box<JsonReader>),
    #[cfg(feature = "xlsx")]
    Sheet(Box<SheetReader>),
}

enum State {
    Reading,
    /// An error met while the columns were told apart; it comes after the rows before it.
    Failing(Error),
    Done,
}

impl Table {
    /// Opens a table, of whatever charset and format, and tells its columns apart.
    ///
    /// `name` is the file as the user named it, for errors and for the page of comments that have none.
    pub fn open(reader: Box<dyn Read + Send>, name: &str, overrides: &Overrides) -> Result<Table> {
        Table::open_at(reader, name, overrides).map_err(|error| error.at_path(name))
    }

    fn open_at(reader: Box<dyn Read + Send>, name: &str, overrides: &Overrides) -> Result<Table> {
        #[cfg(feature = "xlsx")]
        let reader = match sheets(reader)? {
            Opened::Sheets(sheets) => {
                let records = Records::Sheet(Box::new(SheetReader::open(sheets, overrides, name)?));
                return Table::over(records, Format::Sheet, name, overrides);
            }
            Opened::Text(reader) => reader,
        };
        let decoder = Decoder::new(reader)?;
        let kind = sniff(decoder.head(), name);
        if decoder.head().trim().is_empty() && decoder.head().len() < HEAD {
            return Err(Error::input("the file is empty"));
        }
        let whole = decoder.head().len() < HEAD;
        let dialect = guess(decoder.head(), whole).dialect;
        match kind {
            Kind::Csv => {
                let mut window = Window::new(decoder);
                window.fill()?;
                let records = Records::Csv(Box::new(CsvReader::open(window, dialect, name)?));
                Table::over(records, Format::Csv(dialect), name, overrides)
            }
            Kind::Jsonl => {
                let objects = Objects::open(decoder, name, LIMIT)?;
                Table::objects(objects, VecDeque::new(), overrides)
            }
            other => Err(Error::table(format!(
                "expected a table (CSV or JSON Lines), this seems to be {other}"
            ))),
        }
    }

    /// The table of objects, of which `read` were read already.
    pub(super) fn objects(
        objects: Objects,
        read: VecDeque<Parsed>,
        overrides: &Overrides,
    ) -> Result<Table> {
        let name = objects.path().to_owned();
        let records = Records::Json(Box::new(JsonReader::open(objects, read)?));
        Table::over(records, Format::Json, &name, overrides)
    }

    /// The table of these records, its columns told apart.
    fn over(
        mut records: Records,
        format: Format,
        name: &str,
        overrides: &Overrides,
    ) -> Result<Table> {
        if records.header().len() > MOST_COLUMNS {
            let columns = records.header().len();
            return Err(Error::table(format!(
                "expected at most {MOST_COLUMNS} columns, found {columns}"
            )));
        }
        let (mut ready, mut bytes, mut state) = (VecDeque::new(), 0, State::Reading);
        while ready.len() < SAMPLE_ROWS && bytes < SAMPLE_BYTES {
            match records.next() {
                Ok(Some(record)) => {
                    bytes += match &record {
                        Record::Row(row) => row.cells().map(str::len).sum(),
                        Record::Reject(_) => 0,
                    };
                    ready.push_back(record);
                }
                Ok(None) => {
                    state = State::Done;
                    break;
                }
                Err(error) => {
                    state = State::Failing(error);
                    break;
                }
            }
        }
        let rows: Vec<&Row> = ready
            .iter()
            .filter_map(|record| match record {
                Record::Row(row) => Some(row),
                Record::Reject(_) => None,
            })
            .collect();
        let mapping = Mapping::find(records.header(), &rows, overrides, name)?;
        let (repairs, traps) = (overrides.repairs.clone(), Traps::default());
        let texts = rows.iter().map(|row| mapping.text(row)).filter(|text| !text.is_empty());
        let runs = runs::are_runs(texts).then(|| mapping.text_column());
        Ok(Table { records, format, mapping, ready, state, repairs, traps, runs })
    }

    /// The names of the columns, in order.
    pub fn header(&self) -> &[String] {
        self.records.header()
    }

    /// The column of this name: exactly, else without case, accents and punctuation.
    pub fn column(&self, name: &str) -> Option<usize> {
        let header = self.header();
        let exact = header.iter().position(|column| column == name);
        exact.or_else(|| header.iter().position(|column| fold(column) == fold(name)))
    }

    /// Which column holds which field.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// How the table is written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The name of the charset.
    pub fn charset(&self) -> &'static str {
        self.records.window().map_or("UTF-8", |window| window.reader().charset())
    }

    /// How many bytes so far did not fit the charset and were read as Windows-1252.
    pub fn repaired(&self) -> u64 {
        self.records.window().map_or(0, |window| window.reader().repaired())
    }

    /// The same in words, and what else befell the cells so far, a line each kind; none where all was well.
    pub fn repairs(&self) -> Option<String> {
        let (bytes, charset) = (self.repaired(), self.charset());
        let charset = (bytes > 0)
            .then(|| format!("bytes that are not {charset}, read as Windows-1252: {bytes}"));
        let left_out = self.records.note().map(str::to_owned);
        let lines: Vec<String> =
            left_out.into_iter().chain(charset).chain(self.traps.told(&self.repairs)).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Notices what befell a record's cells, and undoes what the user asks for.
    fn mended(&mut self, record: Record) -> Record {
        match record {
            Record::Row(row) => {
                let row = match self.runs {
                    Some(column) => runs::join(row, column),
                    None => row,
                };
                self.traps.look(&row, &self.mapping);
                Record::Row(mend(row, &self.repairs))
            }
            reject => reject,
        }
    }

    /// Appends up to `most` records to `batch`; `false` when there were no more.
    pub fn next_batch(&mut self, most: usize, batch: &mut Vec<Record>) -> Result<bool> {
        let before = batch.len();
        for record in self.take(most) {
            batch.push(record?);
        }
        Ok(batch.len() > before)
    }
}

impl Iterator for Table {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Result<Record>> {
        if let Some(record) = self.ready.pop_front() {
            return Some(Ok(self.mended(record)));
        }
        let next = match std::mem::replace(&mut self.state, State::Done) {
            State::Done => return None,
            State::Failing(error) => Err(error),
            State::Reading => self.records.next(),
        };
        if next.is_ok() {
            self.state = State::Reading;
        }
        match next {
            Ok(Some(record)) => Some(Ok(self.mended(record))),
            Ok(None) => {
                self.state = State::Done;
                None
            }
            Err(error) => Some(Err(error.at_path(&self.mapping.path))),
        }
    }
}

impl Records {
    fn header(&self) -> &[String] {
        match self {
            Records::Csv(reader) => reader.header(),
            Records::Json(reader) => reader.header(),
            #[cfg(feature = "xlsx")]
            Records::Sheet(reader) => reader.header(),
        }
    }

    /// What the bytes are read through, where they are text.
    fn window(&self) -> Option<&Window> {
        match self {
            Records::Csv(reader) => Some(reader.window()),
            Records::Json(reader) => Some(reader.window()),
            #[cfg(feature = "xlsx")]
            Records::Sheet(_) => None,
        }
    }

    /// What of the file is left out, in words.
    fn note(&self) -> Option<&str> {
        match self {
            #[cfg(feature = "xlsx")]
            Records::Sheet(reader) => reader.note(),
            _ => None,
        }
    }

    fn next(&mut self) -> Result<Option<Record>> {
        match self {
            Records::Csv(reader) => reader.next(),
            Records::Json(reader) => reader.next(),
            #[cfg(feature = "xlsx")]
            Records::Sheet(reader) => reader.next(),
        }
    }
}

/// What a file turned out to hold.
#[cfg(feature = "xlsx")]
enum Opened {
    Sheets(Vec<super::spreadsheet::Sheet>),
    /// Nothing that a spreadsheet would: it is to be read as text.
    Text(Box<dyn Read + Send>),
}

/// The sheets of a spreadsheet, told by how its file begins and what is in it.
#[cfg(feature = "xlsx")]
fn sheets(mut reader: Box<dyn Read + Send>) -> Result<Opened> {
    use std::io::Cursor;

    let mut head = Vec::new();
    reader.by_ref().take(super::spreadsheet::MAGIC.len() as u64).read_to_end(&mut head)?;
    let whole = Cursor::new(head.clone()).chain(reader);
    if head != super::spreadsheet::MAGIC {
        return Ok(Opened::Text(Box::new(whole)));
    }
    match super::spreadsheet::read(whole)? {
        Some(sheets) => Ok(Opened::Sheets(sheets)),
        None => Ok(Opened::Text(Box::new(Cursor::new(head)))),
    }
}

/// Whether a column of this name would be understood.
pub(super) fn knows(name: &str) -> bool {
    aliases().knows(name)
}
