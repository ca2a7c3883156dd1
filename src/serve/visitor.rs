//! Knows who asks: their name, their language, and whether the worst texts are to be covered.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};

use super::token::Holder;
use super::words::Words;
use super::{Desk, cookie};
use crate::report::Locale;

/// The cookies that keep what was chosen.
pub(super) const LANGUAGE: &str = "vigie_lang";
pub(super) const CALM: &str = "vigie_calm";
pub(super) const WHO: &str = "vigie_who";
/// The most characters of a moderator's name.
const NAME: usize = 60;

/// Who asks, and how they want to be answered.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub locale: Locale,
    pub calm: Calm,
    /// The name that stands beside their decisions.
    pub name: String,
    /// Whether a token fixed that name.
    pub named: Named,
    /// The address that was asked for, to come back to.
    pub here: String,
    /// Whether a program of ours asks, which wants values rather than pages.
    pub wants: Wants,
}

/// Whether the worst texts are covered until they are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calm {
    On,
    Off,
}

/// Who says what a moderator is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// They themselves.
    Freely,
    /// The line of their token.
    ByToken,
    /// The token let them in without a name, so they say it themselves, and may leave.
    Inside,
}

/// What an answer is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    Page,
    Json,
}

impl Visitor {
    /// Everything that the desk says, in their language.
    pub fn words(&self) -> &'static Words {
        super::words::of(self.locale)
    }

    fn new(desk: &Desk, parts: &Parts) -> Visitor {
        let headers = &parts.headers;
        let holder = parts.extensions.get::<Holder>();
        let chosen =
            || cookie::get(headers, WHO).map(|name| clean(&name)).filter(|n| !n.is_empty());
        let fixed = holder.and_then(|holder| holder.name.clone());
        let named = match (holder, &fixed) {
            (None, _) => Named::Freely,
            (Some(_), Some(_)) => Named::ByToken,
            (Some(_), None) => Named::Inside,
        };
        Visitor {
            locale: locale(desk.locale, headers),
            calm: match cookie::get(headers, CALM).as_deref() {
                Some("on") => Calm::On,
                _ => Calm::Off,
            },
            name: fixed.or_else(chosen).unwrap_or_else(|| desk.moderator.clone()),
            named,
            here: here(&parts.uri),
            wants: match headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) {
                Some(accept) if accept.starts_with("application/json") => Wants::Json,
                _ => Wants::Page,
            },
        }
    }
}

impl FromRequestParts<Arc<Desk>> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        desk: &Arc<Desk>,
    ) -> Result<Visitor, Self::Rejection> {
        Ok(Visitor::new(desk, parts))
    }
}

/// A name without what would part a line, no longer than a name is.
pub(super) fn clean(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(NAME).collect()
}

/// A place on this desk to go back to; the queue where another is named.
pub(super) fn place(back: &str) -> &str {
    let own =
        back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    let plain = back.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if own && plain { back } else { "/" }
}

fn here(uri: &Uri) -> String {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    place(path).to_string()
}

/// The language chosen, else the one asked for on the command line, else the first of the browser's that we speak.
fn locale(asked: Option<Locale>, headers: &HeaderMap) -> Locale {
    let known = |code: &str| match code.trim().get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("fr") => Some(Locale::Fr),
        Some("en") => Some(Locale::En),
        _ => None,
    };
    let chosen = cookie::get(headers, LANGUAGE).and_then(|code| known(&code));
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut offers: Vec<(f32, Locale)> = accepted
        .into_iter()
        .flat_map(|line| line.split(','))
        .filter_map(|offer| {
            let (code, weight) = offer.split_once(";q=").unwrap_or((offer, "1"));
            Some((weight.trim().parse().ok()?, known(code)?))
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    offers.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    // A browser that speaks neither is likelier to be read in English.
    let foreign = if accepted.is_some() { Locale::En } else { Locale::Fr };
    chosen.or(asked).or(offers.first().map(|(_, locale)| *locale)).unwrap_or(foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_chosen_or_understood_best() {
        let of = |accept: &str, cookies: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
            headers.insert(header::COOKIE, cookies.parse().unwrap());
            locale(None, &headers)
        };
        assert_eq!(of("fr-FR,fr;q=0.9,en;q=0.8", ""), Locale::Fr);
        assert_eq!(of("de,en;q=0.4,fr;q=0.3", ""), Locale::En);
        assert_eq!(of("fr;q=0,en;q=0.1", ""), Locale::En);
        assert_eq!(of("de", ""), Locale::En);
        assert_eq!(of("fr", "vigie_lang=en"), Locale::En);
        assert_eq!(of("fr", "vigie_lang=xx"), Locale::Fr);
        assert_eq!(locale(None, &HeaderMap::new()), Locale::Fr);
    }

    #[test]
    fn the_way_back_leads_nowhere_else() {
        assert_eq!(place("/?label=insult&after=3.4"), "/?label=insult&after=3.4");
        for elsewhere in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", "/é"]
        {
            assert_eq!(place(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(clean("  Zoé \u{7}\n Martin "), "Zoé Martin");
        assert_eq!(clean(&"é".repeat(99)).chars().count(), NAME);
    }
}
