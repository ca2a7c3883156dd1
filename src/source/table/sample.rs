//! Looks at the first rows of a table, to tell columns apart where their names do not.

use std::collections::HashSet;

use super::field::Field;
use super::row::Row;

/// The first rows of a table.
pub(super) struct Sample<'a> {
    pub header: &'a [String],
    pub rows: &'a [&'a Row],
}

impl<'a> Sample<'a> {
    /// The cells of a column that are not empty.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = &'a str> {
        self.rows
            .iter()
            .filter_map(move |row| row.cell(column))
            .filter(|cell| !cell.trim().is_empty())
    }

    /// Half of the cells, empty ones too, are at most this long in bytes.
    pub fn median_length(&self, column: usize) -> usize {
        let mut lengths: Vec<_> =
            self.rows.iter().filter_map(|row| row.cell(column)).map(str::len).collect();
        lengths.sort_unstable();
        lengths.get(lengths.len() / 2).copied().unwrap_or(0)
    }

    /// Whether the cells contradict what the name says. Where there are no cells, the name stands.
    pub fn suits(&self, field: Field, column: usize) -> bool {
        let most = |is: fn(&str) -> bool| {
            let (mut all, mut such) = (0, 0);
            for cell in self.cells(column) {
                all += 1;
                such += usize::from(is(cell.trim()));
            }
            all == 0 || such * 2 > all
        };
        match field {
            // A number of comments, or the number of a post.
            Field::Text => self.cells(column).next().is_none() || !most(is_number),
            Field::Id => {
                most(|cell| !has_blank(cell)) && !self.repeats_where_another_does_not(column)
            }
            // Corpora keep the text of the parent under this name.
            Field::Parent => most(|cell| !has_blank(cell)),
            // Some systems number their authors beside naming them.
            Field::Author => self.cells(column).next().is_none() || !most(is_number),
            Field::Date => most(|cell| cell.bytes().any(|byte| byte.is_ascii_digit())),
            Field::Votes => most(is_number),
            // The address of each comment is no article's.
            Field::Page => self.cells(column).nth(4).is_none() || self.has_repeats(column),
            Field::Title | Field::Status | Field::Found => true,
        }
    }

    fn has_repeats(&self, column: usize) -> bool {
        let mut seen = HashSet::new();
        !self.cells(column).all(|cell| seen.insert(cell))
    }

    /// Whether a name further down the list bears unique cells and this one does not.
    fn repeats_where_another_does_not(&self, column: usize) -> bool {
        let rival = |other: usize| {
            other != column
                && super::aliases::aliases().priority(Field::Id, &self.header[other]).is_some()
                && !self.header[other].contains('.')
                && self.cells(other).next().is_some()
                && !self.has_repeats(other)
        };
        self.header[column] != Field::Id.name()
            && self.has_repeats(column)
            && (0..self.header.len()).any(rival)
    }
}

fn is_number(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit() || b"+-.,".contains(&byte))
}

fn has_blank(cell: &str) -> bool {
    cell.contains(char::is_whitespace)
}
