//! Writes the value of a cell as the text that a person would have exported.

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

/// From here on a spreadsheet has lost digits: it keeps fifteen.
const MANGLED: f64 = 1e15;

const DAY: f64 = 24.0 * 60.0 * 60.0;

/// The text of a cell of Excel; an error that stands where a value should is nothing.
pub(super) fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(value) => number(*value),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => date(*moment),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A number without the point that whole ones do not need. A large one is written as spreadsheets show it, so that it is
/// known for an id that lost its last digits.
pub(super) fn number(value: f64) -> String {
    if value.abs() < MANGLED || !value.is_finite() {
        // Zero has a sign that nobody means.
        return (value + 0.0).to_string();
    }
    let shown = format!("{value:E}");
    match shown.split_once('E') {
        Some((digits, exponent)) => format!("{digits}E+{exponent}"),
        None => shown,
    }
}

/// `2024-03-05T10:29:00` as `2024-03-05 10:29:00`, midnight as the day.
pub(super) fn iso(text: &str) -> String {
    let text = text.trim_end_matches('Z');
    match text.split_once('T') {
        Some((day, time)) => {
            let seconds = time.split_once('.').map_or(time, |(seconds, _)| seconds);
            match seconds {
                "00:00:00" | "00:00" => day.to_owned(),
                seconds => format!("{day} {seconds}"),
            }
        }
        None => text.to_owned(),
    }
}

fn date(moment: ExcelDateTime) -> String {
    let days = moment.as_f64();
    // Times are kept as parts of a day, a hair beside the second.
    let seconds = (days * DAY).round();
    let clock = |seconds: f64| {
        let seconds = seconds.clamp(0.0, 1e12) as u64;
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    if moment.is_duration() || (0.0..DAY).contains(&seconds) {
        return clock(seconds);
    }
    // Which day is counted from is the moment's own secret.
    let kind = ExcelDateTimeType::DateTime;
    let is_1904 = moment == ExcelDateTime::new(days, kind, true);
    let (year, month, day, ..) =
        ExcelDateTime::new(seconds / DAY, kind, is_1904).to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    let within = seconds.rem_euclid(DAY);
    if within == 0.0 { day } else { format!("{day} {}", clock(within)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        let cases = [
            (12.0, "12"),
            (-0.0, "0"),
            (-3.0, "-3"),
            (0.5, "0.5"),
            (123_456_789_012_345.0, "123456789012345"),
            (1_234_567_890_123_460_000.0, "1.23456789012346E+18"),
            (1e15, "1E+15"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn dates_are_iso_to_the_second() {
        let moment = |days, is_1904| ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904);
        assert_eq!(date(moment(45_356.0, false)), "2024-03-05");
        assert_eq!(date(moment(45_356.0 + 0.437_499_999_9, false)), "2024-03-05 10:30:00");
        assert_eq!(date(moment(45_355.999_999_99, false)), "2024-03-05");
        assert_eq!(date(moment(45_355.999_999_99 - 1462.0, true)), "2024-03-05");
        assert_eq!(date(moment(0.5, false)), "12:00:00");
        let duration = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(date(duration), "36:00:00");
        assert_eq!(iso("2024-03-05T00:00:00.000"), "2024-03-05");
        assert_eq!(iso("2024-03-05T10:30:00"), "2024-03-05 10:30:00");
    }
}
