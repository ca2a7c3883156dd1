//! Defines a sheet: its cells that hold something, side by side in one string, row by row.

use crate::error::{Error, Result};

/// The most that the cells of a sheet may hold; each costs memory, and so does each mention of a shared text.
const MOST_TEXT: usize = 256_000_000;
const MOST_CELLS: usize = 20_000_000;

/// The cells of a sheet that are not empty.
#[derive(Clone, Debug, Default)]
pub(in crate::source) struct Sheet {
    /// The name on its tab.
    pub name: String,
    text: String,
    cells: Vec<Cell>,
    /// What ended its reading early; told after the rows before it.
    pub failure: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Counted from 0, as the column is.
    row: u32,
    column: u32,
    end: u32,
}

impl Sheet {
    pub fn new(name: &str) -> Sheet {
        Sheet { name: name.to_owned(), ..Sheet::default() }
    }

    /// Adds a cell after those before it; a blank one is left out.
    pub fn push(&mut self, row: u32, column: u32, text: &str) -> Result<()> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if self.text.len() + text.len() > MOST_TEXT || self.cells.len() == MOST_CELLS {
            return Err(Error::input(format!(
                "a sheet with more than {} MB of text or {} million cells: save it as CSV",
                MOST_TEXT / 1_000_000,
                MOST_CELLS / 1_000_000
            )));
        }
        self.text.push_str(text);
        self.cells.push(Cell { row, column, end: self.text.len() as u32 });
        Ok(())
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many cells hold something.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The row of the cell with this number, counted from 1 as programs show it, and the number of the first cell after it.
    pub fn row(&self, first: usize) -> Option<(u32, usize)> {
        let row = self.cells.get(first)?.row;
        let length = self.cells[first..].iter().take_while(|cell| cell.row == row).count();
        Some((row.saturating_add(1), first + length))
    }

    /// The cells from one number up to another, with their columns.
    pub fn cells(&self, first: usize, end: usize) -> impl Iterator<Item = (u32, &str)> {
        (first..end.min(self.cells.len())).map(|at| {
            let start = at.checked_sub(1).map_or(0, |before| self.cells[before].end as usize);
            (self.cells[at].column, &self.text[start..self.cells[at].end as usize])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_their_rows() {
        let mut sheet = Sheet::new("Mars");
        for (row, column, text) in [(1, 0, "a"), (1, 3, "é"), (2, 0, " "), (4, 1, "c")] {
            sheet.push(row, column, text).unwrap();
        }
        assert_eq!(sheet.row(0), Some((2, 2)));
        assert_eq!(sheet.row(2), Some((5, 3)));
        assert_eq!(sheet.row(3), None);
        assert_eq!(sheet.cells(0, 2).collect::<Vec<_>>(), [(0, "a"), (3, "é")]);
    }
}
