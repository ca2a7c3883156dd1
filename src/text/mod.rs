//! Defines how text is read: folded so that disguises fall, cut into tokens, its language guessed.
//!
//! Knows nothing of comments. Every folded byte remembers the original bytes that it came from, so that
//! whatever is found can be shown in the reader's own words.

mod character;
mod fold;
mod folded;
mod language;
mod token;

pub use fold::Folder;
pub use folded::{Disguises, Folded, OffsetMap, Offsets};
pub use language::{Language, LanguageVotes};
pub use token::{Token, TokenKind, hash, mix, tokenize};
