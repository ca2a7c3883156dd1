//! Defines what the names in `class` and `id` say of an element. They are looked up once a page: everything else asks for bits.

use std::sync::LazyLock;

use super::words::{WORDS, parts};
use rustc_hash::FxHashMap;

/// What a part of a name can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Chrome around a comment.
    Chrome,
    /// Never of the text.
    Foreign,
    /// An author.
    Author,
    /// A person, or something named.
    Person,
    /// Near an author, and none.
    NotAuthor,
    /// The text of a comment.
    Body,
    /// A comment, a post, an answer.
    Comment,
    /// A comment and nothing else.
    Strong,
    /// What looks like comments and is none.
    Trap,
    /// What may be none.
    Doubt,
    /// A container of replies.
    Container,
}

/// The meanings of all parts of some names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meanings(u16);

impl Name {
    fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl Meanings {
    /// The meanings of the names in a `class` or `id`.
    pub fn of(names: &str) -> Meanings {
        let mut bits = 0;
        if !names.is_empty() {
            parts(names, |part| bits |= KNOWN.get(part).copied().unwrap_or(0));
        }
        Meanings(bits)
    }

    /// Whether one of the names means this.
    pub fn has(self, name: Name) -> bool {
        self.0 & name.bit() != 0
    }

    /// The meanings of both.
    pub fn and(self, other: Meanings) -> Meanings {
        Meanings(self.0 | other.0)
    }
}

static KNOWN: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
    let words = &*WORDS;
    let lists = [
        (Name::Chrome, &words.chrome_classes),
        (Name::Foreign, &words.foreign_classes),
        (Name::Author, &words.author_classes),
        (Name::Person, &words.name_classes),
        (Name::NotAuthor, &words.not_author_classes),
        (Name::Body, &words.body_classes),
        (Name::Comment, &words.comment_cues),
        (Name::Strong, &words.strong_cues),
        (Name::Trap, &words.trap_cues),
        (Name::Doubt, &words.doubt_cues),
        (Name::Container, &words.reply_containers),
    ];
    let mut known = FxHashMap::default();
    for (name, list) in lists {
        for word in list {
            *known.entry(word.as_str()).or_default() |= name.bit();
        }
    }
    known
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_mean_several_things() {
        let meanings = Meanings::of("comment-author js-x");
        assert!(
            meanings.has(Name::Author) && meanings.has(Name::Strong) && meanings.has(Name::Comment)
        );
        assert!(!meanings.has(Name::Body));
    }
}
