//! Opens the database and brings it to the shape that this program knows.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, MigrationDefinitionError, Migrations};

use super::failed;
use crate::error::{Error, Result};

/// The changes of shape, in order. One that was released is never edited: another follows it.
const CHANGES: [M<'static>; 1] = [M::up(include_str!("migrations/1.sql"))];

/// The indexes that are made by themselves.
const INDEXES: &str = include_str!("indexes.sql");

/// Marks a file as ours among SQLite databases: "vigi".
const APPLICATION: u32 = 0x7669_6769;

/// How a file of SQLite begins, and where its head says what: <https://sqlite.org/fileformat.html#the_database_header>.
const MAGIC: &[u8] = b"SQLite format 3\0";
const USER_VERSION: usize = 60;
const APPLICATION_ID: usize = 68;
/// How many tables, indexes and views the first page names.
const NAMED: usize = 103;
const HEAD: usize = NAMED + 2;

/// How long to wait for another program that writes.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long to wait where SQLite does not, and how often a new file may be found half made.
const PAUSE: Duration = Duration::from_millis(20);
const TRIES: usize = 3;

/// Pages of an import that are gathered before they are sorted into the file.
const IMPORTED_PAGES: i64 = 8192;

/// Opens the database, made when it is not there, for reading and writing.
///
/// # Errors
/// When the file is no database of ours, comes from a newer version, is damaged, or cannot be written.
pub(super) fn open(path: &Path) -> Result<Connection> {
    // Before SQLite sees it: a file that is not ours stays as it is, to the byte.
    glance(path)?;
    let mut database = Connection::open(path).map_err(failed)?;
    settle(&database).map_err(failed)?;
    // Two programs may come to a new file at once. SQLite waits for neither where a file changes its kind of journal; and
    // whoever is second finds tables that are there already, and the next time that nothing is left to do.
    database.set_transaction_behavior(TransactionBehavior::Immediate);
    let until = Instant::now() + PATIENCE;
    let mut tries = 0;
    loop {
        let Err(error) = shape(&mut database) else { return Ok(database) };
        tries += 1;
        if Instant::now() > until || !(is_busy(&error) || tries < TRIES) {
            return Err(unmoved(error));
        }
        thread::sleep(PAUSE);
    }
}

/// Looks at the head of a file that is there: whether it is a database of ours, and one that this program knows.
fn glance(path: &Path) -> Result<()> {
    let mut head = [0; HEAD];
    match File::open(path).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        // An empty file is a database that nobody wrote to yet.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            let length = fs::metadata(path)?.len();
            return if length == 0 { Ok(()) } else { Err(unknown()) };
        }
        Err(error) => return Err(error.into()),
    }
    let number = |at: usize| u32::from_be_bytes(std::array::from_fn(|byte| head[at + byte]));
    if !head.starts_with(MAGIC) {
        return Err(unknown());
    }
    let (version, application) = (number(USER_VERSION), number(APPLICATION_ID));
    match application {
        APPLICATION if version as usize > CHANGES.len() => Err(newer()),
        APPLICATION => Ok(()),
        // What a program left that was ended while it made the file: its next change would have said whose it is.
        0 if version == 0 && head[NAMED..] == [0, 0] => Ok(()),
        _ => Err(Error::database("expected a database of vigie, found another program's")),
    }
}

fn shape(database: &mut Connection) -> std::result::Result<(), rusqlite_migration::Error> {
    database.pragma_update(None, "journal_mode", "wal")?;
    Migrations::from_slice(&CHANGES).to_latest(database)?;
    Ok(index(database)?)
}

/// Makes the indexes that are missing. Nothing is written where none is.
pub(super) fn index(database: &Connection) -> rusqlite::Result<()> {
    database.execute_batch(INDEXES)
}

/// Drops what [`index`] makes.
pub(super) fn drop_indexes(database: &Connection) -> rusqlite::Result<()> {
    let names = INDEXES.lines().filter_map(|line| line.strip_prefix("CREATE INDEX IF NOT EXISTS "));
    for name in names.filter_map(|line| line.split(' ').next()) {
        database.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))?;
    }
    Ok(())
}

/// Opens a database that is there once more, for reading.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let database = again(path)?;
    database.pragma_update(None, "query_only", true).map_err(failed)?;
    Ok(database)
}

/// Opens a database that is there once more, for an import.
///
/// A batch that is written is whole whenever the program ends. When the power goes, the last ones may be missing, and
/// come with the next import: so the disk need not be waited for at each. Decisions are made elsewhere.
pub(super) fn importer(path: &Path) -> Result<Connection> {
    let database = again(path)?;
    database.pragma_update(None, "synchronous", "normal").map_err(failed)?;
    database.pragma_update(None, "wal_autocheckpoint", IMPORTED_PAGES).map_err(failed)?;
    // Only words that are sorted into others' places are unlinked; whoever is forgotten leaves by a whole new file.
    database.pragma_update(None, "secure_delete", false).map_err(failed)?;
    // It looks pages and authors up itself.
    database.pragma_update(None, "foreign_keys", false).map_err(failed)?;
    database.pragma_update(None, "cache_size", -262_144).map_err(failed)?;
    Ok(database)
}

fn again(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(failed)?;
    settle(&database).map_err(failed)?;
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
        ) => newer(),
        rusqlite_migration::Error::RusqliteError { err, .. } => failed(err),
        error => Error::database(error.to_string()),
    }
}

fn newer() -> Error {
    Error::database(
        "this database comes from a newer version of vigie; nothing was changed, update vigie to open it",
    )
}

fn unknown() -> Error {
    Error::database("expected an SQLite database, found something else")
}

fn is_busy(error: &rusqlite_migration::Error) -> bool {
    let rusqlite_migration::Error::RusqliteError { err, .. } = error else { return false };
    let code = err.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
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
