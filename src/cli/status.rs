//! Defines how the program ends.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All done.
    Done,
    /// Done, but some inputs or records failed; each was named.
    Partial,
    /// Nothing was done.
    Nothing,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}
