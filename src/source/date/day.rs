//! Reads the day that a date tells, for counting by day. The date itself is never rewritten.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::token::{Token, month, tokens};
use super::{LONGEST_LINE, is_year, number, numeric, with_month};

/// The day of a comment's date as its page shows it or its export writes it.
///
/// Figures alone are read day first, as France writes them, unless only month first makes a date (`12/29/14`); two
/// figures of a year are 1980 to 2079. The day is that of the clock shown, whatever its zone; seconds since 1970
/// (10 figures, or 13 with thousandths) are told in UTC. None where no day is told: « il y a 2 h », « hier »,
/// « 17 juillet », or a day that no calendar has.
///
/// ```
/// use vigie::source::date::day;
/// assert_eq!(day("Le 3 février 2024 à 22h09").unwrap().to_string(), "2024-02-03");
/// assert_eq!(day("il y a 3 heures"), None);
/// ```
pub fn day(date: &str) -> Option<Date> {
    let date = date.trim();
    if date.len() > LONGEST_LINE {
        return None;
    }
    let figures_only = date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if let Some(day) = counted(date).filter(|_| figures_only) {
        return Some(day);
    }
    let tokens = tokens(date);
    (0..tokens.len())
        .find_map(|first| figures(&tokens, first).or_else(|| words(date, &tokens, first)))
}

/// Seconds or thousandths since 1970, or a year, month and day in eight figures.
fn counted(date: &str) -> Option<Date> {
    let (whole, _) = date.split_once('.').unwrap_or((date, ""));
    let value: i64 = whole.parse().ok()?;
    let instant = match whole.len() {
        9 | 10 => Timestamp::from_second(value),
        13 => Timestamp::from_millisecond(value),
        8 => return made(value / 10_000, value / 100 % 100, value % 100),
        _ => return None,
    };
    let day = Offset::UTC.to_datetime(instant.ok()?).date();
    (day.year() >= 1980).then_some(day)
}

/// 21/04/2013, 2020-04-21, 12.29.14
fn figures(tokens: &[Token], first: usize) -> Option<Date> {
    numeric(tokens, first)?;
    let part = |at: usize| number(tokens.get(first + at)).map(|(value, _)| i64::from(value));
    let (a, b, c) = (part(0)?, part(2)?, part(4)?);
    if number(tokens.get(first))?.1 == 4 {
        return made(a, b, c);
    }
    made(c, b, a).or_else(|| made(c, a, b))
}

/// 24 janvier 2017, April 24th, 2020, Wed Aug 07 12:00:00 2019
fn words(date: &str, tokens: &[Token], first: usize) -> Option<Date> {
    let after = with_month(tokens, first)?;
    let core = &tokens[first..after];
    let month = core.iter().find_map(|token| month(&date[token.at.clone()]))?;
    let mut numbers = core.iter().filter_map(|token| number(Some(token)));
    let (day, _) = numbers.next()?;
    // Some machines write the year behind the hour.
    let last = || tokens[after..].iter().find(|token| is_year(Some(token)));
    let year = numbers.next().or_else(|| number(last()))?.0;
    made(year.into(), month.into(), day.into())
}

/// A day that the calendar has, in the years of comments.
fn made(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = match year {
        0..80 => 2000 + year,
        80..100 => 1900 + year,
        year => year,
    };
    let known = (1980..2100).contains(&year);
    let [year, month, day] = [year, month, day].map(|part| i16::try_from(part).ok());
    let (month, day) = (i8::try_from(month?).ok()?, i8::try_from(day?).ok()?);
    Date::new(year.filter(|_| known)?, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_many_shapes() {
        for (date, expected) in [
            ("2024-03-01T23:30:00+01:00", "2024-03-01"),
            ("2024-03-01 08:10", "2024-03-01"),
            ("21/04/2013 à 02:20", "2013-04-21"),
            ("03/04/2024", "2024-04-03"),
            ("12.29.14 at 9:14 pm", "2014-12-29"),
            ("02:57 09.04.2017", "2017-04-09"),
            ("Soumis le mar, 02/05/2023 - 10:12", "2023-05-02"),
            ("1er mars 2024 à 18h02", "2024-03-01"),
            ("29 févr. 2024", "2024-02-29"),
            ("Sat, April 24th, 2020", "2020-04-24"),
            ("26. Mai 2008 um 21:07", "2008-05-26"),
            ("13 de mayo de 2021", "2021-05-13"),
            ("Wed Aug 07 12:00:00 +0000 2019", "2019-08-07"),
            ("24 jan '17", "2017-01-24"),
            // Oracle: `date -u -d @1709251199`.
            ("1709251199", "2024-02-29"),
            ("1709251199.0", "2024-02-29"),
            ("1709251200000", "2024-03-01"),
            ("20240301", "2024-03-01"),
        ] {
            assert_eq!(day(date).map(|day| day.to_string()).as_deref(), Some(expected), "{date}");
        }
    }

    #[test]
    fn what_tells_no_day_is_none() {
        for date in [
            "",
            "il y a 2 h",
            "hier à 12:30",
            "17 juillet à 22:09",
            "30/02/2024",
            "2024-13-01",
            "99/99/9999",
            "12",
            "123456789012",
            "20241301",
            "le pont rouvre",
            &"9".repeat(400),
        ] {
            assert_eq!(day(date), None, "{date}");
        }
    }
}
