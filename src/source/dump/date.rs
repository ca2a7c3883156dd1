//! Finds dates in their many shapes: `21/04/2013 à 02:20`, `Mar 12, 2017 3:24 am`, `il y a 3 heures`, `vor 8 Stunden`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::markers::{MARKERS, any_of};

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let month = any_of(&MARKERS.months);
    let weekday = any_of(&MARKERS.weekdays);
    let unit = any_of(&MARKERS.units);
    let time = r"\d{1,2}(?:\s?[h:]\s?|\.)\d{2}(?::\d{2})?(?:\.\d+)?(?:\s?[ap]\.?m\b\.?)?(?:\s?Uhr)?(?:\s?(?:UTC|GMT|CET|CEST|EST|PST|Z)\b)?|\d{1,2}\s?(?:[ap]m\b|h\b|Uhr)";
    let iso = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?";
    let numeric = r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}";
    let day_month = format!(
        r"\d{{1,2}}(?:er|st|nd|rd|th|\.)?[\s-]?\s?(?:of\s|de\s)?(?:{month})\b\.?,?(?:[\s-](?:de\s)?(?:\d{{4}}|['’]?\d{{2}}\b))?"
    );
    let month_day = format!(r"(?:{month})\b\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}})?");
    let day = format!(
        r"(?:(?:{weekday})\b\.?,?\s(?:(?:le|den|the)\s)?)?(?:{numeric}|{day_month}|{month_day})|(?:today|yesterday|aujourd['’]hui|hier|heute|gestern)\b"
    );
    let join = r"\s?[-,–—•·|@/]{0,2}\s?(?:(?:à|at|um|a|alle|às)\s)?@?\s?";
    let ago = format!(
        r"(?:il y a|vor)\s(?:environ\s|plus de\s|etwa\s|über\s)?(?:\d+|un|une|einer|einem|einigen)\s(?:{unit})\b|(?:\d+|an?|about an?|over an?)\s?(?:{unit})\b(?:,?\s\d+\s?(?:{unit})\b)?\sago|(?:just now|à l['’]instant|gerade eben)\b"
    );
    let pattern = format!(
        r"(?i)(?P<iso>{iso})|(?P<clock>(?:{time}){join}(?:{weekday},?\s)?(?:{numeric}|{day_month}))|(?P<day>(?:{day})(?:{join}(?:{time})|\s\d{{4}}\b)?)|(?P<ago>(?:{ago})(?:\s?(?:at|à|um)\s(?:{time}))?)"
    );
    Regex::new(&pattern).expect("the pattern is built from tested lists")
});

static BARE: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"\d{1,2}\s?[h:]\s?\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s?Uhr)?";
    Regex::new(&format!(r"(?i)^(?:(?:à|at|um)\s)?(?:{time})$")).expect("a constant pattern")
});

static SHORT_AGO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\d{1,3}\s?(?:y|yr|mo|w|d|h|m|min|j|mois|an|ans|sem)\.?$")
        .expect("a constant pattern")
});

/// The longest date in `text`, as a range of bytes; of equals the first.
pub(super) fn find(text: &str) -> Option<Range<usize>> {
    let plausible = text.bytes().any(|byte| byte.is_ascii_digit())
        || text
            .split_whitespace()
            .any(|word| matches!(word, "ago" | "now" | "hier" | "yesterday" | "vor"));
    if !plausible {
        return None;
    }
    let mut best: Option<Range<usize>> = None;
    let mut at = 0;
    while let Some(found) = DATE.find_at(text, at) {
        let range = found.range();
        if !stands_free(text, &range) {
            at = range.start + text[range.start..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        at = range.end;
        if best.as_ref().is_none_or(|best| range.len() > best.len()) {
            best = Some(range);
        }
    }
    best
}

/// `12h10`, `6y`: a date only where nothing else stands on the line.
pub(super) fn is_bare(text: &str) -> bool {
    text.len() <= 24 && (BARE.is_match(text) || SHORT_AGO.is_match(text))
}

/// A clock time alone: the second half of a date whose first half stands on the line before.
pub(super) fn is_time(text: &str) -> bool {
    text.len() <= 24 && BARE.is_match(text)
}

/// A day without a clock time, which may follow on the next line.
pub(super) fn is_bare_day(date: &str) -> bool {
    !date.contains([':', 'h', '@']) && date.bytes().any(|byte| byte.is_ascii_digit())
}

/// Not inside a word or a number. A month may be glued to the name before it (`BeazleyOctober 27, 2011`).
fn stands_free(text: &str, range: &Range<usize>) -> bool {
    let is_digit =
        |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
    let first = text[range.clone()].chars().next();
    let glued = text[..range.start].chars().next_back().filter(|before| before.is_alphanumeric());
    let mut before = text[..range.start].chars().rev();
    let in_number = before.next() == Some('.') && is_digit(before.next());
    let free_before = match (glued, first) {
        (None, _) => !in_number,
        (Some(before), Some(first)) => first.is_uppercase() && !before.is_uppercase(),
        _ => false,
    };
    let mut behind = text[range.end..].chars();
    let next = behind.next();
    free_before && !is_digit(next) && !(next == Some('.') && is_digit(behind.next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<&str> {
        find(text).map(|range| &text[range])
    }

    #[test]
    fn the_shapes_of_three_languages_are_found() {
        for whole in [
            "21/04/2013 à 02:20",
            "02-11-2023 • 16h43",
            "24 janvier 2017 12h10",
            "22 juin 2018 @11h13",
            "17 juillet à 22:09",
            "02:57 09.04.2017",
            "il y a 3 heures",
            "lundi 29 octobre 2012 à 15h46",
            "1er mai 2012",
            "vor 8 Stunden",
            "1. November 2023 um 11:54 Uhr",
            "29.07.2020 // 12:56",
            "Di, 21. April 2020 - 16:40",
            "10 hours 38 minutes ago",
            "2 days ago at 07:52 am",
            "a year ago",
            "12.29.14 at 9:14 pm",
            "October 27, 2011 at 5:39 AM",
            "Mar 12, 2017 3:24 am",
            "3/12/2021 at 1:48am",
            "27 Sep 2011 | 15:22",
            "Wed Aug 07, 2019 4:19 pm",
            "2024-11-27T19:36:29.906Z",
        ] {
            assert_eq!(date(whole), Some(whole));
        }
    }

    #[test]
    fn a_date_may_be_glued_to_a_name_but_not_cut_from_a_number() {
        assert_eq!(
            date("Dave BeazleyOctober 27, 2011 at 5:39 AM"),
            Some("October 27, 2011 at 5:39 AM")
        );
        assert_eq!(date("3.14.15.92"), None);
        assert_eq!(date("en mars, on verra"), None);
    }

    #[test]
    fn short_forms_count_only_alone() {
        assert!(is_bare("12h10") && is_bare("6y") && is_time("à 9:05"));
        assert!(!is_bare("6 yards") && !is_time("6y"));
    }
}
