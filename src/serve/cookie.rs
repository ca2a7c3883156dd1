//! Reads the cookies of a request and writes those of an answer.

use axum::http::{HeaderMap, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

/// The header that sets a cookie. Its value travels percent-encoded, so that a name may be `Zoé; Path=/`.
pub(super) fn set(name: &str, value: &str, lasting: Lasting) -> String {
    let cookie = Cookie::build((name, value)).http_only(true).same_site(SameSite::Strict).path("/");
    let cookie = match lasting {
        Lasting::Session => cookie,
        Lasting::Year => cookie.max_age(Duration::days(365)),
        Lasting::Gone => cookie.max_age(Duration::ZERO),
    };
    cookie.build().encoded().to_string()
}

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lasting {
    /// Until it is closed.
    Session,
    /// A year.
    Year,
    /// No longer.
    Gone,
}

/// The value of the first cookie of this name.
pub(super) fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse_encoded).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_stay_values() {
        let set = set("who", "Zoé; Path=/x\r\n=", Lasting::Year);
        let (pair, rest) = set.split_once(';').unwrap();
        for told in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=31536000"] {
            assert!(rest.split("; ").any(|part| part.trim() == told), "{rest}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("a=b; {pair}; who=other").parse().unwrap());
        assert_eq!(get(&headers, "who").as_deref(), Some("Zoé; Path=/x\r\n="));
        assert_eq!(get(&headers, "wh"), None);
    }
}
