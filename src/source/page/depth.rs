//! Bounds how deep the elements of a page may nest before it is parsed: the parser looks through all open elements at every
//! tag, so that a hostile page of nested elements would cost the square of its length.

use std::collections::HashMap;

/// Deeper than any page made in good faith; browsers stop at 512.
pub const DEEPEST: usize = 4_000;

/// Elements that hold nothing, or whose end a writer may leave out.
const UNNESTED: [&str; 34] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rb", "rp", "rt",
    "rtc", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// The page up to where its elements nest too deep; nearly always all of it.
///
/// Only tags are looked at, in one walk: an end tag closes what was opened since its start tag, as in a parser, so that
/// what a page forgets to close does not add up.
pub fn bounded(html: &str) -> &str {
    let lower = html.to_ascii_lowercase();
    let mut open: Vec<&str> = Vec::new();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for start in memchr::memchr_iter(b'<', lower.as_bytes()) {
        let tag = &lower[start + 1..];
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'<');
        let name = &tag[..tag.bytes().position(ends).unwrap_or(tag.len())];
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || UNNESTED.contains(&name) {
            continue;
        }
        if !closes {
            open.push(name);
            *count.entry(name).or_default() += 1;
            if open.len() > DEEPEST {
                return &html[..start];
            }
        } else if count.get(name).is_some_and(|&count| count > 0) {
            while let Some(last) = open.pop() {
                count.entry(last).and_modify(|count| *count -= 1);
                if last == name {
                    break;
                }
            }
        }
    }
    html
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
