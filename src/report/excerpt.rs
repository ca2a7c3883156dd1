//! Cuts text: to a number of characters where context is quoted, to a width where a terminal is filled.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::visible::visible;

/// How many characters of the comment answered are quoted: a thousand replies to one long comment
/// must not make a thousand copies of it.
pub(super) const QUOTED: usize = 2_000;

/// The first `limit` characters; what follows them becomes `…`.
pub(super) fn first(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_string(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// The text in one line, its blanks made single.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text cut to a width in terminal columns; what does not fit becomes `…`.
pub(super) fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut kept = String::new();
    let mut room = width.saturating_sub(1);
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// A reader's words in one line of a terminal, no wider than `width` columns: what acts unseen is shown.
pub fn excerpt(text: &str, width: usize) -> String {
    fit(&visible(&one_line(text)), width)
}

/// The same, filled up with blanks to that width.
pub fn cell(text: &str, width: usize) -> String {
    let mut cell = excerpt(text, width);
    let blanks = width.saturating_sub(cell.width());
    cell.extend(std::iter::repeat_n(' ', blanks));
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_columns_are_counted() {
        assert_eq!(first("été noir", 3), "été…");
        assert_eq!(first("été", 3), "été");
        assert_eq!(one_line(" a\n\t b "), "a b");
        assert_eq!(fit("日本語テスト", 6), "日本…");
        assert_eq!(cell("日本", 6), "日本  ");
        assert_eq!(excerpt("a\u{1B}[2J\nb", 12), "a⟨U+001B⟩[2…");
    }
}
