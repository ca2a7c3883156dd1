//! Reads the attributes of a tag.

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, ns};

use super::Walk;
use super::reference::{Within, decoded};

/// What stands in a tag behind its name.
pub struct Read {
    pub list: Vec<Attribute>,
    /// It ends in `/>`.
    pub self_closing: bool,
    /// An attribute stands there twice; the first counts.
    pub repeated: bool,
    /// Where the tag ends.
    pub end: usize,
}

impl Walk<'_> {
    /// The attributes of the tag whose name ends at `at`; none where the page ends before the tag.
    pub(super) fn attributes(&mut self, mut at: usize) -> Option<Read> {
        let bytes = self.html.as_bytes();
        let space = |at: usize| bytes.get(at).map(u8::is_ascii_whitespace);
        let mut read = Read { list: Vec::new(), self_closing: false, repeated: false, end: 0 };
        loop {
            while space(at)? {
                at += 1;
            }
            match bytes[at] {
                b'>' => {
                    read.end = at + 1;
                    return Some(read);
                }
                b'/' => {
                    at += 1;
                    read.self_closing = *bytes.get(at)? == b'>';
                    continue;
                }
                _ => {}
            }
            // A name may begin with `=`.
            let from = at;
            at += 1;
            while !space(at)? && !matches!(bytes[at], b'>' | b'/' | b'=') {
                at += 1;
            }
            let name = self.name(from, at);
            while space(at)? {
                at += 1;
            }
            let mut value = StrTendril::new();
            if bytes[at] == b'=' {
                at += 1;
                while space(at)? {
                    at += 1;
                }
                let (from, to);
                match bytes[at] {
                    quote @ (b'"' | b'\'') => {
                        from = at + 1;
                        to = from + memchr::memchr(quote, &bytes[from..])?;
                        at = to + 1;
                    }
                    _ => {
                        from = at;
                        while !space(at)? && bytes[at] != b'>' {
                            at += 1;
                        }
                        to = at;
                    }
                }
                value = match memchr::memchr(b'&', &bytes[from..to]) {
                    Some(_) => decoded(&self.html[from..to], Within::Attribute),
                    None => self.part(from, to),
                };
            }
            if read.list.iter().any(|attribute| attribute.name.local == name) {
                read.repeated = true;
            } else {
                read.list.push(Attribute { name: QualName::new(None, ns!(), name), value });
            }
        }
    }
}
