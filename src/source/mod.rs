//! Reads pages and exports: bytes in, [`Comment`]s out, and for everything else the reason.
//!
//! Nothing downstream knows from what kind of file a comment came.

mod absence;
mod annotation;
mod binary;
#[cfg(feature = "html")]
mod catalogue;
pub mod date;
mod decoder;
pub mod dump;
mod encoding;
#[cfg(feature = "html")]
mod explained;
mod input;
mod json;
pub(crate) mod markup;
mod mhtml;
#[cfg(feature = "html")]
pub mod page;
mod reader;
mod saved;
mod sniff;
#[cfg(feature = "xlsx")]
mod spreadsheet;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod table;
mod told;
mod warc;
mod xml;
mod zstd;

pub use absence::Absence;
pub use annotation::{Annotation, Judgement, No, annotations};
#[cfg(feature = "html")]
pub use catalogue::{Source, SourceKind, sources};
pub use decoder::Decoder;
pub use encoding::{charset, decode};
#[cfg(feature = "html")]
pub use explained::{Explained, explain};
pub use input::{Input, expand};
pub use reader::{Item, Items, Options, Reader, read, read_from};
pub use sniff::{Kind, sniff};

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
