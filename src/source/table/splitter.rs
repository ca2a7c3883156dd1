//! Splits CSV records off the front of a buffer, with the state machine under the `csv` crate.
//!
//! That machine makes a record of any bytes. What a newsroom's exports need besides is told here: where a record ends, and
//! whether one of its quotes was never meant to open a cell.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter};

use super::dialect::Dialect;
use super::formula::is_neutralised;

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
    Incomplete,
    /// So does its quoted cell.
    Open,
}

/// Splits records off one by one, and holds the cells of the last.
pub(super) struct Splitter {
    machine: Reader,
    line_end: u8,
    /// Room for the cells, side by side, and for where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How many cells there are.
    count: usize,
}

impl Splitter {
    pub fn new(dialect: Dialect) -> Splitter {
        let line_end = dialect.line_end.byte();
        let machine = ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .terminator(Terminator::Any(line_end))
            .build();
        let mut splitter =
            Splitter { machine, line_end, text: vec![0; 1024], ends: vec![0; 64], count: 0 };
        splitter.restart();
        splitter
    }

    /// Splits off what stands at the front of `buffer`; `last` says that nothing comes after it.
    ///
    /// Quotes inside a cell that does not begin with one are text, and so is what follows a closing quote on its line.
    pub fn split(&mut self, buffer: &[u8], last: bool) -> Split {
        self.count = 0;
        match buffer {
            [b'\r', b'\n', ..] => return Split::Blank { length: 2 },
            // Where `\r` ends lines, this one still belongs to the end of the line before.
            [b'\n', ..] => return Split::Blank { length: 1 },
            [b'\r', ..] if self.line_end == b'\r' => return Split::Blank { length: 1 },
            [b'\r'] if last => return Split::Blank { length: 1 },
            [] => return Split::Blank { length: 0 },
            _ => {}
        }
        let (mut length, mut written, mut input) = (0, 0, buffer);
        loop {
            let room = (&mut self.text[written..], &mut self.ends[self.count..]);
            let (result, read, bytes, cells) = self.machine.read_record(input, room.0, room.1);
            (length, written, self.count) = (length + read, written + bytes, self.count + cells);
            input = &input[read..];
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                // A line end more closes the record, unless an open quote swallows it.
                _ if length == buffer.len() => input = std::slice::from_ref(&self.line_end),
                _ => {
                    self.restart();
                    return Split::Open;
                }
            }
        }
        if length > buffer.len() && !last {
            return Split::Incomplete;
        }
        let length = length.min(buffer.len());
        let line = buffer[..length].strip_suffix(&[self.line_end]).unwrap_or(&buffer[..length]);
        if line.ends_with(b"\r") {
            self.ends[self.count - 1] -= 1;
        }
        if memchr(self.line_end, line).is_some() && !self.closes_where_cells_end(line) {
            return Split::Broken;
        }
        self.restore();
        Split::Record { length }
    }

    /// The cells of the record that was split off.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let start = |cell: usize| cell.checked_sub(1).map_or(0, |before| self.ends[before]);
        (0..self.count).map(move |cell| &self.text[start(cell)..self.ends[cell]])
    }

    /// The first cells, side by side, and where each ends.
    pub fn first(&self, cells: usize) -> (&[u8], &[usize]) {
        let ends = &self.ends[..cells];
        (&self.text[..ends.last().map_or(0, |&end| end)], ends)
    }

    /// Forgets a record that was left in its middle.
    fn restart(&mut self) {
        self.machine.reset();
        // As new, it would take a U+FEFF for the mark that begins a file.
        self.machine.read_record(&[self.line_end], &mut [0], &mut [0]);
    }

    /// Whether every cell of several lines stands in `record` in quotes from end to end, the quotes in it doubled.
    fn closes_where_cells_end(&self, record: &[u8]) -> bool {
        let quotes = |text: &[u8]| count(b'"', text);
        let line_end = |text: &[u8]| memchr(self.line_end, text);
        let mut rest = record;
        self.cells().filter_map(|cell| Some((cell, line_end(cell)?))).all(|(cell, first)| {
            let at = line_end(rest).expect("cells hold the line ends of their record only");
            let start = at - first - quotes(&cell[..first]) - 1;
            let end = start + cell.len() + quotes(cell) + 2;
            let quoted = rest.get(start..end).unwrap_or_default();
            rest = rest.get(end..).unwrap_or_default();
            quoted.ends_with(b"\"") && quotes(quoted) == 2 * quotes(cell) + 2
        })
    }

    /// Takes away what [`super::formula::neutralise`] put before cells.
    fn restore(&mut self) {
        let (mut start, mut kept) = (0, 0);
        for end in &mut self.ends[..self.count] {
            let from = start + usize::from(is_neutralised(&self.text[start..*end]));
            if from > kept {
                self.text.copy_within(from..*end, kept);
            }
            kept += *end - from;
            start = std::mem::replace(end, kept);
        }
    }
}

