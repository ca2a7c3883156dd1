//! vigie reads reader comments and their reply chains out of saved pages and exported files, scores each one
//! for insult and conspiracy with a small logistic model that explains itself, and ranks them for moderators.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod attribute;
pub mod comment;
pub mod error;
pub mod evaluation;
#[cfg(feature = "serve")]
pub mod export;
pub mod feature;
pub mod identity;
pub mod lexicon;
pub mod model;
pub mod report;
#[cfg(feature = "serve")]
pub mod retrain;
pub mod scorer;
#[cfg(feature = "serve")]
pub mod serve;
pub mod source;
#[cfg(feature = "serve")]
pub mod store;
pub mod text;
pub mod triage;

pub use error::{Error, ErrorKind, Location, Result};
