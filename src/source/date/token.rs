//! Cuts a line into the tokens of which dates are made.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use rustc_hash::FxHashMap;

pub const WORDS: &str = include_str!("../date_words.txt");

static CLASSES: LazyLock<FxHashMap<&'static str, Vec<Class>>> = LazyLock::new(|| {
    let mut classes: FxHashMap<&'static str, Vec<Class>> = FxHashMap::default();
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, words)) = line.split_once(':') else { continue };
        // What its own class says already, told more closely.
        if name.starts_with("span ") || name.starts_with("offset ") {
            continue;
        }
        let class = match name {
            month if month.starts_with("month ") => Class::Month,
            "weekday" => Class::Weekday,
            "unit" => Class::Unit,
            "letter" => Class::Letter,
            "before" => Class::Before,
            "after" => Class::After,
            "one" => Class::One,
            "dayword" => Class::DayWord,
            "now" => Class::Now,
            "zone" => Class::Zone,
            _ => Class::Filler,
        };
        for word in words.split_whitespace() {
            let known = classes.entry(word).or_default();
            if !known.contains(&class) {
                known.push(class);
            }
        }
    }
    classes
});

static MONTHS: LazyLock<FxHashMap<&'static str, i8>> = LazyLock::new(|| {
    let mut months = FxHashMap::default();
    for line in WORDS.lines() {
        let Some((number, words)) =
            line.strip_prefix("month ").and_then(|rest| rest.split_once(':'))
        else {
            continue;
        };
        let number = number.parse().expect("a test reads the numbers of the months");
        months.extend(words.split_whitespace().map(|word| (word, number)));
    }
    months
});

/// What a word can be in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The name of a month.
    Month,
    /// The name of a day of the week.
    Weekday,
    /// A span of time.
    Unit,
    /// Its short form.
    Letter,
    /// Stands before a span that is past.
    Before,
    /// Stands behind it.
    After,
    /// One of it.
    One,
    /// A day told from today.
    DayWord,
    /// The present.
    Now,
    /// Stands between the parts.
    Filler,
    /// A time zone.
    Zone,
}

/// What a token is.
#[derive(Debug)]
pub enum Kind {
    /// Value (capped) and number of digits.
    Number(u32, usize),
    /// What the word can be.
    Word(&'static [Class]),
    /// Anything else.
    Mark(char),
}

/// A number, a word or a mark of a line.
#[derive(Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the line.
    pub at: Range<usize>,
}

/// The tokens of a line.
pub fn tokens(line: &str) -> Vec<Token> {
    each(line).collect()
}

/// The tokens of a line, one by one.
pub fn each(line: &str) -> impl Iterator<Item = Token> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let rest = line[next..].trim_start();
        let start = line.len() - rest.len();
        let first = rest.chars().next()?;
        let (length, kind) = if first.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let value = rest.bytes().take(length).fold(0u32, |value, digit| {
                value.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
            });
            (length, Kind::Number(value, length))
        } else if first.is_alphabetic() {
            let word = &rest[..word_length(rest)];
            (word.len(), Kind::Word(classes(word)))
        } else {
            (first.len_utf8(), Kind::Mark(first))
        };
        next = start + length;
        Some(Token { kind, at: start..next })
    })
}

/// How long the word is with which a text begins, in bytes.
fn word_length(text: &str) -> usize {
    let mut length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    while let Some(c) = text[length..].chars().next() {
        let joins = c.is_alphabetic() || is_combining_mark(c);
        let day_word = c == '\'' || c == '’';
        if !(joins || (day_word && text[..length].eq_ignore_ascii_case("aujourd"))) {
            break;
        }
        length += c.len_utf8();
    }
    length
}

/// The words of [`WORDS`] are no longer.
const LONGEST_WORD: usize = 24;

fn classes(word: &str) -> &'static [Class] {
    if word.len() > LONGEST_WORD {
        return &[];
    }
    if word.is_ascii() {
        let mut lower = [0u8; LONGEST_WORD];
        let lower = &mut lower[..word.len()];
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let known = std::str::from_utf8(lower).ok().and_then(|lower| CLASSES.get(lower));
        return known.map_or(&[], Vec::as_slice);
    }
    CLASSES.get(folded(word).as_str()).map_or(&[], Vec::as_slice)
}

/// The number of the month, 1 to 12, that a word names.
pub fn month(word: &str) -> Option<i8> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    MONTHS.get(folded(word).as_str()).copied()
}

/// A word as it stands in [`WORDS`].
pub fn folded(word: &str) -> String {
    if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        let lower = word.to_lowercase().replace('’', "'");
        lower.nfd().filter(|c| !is_combining_mark(*c)).collect()
    }
}

/// Whether the token can be a word of this class.
pub fn is(token: &Token, class: Class) -> bool {
    matches!(token.kind, Kind::Word(classes) if classes.contains(&class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_numbers() {
        assert_eq!(
            [month("Févr"), month("août"), month("December"), month("mardi")],
            [Some(2), Some(8), Some(12), None]
        );
        assert!((1..=12).all(|number| MONTHS.values().any(|&one| one == number)));
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        let tokens = tokens("3 FÉVRIER, aujourd’hui");
        assert!(is(&tokens[1], Class::Month) && is(&tokens[3], Class::DayWord));
    }
}
