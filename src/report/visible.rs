//! Shows characters that are made to act rather than to be read: controls, direction overrides, invisible ones.
//!
//! A terminal obeys the first, a reader is fooled by the others (<https://trojansource.codes>).

use std::borrow::Cow;

/// Whether a character acts without being seen.
///
/// Line breaks and tabs are left to the format; joiners are left alone, because emoji and several scripts need them.
pub(super) fn acts_unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61C}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{FFFE}'
        | '\u{FFFF}' => true,
        _ => c.is_control(),
    }
}

/// The name by which an unseen character is shown.
pub(super) fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// The text with unseen characters shown as `⟨U+202E⟩`.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    shown(text, acts_unseen)
}

/// The text with only those characters shown so that XML 1.0 has no way to hold
/// (<https://www.w3.org/TR/xml/#charsets>); the others are left as they were written, for whoever reads them back.
#[cfg(feature = "xlsx")]
pub(super) fn visible_in_xml(text: &str) -> Cow<'_, str> {
    let lost =
        |c| c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    shown(text, lost)
}

/// The text with the characters that are `hidden` shown by their names.
fn shown(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) {
            shown.push('⟨');
            shown.push_str(&name(c));
            shown.push('⟩');
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// JSON with unseen characters as `\u` escapes: the same to a program, harmless in a terminal.
/// They stand inside strings only (line breaks and tabs are not among them), and all are written in four digits.
pub(crate) fn ascii_unseen(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if acts_unseen(c) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_unseen_is_shown_and_the_rest_kept() {
        assert_eq!(visible("a\u{202E}b\u{1B}[2J\u{200B}"), "a⟨U+202E⟩b⟨U+001B⟩[2J⟨U+200B⟩");
        assert_eq!(visible("👩\u{200D}🚒 c'est\nbon\t!"), "👩\u{200D}🚒 c'est\nbon\t!");
    }

    #[test]
    fn unseen_characters_are_escaped_and_mean_the_same() {
        let value = serde_json::json!({"text": "a\u{202E}b\u{9b}\n\u{7}"});
        let escaped = ascii_unseen(&value.to_string());
        assert_eq!(escaped, r#"{"text":"a\u202eb\u009b\n\u0007"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
    }
}
