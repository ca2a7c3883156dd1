//! Reads an input in batches of comments, each with its place in its thread, as they stream by.

use vigie::comment::{COLUMNS, Comment};
use vigie::feature::{Context, Places};
use vigie::source::table::{Format, Mapping, Record, Reject, Row, Table};
use vigie::source::{Absence, Item, Items, Reader};

/// Comments in one batch.
const BATCH: usize = 512;

/// A comment, as it was read.
pub enum Line {
    /// A record of a table, and the column of its text.
    Row { row: Row, text: usize, place: Context },
    /// A comment of a page.
    Comment { comment: Box<Comment>, place: Context },
}

impl Line {
    pub fn text(&self) -> &str {
        match self {
            Line::Row { row, text, .. } => row.cell(*text).unwrap_or_default(),
            Line::Comment { comment, .. } => &comment.text,
        }
    }

    pub fn place(&self) -> Context {
        match self {
            Line::Row { place, .. } | Line::Comment { place, .. } => *place,
        }
    }
}

/// Comments, and what else came with them.
#[derive(Default)]
pub struct Batch {
    pub lines: Vec<Line>,
    pub notes: Vec<Note>,
}

/// What is not a comment.
pub enum Note {
    /// A record refused.
    Reject(Reject),
    /// A page without comments.
    Absent(String, Absence),
    /// Something to know of an input.
    Remark(String),
}

/// An input, in batches.
pub enum Source {
    Table(Box<Table>, Box<Mapping>),
    Items(Items),
}

impl From<Reader> for Source {
    fn from(reader: Reader) -> Source {
        match reader {
            Reader::Items(items) => Source::Items(items),
            Reader::Table(table) => {
                let mapping = table.mapping().clone();
                Source::Table(table, Box::new(mapping))
            }
        }
    }
}

impl Source {
    /// What did not fit the charset, in words.
    pub fn repairs(&self) -> Option<String> {
        match self {
            Source::Items(_) => None,
            Source::Table(table, _) => table.repairs(),
        }
    }

    /// The names of the columns.
    pub fn header(&self) -> Vec<String> {
        match self {
            Source::Table(table, _) => table.header().to_vec(),
            Source::Items(_) => COLUMNS.map(str::to_string).to_vec(),
        }
    }

    /// What parts the cells, where it is a table of cells.
    pub fn delimiter(&self) -> Option<u8> {
        match self {
            Source::Table(table, _) => match table.format() {
                Format::Csv(dialect) => Some(dialect.delimiter),
                // Whoever works in spreadsheets opens a CSV file in one.
                Format::Sheet => Some(b','),
                _ => None,
            },
            Source::Items(_) => None,
        }
    }

    /// The next comments with their places; none at the end. An error ends the input and goes to `failure`.
    pub fn next_batch(
        &mut self,
        places: &mut Places,
        failure: &mut Option<vigie::Error>,
    ) -> Option<Batch> {
        let mut batch = Batch::default();
        match self {
            Source::Table(table, mapping) => {
                for record in table.by_ref().take(BATCH) {
                    match record {
                        Ok(Record::Row(row)) => {
                            let (page, id, parent) = row.place(mapping);
                            let place = places.next(page, &id, parent);
                            let text = mapping.text_column();
                            batch.lines.push(Line::Row { row, text, place });
                        }
                        Ok(Record::Reject(reject)) => batch.notes.push(Note::Reject(reject)),
                        Err(error) => *failure = Some(error),
                    }
                }
            }
            Source::Items(items) => {
                for item in items.by_ref().take(BATCH) {
                    match item {
                        Ok(Item::Comment(comment)) => {
                            let place: Context =
                                places.next(&comment.page, &comment.id, comment.parent.as_deref());
                            batch.lines.push(Line::Comment { comment: Box::new(comment), place });
                        }
                        Ok(Item::Reject(reject)) => batch.notes.push(Note::Reject(reject)),
                        Ok(Item::Absent { page, absence }) => {
                            batch.notes.push(Note::Absent(page, absence));
                        }
                        Ok(Item::Remark { page, told }) => {
                            batch.notes.push(Note::Remark(format!("{page}: {told}")));
                        }
                        Err(error) => *failure = Some(error),
                    }
                }
            }
        }
        (!batch.lines.is_empty() || !batch.notes.is_empty()).then_some(batch)
    }
}
