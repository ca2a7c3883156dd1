//! Answers Coral's external moderation phase: nothing to say, or a flag with the reason. It never decides.
//!
//! The contract: <https://docs.coralproject.net/external-moderation-phases>.

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;

use super::engine::{Engine, with_scratch};
use super::fault::Fault;
use super::object::Object;
use crate::error::{Error, Result};
use crate::feature::Context;
use crate::report::{Columns, Locale};
use crate::source::markup;
use crate::triage::Advice;

/// The fewest characters of a secret.
const SHORTEST: usize = 16;

/// The secrets that requests may be signed with: several while one follows another.
#[derive(Debug)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Reads one a line; empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// When one is too short or there is none. The line is named, the secret is not.
    pub(super) fn parse(text: &str) -> Result<Secrets> {
        let mut secrets = Vec::new();
        for (number, line) in (1..).zip(text.lines().map(str::trim)) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.chars().count() < SHORTEST {
                let told = format!("expected a secret of {SHORTEST} characters or more");
                return Err(Error::input(told).at_record(number));
            }
            secrets.push(line.to_string());
        }
        if secrets.is_empty() {
            return Err(Error::input("expected a secret a line"));
        }
        Ok(Secrets(secrets))
    }

    /// Whether one of the signatures (`sha256=…`, parted by commas) is one of ours over `body`.
    pub(super) fn signed(&self, body: &[u8], signatures: &str) -> bool {
        let given: Vec<Vec<u8>> = signatures
            .split(',')
            .filter_map(|one| hex::decode(one.trim().strip_prefix("sha256=")?).ok())
            .collect();
        self.0.iter().any(|secret| {
            let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
            let mac = mac.chain_update(body);
            // Compared in the same time whatever was sent.
            given.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
        })
    }
}

/// What Coral says of a comment.
#[derive(Debug, Deserialize)]
pub(super) struct Phase {
    comment: Object<Said>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    #[serde(default)]
    body: String,
    #[serde(default, rename = "parentID")]
    parent_id: Option<String>,
}

/// A flag for a comment that should be looked at, with the reasons in sentences; none for others.
///
/// # Errors
/// When there is no text to judge.
pub(super) fn flag(
    engine: &Engine,
    phase: &Phase,
    locale: Locale,
) -> std::result::Result<Option<Value>, Fault> {
    let text = markup::plain(&phase.comment.body);
    if text.trim().is_empty() {
        return Ok(None);
    }
    let reply = phase.comment.parent_id.as_ref().is_some_and(|parent| !parent.is_empty());
    let place = Context { reply, depth: 0 };
    let Engine { scorer, adviser } = engine;
    let (scores, reasons) = with_scratch(|scratch| {
        scorer.judge(&text, place, scratch, |scores| adviser.flagged(scores))
    });
    let advice = adviser.assess(&scores).advice();
    if advice == Advice::Approve {
        return Ok(None);
    }
    let columns = Columns::new(adviser, locale, scorer.model().id());
    Ok(Some(json!({
        "actions": [{ "actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC" }],
        // Coral leaves out what it does not know; who reads its log does not.
        "vigie": columns.object(&text, advice, &scores, &reasons),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Oracle: printf '{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
    const SIGNED: &str = "sha256=1c76fbb930d3aa8b1633728fae212c68ca68a6752bb319b98be6fe17e86cf5b8";

    #[test]
    fn one_signature_of_several_will_do() {
        let secrets = Secrets::parse("# old, new\nfedcba9876543210\n0123456789abcdef\n").unwrap();
        let other = format!("sha256={}", "0".repeat(64));
        assert!(secrets.signed(br#"{"a":1}"#, SIGNED));
        assert!(secrets.signed(br#"{"a":1}"#, &format!("{other}, {SIGNED}")));
        assert!(!secrets.signed(br#"{"a":2}"#, SIGNED));
        for wrong in [&other, "", "sha256=", "sha256=zz", &SIGNED[..SIGNED.len() - 2]] {
            assert!(!secrets.signed(br#"{"a":1}"#, wrong), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_long_and_never_told() {
        let refused = Secrets::parse("court").unwrap_err().to_string();
        assert_eq!(refused, "record 1: expected a secret of 16 characters or more");
    }
}
