//! Reads the records of a CSV file one by one, in constant memory, and recovers at the next line from those it cannot read.

use memchr::memchr;

use super::LIMIT;
use super::dialect::Dialect;
use super::row::{Record, Reject, Row};
use super::splitter::{Split, Splitter, count};
use super::window::Window;
use crate::error::{Error, Result};

pub(super) struct CsvReader {
    window: Window,
    splitter: Splitter,
    line_end: u8,
    header: Vec<String>,
    path: String,
    record: u64,
    line: u64,
}

impl CsvReader {
    /// Reads the header; a `sep=;` line before it was for spreadsheets only.
    pub fn open(window: Window, dialect: Dialect, path: &str) -> Result<CsvReader> {
        let mut reader = CsvReader {
            window,
            splitter: Splitter::new(dialect),
            line_end: dialect.line_end.byte(),
            header: Vec::new(),
            path: path.to_owned(),
            record: 0,
            line: 1,
        };
        let found = loop {
            match reader.front()? {
                Split::Record { length } if reader.is_separator_line(length) => reader.pass(length),
                Split::Record { length } => {
                    let cells = reader.splitter.cells();
                    reader.header =
                        cells.map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                    reader.pass(length);
                    return Ok(reader);
                }
                Split::Blank { .. } => break "nothing".to_owned(),
                Split::Incomplete => {
                    break format!("no line end in {}", limit());
                }
                Split::Broken | Split::Open => {
                    break "a quote in it that does not close".to_owned();
                }
            }
        };
        Err(Error::table(format!("expected a header line, found {found}")))
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn window(&self) -> &Window {
        &self.window
    }

    pub fn next(&mut self) -> Result<Option<Record>> {
        let reason = match self.front()? {
            Split::Blank { .. } => return Ok(None),
            Split::Record { length } => return Ok(Some(self.take(length))),
            Split::Broken => "a quote opens a cell and does not close it on this line".to_owned(),
            Split::Incomplete => format!("longer than {}", limit()),
            Split::Open if self.window.bytes().len() > LIMIT => {
                format!("a quote opens a cell and does not close in {}", limit())
            }
            Split::Open => {
                "a quote opens a cell and does not close up to the end of the file".to_owned()
            }
        };
        self.reject_line(reason).map(Some)
    }

    /// What stands next, however much must be read to tell: `Blank` only at the end, `Open` and
    /// `Incomplete` only there or at the limit.
    fn front(&mut self) -> Result<Split> {
        loop {
            let (bytes, ended) = (self.window.bytes(), self.window.ended());
            let within = &bytes[..bytes.len().min(LIMIT)];
            match self.splitter.split(within, ended && bytes.len() <= LIMIT) {
                Split::Blank { length } if length > 0 => self.pass(length),
                Split::Blank { .. } | Split::Incomplete | Split::Open
                    if !ended && bytes.len() <= LIMIT =>
                {
                    self.window.fill()?
                }
                front => return Ok(front),
            }
        }
    }

    fn pass(&mut self, length: usize) {
        self.line += count(self.line_end, &self.window.bytes()[..length]) as u64;
        self.window.take(length);
    }

    /// The record that was just split off.
    fn take(&mut self, length: usize) -> Record {
        self.record += 1;
        let read = match self.row() {
            Ok(row) => Record::Row(row),
            Err(reason) => Record::Reject(self.reject(reason, &self.window.bytes()[..length])),
        };
        self.pass(length);
        read
    }

    fn row(&self) -> std::result::Result<Row, String> {
        let (expected, found) = (self.header.len(), self.splitter.cells().len());
        // Spreadsheets pad rows with empty cells.
        let padded = self.splitter.cells().skip(expected).all(<[u8]>::is_empty);
        if found < expected || !padded {
            return Err(format!("expected {expected} cells, found {found}"));
        }
        if self.is_header() {
            return Err("the header line again: were several exports joined?".to_owned());
        }
        let (text, ends) = self.splitter.first(expected);
        let text = simdutf8::basic::from_utf8(text).map_err(|_| "expected UTF-8")?;
        Ok(Row::new(self.record, self.line, text, ends, None))
    }

    /// Refuses the line at the front only, however long the record that it opens, so that the lines after it are read.
    fn reject_line(&mut self, reason: String) -> Result<Record> {
        self.record += 1;
        let bytes = self.window.bytes();
        let length = memchr(self.line_end, bytes).unwrap_or(bytes.len());
        let reject = self.reject(reason, &bytes[..length]);
        self.window.skip_line(self.line_end)?;
        self.line += 1;
        Ok(Record::Reject(reject))
    }

    fn reject(&self, reason: String, raw: &[u8]) -> Reject {
        Reject {
            path: self.path.clone(),
            record: self.record,
            line: Some(self.line),
            reason,
            raw: Reject::excerpt(raw),
        }
    }

    /// Whether a record repeats the header, with or without the mark that began its file.
    fn is_header(&self) -> bool {
        const MARK: &[u8] = "\u{feff}".as_bytes();
        let same = |(cell, name): (&[u8], &String)| {
            cell.strip_prefix(MARK).unwrap_or(cell) == name.as_bytes()
        };
        self.splitter.cells().zip(&self.header).all(same)
    }

    fn is_separator_line(&self, length: usize) -> bool {
        let line = &self.window.bytes()[..length.min(16)];
        super::dialect::separator(&String::from_utf8_lossy(line)).is_some()
    }
}

fn limit() -> String {
    format!("{} MB", LIMIT / 1_000_000)
}
