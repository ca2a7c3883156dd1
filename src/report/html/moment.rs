//! Shows dates as people write them, where the source wrote them for machines; other dates stay as they were shown.

use super::escape;
use crate::report::words::{Words, fill};

/// The date as HTML: a `<time>` where it is one that machines read, else the source's own words.
pub(in crate::report) fn time(date: &str, words: &Words) -> String {
    match written_out(date.trim(), words) {
        Some(shown) => {
            let machine = escape::attribute(date.trim());
            format!(
                "<time datetime=\"{machine}\" title=\"{machine}\">{}</time>",
                escape::text(&shown)
            )
        }
        None => format!("<bdi>{}</bdi>", escape::text(date)),
    }
}

/// `2024-03-01T18:02:00Z` written out, without the seconds; the clock is the source's.
fn written_out(date: &str, words: &Words) -> Option<String> {
    let (day, clock) = match date.find(['T', ' ']) {
        Some(at) => (&date[..at], Some(&date[at + 1..])),
        None => (date, None),
    };
    let [year, month, day] = numbers(day, '-', [4, 2, 2])?;
    let month_name = words.forms.months.get(month.checked_sub(1)? as usize)?;
    if !(1..=31).contains(&day) {
        return None;
    }
    let day = if day == 1 { words.forms.first.clone() } else { day.to_string() };
    let values = [("day", day.as_str()), ("month", month_name), ("year", &year.to_string())];
    let day = fill(&words.forms.day, &values);
    let Some(clock) = clock else { return Some(day) };
    let [hours, minutes] = numbers(clock.get(..5)?, ':', [2, 2])?;
    let universal = match zone(clock.get(5..)?)? {
        Zone::Universal => " UTC",
        Zone::Local => "",
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let time = format!("{hours:02}:{minutes:02}{universal}");
    Some(fill(&words.forms.moment, &[("day", &day), ("time", &time)]))
}

/// What the clock of a date counts from.
enum Zone {
    Universal,
    Local,
}

/// Reads what follows hours and minutes: `:SS`, a fraction, `Z` or an offset, each optional.
fn zone(rest: &str) -> Option<Zone> {
    let rest = match rest.strip_prefix(':') {
        Some(seconds) => {
            numbers(seconds.get(..2)?, ':', [2])?;
            &seconds[2..]
        }
        None => rest,
    };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    match rest {
        "" => Some(Zone::Local),
        "Z" | "z" => Some(Zone::Universal),
        _ => {
            let offset = rest.strip_prefix(['+', '-'])?.replace(':', "");
            numbers(&offset, ':', [4]).map(|_| Zone::Local)
        }
    }
}

/// Exactly `N` numbers of these lengths, parted by `mark`.
fn numbers<const N: usize>(text: &str, mark: char, lengths: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(mark);
    let mut numbers = [0; N];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Locale;

    #[test]
    fn machine_dates_are_written_out_and_others_kept() {
        let fr = Locale::Fr.words();
        let shown = |date| written_out(date, fr);
        assert_eq!(shown("2024-03-01T18:02:59.5Z").as_deref(), Some("1er mars 2024 à 18:02 UTC"));
        assert_eq!(shown("2024-12-24 08:00+01:00").as_deref(), Some("24 décembre 2024 à 08:00"));
        assert_eq!(shown("2024-12-24").as_deref(), Some("24 décembre 2024"));
        for date in ["il y a 2 h", "2024-13-01", "2024-00-10", "2024-1-1", "2024-01-01Té:00", ""] {
            assert_eq!(shown(date), None, "{date}");
        }
        assert_eq!(time("<hier>", fr), "<bdi>&lt;hier&gt;</bdi>");
    }
}
