//! Reads the day that a date tells as seen from another: « il y a 3 jours », "yesterday", « 17 juillet ».

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::Span;
use jiff::civil::{Date, DateTime};

use super::day::day;
use super::token::{Class, Kind, Token, WORDS, folded, is, month, tokens};
use super::{LONGEST_LINE, number, relative, with_month};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

static UNITS: LazyLock<HashMap<&'static str, Unit>> = LazyLock::new(|| {
    let unit = |name: &str| match name {
        "second" => Some(Unit::Second),
        "minute" => Some(Unit::Minute),
        "hour" => Some(Unit::Hour),
        "day" => Some(Unit::Day),
        "week" => Some(Unit::Week),
        "month" => Some(Unit::Month),
        "year" => Some(Unit::Year),
        _ => None,
    };
    section("span ", unit)
});

static OFFSETS: LazyLock<HashMap<&'static str, i64>> =
    LazyLock::new(|| section("offset ", |days| days.parse().ok()));

/// The words of the lines that begin with `name`, by what the rest of their beginning says.
fn section<T: Copy>(name: &str, value: impl Fn(&str) -> Option<T>) -> HashMap<&'static str, T> {
    let lines = WORDS.lines().filter_map(|line| line.strip_prefix(name)?.split_once(':'));
    let told = lines.filter_map(|(told, words)| Some((value(told)?, words)));
    told.flat_map(|(value, words)| words.split_whitespace().map(move |word| (word, value)))
        .collect()
}

/// When a page was seen, by the clock that its dates tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen(DateTime);

impl FromStr for Seen {
    type Err = String;

    /// Reads `2024-03-01` or `2024-03-01T12:00`. A day at an unknown hour is taken at its end: « il y a 3 h » is then that day.
    fn from_str(text: &str) -> Result<Seen, String> {
        let seen = match text.parse::<Date>() {
            Ok(day) if !text.contains(':') => day.at(23, 59, 59, 0),
            _ => text
                .parse()
                .map_err(|_| "expected a day such as 2024-03-01, or 2024-03-01T12:00".to_owned())?,
        };
        Ok(Seen(seen))
    }
}

impl Seen {
    /// The day of a date as the page shows it.
    ///
    /// What [`day`] reads does not depend on when the page was seen. Spans of time are counted back from then, and the words
    /// for today and yesterday; a day without a year is the last one of that name. None where no day is told: « lundi », an
    /// hour alone.
    ///
    /// ```
    /// use vigie::source::date::Seen;
    /// let seen: Seen = "2024-03-01T12:00".parse().unwrap();
    /// assert_eq!(seen.day_of("il y a 3 jours").unwrap().to_string(), "2024-02-27");
    /// assert_eq!(seen.day_of("17 juillet à 22:09").unwrap().to_string(), "2023-07-17");
    /// ```
    pub fn day_of(self, date: &str) -> Option<Date> {
        resolve(date, self.0)
    }
}

fn resolve(date: &str, seen: DateTime) -> Option<Date> {
    if let Some(day) = day(date) {
        return Some(day);
    }
    let date = date.trim();
    if date.len() > LONGEST_LINE {
        return None;
    }
    let tokens = tokens(date);
    let word = |token: &Token| folded(&date[token.at.clone()]);
    if let Some(span) = span(date, &tokens) {
        return seen.checked_sub(span).ok().map(DateTime::date);
    }
    for (at, token) in tokens.iter().enumerate() {
        if let Some(&days) =
            is(token, Class::DayWord).then(|| OFFSETS.get(word(token).as_str())).flatten()
        {
            // « avant-hier »
            let before = at > 0 && tokens[..at].iter().any(|token| word(token) == "avant");
            let days = Span::new().days(days + i64::from(before));
            return seen.date().checked_sub(days).ok();
        }
        if let Some(after) = with_month(&tokens, at) {
            return last_of(date, &tokens[at..after], seen.date());
        }
    }
    let now = tokens.len() <= 4 && tokens.last().is_some_and(|token| is(token, Class::Now));
    now.then(|| seen.date())
}