/// How often `byte` stands in `text`. On short texts the iterator's own `count` takes several times as long.
pub(super) fn count(byte: u8, text: &[u8]) -> usize {
    memchr_iter(byte, text).fold(0, |count, _| count + 1)
}

#[cfg(test)]
mod tests {
    use super::super::dialect::LineEnd;
    use super::*;
    use proptest::prelude::*;

    const COMMA: Dialect = Dialect { delimiter: b',', line_end: LineEnd::Lf };

    fn told(splitter: &Splitter) -> Vec<String> {
        splitter.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    }

    fn cells(buffer: &str, dialect: Dialect) -> (Split, Vec<String>) {
        let mut splitter = Splitter::new(dialect);
        let split = splitter.split(buffer.as_bytes(), true);
        (split, told(&splitter))
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
        assert_eq!(cells("1,\"open\n2,\" closed\n", COMMA).0, Split::Broken);
        assert_eq!(cells("\"a\nb\",\"a\nb\"c\n", COMMA).0, Split::Broken);
        assert_eq!(cells("1,\"open\n2,x\n", COMMA).0, Split::Open);
    }

    #[test]
    fn what_an_open_quote_swallowed_is_forgotten() {
        let mut splitter = Splitter::new(COMMA);
        assert_eq!(splitter.split(b"1,\"open\n2,x\n", true), Split::Open);
        assert_eq!(splitter.split("\u{feff}2,x\n".as_bytes(), true), Split::Record { length: 7 });
        assert_eq!(told(&splitter), ["\u{feff}2", "x"]);
    }

    #[test]
    fn lone_carriage_returns_end_lines_where_the_file_says_so() {
        let mac = Dialect { delimiter: b';', line_end: LineEnd::Cr };
        assert_eq!(cells("1;\"a\rb\"\r2;c\r", mac).1, ["1", "a\rb"]);
        assert_eq!(cells("1,a\rb\n", COMMA).1, ["1", "a\rb"]);
        assert_eq!(cells("1,\"a\r\"\r\n", COMMA).1, ["1", "a\r"]);
    }

    #[test]
    fn an_empty_line_is_no_record_but_an_empty_cell_is() {
        assert_eq!(cells("\r\n\n1", COMMA).0, Split::Blank { length: 2 });
        assert_eq!(cells("\"\"\n", COMMA).0, Split::Record { length: 3 });
        assert_eq!(cells("\r\"a\n", COMMA).1, ["\r\"a"]);
    }

    #[test]
    fn room_is_made_for_long_cells_and_for_many() {
        let long = "é".repeat(100_000);
        assert_eq!(cells(&format!("1,{long}\n"), COMMA).1, ["1", &long]);
        assert_eq!(cells(&",".repeat(100_000), COMMA).1.len(), 100_001);
    }

    #[test]
    fn neutralised_cells_are_restored() {
        assert_eq!(cells("'=1,'tis,\"''=2\",'@a,\n", COMMA).1, ["=1", "'tis", "'=2", "@a", ""]);
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
            let mut cut = Splitter::new(dialect);
            for length in 0..text.len() {
                if let Split::Record { .. } = cut.split(&text.as_bytes()[..length], false) {
                    prop_assert_eq!(told(&cut), expected.as_slice());
                    let Split::Record { length: whole } = whole else { panic!("{whole:?}") };
                    prop_assert!(whole <= length);
                }
            }
        }
    }
}
