//! Reads the cookies of a request and writes those of an answer.

use axum::http::{HeaderMap, header};

/// How a value travels: anything but letters and digits as `%XX`, so that a name may be `Zoé; Path=/`.
pub(super) fn set(name: &str, value: &str, lasting: Lasting) -> String {
    let age = match lasting {
        Lasting::Session => "",
        Lasting::Year => "; Max-Age=31536000",
        Lasting::Gone => "; Max-Age=0",
    };
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{name}={value}; HttpOnly; SameSite=Strict; Path=/{age}")
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
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(own, _)| own.trim() == name)?;
    let decoded = form_urlencoded::parse(value.trim().as_bytes()).next();
    Some(decoded.map(|(value, _)| value.into_owned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_stay_values() {
        let set = set("who", "Zoé; Path=/x\r\n=", Lasting::Year);
        let (pair, rest) = set.split_once(';').unwrap();
        assert_eq!(rest, " HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000");
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("a=b; {pair}; who=other").parse().unwrap());
        assert_eq!(get(&headers, "who").as_deref(), Some("Zoé; Path=/x\r\n="));
        assert_eq!(get(&headers, "wh"), None);
    }
}
