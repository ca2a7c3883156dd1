//! Tells pages that are nested deeper than any page is, before they are parsed: the HTML standard has a parser walk up all
//! open elements again and again, so that a small archive of nothing but `<div>` would keep it busy for days.

use std::collections::HashMap;

/// More elements than this are open at once in no page that people read; browsers stop at 512.
pub const DEEPEST: usize = 5_000;

/// Elements that hold nothing, or whose end a writer may leave out.
const UNNESTED: [&str; 34] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rb", "rp", "rt",
    "rtc", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Whether more than [`DEEPEST`] elements stand inside each other. Only tags are looked at, in one walk: an end tag
/// closes what was opened since its start tag, as in a parser.
pub fn is_too_deep(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    let mut open: Vec<&str> = Vec::new();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let tag = &html[at + 1..];
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
                return true;
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
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nesting_counts() {
        let deep = |piece: &str| is_too_deep(&piece.repeat(DEEPEST + 1));
        for nested in ["<div>", "<DIV class='a'>", "<x-y/>", "<ul><li>", "<table><tr><td>"] {
            assert!(deep(nested), "{nested}");
        }
        for beside in [
            "<p>un",
            "<li>deux",
            "<br/>",
            "<i></I>",
            "<a><svg><path/></a>",
            "1 < 2 </b>",
            "<!-- -->",
        ] {
            assert!(!deep(beside), "{beside}");
        }
    }
}
