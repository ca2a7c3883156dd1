//! Bounds how deep the elements of a page may nest before it is parsed: the parser looks through all open elements at every
//! tag, so that a hostile page of nested elements would cost the square of its length.

/// Deeper than any page made in good faith.
const DEEPEST: i64 = 4_000;
/// Elements that stay open until they are closed.
const STAYING: [&str; 18] = [
    "a",
    "article",
    "aside",
    "b",
    "blockquote",
    "center",
    "div",
    "em",
    "font",
    "i",
    "main",
    "ol",
    "section",
    "small",
    "span",
    "strong",
    "table",
    "ul",
];

/// The page up to where its elements nest too deep; nearly always all of it.
pub fn bounded(html: &str) -> &str {
    let bytes = html.as_bytes();
    let mut depth = 0i64;
    let mut at = 0;
    while let Some(next) = html[at..].find('<') {
        let start = at + next;
        let closes = bytes.get(start + 1) == Some(&b'/');
        let name = start + 1 + usize::from(closes);
        let length =
            bytes[name..].iter().take(12).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        at = name + length;
        let known = (1..=10).contains(&length) && {
            let lower = html[name..name + length].to_ascii_lowercase();
            STAYING.contains(&lower.as_str())
        };
        if known {
            depth = (depth + if closes { -1 } else { 1 }).max(0);
            if depth > DEEPEST {
                return &html[..start];
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
        let sane = "<div><p>é</p></div>".repeat(10_000);
        assert_eq!(bounded(&sane).len(), sane.len());
        assert!(bounded(&"<DIV>".repeat(50_000)).len() < 30_000);
        assert_eq!(bounded("<é <"), "<é <");
    }
}
