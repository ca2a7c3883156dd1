//! Decides which requests reach the desk at all: by the host asked for, the page that asks, and the size of what it sends.
//!
//! The desk stands on the moderator's own machine, where every page open in the browser could knock: one that makes a
//! form for it (cross-site request forgery), or one whose name is made to lead here (DNS rebinding).

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};

/// The most bytes that a request may bring.
pub const BODY: usize = 64 * 1024;

/// Where the desk listens, and the names under which it may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    address: SocketAddr,
    names: Vec<String>,
}

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It asks for another host.
    Host,
    /// Another site sends it.
    Origin,
    /// It brings too much.
    Size,
}

impl Refusal {
    /// The status that says so.
    pub fn status(self) -> StatusCode {
        match self {
            Refusal::Host => StatusCode::MISDIRECTED_REQUEST,
            Refusal::Origin => StatusCode::FORBIDDEN,
            Refusal::Size => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// One line for whoever asked: a program, or a person at the wrong address.
    pub fn line(self) -> &'static str {
        match self {
            Refusal::Host => {
                "vigie answers to the address it printed, and to those named with --host\n"
            }
            Refusal::Origin => "another site sent this request; it was refused\n",
            Refusal::Size => "more than 64 KiB were sent; refused\n",
        }
    }
}

impl Guard {
    /// A guard for a desk that listens on `address` and goes by these names too.
    pub fn new(address: SocketAddr, names: &[String]) -> Guard {
        Guard { address, names: names.to_vec() }
    }

    /// Lets a request through or says why not.
    ///
    /// # Errors
    /// The first reason that holds against it.
    pub fn admit(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, &header::HOST).and_then(authority).ok_or(Refusal::Host)?;
        // A request for a proxy names its host in the first line; we are none.
        if uri.authority().is_some() || !self.answers_to(&host) {
            return Err(Refusal::Host);
        }
        let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
        let own_site = matches!(site, None | Some(b"same-origin" | b"none"));
        if method == Method::GET || method == Method::HEAD {
            // A link from elsewhere may lead here; a picture or a script of another site may not.
            let mode = headers.get("sec-fetch-mode").map(|value| value.as_bytes());
            let followed = matches!(mode, None | Some(b"navigate"));
            return if own_site || followed { Ok(()) } else { Err(Refusal::Origin) };
        }
        if !own_site || !is_from(headers, &host) {
            return Err(Refusal::Origin);
        }
        let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        match length.and_then(|length| length.parse::<usize>().ok()) {
            Some(length) if length > BODY => Err(Refusal::Size),
            _ => Ok(()),
        }
    }

    fn answers_to(&self, host: &Authority) -> bool {
        let name = host.host().trim_start_matches('[').trim_end_matches(']');
        // Behind a name of the user's own there may be a proxy, at a port of its own.
        if self.names.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            return true;
        }
        if host.port_u16().unwrap_or(80) != self.address.port() {
            return false;
        }
        let listens = self.address.ip();
        let near = listens.is_loopback() || listens.is_unspecified();
        match name.parse::<IpAddr>() {
            // Where we listen on every address, any may be meant; a name is what rebinding needs.
            Ok(address) => {
                address == listens || listens.is_unspecified() || near && address.is_loopback()
            }
            Err(_) => near && name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// Whether a write comes from a page of the host that it asks for, or from no page at all.
fn is_from(headers: &HeaderMap, host: &Authority) -> bool {
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let origin = only(headers, &header::ORIGIN);
    let bare = origin.and_then(|origin| {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))
    });
    bare.is_some_and(|bare| bare.eq_ignore_ascii_case(host.as_str()))
}

