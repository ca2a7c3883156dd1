//! Numbers comments, and what comments share: pages and authors.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// The last number that a comment got, be it gone by now: what was decided of one must not be told of another.
pub(super) fn last(database: &Connection) -> rusqlite::Result<i64> {
    let mut query = database.prepare_cached(
        "SELECT max(coalesce((SELECT max(id) FROM comment), 0), coalesce((SELECT max(comment) FROM decision), 0))",
    )?;
    query.query_row([], |row| row.get(0))
}

/// The number of a name in a table of names, which gets it where it lacks it.
pub(super) fn of_name(change: &Transaction, table: &str, name: &str) -> rusqlite::Result<i64> {
    let known = change
        .prepare_cached(&format!("SELECT id FROM {table} WHERE name = ?1"))?
        .query_row([name], |row| row.get(0))
        .optional()?;
    match known {
        Some(known) => Ok(known),
        None => {
            change
                .prepare_cached(&format!("INSERT INTO {table} (name) VALUES (?1)"))?
                .execute([Value::Text(name.into())])?;
            Ok(change.last_insert_rowid())
        }
    }
}
