//! Keeps comments and what moderators said of them, in one SQLite file.
//!
//! What was decided is never lost: decisions are only ever added, each in a transaction that is on the disk before it is
//! acknowledged. Several programs may work on one file; SQLite lets one of them write at a time.

mod chain;
mod decide;
mod decision;
mod forget;
mod identity;
mod import;
mod item;
mod judge;
mod kept;
mod lesson;
mod list;
mod models;
mod number;
mod pseudonym;
mod queue;
mod reason;
mod record;
mod register;
mod schema;
mod selection;
mod settings;
mod study;
mod takeover;
mod tally;
#[cfg(test)]
mod tests;
mod thread;
mod undo;
mod view;

pub use chain::{Head, Verified};
pub use decide::{Outcome, Ruling, Target, To};
pub use decision::{Decision, Verdict, now};
pub use forget::{Forgotten, Mentions};
pub use import::Imported;
pub use judge::Judge;
pub use kept::{Kept, State};
pub use lesson::Lesson;
pub use list::{Card, Counts, Cursor, History, Listing, Matching};
pub use models::KeptModel;
pub use pseudonym::PseudonymKey;
pub use reason::{Ground, Reason};
pub use record::Record;
pub use study::{Drawn, Exercise, Round, Since, Stock, Study};
pub use takeover::TakenOver;
pub use tally::{Decided, Figures, Missed, Replay, Share, Tally, Waiting, Week, Weighed};
pub use thread::Around;
pub use view::{Band, Order, Scope, View};

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::error::{Error, Result};

/// The database of moderation.
pub struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Connections at rest, for reading.
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens the database at `path`; makes it where there is none.
    ///
    /// # Errors
    /// When the file is another program's, comes from a newer vigie, is damaged, or cannot be written.
    pub fn open(path: &Path) -> Result<Store> {
        let open = || {
            let database = schema::open(path)?;
            settings::settle(&database).map_err(failed)?;
            Ok(database)
        };
        let writer = open().map_err(|error: Error| error.at_path(path))?;
        let (path, readers) = (path.to_path_buf(), Mutex::default());
        Ok(Store { path, writer: Mutex::new(writer), readers })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads what `read` reads, as it stands at one moment.
    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.read_bare(read).map_err(|error| error.at_path(&self.path))
    }

    fn read_bare<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let rested = unpoisoned(&self.readers).pop();
        let mut database = match rested {
            Some(database) => database,
            None => schema::reader(&self.path)?,
        };
        let moment = database.transaction().map_err(failed)?;
        let value = read(&moment)?;
        drop(moment);
        unpoisoned(&self.readers).push(database);
        Ok(value)
    }

    /// Writes what `write` writes: all of it, or nothing where it fails.
    fn write<T>(&self, write: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.write_bare(write).map_err(|error| error.at_path(&self.path))
    }

    fn write_bare<T>(&self, write: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut database = unpoisoned(&self.writer);
        let change =
            database.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let value = write(&change)?;
        change.commit().map_err(failed)?;
        Ok(value)
    }
}

/// What a panicking thread left is still a connection: its transaction was rolled back.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says what a failure of SQLite means.
fn failed(error: rusqlite::Error) -> Error {
    let told = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            "the disk is full; nothing of this change was kept".to_string()
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has been writing to it for too long; nothing of this change was kept"
                .to_string()
        }
        Some(ErrorCode::SystemIoFailure) => {
            format!("the disk failed ({error}); nothing of this change was kept")
        }
        Some(ErrorCode::NotADatabase) => {
            "expected an SQLite database, found something else".to_string()
        }
        Some(ErrorCode::DatabaseCorrupt) => format!("it is damaged ({error}); restore a copy"),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            format!("it cannot be written ({error})")
        }
        _ => error.to_string(),
    };
    Error::database(told)
}
