//! Writes moments as people and programs read them, and reads them back.

use jiff::Timestamp;
use jiff::tz::Offset;

/// Milliseconds since 1970 as ISO 8601 in UTC: `2026-11-02T08:10:00.123Z`. What no calendar tells is written as it is.
pub(super) fn told(made: i64) -> String {
    Timestamp::from_millisecond(made).map_or_else(|_| made.to_string(), |moment| moment.to_string())
}

/// The same in milliseconds since 1970; none where it is no moment.
pub(super) fn read(told: &str) -> Option<i64> {
    let moment = told.parse::<Timestamp>().map(Timestamp::as_millisecond);
    moment.ok().or_else(|| told.parse().ok())
}

/// The month of a moment in UTC: `2026-11`.
pub(super) fn month(made: i64) -> String {
    match Timestamp::from_millisecond(made) {
        Ok(moment) => {
            let date = Offset::UTC.to_datetime(moment).date();
            format!("{:04}-{:02}", date.year(), date.month())
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_comes_back() {
        for made in [0, 1_700_000_000_123, 1_700_000_000_000, -62_135_596_800_000, i64::MAX] {
            assert_eq!(read(&told(made)), Some(made), "{}", told(made));
        }
        assert_eq!(told(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
        assert_eq!(month(1_701_388_799_999), "2023-11");
        assert_eq!(month(1_701_388_800_000), "2023-12");
        assert_eq!(read("hier"), None);
    }
}
