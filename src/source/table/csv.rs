//! Reads the records of a CSV file one by one, in constant memory, and recovers at the next line from those it cannot read.

use memchr::{memchr, memchr_iter};

use super::LIMIT;
use super::row::{Record, Reject, Row};
use super::split::{Cells, Dialect, Quote, Split, split};
use super::window::Window;
use crate::error::{Error, Result};

pub(super) struct CsvReader {
    window: Window,
    dialect: Dialect,
    cells: Cells,
    header: Vec<String>,
    path: String,
    record: u64,
    line: u64,
}

impl CsvReader {
    /// Reads the header; a `sep=;` line before it was for spreadsheets only.
    pub fn open(mut window: Window, dialect: Dialect, path: &str) -> Result<CsvReader> {
        let mut cells = Cells::default();
        let mut line = 1;
        loop {
            match split(window.bytes(), dialect, window.ended(), &mut cells) {
                Split::Record { length } if is_separator_line(&window.bytes()[..length]) => {
                    window.take(length);
                    line += 1;
                }
                Split::Record { length } if length <= LIMIT => {
                    line += lines(&window.bytes()[..length], dialect);
                    window.take(length);
                    break;
                }
                Split::Blank { .. } if window.bytes().is_empty() => {
                    return Err(Error::table("expected a header line, found nothing"));
                }
                Split::Blank { length } => {
                    window.take(length);
                    line += 1;
                }
                Split::Incomplete { .. } if !window.ended() && window.bytes().len() <= LIMIT => {
                    window.fill()?
                }
                Split::Record { .. } | Split::Incomplete { quote: Quote::Closed } => {
                    return Err(Error::table(format!(
                        "expected a header line, found no line end in {}",
                        limit()
                    )));
                }
                Split::Broken | Split::Incomplete { quote: Quote::Open } => {
                    return Err(Error::table(
                        "expected a header line, found a quote in it that does not close",
                    ));
                }
            }
        }
        let header = cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        Ok(CsvReader { window, dialect, cells, header, path: path.to_owned(), record: 0, line })
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn window(&self) -> &Window {
        &self.window
    }

    pub fn next(&mut self) -> Result<Option<Record>> {
        loop {
            let (bytes, ended) = (self.window.bytes(), self.window.ended());
            match split(bytes, self.dialect, ended, &mut self.cells) {
                Split::Blank { length } => {
                    if bytes.is_empty() {
                        return Ok(None);
                    }
                    self.line += u64::from(length > 0);
                    self.window.take(length);
                }
                Split::Record { length } if length <= LIMIT => return Ok(Some(self.take(length))),
                Split::Record { .. } => {
                    return self.reject_line(format!("longer than {}", limit())).map(Some);
                }
                Split::Broken => {
                    return self
                        .reject_line(
                            "a quote opens a cell and does not close it on this line".into(),
                        )
                        .map(Some);
                }
                Split::Incomplete { .. } if !ended && bytes.len() <= LIMIT => self.window.fill()?,
                Split::Incomplete { quote: Quote::Open } => {
                    let where_to = if bytes.len() > LIMIT {
                        format!("in {}", limit())
                    } else {
                        "up to the end of the file".into()
                    };
                    return self
                        .reject_line(format!("a quote opens a cell and does not close {where_to}"))
                        .map(Some);
                }
                Split::Incomplete { quote: Quote::Closed } => {
                    return self.reject_line(format!("longer than {}", limit())).map(Some);
                }
            }
        }
    }

    /// The record that was just split off.
    fn take(&mut self, length: usize) -> Record {
        let raw = &self.window.bytes()[..length];
        let (record, line) = (self.record + 1, self.line);
        let expected = self.header.len();
        let cells = &mut self.cells;
        let found = cells.len();
        let mut reason = None;
        if found > expected {
            // Spreadsheets pad rows with empty cells.
            let kept = cells.ends[expected - 1] as usize;
            if cells.bytes.len() == kept {
                cells.ends.truncate(expected);
            } else {
                reason = Some(format!("expected {expected} cells, found {found}"));
            }
        } else if found < expected {
            reason = Some(format!("expected {expected} cells, found {found}"));
        } else if is_header(cells, &self.header) {
            reason = Some("the header line again: were several exports joined?".to_owned());
        }
        let read = match (reason, std::str::from_utf8(&cells.bytes)) {
            (None, Ok(text)) => Record::Row(Row::new(record, line, text, &cells.ends, None)),
            (reason, _) => Record::Reject(Reject {
                path: self.path.clone(),
                record,
                line,
                reason: reason.unwrap_or_else(|| "expected UTF-8".to_owned()),
                raw: Reject::excerpt(raw),
            }),
        };
        self.record = record;
        self.line += lines(raw, self.dialect);
        self.window.take(length);
        read
    }

    /// Refuses the line at the front only, however long the record that it opens, so that the lines after it are read.
    fn reject_line(&mut self, reason: String) -> Result<Record> {
        self.record += 1;
        let end = self.dialect.line_end.byte();
        let bytes = self.window.bytes();
        let first = &bytes[..memchr(end, bytes).unwrap_or(bytes.len())];
        let reject = Reject {
            path: self.path.clone(),
            record: self.record,
            line: self.line,
            reason,
            raw: Reject::excerpt(first),
        };
        self.window.skip_line(end)?;
        self.line += 1;
        Ok(Record::Reject(reject))
    }
}

/// Whether a record repeats the header, with or without the mark that began its file.
fn is_header(cells: &Cells, header: &[String]) -> bool {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let same =
        |(cell, name): (&[u8], &String)| cell.strip_prefix(MARK).unwrap_or(cell) == name.as_bytes();
    cells.iter().zip(header).all(same)
}

fn lines(bytes: &[u8], dialect: Dialect) -> u64 {
    memchr_iter(dialect.line_end.byte(), bytes).count() as u64
}

fn is_separator_line(line: &[u8]) -> bool {
    super::dialect::separator(&String::from_utf8_lossy(&line[..line.len().min(16)])).is_some()
}

fn limit() -> String {
    format!("{} MB", LIMIT / 1_000_000)
}
