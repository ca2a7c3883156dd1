//! Reads the sheets of an Excel workbook, cell by cell: a sheet may claim to be far larger than what it holds.

use std::io::Cursor;

use calamine::{Reader, Xlsx, XlsxError};

use super::cell;
use super::sheet::Sheet;
use crate::error::{Error, Result};

type Book = Xlsx<Cursor<Vec<u8>>>;

/// The sheets of the workbook; charts are none.
pub(super) fn sheets(bytes: Vec<u8>) -> Result<Vec<Sheet>> {
    let mut book = Book::new(Cursor::new(bytes)).map_err(|error| Error::input(damaged(&error)))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut sheet = Sheet::new(&name);
        match fill(&mut sheet, &mut book)? {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => sheet.failure = Some(damaged(&error)),
            Ok(()) => {}
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Reads a sheet up to its end, or to what is damaged.
fn fill(sheet: &mut Sheet, book: &mut Book) -> Result<std::result::Result<(), XlsxError>> {
    let name = sheet.name.clone();
    let mut cells = match book.worksheet_cells_reader(&name) {
        Ok(cells) => cells,
        Err(error) => return Ok(Err(error)),
    };
    loop {
        match cells.next_cell() {
            Ok(Some(found)) => {
                let (row, column) = found.get_position();
                sheet.push(row, column, &cell::text(found.get_value()))?;
            }
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        }
    }
}

fn damaged(error: &XlsxError) -> String {
    format!("the workbook cannot be read: {error}")
}
