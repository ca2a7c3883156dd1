//! Splits one CSV record off the front of a buffer.
//!
//! Written here rather than taken from the `csv` crate, because a newsroom's exports hold unbalanced quotes: to recover
//! at the next line one must know where the record began, and that a quote closed where no cell ends.

use memchr::{memchr, memchr2};

use super::formula::is_neutralised;

/// Where cells part and lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells.
    pub delimiter: u8,
    /// What ends a line.
    pub line_end: LineEnd,
}

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n`, with or without `\r` before it.
    Lf,
    /// `\r`, as old Macs write it, with or without `\n` after it.
    Cr,
}

impl LineEnd {
    /// The byte by which lines are told and counted.
    pub(super) fn byte(self) -> u8 {
        match self {
            LineEnd::Lf => b'\n',
            LineEnd::Cr => b'\r',
        }
    }
}

/// The cells of one record, side by side: `ends[i]` is where cell `i` ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    pub bytes: Vec<u8>,
    pub ends: Vec<u32>,
}

impl Cells {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Ends a cell, and takes away what [`super::formula::neutralise`] put before it.
    fn end(&mut self) {
        let start = self.ends.last().map_or(0, |&end| end as usize);
        if is_neutralised(&self.bytes[start..]) {
            self.bytes.remove(start);
        }
        self.ends.push(self.bytes.len() as u32);
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.bytes[start as usize..end as usize])
    }
}

/// What stands at the front of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// A record of this length, line end included.
    Record { length: usize },
    /// An empty line of this length.
    Blank { length: usize },
    /// A quote opens a cell and closes on a later line, in the middle of a cell: it was never meant to open one.
    Broken,
    /// The record goes on after the buffer.
    Incomplete { quote: Quote },
}

/// Whether a quoted cell stands open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Open,
    Closed,
}

/// Splits the first record off `buffer`, its cells into `cells`; `last` says that nothing comes after the buffer.
///
/// Quotes inside a cell that does not begin with one are text, and so is what follows a closing quote on its line.
pub(super) fn split(buffer: &[u8], dialect: Dialect, last: bool, cells: &mut Cells) -> Split {
    cells.clear();
    let Dialect { delimiter, line_end } = dialect;
    let mut at = 0;
    loop {
        if buffer.get(at) == Some(&b'"') {
            let Some(closing) = closing_quote(buffer, at + 1, last, cells) else {
                return Split::Incomplete { quote: Quote::Open };
            };
            let opening = at;
            at = closing + 1;
            let ends_here = match buffer.get(at) {
                None => last,
                Some(b'\r') if line_end == LineEnd::Lf => {
                    matches!(buffer.get(at + 1), Some(b'\n') | None)
                }
                Some(&byte) => byte == delimiter || byte == line_end.byte(),
            };
            if !ends_here && memchr(line_end.byte(), &buffer[opening..at]).is_some() {
                return Split::Broken;
            }
        }
        let (mut end, mut next) = match memchr2(delimiter, line_end.byte(), &buffer[at..]) {
            Some(length) => (at + length, at + length + 1),
            None if last => (buffer.len(), buffer.len()),
            None => return Split::Incomplete { quote: Quote::Closed },
        };
        let ends_cell_only = buffer.get(end) == Some(&delimiter);
        if !ends_cell_only {
            match (line_end, buffer.get(end), buffer.get(next)) {
                (LineEnd::Lf, ..) if end > at && buffer[end - 1] == b'\r' => end -= 1,
                (LineEnd::Cr, Some(b'\r'), Some(b'\n')) => next += 1,
                (LineEnd::Cr, Some(b'\r'), None) if !last => {
                    return Split::Incomplete { quote: Quote::Closed };
                }
                _ => {}
            }
        }
        cells.bytes.extend_from_slice(&buffer[at..end]);
        cells.end();
        if !ends_cell_only {
            let blank = cells.len() == 1 && end == 0;
            return if blank {
                Split::Blank { length: next }
            } else {
                Split::Record { length: next }
            };
        }
        at = next;
    }
}

/// Copies a quoted cell from `from` on, and returns where its closing quote stands.
fn closing_quote(buffer: &[u8], mut from: usize, last: bool, cells: &mut Cells) -> Option<usize> {
    loop {
        let quote = from + memchr(b'"', &buffer[from..])?;
        match buffer.get(quote + 1) {
            Some(b'"') => {
                cells.bytes.extend_from_slice(&buffer[from..=quote]);
                from = quote + 2;
            }
            None if !last => return None,
            _ => {
                cells.bytes.extend_from_slice(&buffer[from..quote]);
                return Some(quote);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: Dialect = Dialect { delimiter: b',', line_end: LineEnd::Lf };

    fn cells(buffer: &str, dialect: Dialect) -> (Split, Vec<String>) {
        let mut cells = Cells::default();
        let split = split(buffer.as_bytes(), dialect, true, &mut cells);
        (split, cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
    }

    #[test]
    fn quotes_hold_delimiters_line_ends_and_quotes() {
        let (split, cells) = cells("1,\"a, \"\"b\"\"\r\nc\",\r\n2,d,", COMMA);
        assert_eq!(cells, ["1", "a, \"b\"\r\nc", ""]);
        assert_eq!(split, Split::Record { length: 18 });
    }

    #[test]
    fn stray_quotes_are_text() {
        assert_eq!(cells("5\" wide,\"so \"he\" said\"\n", COMMA).1, ["5\" wide", "so he\" said\""]);
    }

    #[test]
    fn a_quote_that_closes_inside_another_line_is_broken() {
        assert_eq!(cells("1,\"open\n2,\"closed\"\n", COMMA).0, Split::Broken);
        assert_eq!(cells("1,\"open\n2,x\n", COMMA).0, Split::Incomplete { quote: Quote::Open });
    }

    #[test]
    fn lone_carriage_returns_end_lines_where_the_file_says_so() {
        let mac = Dialect { delimiter: b';', line_end: LineEnd::Cr };
        assert_eq!(cells("1;\"a\rb\"\r2;c\r", mac).1, ["1", "a\rb"]);
        assert_eq!(cells("1,a\rb\n", COMMA).1, ["1", "a\rb"]);
    }

    #[test]
    fn an_empty_line_is_no_record_but_an_empty_cell_is() {
        assert_eq!(cells("\r\n1", COMMA).0, Split::Blank { length: 2 });
        assert_eq!(cells("\"\"\n", COMMA).0, Split::Record { length: 3 });
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(record in prop::collection::vec("[a\",;\r\n é]{0,8}", 1..6)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&record).unwrap();
            let written = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let (split, read) = cells(&written, COMMA);
            prop_assert_eq!(split, Split::Record { length: written.len() });
            prop_assert_eq!(read, record);
        }

        #[test]
        fn a_cut_buffer_never_yields_other_cells(text in "[a\",;\r\n]{0,30}", mac in any::<bool>()) {
            let line_end = if mac { LineEnd::Cr } else { LineEnd::Lf };
            let dialect = Dialect { delimiter: b',', line_end };
            let (whole, expected) = cells(&text, dialect);
            let mut cut = Cells::default();
            for length in 0..text.len() {
                if let Split::Record { .. } = split(&text.as_bytes()[..length], dialect, false, &mut cut) {
                    let cut: Vec<_> = cut.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                    prop_assert_eq!(&cut, &expected);
                    let Split::Record { length: whole } = whole else { panic!("{whole:?}") };
                    prop_assert!(whole <= length);
                }
            }
        }
    }
}
