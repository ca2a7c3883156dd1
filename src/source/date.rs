//! Recognises dates as pages show them, in French, English, German, Spanish and their neighbours.
//!
//! Comment systems print dates in endless ways; a reader of comments needs only where they stand. What day they mean
//! is read only to count by day.

mod day;
mod resolve;
mod token;

pub use day::day;
pub use resolve::Seen;

use std::ops::Range;

use token::{Class, Kind, Token, each, is, tokens};

/// Texts longer than this are prose: a date in it says nothing about the text.
const LONGEST_LINE: usize = 200;

/// Whether `text` is a date and little else: « Le 17 juillet à 22:09 », "2 days ago", "vor 8 Stunden", "6y".
pub fn looks_like_date(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > 80 {
        return false;
    }
    let Some(span) = find_date(text) else { return is_short_span(text) };
    let rest = text[..span.start].chars().chain(text[span.end..].chars());
    rest.filter(|c| c.is_alphanumeric()).count() <= 12
}

/// Where a short line tells a date: its bytes, with the weekday before and the hour around it.
///
/// An hour alone is no date, nor is a number; of several dates the first is told.
pub fn find_date(line: &str) -> Option<Range<usize>> {
    if line.len() > LONGEST_LINE || !may_hold_date(line) {
        return None;
    }
    let tokens = tokens(line);
    for first in 0..tokens.len() {
        if let Some(after) = core(&tokens, first) {
            let (first, after) = widen(&tokens, first, after);
            return Some(tokens[first].at.start..tokens[after - 1].at.end);
        }
    }
    None
}

/// A cheap first look, because nearly all the texts of a page hold no date.
fn may_hold_date(line: &str) -> bool {
    line.bytes().any(|byte| byte.is_ascii_digit())
        || each(line).any(|token| {
            is(&token, Class::DayWord)
                || is(&token, Class::Now)
                || is(&token, Class::After)
                || is(&token, Class::Before)
        })
}

/// « 3 h », "6y", "2 days": a span of time that stands alone.
fn is_short_span(text: &str) -> bool {
    let tokens = tokens(text);
    let unit = |token: &Token| is(token, Class::Unit) || is(token, Class::Letter);
    match tokens.as_slice() {
        [number, last] => small_number(number) && unit(last),
        words => words.len() <= 3 && words.last().is_some_and(|last| is(last, Class::Now)),
    }
}

fn mark(token: Option<&Token>, wanted: &[char]) -> bool {
    matches!(token, Some(Token { kind: Kind::Mark(c), .. }) if wanted.contains(c))
}

fn number(token: Option<&Token>) -> Option<(u32, usize)> {
    match token?.kind {
        Kind::Number(value, digits) => Some((value, digits)),
        _ => None,
    }
}

fn small_number(token: &Token) -> bool {
    matches!(token.kind, Kind::Number(_, 1..=3))
}

fn is_day(token: Option<&Token>) -> bool {
    matches!(number(token), Some((1..=31, 1..=2)))
}

fn is_year(token: Option<&Token>) -> bool {
    matches!(number(token), Some((1980..=2099, 4)))
}

/// The part that makes a date, from this token on: the token after it.
fn core(tokens: &[Token], first: usize) -> Option<usize> {
    numeric(tokens, first)
        .or_else(|| with_month(tokens, first))
        .or_else(|| relative(tokens, first))
        .or_else(|| day_word(tokens, first))
}

