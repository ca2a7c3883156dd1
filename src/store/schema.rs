//! Opens the database and brings it to the shape that this program knows.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, MigrationDefinitionError, Migrations};

use super::failed;
use crate::error::{Error, Result};

/// The changes of shape, in order. One that was released is never edited: another follows it.
const CHANGES: [M<'static>; 1] = [M::up(include_str!("migrations/1.sql"))];

/// Marks a file as ours among SQLite databases: "vigi".
const APPLICATION: i64 = 0x7669_6769;

/// How long to wait for another program that writes.
const PATIENCE: Duration = Duration::from_secs(15);

/// Opens the database, made when it is not there, for reading and writing.
///
/// # Errors
/// When the file is no database of ours, comes from a newer version, or cannot be written.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let mut database = Connection::open(path).map_err(failed)?;
    settle(&database).map_err(failed)?;
    let application: i64 =
        database.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(failed)?;
    let tables: i64 = database
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    if application != APPLICATION && tables > 0 {
        return Err(Error::database("expected a database of vigie, found another program's"));
    }
    database.pragma_update(None, "journal_mode", "wal").map_err(failed)?;
    Migrations::from_slice(&CHANGES).to_latest(&mut database).map_err(unmoved)?;
    if application != APPLICATION {
        database.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
    }
    Ok(database)
}

/// Opens a database that is there once more, for reading.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(failed)?;
    settle(&database).map_err(failed)?;
    database.pragma_update(None, "query_only", true).map_err(failed)?;
    Ok(database)
}

fn settle(database: &Connection) -> rusqlite::Result<()> {
    database.busy_timeout(PATIENCE)?;
    // A decision that was acknowledged is on the disk.
    database.pragma_update(None, "synchronous", "full")?;
    database.pragma_update(None, "foreign_keys", true)?;
    database.pragma_update(None, "trusted_schema", false)?;
    // What is forgotten is overwritten, not only unlinked.
    database.pragma_update(None, "secure_delete", true)?;
    database.pragma_update(None, "cache_size", -65_536)?;
    database.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Says what a failed change of shape means for whoever opens the file.
fn unmoved(error: rusqlite_migration::Error) -> Error {
    match error {
        rusqlite_migration::Error::MigrationDefinition(
            MigrationDefinitionError::DatabaseTooFarAhead,
        ) => Error::database(
            "this database comes from a newer version of vigie; nothing was changed, update vigie to open it",
        ),
        rusqlite_migration::Error::RusqliteError { err, .. } => failed(err),
        error => Error::database(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changes_apply_one_after_the_other() {
        Migrations::from_slice(&CHANGES).validate().unwrap();
    }

    #[test]
    fn other_databases_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        let other = Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE customer (name TEXT)").unwrap();
        drop(other);
        let refused = open(&path).err().unwrap().to_string();
        assert_eq!(refused, "database: expected a database of vigie, found another program's");
    }

    #[test]
    fn a_newer_database_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("newer.db");
        let newer = open(&path).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        drop(newer);
        let refused = open(&path).err().unwrap().to_string();
        assert!(refused.contains("a newer version of vigie"), "{refused}");
        let left = Connection::open(&path).unwrap();
        let version: i64 = left.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, 99);
    }
}
