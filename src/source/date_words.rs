//! Reads the words that dates are made of, each with what it says in a date.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const WORDS: &str = include_str!("date_words.txt");

static CLASSES: LazyLock<HashMap<&'static str, Vec<Class>>> = LazyLock::new(|| {
    let mut classes: HashMap<&'static str, Vec<Class>> = HashMap::new();
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, words)) = line.split_once(':') else { continue };
        let class = match name {
            "month" => Class::Month,
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

/// What a word says in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Month,
    Weekday,
    Unit,
    Letter,
    Before,
    After,
    One,
    DayWord,
    Now,
    Filler,
    Zone,
}

/// What a word says in dates, whatever its case and accents; several things in several languages.
pub(super) fn classes(word: &str) -> &'static [Class] {
    if word.len() > 24 {
        return &[];
    }
    let folded: String = if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        let lower = word.to_lowercase().replace('’', "'");
        lower.nfd().filter(|c| !is_combining_mark(*c)).collect()
    };
    CLASSES.get(folded.as_str()).map_or(&[], Vec::as_slice)
}
