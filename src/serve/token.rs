//! Lets in, where others can reach the desk, only those who hold a token; each then goes by a session of their own.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// The fewest characters of a token: sixteen drawn at random cannot be guessed.
const SHORTEST: usize = 16;
/// How long a session lasts: a working day with its evening.
const SESSION: Duration = Duration::from_secs(14 * 60 * 60);
/// The most sessions kept; the oldest goes first.
const SESSIONS: usize = 1_000;

type Digested = [u8; 32];

/// The tokens of those who may come in.
#[derive(Debug)]
pub struct Tokens(Vec<(Option<String>, Digested)>);

impl Tokens {
    /// Reads `NAME TOKEN` or `TOKEN`, one a line; empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// When a token is too short or there is none. The line is named, the token is not.
    pub fn parse(text: &str) -> Result<Tokens> {
        let mut tokens = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, token) = match line.rsplit_once(char::is_whitespace) {
                Some((name, token)) => (Some(name.trim().to_string()), token),
                None => (None, line),
            };
            if token.chars().count() < SHORTEST {
                let told = format!("expected a token of {SHORTEST} characters or more");
                return Err(Error::input(told).at_record(number));
            }
            tokens.push((name, digest(token)));
        }
        if tokens.is_empty() {
            return Err(Error::input("expected a token a line, alone or after a name"));
        }
        Ok(Tokens(tokens))
    }

    /// Who holds this token: every one is compared, each in the same time whatever was typed.
    pub(super) fn holder(&self, typed: &str) -> Option<Holder> {
        let typed = digest(typed.trim());
        let mut holder = None;
        for (name, token) in &self.0 {
            if bool::from(token.ct_eq(&typed)) {
                holder = Some(Holder { name: name.clone() });
            }
        }
        holder
    }
}

/// Who came in with a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The name that stands before the token, if any.
    pub name: Option<String>,
}

/// Tokens, and the sessions of those who came in with one.
#[derive(Debug)]
pub struct Entrance {
    tokens: Tokens,
    /// By the digest of the session's value, so that finding one takes the same time whatever was sent.
    sessions: Mutex<HashMap<Digested, (Holder, Instant)>>,
}

impl Entrance {
    /// An entrance for those who hold one of these.
    pub fn new(tokens: Tokens) -> Entrance {
        Entrance { tokens, sessions: Mutex::default() }
    }

    /// Opens a session for whoever holds this token: its value, drawn at random.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn open(&self, token: &str) -> Result<Option<String>> {
        let Some(holder) = self.tokens.holder(token) else { return Ok(None) };
        let mut drawn = [0; 32];
        getrandom::fill(&mut drawn).map_err(|error| Error::input(error.to_string()))?;
        let value: String = drawn.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (_, since)| since.elapsed() < SESSION);
        if sessions.len() >= SESSIONS {
            let oldest = sessions.iter().min_by_key(|(_, (_, since))| *since);
            if let Some(oldest) = oldest.map(|(value, _)| *value) {
                sessions.remove(&oldest);
            }
        }
        sessions.insert(digest(&value), (holder, Instant::now()));
        Ok(Some(value))
    }

    /// Whose session this is.
    pub fn session(&self, value: &str) -> Option<Holder> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let (holder, since) = sessions.get(&digest(value))?;
        (since.elapsed() < SESSION).then(|| holder.clone())
    }

    /// Ends a session.
    pub fn close(&self, value: &str) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest(value));
    }
}

fn digest(value: &str) -> Digested {
    Sha256::digest(value.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_with_their_names_and_never_told() {
        let text = "# the desk\nCamille  correct-horse-battery\n\nanother-long-token\nAnne Marie 0123456789abcdef\n";
        let tokens = Tokens::parse(text).unwrap();
        let holder = |typed| tokens.holder(typed).map(|holder| holder.name);
        assert_eq!(holder("correct-horse-battery"), Some(Some("Camille".into())));
        assert_eq!(holder(" another-long-token\n"), Some(None));
        assert_eq!(holder("0123456789abcdef"), Some(Some("Anne Marie".into())));
        assert_eq!(holder("correct-horse-batterx"), None);
        assert_eq!(holder(""), None);
        let short = Tokens::parse("a\n").unwrap_err().to_string();
        assert_eq!(short, "record 1: expected a token of 16 characters or more");
        assert!(Tokens::parse("# none\n").is_err());
    }

    #[test]
    fn a_session_is_no_token_and_ends_when_it_is_closed() {
        let entrance = Entrance::new(Tokens::parse("Zoé 0123456789abcdef").unwrap());
        assert_eq!(entrance.open("0123456789abcdeF").unwrap(), None);
        let value = entrance.open("0123456789abcdef").unwrap().unwrap();
        let other = entrance.open("0123456789abcdef").unwrap().unwrap();
        assert!(value.len() == 64 && value != other);
        assert_eq!(entrance.session(&value).unwrap().name.as_deref(), Some("Zoé"));
        assert_eq!(entrance.session("0123456789abcdef"), None);
        entrance.close(&value);
        assert_eq!(entrance.session(&value), None);
        assert!(entrance.session(&other).is_some());
    }
}
