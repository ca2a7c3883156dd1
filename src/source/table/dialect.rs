//! Tells how a CSV file is written (delimiter, line ends) from its head.

use super::aliases::aliases;
use super::splitter::{Split, Splitter};

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

/// The delimiters that are tried; the first wins a tie.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many records of the head are looked at.
const SAMPLE: usize = 50;

/// What a delimiter makes of the head.
#[derive(Clone, Debug)]
pub(crate) struct Guess {
    pub dialect: Dialect,
    /// Cells of the first record.
    pub header: Vec<String>,
    /// Those whose name is known.
    pub known: usize,
    /// Records after the first, and those that have as many cells.
    pub records: usize,
    pub even: usize,
    /// Whether a `sep=` line said it.
    pub told: bool,
}

impl Guess {
    /// The likelier of two is the greater: known names first, then cells that come in equal numbers, then more of them.
    fn rank(&self) -> (bool, usize, bool, usize, usize) {
        let mostly_even = self.even * 5 >= self.records * 4;
        let evenness = (self.even * 100).checked_div(self.records).unwrap_or(100);
        (self.told, self.known, mostly_even && self.header.len() > 1, evenness, self.header.len())
    }
}

/// How `head` is most likely written. `whole` says that nothing comes after it.
pub(crate) fn guess(head: &str, whole: bool) -> Guess {
    let line_end = line_end(head);
    let told = separator(head);
    let mut best: Option<Guess> = None;
    for delimiter in told.map_or(DELIMITERS.to_vec(), |told| vec![told]) {
        let guess = look(head, Dialect { delimiter, line_end }, whole, told.is_some());
        if best.as_ref().is_none_or(|best| guess.rank() > best.rank()) {
            best = Some(guess);
        }
    }
    best.expect("at least one delimiter was tried")
}

/// The delimiter that a first line `sep=;` tells.
pub(super) fn separator(head: &str) -> Option<u8> {
    let line = head.split(['\r', '\n']).next().unwrap_or_default();
    let line = line.trim_matches('"');
    let told =
        line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    match told.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Some(*byte),
        _ => None,
    }
}

/// The commoner line end outside of quotes decides: line breaks inside the cells of a Mac export are `\n`.
fn line_end(head: &str) -> LineEnd {
    let bytes = head.as_bytes();
    let (mut quoted, mut old, mut new) = (false, 0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => new += 1,
            b'\r' if !quoted && bytes.get(at + 1) != Some(&b'\n') => old += 1,
            _ => {}
        }
    }
    if old > new { LineEnd::Cr } else { LineEnd::Lf }
}

fn look(head: &str, dialect: Dialect, whole: bool, told: bool) -> Guess {
    let mut guess = Guess { dialect, header: Vec::new(), known: 0, records: 0, even: 0, told };
    let mut splitter = Splitter::new(dialect);
    let mut rest = head.as_bytes();
    let mut skip_told = told;
    while !rest.is_empty() && guess.records < SAMPLE {
        let length = match splitter.split(rest, whole) {
            Split::Blank { length } => length,
            Split::Record { length } if skip_told => {
                skip_told = false;
                length
            }
            Split::Record { length } => {
                if guess.header.is_empty() {
                    guess.header = splitter
                        .cells()
                        .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
                        .collect();
                    guess.known = guess.header.iter().filter(|name| aliases().knows(name)).count();
                } else {
                    guess.records += 1;
                    guess.even += usize::from(splitter.cells().len() == guess.header.len());
                }
                length
            }
            Split::Incomplete | Split::Open if !whole => break,
            Split::Broken | Split::Incomplete | Split::Open => {
                guess.records += 1;
                let line_end = memchr::memchr(dialect.line_end.byte(), rest);
                line_end.map_or(rest.len(), |length| length + 1)
            }
        };
        rest = &rest[length..];
    }
    guess
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter(head: &str) -> char {
        char::from(guess(head, true).dialect.delimiter)
    }

    #[test]
    fn the_delimiter_that_parts_known_names_evenly_wins() {
        assert_eq!(delimiter("id;texte;auteur\n1;un, deux, trois;Ada\n2;non, non;Bob\n"), ';');
        assert_eq!(delimiter("id\ttexte\n1\tun, deux\n"), '\t');
        assert_eq!(delimiter("id|texte\n1|un; deux\n"), '|');
        assert_eq!(delimiter("a;b\n1,5;2,3\n"), ';');
        assert_eq!(delimiter("id,text\n1,\"a;b;c\"\n"), ',');
    }

    #[test]
    fn one_column_is_parted_by_nothing() {
        let guess = guess("text\nun, deux\ntrois; quatre\ncinq\tsix\n", true);
        assert_eq!(guess.header.len(), 1);
        assert_eq!(guess.even, 3);
    }

    #[test]
    fn a_separator_line_decides() {
        assert_eq!(delimiter("sep=;\r\nid,x;texte\r\n"), ';');
        assert_eq!(separator("\"sep=,\"\n"), Some(b','));
        assert_eq!(separator("sep=ab\n"), None);
        assert_eq!(separator("séparé\n"), None);
    }

    #[test]
    fn line_ends_inside_quotes_do_not_count() {
        assert_eq!(line_end("\"a\nb\";c\r1;2\r"), LineEnd::Cr);
        assert_eq!(line_end("a;b\r\n1;2\r\n"), LineEnd::Lf);
        assert_eq!(line_end("a;b\n1;2\r3\n"), LineEnd::Lf);
    }
}
