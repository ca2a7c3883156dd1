//! Defines the one error of the library: what went wrong, and where.
//!
//! A moderator who reads it must know which file, which record of it, and what was expected there.

use std::fmt;
use std::path::Path;

/// A [`std::result::Result`] with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, and where.
///
/// Shown as one line: `path: record 12: what was expected and what was found`.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    location: Location,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The input is not what its place demands (an empty file, a cut archive, a binary file …).
    #[error("{0}")]
    Input(String),
    /// A table's columns or one of its records cannot be used.
    #[error("{0}")]
    Table(String),
    /// A profile (selectors of one comment system) cannot be used.
    #[error("profile: {0}")]
    Profile(String),
    /// A word list cannot be used.
    #[error("lexicon: {0}")]
    Lexicon(String),
    /// A model file is damaged, newer than this program, or made for other features.
    #[error("model: {0}")]
    Model(String),
    /// The database of moderation cannot be used.
    #[error("database: {0}")]
    Database(String),
    /// A model cannot be fitted on these rows.
    #[error("training: {0}")]
    Fit(String),
}

/// Where it went wrong. Every part may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The file, as the user named it, or `-` for standard input.
    pub path: Option<String>,
    /// The record in the file, counted from 1 without the header.
    pub record: Option<u64>,
    /// The element in a page, or the column in a record.
    pub element: Option<String>,
}

impl Error {
    /// An error of this kind, at a place not yet known.
    pub fn new(kind: ErrorKind) -> Self {
        Error(Box::new(Inner { kind, location: Location::default() }))
    }

    /// An input that is not what its place demands.
    pub fn input(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Input(message.into()))
    }

    /// A table whose columns or records cannot be used.
    pub fn table(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Table(message.into()))
    }

    /// A model that cannot be used.
    pub fn model(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Model(message.into()))
    }

    /// A database of moderation that cannot be used.
    pub fn database(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Database(message.into()))
    }

    /// Says in which file; a path already said stays.
    #[must_use]
    pub fn at_path(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().display().to_string();
        self.0.location.path.get_or_insert(path);
        self
    }

    /// Says at which record, counted from 1; a record already said stays.
    #[must_use]
    pub fn at_record(mut self, record: u64) -> Self {
        self.0.location.record.get_or_insert(record);
        self
    }

    /// Says at which element or column; an element already said stays.
    #[must_use]
    pub fn at_element(mut self, element: impl Into<String>) -> Self {
        self.0.location.element.get_or_insert(element.into());
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it went wrong.
    pub fn location(&self) -> &Location {
        &self.0.location
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { path, record, element } = &self.0.location;
        if let Some(path) = path {
            write!(f, "{path}: ")?;
        }
        if let Some(record) = record {
            write!(f, "record {record}: ")?;
        }
        if let Some(element) = element {
            write!(f, "{element}: ")?;
        }
        write!(f, "{}", self.0.kind)
    }
}

// What lies under an error is told in its line already: a source would be told twice.
impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::new(ErrorKind::Io(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_before_what() {
        let error = Error::table("expected a text column").at_record(12).at_path("a.csv");
        assert_eq!(error.to_string(), "a.csv: record 12: expected a text column");
    }

    #[test]
    fn the_first_place_said_stays() {
        let error = Error::input("empty").at_path("inner.csv").at_path("outer.gz");
        assert_eq!(error.location().path.as_deref(), Some("inner.csv"));
    }
}
