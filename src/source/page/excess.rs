//! Says what a page has too much of to be parsed.

use std::fmt;

/// Deeper than any page made in good faith; browsers stop at 512.
pub const DEEPEST: usize = 4_000;
/// More tags than any page made in good faith: a thread of 100,000 comments has half as many.
pub const MOST_TAGS: usize = 2_000_000;
/// More attributes than any element made in good faith; the parser compares each with all before it.
pub const MOST_ATTRIBUTES: usize = 2_000;

/// What is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Elements inside each other, or left open so that the parser opens them again and again.
    Depth,
    /// Tags.
    Tags,
    /// Attributes of one element.
    Attributes,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Depth => write!(
                f,
                "more than {DEEPEST} elements inside each other or left open, too deep for a page"
            ),
            Excess::Tags => write!(f, "more than {MOST_TAGS} tags, too many for a page"),
            Excess::Attributes => write!(
                f,
                "an element with more than {MOST_ATTRIBUTES} attributes, too many for a page"
            ),
        }
    }
}
