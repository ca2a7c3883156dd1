//! Keeps what a database remembers about itself.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, ToSql};

/// Names of what is remembered.
pub(super) mod name {
    /// Random, made with the database: lots are drawn with it, and authors digested.
    pub(in crate::store) const SEED: &str = "seed";
    /// The name of the model that the scores come from.
    pub(in crate::store) const MODEL: &str = "model";
    /// The labels of that model, in order, a line each.
    pub(in crate::store) const LABELS: &str = "labels";
    /// What the advice was made with: the model and every band.
    pub(in crate::store) const ADVICE: &str = "advice";
}

/// Settles what a new database must know.
pub(super) fn settle(database: &Connection) -> rusqlite::Result<()> {
    let seed = random::<8>()?;
    database.execute(
        "INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ?2)",
        (name::SEED, i64::from_be_bytes(seed)),
    )?;
    Ok(())
}

/// What is remembered under a name.
pub(super) fn get<T: FromSql>(database: &Connection, name: &str) -> rusqlite::Result<Option<T>> {
    let mut query = database.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    query.query_row([name], |row| row.get(0)).optional()
}

/// Remembers something under a name, in place of what was there.
pub(super) fn set(database: &Connection, name: &str, value: impl ToSql) -> rusqlite::Result<()> {
    let mut change =
        database.prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)")?;
    change.execute((name, value)).map(drop)
}

/// So many random bytes from the system.
pub(super) fn random<const N: usize>() -> rusqlite::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    Ok(bytes)
}