/// The value of a header that stands there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// A host and its port, without anybody's name before it.
fn authority(host: &str) -> Option<Authority> {
    host.parse::<Authority>().ok().filter(|_| !host.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(address: &str, names: &[&str]) -> Guard {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        Guard::new(address.parse().unwrap(), &names)
    }

    fn asked(guard: &Guard, method: Method, headers: &[(&str, &str)]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        guard.admit(&method, &Uri::from_static("/decide"), &map)
    }

    #[test]
    fn only_the_address_and_its_names_are_answered_to() {
        let hosts = |guard: &Guard, hosts: &[&str]| -> Vec<bool> {
            let asked = |host: &&str| asked(guard, Method::GET, &[("host", host)]).is_ok();
            hosts.iter().map(asked).collect()
        };
        let near = guard("127.0.0.1:8788", &[]);
        let own = ["localhost:8788", "LOCALHOST:8788", "127.0.0.1:8788", "[::1]:8788"];
        assert_eq!(hosts(&near, &own), [true; 4]);
        let others = [
            "evil.example:8788",
            "localhost",
            "localhost:80",
            "localhost.evil.example:8788",
            "192.168.1.7:8788",
            "me@localhost:8788",
            "localhost.:8788",
            "",
        ];
        assert_eq!(hosts(&near, &others), [false; 8]);
        let far = guard("192.168.1.7:8788", &["desk.example"]);
        let asked_for = ["192.168.1.7:8788", "desk.example", "Desk.Example:443", "localhost:8788"];
        assert_eq!(hosts(&far, &asked_for), [true, true, true, false]);
        let everywhere = guard("0.0.0.0:80", &[]);
        let asked_for = ["10.0.0.3", "localhost", "desk.example"];
        assert_eq!(hosts(&everywhere, &asked_for), [true, true, false]);
        assert_eq!(asked(&near, Method::GET, &[]), Err(Refusal::Host));
        let twice = [("host", "localhost:8788"), ("host", "localhost:8788")];
        assert_eq!(asked(&near, Method::GET, &twice), Err(Refusal::Host));
        let mut headers = HeaderMap::new();
        headers.insert("host", "localhost:8788".parse().unwrap());
        let proxied = Uri::from_static("http://localhost:8788/");
        assert_eq!(near.admit(&Method::GET, &proxied, &headers), Err(Refusal::Host));
    }

    #[test]
    fn writes_come_from_our_own_pages_or_from_none() {
        let near = guard("127.0.0.1:8788", &[]);
        let host = ("host", "localhost:8788");
        let post =
            |headers: &[(&str, &str)]| asked(&near, Method::POST, &[&[host], headers].concat());
        let own = ("origin", "http://localhost:8788");
        assert_eq!(post(&[]), Ok(()));
        assert_eq!(post(&[own]), Ok(()));
        assert_eq!(post(&[own, ("sec-fetch-site", "same-origin")]), Ok(()));
        assert_eq!(post(&[("sec-fetch-site", "none")]), Ok(()));
        for origin in [
            "null",
            "http://localhost:8789",
            "http://127.0.0.1:8788",
            "https://evil.example",
            "localhost:8788",
        ] {
            assert_eq!(post(&[("origin", origin)]), Err(Refusal::Origin), "{origin}");
        }
        for site in ["cross-site", "same-site", "", "unheard-of"] {
            assert_eq!(post(&[own, ("sec-fetch-site", site)]), Err(Refusal::Origin), "{site}");
        }
        assert_eq!(post(&[own, own]), Err(Refusal::Origin));
    }

    #[test]
    fn other_sites_may_link_here_and_embed_nothing() {
        let near = guard("127.0.0.1:8788", &[]);
        let get = |mode| {
            let headers = [
                ("host", "localhost:8788"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", mode),
            ];
            asked(&near, Method::GET, &headers)
        };
        assert_eq!((get("navigate"), get("no-cors")), (Ok(()), Err(Refusal::Origin)));
    }

    #[test]
    fn large_bodies_are_refused_before_they_are_read() {
        let near = guard("127.0.0.1:8788", &[]);
        let post = |length: &str| {
            asked(&near, Method::POST, &[("host", "localhost:8788"), ("content-length", length)])
        };
        assert_eq!((post("65536"), post("65537")), (Ok(()), Err(Refusal::Size)));
    }
}
