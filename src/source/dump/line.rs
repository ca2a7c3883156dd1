//! Reads a dump into its lines: where each stands, its bullet, its text. Blank lines are remembered, not kept.

use super::date;

/// More lines than any page has; what follows is not read, so that memory stays bounded.
const MOST_LINES: usize = 2_000_000;

/// A longer line is a paragraph: no marker and no head is looked for in it.
const LONGEST_MARK: usize = 320;

/// One line that is not blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Counted from 1 in the file.
    pub number: u32,
    /// The column of its text, behind bullet and blanks. Widths in characters; a tab counts four.
    pub column: u32,
    /// The column where it begins, bullet included.
    pub indent: u32,
    /// What it is itemised with.
    pub bullet: Option<Bullet>,
    /// Blank lines stand before it.
    pub spaced: bool,
    /// All of it, trimmed.
    pub raw: &'a str,
    /// Without bullet and heading marks; empty for a lone bullet.
    pub text: &'a str,
}

/// The mark of a list item. Dumps draw the nesting of lists with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bullet {
    /// `•`, `·`, `*`.
    Star,
    /// `+`.
    Plus,
    /// `o`.
    Circle,
    /// `-`.
    Dash,
    /// `12.`
    Ordinal,
}

impl Bullet {
    /// How deep in nested lists dumps draw this bullet.
    pub fn depth(self) -> u32 {
        match self {
            Bullet::Star | Bullet::Ordinal => 0,
            Bullet::Plus => 1,
            Bullet::Circle => 2,
            Bullet::Dash => 3,
        }
    }
}

impl Line<'_> {
    /// Short enough to be a marker or a head.
    pub fn is_short(&self) -> bool {
        self.raw.len() <= LONGEST_MARK
    }
}

/// The lines of `text` that are not blank.
pub(super) fn read(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut spaced = false;
    for (index, whole) in text.split('\n').enumerate() {
        let raw = whole.trim_matches(is_blank);
        if raw.is_empty() || is_rule(raw) {
            spaced = true;
            continue;
        }
        if lines.len() == MOST_LINES {
            break;
        }
        let indent = width(&whole[..whole.len() - whole.trim_start_matches(is_blank).len()]);
        let (bullet, behind) = match bullet(raw) {
            Some((bullet, length)) => (Some(bullet), &raw[length..]),
            None => (None, raw),
        };
        let text = without_hashes(behind.trim_start_matches(is_blank));
        let column = indent + width(&raw[..raw.len() - text.len()]);
        lines.push(Line { number: index as u32 + 1, column, indent, bullet, spaced, raw, text });
        spaced = false;
    }
    lines
}

/// White space and control characters (NUL among them), the byte order mark, the invisible blanks.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// A drawn line: `* * *`, `-----`, `=====`.
fn is_rule(raw: &str) -> bool {
    raw.len() >= 3
        && raw.len() <= 200
        && raw.chars().all(|character| matches!(character, '*' | '-' | '_' | '=' | ' ' | '─' | '—'))
}

/// « 1. November 2023 »: the ordinal is a day's.
fn is_day(raw: &str) -> bool {
    raw.len() <= LONGEST_MARK && date::find(raw).is_some_and(|date| date.start == 0)
}

/// Without the marks of a Markdown heading; `#12` is a number.
fn without_hashes(text: &str) -> &str {
    let bare = text.trim_start_matches('#');
    if bare.starts_with(' ') { bare.trim_start() } else { text }
}

fn width(blanks: &str) -> u32 {
    let wide = |character: char| if character == '\t' { 4 } else { 1 };
    // A line that begins with a megabyte of blanks is no more deeply nested than one with a thousand.
    blanks.chars().take(1_000).map(wide).sum()
}

/// The bullet at the head of `raw` and its length in bytes.
fn bullet(raw: &str) -> Option<(Bullet, usize)> {
    let first = raw.chars().next()?;
    let behind = &raw[first.len_utf8()..];
    let alone = behind.is_empty() || behind.starts_with(is_blank);
    let kind = match first {
        '•' | '●' | '◦' | '▪' | '‣' => return Some((Bullet::Star, first.len_utf8())),
        '*' | '·' if alone => Bullet::Star,
        '+' if alone => Bullet::Plus,
        '-' if alone => Bullet::Dash,
        'o' if alone && !behind.trim_start().starts_with(char::is_lowercase) => Bullet::Circle,
        '0'..='9' => {
            let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
            let behind = raw[digits..].strip_prefix('.')?;
            let item =
                digits <= 5 && (behind.is_empty() || behind.starts_with(' ')) && !is_day(raw);
            return item.then_some((Bullet::Ordinal, digits + 1));
        }
        _ => return None,
    };
    Some((kind, first.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_knows_where_its_text_stands() {
        let lines = read("Un titre\n\n    • Zoé\n      Bonjour\n   12. Ada\n*\n### Avis\n");
        let seen: Vec<_> = lines.iter().map(|line| (line.number, line.column, line.text)).collect();
        assert_eq!(
            seen,
            [
                (1, 0, "Un titre"),
                (3, 6, "Zoé"),
                (4, 6, "Bonjour"),
                (5, 7, "Ada"),
                (6, 1, ""),
                (7, 4, "Avis")
            ]
        );
        assert_eq!(lines[1].bullet, Some(Bullet::Star));
        assert!(lines[1].spaced && !lines[2].spaced);
    }

    #[test]
    fn a_date_is_no_ordinal_and_a_word_no_bullet() {
        for text in [
            "3.5 millions",
            "12.04.2020",
            "1. November 2023",
            "on verra",
            "-moi",
            "o presidente",
            "+1",
        ] {
            assert_eq!(read(text)[0].bullet, None, "{text}");
        }
    }

    #[test]
    fn nothing_is_left_of_blanks_and_rules() {
        assert!(read("\0\0\n \u{a0}\t\n* * *\n-----\n\u{feff}").is_empty());
    }
}
