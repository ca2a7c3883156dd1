//! Defines the weeks that decisions are counted by.

use jiff::civil::{ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A week from Monday to Sunday, in UTC (ISO 8601).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week {
    /// The year that most of its days are in.
    pub year: i16,
    /// Its number in that year, from 1.
    pub number: i8,
}

impl Week {
    /// The week of a moment in milliseconds since 1970, UTC.
    pub fn of(made: i64) -> Week {
        let moment = Timestamp::from_millisecond(made).unwrap_or_default();
        TimeZone::UTC.to_datetime(moment).date().iso_week_date().into()
    }

    /// The week after it.
    pub fn next(self) -> Week {
        let monday = self.iso().date();
        monday.saturating_add(7.days()).iso_week_date().into()
    }

    /// Its Monday, as YYYY-MM-DD.
    pub fn monday(self) -> String {
        self.iso().date().to_string()
    }

    fn iso(self) -> ISOWeekDate {
        ISOWeekDate::new(self.year, self.number, Weekday::Monday).unwrap_or_default()
    }
}

impl From<ISOWeekDate> for Week {
    fn from(date: ISOWeekDate) -> Week {
        Week { year: date.year(), number: date.week() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_belong_to_the_year_of_their_thursday() {
        // Oracle: ISO 8601. 1 January 2027 is the Friday of 2026-W53; 4 January the Monday of 2027-W01.
        let week = |second: i64| Week::of(second * 1000);
        let last = Week { year: 2026, number: 53 };
        assert_eq!(week(1_798_761_600), last);
        assert_eq!(week(1_799_020_799), last);
        assert_eq!(week(1_799_020_800), Week { year: 2027, number: 1 });
        assert_eq!(last.next(), Week { year: 2027, number: 1 });
        assert_eq!(last.monday(), "2026-12-28");
    }
}
