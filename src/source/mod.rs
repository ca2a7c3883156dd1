//! Reads pages and exports: bytes in, [`Comment`]s out, and for everything else the reason.
//!
//! Nothing downstream knows from what kind of file a comment came.

mod absence;
pub mod date;
#[cfg(feature = "html")]
pub mod page;

pub use absence::Absence;

use crate::comment::Comment;

/// What one page gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// The comments, in the page's order.
    pub comments: Vec<Comment>,
    /// What found them: a profile's name, `generic`, `json-ld`, `microdata`, `text` …; empty when nothing did.
    pub matched: String,
    /// Why there are none. Always told when `comments` is empty.
    pub absence: Option<Absence>,
}
