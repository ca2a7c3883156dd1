//! Looks into a zip archive: which members it has, and how large they are when unpacked.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::error::{Error, Result};

/// A zip archive in memory.
pub(super) struct Archive<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub fn open(bytes: &'a [u8]) -> Result<Archive<'a>> {
        let cut = |_| Error::input("the zip archive is cut short or damaged: it has no directory");
        ZipArchive::new(Cursor::new(bytes)).map(Archive).map_err(cut)
    }

    /// Whether there is a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.index_for_name(name).is_some()
    }

    /// The unpacked bytes of the member of this name.
    pub fn reader(&mut self, name: &str) -> Option<impl Read + '_> {
        self.0.by_name(name).ok()
    }

    /// Whether the members are more than `limit` bytes, as the directory says; reading one that holds more than that fails.
    /// Pictures are left out, for nobody looks at them.
    pub fn grows_beyond(&mut self, limit: u64) -> bool {
        let mut size = 0u64;
        for index in 0..self.0.len() {
            // A damaged member is told when it is read.
            let Ok(member) = self.0.by_index(index) else { continue };
            if !member.name().is_ok_and(|name| is_picture(&name)) {
                size = size.saturating_add(member.size());
            }
        }
        size > limit
    }
}

fn is_picture(name: &str) -> bool {
    name.starts_with("xl/media/") || name.starts_with("Pictures/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_and_measured() {
        let book = std::fs::read("fixtures/exports/moderation.xlsx").unwrap();
        let mut archive = Archive::open(&book).unwrap();
        assert!(archive.has("xl/workbook.xml") && !archive.has("content.xml"));
        let mut text = String::new();
        archive.reader("xl/workbook.xml").unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains("<sheet"), "{text}");
        assert!(archive.grows_beyond(1_000) && !archive.grows_beyond(1_000_000));
    }

    #[test]
    fn damage_is_no_panic() {
        let book = std::fs::read("fixtures/exports/moderation.xlsx").unwrap();
        for cut in 0..book.len() {
            if let Ok(mut archive) = Archive::open(&book[..cut]) {
                archive.grows_beyond(1_000_000);
            }
        }
        for at in 0..book.len() {
            let mut book = book.clone();
            book[at] ^= 0xff;
            if let Ok(mut archive) = Archive::open(&book) {
                archive.grows_beyond(100_000);
            }
        }
    }
}
