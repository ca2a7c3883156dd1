//! A quick hasher for tables that come with the program: their keys are fixed, so that nothing that is looked up can make
//! them collide.

use std::collections::HashMap;
#[cfg(feature = "html")]
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// A map of fixed keys.
pub(super) type FixedMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
/// A set of fixed keys.
#[cfg(feature = "html")]
pub(super) type FixedSet<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// Multiplies and rotates eight bytes at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|&word| self.add(u64::from_le_bytes(word)));
        if !rest.is_empty() {
            let last = rest.iter().fold(0u64, |last, &byte| last << 8 | u64::from(byte));
            self.add(last);
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(byte.into());
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found() {
        let names = ["a", "b", "comment", "comment-author", "é", ""];
        let known: FixedMap<&str, ()> = names.into_iter().map(|name| (name, ())).collect();
        assert!(names.iter().all(|name| known.contains_key(name)));
        assert!(!known.contains_key("comment-a"));
    }
}
