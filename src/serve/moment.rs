//! Tells when something was done.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use crate::report::Locale;
use crate::report::fragment;

/// Milliseconds since 1970, UTC.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A moment in milliseconds since 1970, as HTML.
pub(super) fn told(locale: Locale, made: i64) -> String {
    let second = Timestamp::from_second(made.div_euclid(1000)).unwrap_or_default();
    fragment::date(locale, &second.to_string())
}
