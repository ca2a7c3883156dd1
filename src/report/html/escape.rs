//! Escapes text for HTML, and shows what acts unseen.
//!
//! Every word that vigie did not write itself goes through here; nothing else stands between a comment and the page.

use crate::report::visible::{acts_unseen, name, visible};

/// Appends text as content of an element: unseen characters become a small framed code, line ends of any kind `\n`.
pub(super) fn push_text(page: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\r' {
            if characters.peek() != Some(&'\n') {
                page.push('\n');
            }
        } else if acts_unseen(c) {
            page.push_str("<span class=\"unseen\">");
            page.push_str(&name(c));
            page.push_str("</span>");
        } else {
            push_char(page, c);
        }
    }
}

/// Text as content of an element.
pub(in crate::report) fn text(text: &str) -> String {
    let mut page = String::with_capacity(text.len());
    push_text(&mut page, text);
    page
}

/// Text as the value of a quoted attribute.
pub(in crate::report) fn attribute(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in visible(text).chars() {
        push_char(&mut value, c);
    }
    value
}

/// The address, if it is one that a browser may follow from here: `http` or `https`, without anything unseen.
pub(in crate::report) fn address(page: &str) -> Option<&str> {
    let address = page.trim();
    let (scheme, rest) = address.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let plain = !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || acts_unseen(c));
    (web && plain).then_some(address)
}

fn push_char(page: &mut String, c: char) {
    match c {
        '&' => page.push_str("&amp;"),
        '<' => page.push_str("&lt;"),
        '>' => page.push_str("&gt;"),
        '"' => page.push_str("&quot;"),
        '\'' => page.push_str("&#39;"),
        _ => page.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place() {
        assert_eq!(
            text("<b>&'\"\0"),
            "&lt;b&gt;&amp;&#39;&quot;<span class=\"unseen\">U+0000</span>"
        );
        assert_eq!(text("a\r\nb\rc"), "a\nb\nc");
        assert_eq!(attribute("\" onload='x'\u{202E}"), "&quot; onload=&#39;x&#39;⟨U+202E⟩");
    }

    #[test]
    fn only_web_addresses_are_followed() {
        assert_eq!(address(" HTTPS://a.example/b?c "), Some("HTTPS://a.example/b?c"));
        for page in ["javascript:alert(1)//://x", "data:text/html,x", "pages/a.html", "http://", ""]
        {
            assert_eq!(address(page), None, "{page}");
        }
        assert_eq!(address("http://a.example/\u{202E}gpj"), None);
    }
}
