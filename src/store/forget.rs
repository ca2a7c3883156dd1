//! Removes a person from everywhere: their comments, their name, and what moderators wrote about them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::identity::digest;
use super::settings::{self, name};
use super::{Store, failed, item, unpoisoned};
use crate::error::Result;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Their comments.
    pub comments: u64,
    /// Notes of moderators: on these comments, and those in which the name stands, where mentions were to go.
    pub notes: u64,
    /// Comments of others in which the name stands, and notes too where they stay.
    pub mentions: u64,
}

/// What to do with the name in other people's comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mentions {
    /// They stay, and are counted.
    #[default]
    Stay,
    /// An ellipsis in brackets stands in place of the name; notes of moderators with it go.
    Go,
}

/// What stands in place of a name.
const BLANK: &str = "[…]";

impl Store {
    /// Removes everything that `author` wrote and everything written about it here. Decisions stay in the log, about
    /// a comment that nobody can name any more; later imports leave the author out. What was removed is overwritten in
    /// the file. Exports that were made before are out of reach.
    ///
    /// # Errors
    /// When the database cannot be written: then nothing is removed.
    pub fn forget(&self, author: &str, mentions: Mentions) -> Result<Forgotten> {
        let forgotten = self.write(|change| forget(change, author, mentions).map_err(failed))?;
        // Neither the log of changes nor free pages keep a copy.
        let database = unpoisoned(&self.writer);
        database
            .execute_batch("INSERT INTO word (word) VALUES ('optimize'); PRAGMA wal_checkpoint (TRUNCATE); VACUUM;")
            .and_then(|()| database.execute_batch("PRAGMA wal_checkpoint (TRUNCATE);"))
            .map_err(failed)?;
        Ok(forgotten)
    }
}

fn forget(change: &Transaction, author: &str, mentions: Mentions) -> rusqlite::Result<Forgotten> {
    let seed: i64 = settings::get(change, name::SEED)?.unwrap_or_default();
    change
        .execute("INSERT OR IGNORE INTO forgotten (author) VALUES (?1)", [digest(seed, author)])?;
    let mut forgotten = Forgotten::default();
    let number: Option<i64> = change
        .query_row("SELECT id FROM author WHERE name = ?1", [author], |row| row.get(0))
        .optional()?;
    if let Some(number) = number {
        let items = remove(change, number, &mut forgotten)?;
        change.execute("DELETE FROM author WHERE id = ?1", [number])?;
        for item in items {
            item::refresh(change, item)?;
        }
    }
    forgotten.mentions = mentioned(change, author, mentions)?;
    let notes = noted(change, author, mentions)?;
    match mentions {
        Mentions::Stay => forgotten.mentions += notes,
        Mentions::Go => forgotten.notes += notes,
    }
    Ok(forgotten)
}

/// Removes the comments of an author and the notes on them; the items that they stood in.
fn remove(
    change: &Transaction,
    author: i64,
    forgotten: &mut Forgotten,
) -> rusqlite::Result<BTreeSet<i64>> {
    let mut query =
        change.prepare("SELECT id, item, text, name, page FROM comment WHERE author = ?1")?;
    let theirs = query.query_map([author], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    })?;
    let theirs: Vec<(i64, i64, String, String, i64)> = theirs.collect::<rusqlite::Result<_>>()?;
    let mut items = BTreeSet::new();
    for (number, item, text, _, _) in theirs {
        forgotten.notes += change.execute(
            "UPDATE decision SET note = NULL, salt = NULL WHERE comment = ?1 AND note IS NOT NULL",
            [number],
        )? as u64;
        change.execute(
            "INSERT INTO word (word, rowid, text) VALUES ('delete', ?1, ?2)",
            params![number, text],
        )?;
        change.execute("DELETE FROM comment WHERE id = ?1", [number])?;
        // A fingerprint of the text is a trace of it; another member of the fold has nearly the same, and joins anew.
        change.execute(
            "DELETE FROM fold WHERE item = ?1 AND NOT EXISTS (SELECT 1 FROM comment WHERE item = ?1)",
            [item],
        )?;
        items.insert(item);
        forgotten.comments += 1;
    }
    Ok(items)
}

/// Counts the notes in which the name stands as words of their own; takes them away where it is to go.
fn noted(change: &Transaction, author: &str, mentions: Mentions) -> rusqlite::Result<u64> {
    let mut query = change.prepare("SELECT seq, note FROM decision WHERE note IS NOT NULL")?;
    let mut rows = query.query([])?;
    let mut naming: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        if blank(row.get_ref(1)?.as_str()?, author).is_some() {
            naming.push(row.get(0)?);
        }
    }
    if mentions == Mentions::Go {
        let mut update =
            change.prepare("UPDATE decision SET note = NULL, salt = NULL WHERE seq = ?1")?;
        for seq in &naming {
            update.execute([seq])?;
        }
    }
    Ok(naming.len() as u64)
}

/// Counts the comments of others in which the name stands as words of their own; blanks it where it is to go.
fn mentioned(change: &Connection, author: &str, mentions: Mentions) -> rusqlite::Result<u64> {
    let phrase = format!("\"{}\"", author.replace('"', "\"\""));
    let mut query = change.prepare(
        "SELECT id, text FROM comment WHERE id IN (SELECT rowid FROM word WHERE word MATCH ?1)",
    )?;
    let found = query.query_map([phrase], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, String)> = found.collect::<rusqlite::Result<_>>()?;
    let mut count = 0;
    for (number, text) in found {
        let Some(blanked) = blank(&text, author) else { continue };
        count += 1;
        if mentions == Mentions::Stay {
            continue;
        }
        change.execute(
            "INSERT INTO word (word, rowid, text) VALUES ('delete', ?1, ?2)",
            params![number, text],
        )?;
        change.execute("UPDATE comment SET text = ?2 WHERE id = ?1", params![number, blanked])?;
        change
            .execute("INSERT INTO word (rowid, text) VALUES (?1, ?2)", params![number, blanked])?;
    }
    Ok(count)
}

/// The text without the name, however it is capitalised; none where it does not stand there by itself.
fn blank(text: &str, name: &str) -> Option<String> {
    let pattern = format!(r"(?i)(^|\W){}($|\W)", regex::escape(name.trim()));
    let pattern = regex::Regex::new(&pattern).ok()?;
    pattern
        .is_match(text)
        .then(|| pattern.replace_all(text, format!("${{1}}{BLANK}${{2}}")).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_where_it_stands_by_itself() {
        assert_eq!(blank("Merci @zoé !", "Zoé").as_deref(), Some("Merci @[…] !"));
        assert_eq!(blank("Zoéland", "Zoé"), None);
    }
}