/// 21/04/2013, 02-11-2023, 2020-04-21, 12.29.14
fn numeric(tokens: &[Token], first: usize) -> Option<usize> {
    let (a, a_digits) = number(tokens.get(first))?;
    let separators = ['/', '.', '-'];
    let separator = match tokens.get(first + 1)?.kind {
        Kind::Mark(c) if separators.contains(&c) => c,
        _ => return None,
    };
    let (b, b_digits) = number(tokens.get(first + 2))?;
    if !mark(tokens.get(first + 3), &[separator]) || b_digits > 2 || b == 0 || b > 31 {
        return None;
    }
    let (c, c_digits) = number(tokens.get(first + 4))?;
    let glued = tokens[first].at.end == tokens[first + 1].at.start;
    let year_last = a_digits <= 2
        && (1..=31).contains(&a)
        && (c_digits == 2 || (c_digits == 4 && (1980..2100).contains(&c)));
    let year_first = a_digits == 4 && (1980..2100).contains(&a) && (1..=31).contains(&c);
    let version = mark(tokens.get(first + 5), &['.'])
        && number(tokens.get(first + 6)).is_some()
        && separator == '.';
    let preceded = first > 0 && mark(tokens.get(first - 1), &[separator]);
    ((year_last || year_first)
        && (a <= 12 || b <= 12)
        && !version
        && !preceded
        && (glued || separator != '-'))
        .then_some(first + 5)
}

/// 24 janvier 2017, 26. Mai 2008, April 24th, 2020, 13 de mayo
fn with_month(tokens: &[Token], first: usize) -> Option<usize> {
    let month = |at: usize| tokens.get(at).is_some_and(|token| is(token, Class::Month));
    let filler = |at: usize| {
        tokens.get(at).is_some_and(|token| is(token, Class::Filler))
            || mark(tokens.get(at), &['.', ',', 'º', '-', '/', '\'', '’'])
    };
    let mut at = first + 1;
    if is_day(tokens.get(first)) {
        while filler(at) && at < first + 3 {
            at += 1;
        }
        if !month(at) {
            return None;
        }
        at += 1;
    } else if month(first) {
        if mark(tokens.get(at), &['.', '-']) {
            at += 1;
        }
        if !is_day(tokens.get(at)) {
            return None;
        }
        // « mai 12:30 » tells an hour, not a day.
        if mark(tokens.get(at + 1), &[':']) {
            return None;
        }
        at += 1;
    } else {
        return None;
    }
    let mut year = at;
    while year < at + 3 && filler(year) {
        year += 1;
    }
    let short_year = matches!(number(tokens.get(year)), Some((_, 2)))
        && mark(tokens.get(year - 1), &['\'', '’', '-', ' ']);
    if is_year(tokens.get(year)) || short_year {
        return Some(year + 1);
    }
    Some(at)
}

/// 2 days ago, il y a 3 heures, vor 8 Stunden, an hour ago
fn relative(tokens: &[Token], first: usize) -> Option<usize> {
    let mut at = first;
    let mut before = false;
    if is(tokens.get(at)?, Class::Before) {
        before = true;
        at += 1;
        // « il y a »
        while at < first + 3
            && tokens
                .get(at)
                .is_some_and(|token| number(Some(token)).is_none() && is(token, Class::Filler))
        {
            at += 1;
        }
    }
    let mut spans = 0;
    loop {
        let count =
            tokens.get(at).is_some_and(|token| small_number(token) || is(token, Class::One));
        let unit = tokens
            .get(at + 1)
            .is_some_and(|token| is(token, Class::Unit) || is(token, Class::Letter));
        if !count || !unit {
            break;
        }
        spans += 1;
        at += 2;
        while mark(tokens.get(at), &[',', '.']) {
            at += 1;
        }
    }
    if spans == 0 {
        return None;
    }
    if tokens.get(at).is_some_and(|token| is(token, Class::After)) {
        return Some(at + 1);
    }
    before.then_some(at)
}

/// Hier à 12:30, Yesterday at 9 pm; alone only when it is the whole line.
fn day_word(tokens: &[Token], first: usize) -> Option<usize> {
    if !is(tokens.get(first)?, Class::DayWord) {
        return None;
    }
    let mut at = first + 1;
    while at < first + 3
        && tokens.get(at).is_some_and(|token| {
            is(token, Class::Filler) || matches!(token.kind, Kind::Mark(',' | '-' | '@'))
        })
    {
        at += 1;
    }
    hour(tokens, at).or_else(|| (tokens.len() == 1).then_some(first + 1))
}

