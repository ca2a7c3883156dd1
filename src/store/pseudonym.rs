//! Replaces authors by keyed digests: the same person stays the same, and only the key's owner can tell who.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::comment::Comment;

/// The key of pseudonyms, kept outside the database.
#[derive(Clone)]
pub struct PseudonymKey([u8; 32]);

/// Letters of a pseudonym: 60 bits, so that two of a million authors share one once in two million databases.
const LETTERS: usize = 12;

/// Without those that are taken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

impl PseudonymKey {
    /// A key of random bytes.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn random() -> crate::Result<PseudonymKey> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)
            .map_err(|error| crate::Error::from(std::io::Error::other(error)))?;
        Ok(PseudonymKey(key))
    }

    /// The key of a line of 64 hexadecimal digits; none of anything else.
    pub fn from_hex(line: &str) -> Option<PseudonymKey> {
        let line = line.trim();
        if line.len() != 64 || !line.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut key = [0; 32];
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&line[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(PseudonymKey(key))
    }

    /// The key as such a line.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The pseudonym of a name: HMAC-SHA-256 (RFC 2104), its first 60 bits as letters.
    pub fn pseudonym(&self, name: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(name.trim().as_bytes());
        let digest = mac.finalize().into_bytes();
        let bits = digest.iter().take(8).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        let letter = |at: usize| char::from(ALPHABET[(bits >> (59 - 5 * at) & 31) as usize]);
        (0..LETTERS).map(letter).collect()
    }

    /// The comment with its author's pseudonym. What others call the author in their texts stays.
    pub fn apply(&self, mut comment: Comment) -> Comment {
        comment.author = comment.author.map(|author| self.pseudonym(&author));
        comment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Oracle: Python's hmac.new(b"\x0b" * 32, "Zoé".encode(), "sha256"), its first 60 bits in the alphabet.
    #[test]
    fn a_pseudonym_depends_on_the_key_and_the_name_alone() {
        let key = PseudonymKey::from_hex(&"0b".repeat(32)).unwrap();
        assert_eq!(PseudonymKey::from_hex(&key.to_hex()).unwrap().0, key.0);
        assert_eq!(key.pseudonym("Zoé"), key.pseudonym(" Zoé "));
        assert_ne!(key.pseudonym("Zoé"), key.pseudonym("Zoe"));
        assert_ne!(key.pseudonym("Zoé"), PseudonymKey::random().unwrap().pseudonym("Zoé"));
        assert_eq!(key.pseudonym("Zoé"), "f8vpgqsfn6vz");
        assert!(PseudonymKey::from_hex("0b").is_none());
    }
}