/// The span of time that a date counts back: its parts from the first that is told so on, or the whole text.
fn span(date: &str, tokens: &[Token]) -> Option<Span> {
    let told = (0..tokens.len()).find_map(|first| Some(&tokens[first..relative(tokens, first)?]));
    let short = || matches!(tokens, [number, _] if matches!(number.kind, Kind::Number(_, 1..=3)));
    let core = told.or_else(|| short().then_some(tokens))?;
    let mut span = None;
    for pair in core.windows(2) {
        let count = match number(Some(&pair[0])) {
            Some((count, _)) => i64::from(count),
            None if is(&pair[0], Class::One) => 1,
            None => continue,
        };
        let Some(&unit) = UNITS.get(folded(&date[pair[1].at.clone()]).as_str()) else { continue };
        let so_far: Span = span.unwrap_or_default();
        span = Some(match unit {
            Unit::Second => so_far.seconds(count),
            Unit::Minute => so_far.minutes(count),
            Unit::Hour => so_far.hours(count),
            Unit::Day => so_far.days(count),
            Unit::Week => so_far.weeks(count),
            Unit::Month => so_far.months(count),
            Unit::Year => so_far.years(count),
        });
    }
    span
}

/// The last day of this name up to `seen`.
fn last_of(date: &str, core: &[Token], seen: Date) -> Option<Date> {
    let month = core.iter().find_map(|token| month(&date[token.at.clone()]))?;
    let (day, _) = core.iter().find_map(|token| number(Some(token)))?;
    let day = i8::try_from(day).ok()?;
    // The last 29 February may lie eight years back.
    (0..=8)
        .find_map(|back| Date::new(seen.year() - back, month, day).ok().filter(|day| *day <= seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_seen_from_a_day() {
        let seen: DateTime = "2024-03-01T12:00".parse().unwrap();
        for (date, expected) in [
            ("21/04/2013 à 02:20", "2013-04-21"),
            ("il y a 3 heures", "2024-03-01"),
            ("il y a 13 h", "2024-02-29"),
            ("il y a une semaine", "2024-02-23"),
            ("2 days ago", "2024-02-28"),
            ("1 day, 14 hours ago", "2024-02-28"),
            ("a year ago", "2023-03-01"),
            ("vor 8 Stunden", "2024-03-01"),
            ("vor einem Monat", "2024-02-01"),
            ("hace 3 días", "2024-02-27"),
            ("6y", "2018-03-01"),
            ("5 j", "2024-02-25"),
            ("4mo", "2023-11-01"),
            ("Hier à 12:30", "2024-02-29"),
            ("avant-hier à 12:30", "2024-02-28"),
            ("Yesterday at 9 pm", "2024-02-29"),
            ("aujourd’hui à 8h", "2024-03-01"),
            ("à l’instant", "2024-03-01"),
            ("17 juillet à 22:09", "2023-07-17"),
            ("1 mars", "2024-03-01"),
            ("29 février", "2024-02-29"),
        ] {
            let found = resolve(date, seen).map(|day| day.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{date}");
        }
        for date in ["", "12:30", "2 s", "lundi à 12:30", "le pont rouvre", "999", "900 a x"] {
            assert_eq!(resolve(date, seen), None, "{date}");
        }
    }

    #[test]
    fn every_unit_of_pages_has_a_length_and_every_day_word_an_offset() {
        let line = |name: &str| {
            WORDS.lines().find_map(|line| line.strip_prefix(name)).unwrap().split_whitespace()
        };
        assert!(line("unit:").all(|word| UNITS.contains_key(word)));
        assert!(line("dayword:").all(|word| OFFSETS.contains_key(word) || word == "tomorrow"));
    }
}
