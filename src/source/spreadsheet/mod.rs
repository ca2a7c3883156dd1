//! Reads spreadsheets (XLSX, ODS): the cells of every sheet as the text that a CSV file would hold.
//!
//! A workbook is held whole, since a zip archive cannot be read as it streams by; what it may grow to is measured first.

mod cell;
mod ods;
mod sheet;
mod xlsx;
mod zip;

use std::io::Read;

use self::zip::Archive;
pub(super) use sheet::Sheet;

use crate::error::{Error, Result};

/// What every zip archive with something in it begins with.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// The largest file.
const LARGEST: u64 = 64_000_000;

/// The most that its members may grow to.
const LARGEST_UNPACKED: u64 = 256_000_000;

/// The name by which an OpenDocument spreadsheet calls itself.
const OPEN_DOCUMENT: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The sheets of a workbook in their order; none where the archive is no spreadsheet.
///
/// # Errors
/// When it is too large, damaged, or of a kind that cannot be read.
pub(super) fn read(reader: impl Read) -> Result<Option<Vec<Sheet>>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::input(format!(
            "a zip archive larger than {} MB, too large for a spreadsheet: save it as CSV",
            LARGEST / 1_000_000
        )));
    }
    let mut archive = Archive::open(&bytes)?;
    if archive.has("xl/workbook.bin") {
        return Err(Error::input("a binary workbook (xlsb): save it as .xlsx or CSV"));
    }
    let is_open_document = archive.reader("mimetype").is_some_and(|reader| {
        let mut kind = String::new();
        let read = reader.take(OPEN_DOCUMENT.len() as u64).read_to_string(&mut kind);
        read.is_ok() && kind == OPEN_DOCUMENT
    });
    if !is_open_document && !archive.has("xl/workbook.xml") {
        return Ok(None);
    }
    if archive.grows_beyond(LARGEST_UNPACKED) {
        return Err(Error::input(format!(
            "it grows to more than {} MB when unpacked, too large for a spreadsheet: save it as CSV",
            LARGEST_UNPACKED / 1_000_000
        )));
    }
    if is_open_document { ods::sheets(&mut archive) } else { xlsx::sheets(bytes) }.map(Some)
}
