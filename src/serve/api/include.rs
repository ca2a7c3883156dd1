//! Reads what an answer of vigie's own should hold besides scores.

use axum::http::Uri;

use super::fault::Fault;
use crate::report::Locale;

/// What is told besides scores, language and confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Include {
    pub advice: bool,
    pub attributes: bool,
    pub contributions: bool,
    pub reasons: bool,
    /// The language of reasons.
    pub locale: Locale,
}

/// The names that `include` takes.
const NAMES: [&str; 4] = ["advice", "attributes", "contributions", "reasons"];

impl Include {
    /// Nothing besides.
    pub(super) fn nothing(locale: Locale) -> Include {
        Include { advice: false, attributes: false, contributions: false, reasons: false, locale }
    }

    /// What `?include=advice,reasons&lang=en` asks for.
    ///
    /// # Errors
    /// When it asks for something else.
    pub(super) fn of(uri: &Uri, locale: Locale) -> Result<Include, Fault> {
        let mut include = Include::nothing(locale);
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "include" => {
                    for one in value.split(',').filter(|one| !one.is_empty()) {
                        *include.part(one)? = true;
                    }
                }
                "lang" => {
                    let known = [Locale::Fr, Locale::En].into_iter();
                    let mut found = known.filter(|locale| locale.code() == value);
                    include.locale = found
                        .next()
                        .ok_or_else(|| Fault::Invalid("lang: expected fr or en".into()))?;
                }
                _ => {}
            }
        }
        Ok(include)
    }

    fn part(&mut self, name: &str) -> Result<&mut bool, Fault> {
        match name {
            "advice" => Ok(&mut self.advice),
            "attributes" => Ok(&mut self.attributes),
            "contributions" => Ok(&mut self.contributions),
            "reasons" => Ok(&mut self.reasons),
            _ => Err(Fault::Invalid(format!("include: expected one of {}", NAMES.join(", ")))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_taken_and_no_other() {
        let all = format!("/v1/score?include={}&lang=en", NAMES.join(","));
        let include = Include::of(&all.parse().unwrap(), Locale::Fr).unwrap();
        let Include { advice, attributes, contributions, reasons, locale } = include;
        assert!(advice && attributes && contributions && reasons && locale == Locale::En);
        for wrong in ["/?include=verdict", "/?lang=de"] {
            assert!(Include::of(&Uri::from_static(wrong), Locale::Fr).is_err(), "{wrong}");
        }
    }
}
