//! Knows who calls: by a key, which is any or one of a list, and how much they may ask for.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Uri, header};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::fault::{self, Fault};
use crate::serve::Tokens;

/// Who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Caller {
    /// Their key, where they sent one. It is never told.
    key: Option<String>,
    /// What the list of keys calls them.
    pub name: Option<Arc<str>>,
}

impl Caller {
    /// Who calls, by the key in the address (`key`), in `X-Goog-Api-Key`, or after `Bearer`.
    ///
    /// # Errors
    /// When there is a list, and they are not on it.
    pub(super) fn of(
        uri: &Uri,
        headers: &HeaderMap,
        keys: Option<&Tokens>,
    ) -> Result<Caller, Fault> {
        let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let asked = pairs.into_iter().find(|(name, _)| name == "key").map(|(_, key)| key);
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = || header(header::AUTHORIZATION.as_str())?.strip_prefix("Bearer ");
        let key = asked.as_deref().or_else(|| header("x-goog-api-key")).or_else(bearer);
        let key = key.map(str::trim).filter(|key| !key.is_empty());
        let name = match (keys, key) {
            (None, _) => None,
            (Some(_), None) => return Err(Fault::NoKey),
            (Some(keys), Some(key)) => keys.holder(key).ok_or(Fault::Key)?.name,
        };
        Ok(Caller { key: key.map(str::to_string), name: name.map(Arc::from) })
    }
}

/// How many attributes a key may ask for in a minute.
pub(super) struct Limit {
    a_minute: NonZeroU32,
    spent: DefaultKeyedRateLimiter<String>,
}

impl Limit {
    /// A limit that is full at the beginning.
    pub(super) fn new(a_minute: NonZeroU32) -> Limit {
        Limit { a_minute, spent: RateLimiter::keyed(Quota::per_minute(a_minute)) }
    }

    /// Takes `attributes` from what the caller may have.
    ///
    /// # Errors
    /// When there are not as many left; then none are taken.
    pub(super) fn take(&self, caller: &Caller, attributes: usize) -> Result<(), Fault> {
        let Some(wanted) = u32::try_from(attributes).ok().and_then(NonZeroU32::new) else {
            return Ok(());
        };
        let key = caller.key.clone().unwrap_or_default();
        let wait = match self.spent.check_key_n(&key, wanted) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(early)) => early.wait_time_from(DefaultClock::default().now()),
            // More in one request than a minute grants will never be.
            Err(_) => Duration::from_secs(60),
        };
        let name = caller.name.as_deref().unwrap_or("local");
        Err(Fault::Quota(fault::Quota {
            limit: self.a_minute.get(),
            seconds: wait.as_secs() + 1,
            consumer: format!("project_number:{name}"),
        }))
    }

    /// Forgets keys that have all that they may have again.
    pub(super) fn tidy(&self) {
        self.spent.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(uri: &'static str, keys: Option<&Tokens>) -> Result<Caller, Fault> {
        Caller::of(&Uri::from_static(uri), &HeaderMap::new(), keys)
    }

    #[test]
    fn any_key_will_do_where_there_is_no_list() {
        assert_eq!(caller("/x?alt=json&key=K", None).unwrap().key.as_deref(), Some("K"));
        assert_eq!(caller("/x", None).unwrap(), Caller::default());
    }

    #[test]
    fn a_list_lets_in_those_on_it() {
        let keys = Tokens::parse("quai 0123456789abcdef").unwrap();
        let known = caller("/x?key=0123456789abcdef", Some(&keys)).unwrap();
        assert_eq!(known.name.as_deref(), Some("quai"));
        assert_eq!(caller("/x?key=", Some(&keys)), Err(Fault::NoKey));
        assert_eq!(caller("/x?key=0123456789abcdeg", Some(&keys)), Err(Fault::Key));
    }

    #[test]
    fn every_attribute_counts() {
        let limit = Limit::new(NonZeroU32::new(3).unwrap());
        let caller = caller("/x?key=a", None).unwrap();
        assert_eq!(limit.take(&caller, 2), Ok(()));
        let Err(Fault::Quota(told)) = limit.take(&caller, 2) else { panic!("too many") };
        assert!((1..=21).contains(&told.seconds), "{}", told.seconds);
        assert_eq!(limit.take(&Caller::default(), 3), Ok(()));
        assert!(limit.take(&Caller::default(), 4).is_err());
    }
}
