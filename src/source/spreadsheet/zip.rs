//! Reads the directory of a zip archive: which members it has, and how large they truly are when unpacked.

use std::io::{self, Read};

use flate2::read::DeflateDecoder;
use memchr::memmem;

use crate::error::{Error, Result};

/// What the directory ends with, and each of its entries and members begins with.
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const MEMBER: &[u8] = b"PK\x03\x04";

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// A zip archive in memory.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    name: &'a [u8],
    method: u16,
    /// The bytes that are packed; of a stored member, the member.
    size: usize,
    /// Where its own header begins.
    at: usize,
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub fn open(bytes: &'a [u8]) -> Result<Archive<'a>> {
        let cut = || Error::input("the zip archive is cut short or damaged: it has no directory");
        let end = memmem::rfind(bytes, END).ok_or_else(cut)?;
        let mut at = number(bytes, end + 16, 4).ok_or_else(cut)?;
        let count = number(bytes, end + 10, 2).ok_or_else(cut)?;
        let mut members = Vec::new();
        for _ in 0..count {
            let (member, next) = entry(bytes, at).ok_or_else(cut)?;
            members.push(member);
            at = next;
        }
        Ok(Archive { bytes, members })
    }

    /// Whether there is a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name.as_bytes())
    }

    /// The unpacked bytes of the member of this name.
    pub fn reader(&self, name: &str) -> Option<Box<dyn Read + 'a>> {
        self.unpacked(self.members.iter().find(|member| member.name == name.as_bytes())?)
    }

    /// Whether the members are more than `limit` bytes. They are unpacked for that: what the directory says may be a lie.
    /// Pictures are left out, for nobody looks at them.
    pub fn grows_beyond(&self, limit: u64) -> bool {
        let mut left = limit;
        for member in self.members.iter().filter(|member| !is_picture(member.name)) {
            let Some(reader) = self.unpacked(member) else { continue };
            // A damaged member is told when it is read.
            let mut reader = reader.take(left + 1);
            let _ = io::copy(&mut reader, &mut io::sink());
            match left.checked_sub(left + 1 - reader.limit()) {
                Some(rest) => left = rest,
                None => return true,
            }
        }
        false
    }

    fn unpacked(&self, member: &Member<'_>) -> Option<Box<dyn Read + 'a>> {
        let head = self.bytes.get(member.at..)?;
        if !head.starts_with(MEMBER) {
            return None;
        }
        let data = 30 + number(head, 26, 2)? + number(head, 28, 2)?;
        let packed = head.get(data..)?;
        match member.method {
            STORED => Some(Box::new(&packed[..member.size.min(packed.len())])),
            // A deflated stream tells its own end.
            DEFLATED => Some(Box::new(DeflateDecoder::new(packed))),
            _ => None,
        }
    }
}

fn is_picture(name: &[u8]) -> bool {
    name.starts_with(b"xl/media/") || name.starts_with(b"Pictures/")
}

/// The entry of the directory that begins here, and where the next one does.
fn entry(bytes: &[u8], at: usize) -> Option<(Member<'_>, usize)> {
    if !bytes.get(at..)?.starts_with(ENTRY) {
        return None;
    }
    let field = |offset, length| number(bytes, at + offset, length);
    let name_end = at + 46 + field(28, 2)?;
    let member = Member {
        name: bytes.get(at + 46..name_end)?,
        method: field(10, 2)? as u16,
        size: field(20, 4)?,
        at: field(42, 4)?,
    };
    Some((member, name_end + field(30, 2)? + field(32, 2)?))
}

/// The number of `length` bytes, the small end first, that begins here.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_and_measured() {
        let book = std::fs::read("fixtures/exports/moderation.xlsx").unwrap();
        let archive = Archive::open(&book).unwrap();
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
            if let Ok(archive) = Archive::open(&book[..cut]) {
                archive.grows_beyond(1_000_000);
            }
        }
        for at in 0..book.len() {
            let mut book = book.clone();
            book[at] ^= 0xff;
            if let Ok(archive) = Archive::open(&book) {
                archive.grows_beyond(100_000);
            }
        }
    }
}
