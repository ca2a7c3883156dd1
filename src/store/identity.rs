//! Tells whether a comment is one that is known already.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::comment::Comment;

/// What makes a comment the same in another import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) digest: [u8; 16],
    /// Whether its site gave it an id: another text under the same id is a later version.
    pub(super) named: bool,
}

/// Makes keys, and counts what only its place tells apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// By the digest of a comment without an id of its own: how often it came.
    seen: HashMap<[u8; 16], u64>,
}

impl Keys {
    /// The key of the next comment.
    ///
    /// Where it stands (address, or name of the file), who wrote it, what it says, and its id. Ids that are only ordinals
    /// say nothing: when a page is saved again, other comments may stand before it. There, equal comments of one author
    /// on one page are told apart by their count.
    pub(super) fn of(&mut self, comment: &Comment) -> Key {
        let named = !is_ordinal(&comment.id);
        let id = if named { comment.id.as_str() } else { "" };
        let author = comment.author.as_deref().unwrap_or_default();
        let parts = [place(&comment.page), id, author, &comment.text];
        let bare = short(&parts, 0);
        let digest = if named {
            bare
        } else {
            let count = self.seen.entry(bare).and_modify(|count| *count += 1).or_default();
            short(&parts, *count)
        };
        Key { digest, named }
    }
}

/// An address as it is; of a path, its last part: folders move.
fn place(page: &str) -> &str {
    if page.contains("://") { page } else { page.rsplit(['/', '\\']).next().unwrap_or(page) }
}

/// `c12`: what a comment without an id is called.
fn is_ordinal(id: &str) -> bool {
    id.strip_prefix('c')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The first half of the SHA-256 of parts, each with its length before it.
fn short(parts: &[&str], count: u64) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(count.to_be_bytes());
    let whole = hash.finalize();
    std::array::from_fn(|at| whole[at])
}

/// What is kept of an author who asked to be forgotten.
pub(super) fn digest(seed: i64, author: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(author.trim().to_lowercase().as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(page: &str, id: &str, text: &str) -> Comment {
        Comment { page: page.into(), id: id.into(), text: text.into(), ..Comment::default() }
    }

    #[test]
    fn a_comment_is_known_by_what_stays_the_same() {
        let key = |page, id, text| Keys::default().of(&comment(page, id, text)).digest;
        assert_eq!(key("a/p.html", "c1", "Oui"), key("b/p.html", "c7", "Oui"));
        assert_ne!(key("p.html", "41", "Oui"), key("p.html", "42", "Oui"));
        assert_ne!(key("https://a.example/p", "1", "Oui"), key("https://b.example/p", "1", "Oui"));
        assert_ne!(key("p", "41", "Oui"), key("p", "41", "Non"));
    }

    #[test]
    fn equal_comments_without_ids_are_counted() {
        let mut keys = Keys::default();
        let first = keys.of(&comment("p", "c1", "+1")).digest;
        let second = keys.of(&comment("p", "c2", "+1")).digest;
        assert_ne!(first, second);
        let mut again = Keys::default();
        assert_eq!(again.of(&comment("p", "c1", "+1")).digest, first);
        assert_eq!(again.of(&comment("p", "c2", "+1")).digest, second);
    }
}
