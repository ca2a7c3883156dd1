//! Tells when something was done.

use jiff::Timestamp;

use crate::report::Locale;
use crate::report::fragment;

/// A moment in milliseconds since 1970, as HTML.
pub(super) fn told(locale: Locale, made: i64) -> String {
    let second = Timestamp::from_second(made.div_euclid(1000)).unwrap_or_default();
    fragment::date(locale, &second.to_string())
}

/// Now, in UTC, to the millisecond: `2026-11-26T21:17:41.123Z`.
pub(super) fn utc_now() -> String {
    format!("{:.3}", Timestamp::now())
}
