//! Reads the database of a comment system that has no export: Isso's `comments.db`.
//!
//! It is opened read-only and never waited for: a moderator may name the very file that the site writes to.

use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use super::reader::{Item, Items, items_of};
use super::table::{LIMIT, Reject};
use crate::comment::{Comment, Status};
use crate::error::{Error, Result};

/// What every SQLite database begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// The most tables of an unknown database that are named.
const NAMED: usize = 12;

/// The next comment by its number. Dates are kept as seconds; what is too long stays where it is.
const NEXT: &str = "\
SELECT c.id, c.parent, strftime('%Y-%m-%dT%H:%M:%SZ', c.created, 'unixepoch'), c.mode, \
       CASE WHEN length(c.text) <= ?2 THEN c.text END, length(c.text), \
       c.author, coalesce(c.likes, 0) - coalesce(c.dislikes, 0), t.uri, t.title \
FROM comments AS c LEFT JOIN threads AS t ON t.id = c.tid \
WHERE c.id > ?1 ORDER BY c.id LIMIT 1";

/// The comments of the database in this file.
///
/// # Errors
/// When it is not Isso's, is damaged, or was not closed by whoever writes to it.
pub(super) fn open(path: &Path) -> Result<Items> {
    refuse_unwritten(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let database = Connection::open_with_flags(address(path), flags).map_err(damaged)?;
    // A hostile schema is not to run functions of its choice.
    database.pragma_update(None, "trusted_schema", false).map_err(damaged)?;
    let tables = tables(&database).map_err(damaged)?;
    if !["comments", "threads"].iter().all(|own| tables.iter().any(|table| table == own)) {
        return Err(Error::input(format!(
            "expected Isso's database (tables comments and threads), found {}",
            list(&tables)
        )));
    }
    database.prepare(NEXT).map_err(|error| {
        Error::input(format!("expected the columns of Isso's database: {error}"))
    })?;
    let name = path.display().to_string();
    let mut isso = Isso { database, path: name.clone(), last: i64::MIN, record: 0 };
    Ok(items_of(&name, move || isso.read()))
}

/// Changes that lie beside the file would be missed without a word.
fn refuse_unwritten(path: &Path) -> Result<()> {
    for ending in ["-wal", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        let beside = PathBuf::from(beside);
        if beside.metadata().is_ok_and(|file| file.len() > 0) {
            return Err(Error::input(format!(
                "its latest changes are still in {}; copy it with: sqlite3 {} '.backup copy.db'",
                beside.display(),
                path.display()
            )));
        }
    }
    Ok(())
}

/// The file as SQLite takes it with conditions: read only, and nobody else's business.
fn address(path: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address + "?mode=ro&immutable=1"
}

fn tables(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name LIMIT 1000")?;
    let names = query.query_map([], |row| row.get(0))?;
    names.collect()
}

fn list(tables: &[String]) -> String {
    let named = tables.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match tables.len() {
        0 => "no table".to_owned(),
        1..=NAMED => format!("the tables {named}"),
        more => format!("{more} tables: {named} …"),
    }
}

fn damaged(error: rusqlite::Error) -> Error {
    Error::input(format!("the database cannot be read: {error}"))
}

/// The comments of an Isso database, one by one.
struct Isso {
    database: Connection,
    path: String,
    /// The number of the last comment read.
    last: i64,
    record: u64,
}

impl Isso {
    fn read(&mut self) -> Result<Option<Item>> {
        let mut query = self.database.prepare_cached(NEXT).map_err(damaged)?;
        let mut rows = query.query((self.last, LIMIT as i64)).map_err(damaged)?;
        let Some(row) = rows.next().map_err(damaged)? else { return Ok(None) };
        let id = row.get(0).map_err(damaged)?;
        // A damaged table, or one whose numbers are text, would give the same comments for ever.
        if id <= self.last {
            return Err(Error::input(
                "the database cannot be read: its comments are not in the order of their numbers",
            ));
        }
        self.last = id;
        self.record += 1;
        let item = match comment(row, &self.path, self.last).map_err(damaged)? {
            Ok(comment) => Item::Comment(comment),
            Err(reason) => Item::Reject(Reject {
                path: self.path.clone(),
                record: self.record,
                line: None,
                reason,
                raw: format!("comment {}", self.last),
            }),
        };
        Ok(Some(item))
    }
}

/// The comment of a row, or why it is none.
fn comment(
    row: &Row,
    path: &str,
    id: i64,
) -> rusqlite::Result<std::result::Result<Comment, String>> {
    if row.get::<_, Option<i64>>(5).unwrap_or_default().unwrap_or_default() > LIMIT as i64 {
        return Ok(Err(format!("longer than {} MB", LIMIT / 1_000_000)));
    }
    let told = |column| {
        Ok::<_, rusqlite::Error>(match row.get_ref(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number.to_string())),
            ValueRef::Real(number) => Ok(Some(number.to_string())),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text.to_owned()).filter(|text| !text.trim().is_empty())),
                Err(_) => Err("expected text as UTF-8".to_owned()),
            },
        })
    };
    let number = |column| row.get::<_, Option<i64>>(column).unwrap_or_default();
    let (text, author, date) = (told(4)?, told(6)?, told(2)?);
    let (page, title) = (told(8)?, told(9)?);
    let made = || {
        let page = page?;
        let found =
            if page.is_some() { format!("{path} comment {id}") } else { format!("comment {id}") };
        Ok(Comment {
            id: id.to_string(),
            author: author?,
            date: date?,
            text: text?.unwrap_or_default(),
            parent: number(1).map(|parent| parent.to_string()),
            page: page.unwrap_or_else(|| path.to_owned()),
            title: title?,
            status: number(3).and_then(status),
            votes: number(7),
            found,
            perspective: None,
        })
    };
    Ok(made())
}

fn status(mode: i64) -> Option<Status> {
    match mode {
        1 => Some(Status::Approved),
        2 => Some(Status::Pending),
        4 => Some(Status::Deleted),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_an_address_whatever_its_signs() {
        assert_eq!(
            address(Path::new("a?b c/é.db")),
            "file:a%3Fb%20c/%C3%A9.db?mode=ro&immutable=1"
        );
    }

    #[test]
    fn tables_are_named_but_not_without_end() {
        assert_eq!(list(&[]), "no table");
        assert_eq!(list(&["a".into(), "b".into()]), "the tables a, b");
        assert!(list(&vec!["t".to_owned(); 40]).starts_with("40 tables: t, "));
    }
}
