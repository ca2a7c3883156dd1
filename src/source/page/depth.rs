//! Bounds how deep the elements of a page may nest before it is parsed: the parser looks through all open elements at every
//! tag, so that a hostile page of nested elements would cost the square of its length.

use crate::source::hasher::FixedMap;

/// Deeper than any page made in good faith; browsers stop at 512.
pub const DEEPEST: usize = 4_000;

/// Whether elements of this name hold nothing, or have an end that a writer may leave out.
fn is_unnested(name: &[u8]) -> bool {
    const UNNESTED: [&[u8]; 34] = [
        b"area",
        b"base",
        b"body",
        b"br",
        b"col",
        b"colgroup",
        b"dd",
        b"dt",
        b"embed",
        b"head",
        b"hr",
        b"html",
        b"img",
        b"input",
        b"li",
        b"link",
        b"meta",
        b"optgroup",
        b"option",
        b"p",
        b"param",
        b"rb",
        b"rp",
        b"rt",
        b"rtc",
        b"source",
        b"tbody",
        b"td",
        b"tfoot",
        b"th",
        b"thead",
        b"tr",
        b"track",
        b"wbr",
    ];
    name.len() <= 8 && UNNESTED.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The page up to where its elements nest too deep; nearly always all of it.
///
/// Only tags are looked at, in one walk: an end tag closes what was opened since its start tag, as in a parser, so that
/// what a page forgets to close does not add up.
pub fn bounded(html: &str) -> &str {
    let bytes = html.as_bytes();
    let mut open: Vec<Key> = Vec::new();
    let mut count: FixedMap<Key, usize> = FixedMap::default();
    for start in memchr::memchr_iter(b'<', bytes) {
        let tag = &bytes[start + 1..];
        let (closes, tag) = match tag.strip_prefix(b"/") {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'<');
        let name = &tag[..tag.iter().position(ends).unwrap_or(tag.len())];
        if is_unnested(name) {
            continue;
        }
        let name = key(name);
        if !closes {
            open.push(name);
            *count.entry(name).or_default() += 1;
            if open.len() > DEEPEST {
                return &html[..start];
            }
        } else if count.contains_key(&name) {
            while let Some(last) = open.pop() {
                // What is no longer open is forgotten: the table never holds more than `DEEPEST` names.
                match count.get_mut(&last) {
                    Some(count) if *count > 1 => *count -= 1,
                    _ => _ = count.remove(&last),
                }
                if last == name {
                    break;
                }
            }
        }
    }
    html
}

/// A name in lower case: its length, its first bytes, and the sum of those that have no room.
type Key = (u64, u64);

fn key(name: &[u8]) -> Key {
    let (first, rest) = name.split_at(name.len().min(8));
    let lower = |word: u64, byte: &u8| word << 8 | u64::from(byte.to_ascii_lowercase());
    let sum = |sum: u64, byte: &u8| {
        sum.wrapping_mul(0x0100_0000_01b3).wrapping_add(u64::from(byte.to_ascii_lowercase()))
    };
    (first.iter().fold(0, lower), rest.iter().fold(name.len() as u64, sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_nested_beyond_sense_is_cut() {
        let cut = |piece: &str| {
            let html = piece.repeat(DEEPEST + 1);
            bounded(&html).len() < html.len()
        };
        for nested in ["<div>", "<DIV class='a'>", "<x-y/>", "<ul><li>", "<table><tr><td>"] {
            assert!(cut(nested), "{nested}");
        }
        for beside in ["<div><p>é</p></div>", "<p>un", "<li>deux", "<br/>", "<i></I>", "1 < é </b>"]
        {
            assert!(!cut(beside), "{beside}");
        }
        assert!(!cut("<a><svg><path/></a>"), "what is left open closes with what is around it");
        assert_eq!(bounded("<é <"), "<é <");
    }
}