/// 16:43, 16h43, 9 pm, 12:01:03
fn hour(tokens: &[Token], at: usize) -> Option<usize> {
    let (value, digits) = number(tokens.get(at))?;
    if value > 24 || digits > 2 {
        return None;
    }
    let word = |at: usize, words: &[&str], line: &[Token]| {
        line.get(at)
            .is_some_and(|token| is(token, Class::Filler) && words.contains(&token_len(token)))
    };
    let mut after = at + 1;
    let separated = mark(tokens.get(after), &[':', '.']) || word(after, &["1"], tokens);
    if separated && matches!(number(tokens.get(after + 1)), Some((0..=59, 2))) {
        after += 2;
        if mark(tokens.get(after), &[':']) && number(tokens.get(after + 1)).is_some() {
            after += 2;
        }
    } else if !word(after, &["1", "2"], tokens) {
        return None;
    }
    while tokens.get(after).is_some_and(|token| {
        (is(token, Class::Filler) && token.at.len() <= 3) || is(token, Class::Zone)
    }) {
        after += 1;
    }
    Some(after)
}

fn token_len(token: &Token) -> &'static str {
    match token.at.len() {
        1 => "1",
        2 => "2",
        _ => "",
    }
}

/// Takes the weekday and the hour before the date, and the hour after it, into the span.
fn widen(tokens: &[Token], mut first: usize, mut after: usize) -> (usize, usize) {
    let light = |token: &Token| {
        is(token, Class::Filler)
            || matches!(
                token.kind,
                Kind::Mark(',' | '.' | '-' | '–' | '@' | '•' | '|' | '/' | '·' | '(' | '—' | 'à')
            )
    };
    let mut at = after;
    while at < after + 4 && tokens.get(at).is_some_and(light) {
        at += 1;
    }
    if let Some(end) = hour(tokens, at) {
        after = end;
        if mark(tokens.get(after), &[')']) && mark(tokens.get(at.wrapping_sub(1)), &['(']) {
            after += 1;
        }
    }
    let mut back = first;
    while back > 0 && first - back < 3 && light(&tokens[back - 1]) {
        back -= 1;
    }
    if back > 0 && is(&tokens[back - 1], Class::Weekday) {
        first = back - 1;
    } else {
        for length in [7, 6, 5, 4, 3, 2] {
            if back >= length && hour(tokens, back - length).is_some_and(|end| end >= back) {
                first = back - length;
                break;
            }
        }
    }
    (first, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_shapes_are_recognised() {
        let dates = [
            "21/04/2013 à 02:20",
            "02-11-2023 • 16h43",
            "24 janvier 2017 12h10",
            "(22 juin 2018 @11h13)",
            "Le 17 juillet à 22:09",
            "02:57 09.04.2017",
            "il y a 3 heures",
            "vor 8 Stunden",
            "6y",
            "10 hours 38 minutes ago",
            "2 days ago at 07:52 am",
            "12.29.14 at 9:14 pm",
            "26. Mai 2008 um 21:07",
            "Sat, April 24th, 2020",
            "hace 5 días",
            "13 de mayo de 2021",
            "Hier à 12:30",
            "yesterday",
            "2020-04-21",
        ];
        for date in dates {
            assert!(looks_like_date(date), "{date}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "12",
            "3 commentaires",
            "12:30",
            "version 1.2.3.4",
            "5 out of 5",
            "Mai",
            "99/99/9999",
            "Le pont rouvre",
        ] {
            assert!(!looks_like_date(text), "{text}");
        }
    }

    #[test]
    fn the_date_in_a_line_is_told_with_its_hour() {
        let line = "Soumis par Zoé le mar, 02/05/2023 - 10:12, modifié";
        assert_eq!(find_date(line).map(|span| &line[span]), Some("mar, 02/05/2023 - 10:12"));
        assert_eq!(find_date(&format!("{} 12/05/2023", "mot ".repeat(80))), None);
    }
}
