//! Finds what stands around a comment: what it answers, what answers it, and what stands beside it.

use rusqlite::{Connection, params};

use super::kept::{self, Kept};
use super::{Store, failed};
use crate::error::Result;

/// What stands around a comment.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The comments answered, the first of the chain first.
    pub above: Vec<Kept>,
    /// Other answers to the same comment, and how many there are.
    pub beside: (Vec<Kept>, u64),
    /// Its answers, and how many there are.
    pub below: (Vec<Kept>, u64),
}

/// The longest chain that is followed up: one that comes back to itself ends there.
const CHAIN: usize = 50;

/// How many of those beside and below are read.
const SHOWN: u64 = 20;

impl Store {
    /// What stands around a comment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn around(&self, comment: &Kept) -> Result<Around> {
        self.read(|database| around(database, comment).map_err(failed))
    }
}

fn around(database: &Connection, of: &Kept) -> rusqlite::Result<Around> {
    let mut above: Vec<Kept> = Vec::new();
    let mut next = parent(database, of)?;
    while let Some(one) = next {
        if above.len() == CHAIN || above.iter().any(|known| known.number == one.number) {
            break;
        }
        next = parent(database, &one)?;
        above.push(one);
    }
    above.reverse();
    let page = of.comment.page.as_str();
    let beside = match &of.comment.parent {
        Some(parent) => answers(database, page, parent, of.number)?,
        None => Default::default(),
    };
    let below = answers(database, page, &of.comment.id, of.number)?;
    Ok(Around { above, beside, below })
}

/// The comment that one answers: the latest version under that id.
pub(super) fn parent(database: &Connection, of: &Kept) -> rusqlite::Result<Option<Kept>> {
    let Some(parent) = &of.comment.parent else { return Ok(None) };
    let ending = "page.name = ?1 AND comment.name = ?2 AND comment.id <> ?3 ORDER BY comment.id DESC LIMIT 1";
    Ok(kept::all(database, ending, params![of.comment.page, parent, of.number])?.pop())
}

/// The answers to a comment but for one, the first ones, and how many there are.
fn answers(
    database: &Connection,
    page: &str,
    parent: &str,
    but: i64,
) -> rusqlite::Result<(Vec<Kept>, u64)> {
    let which = "page.name = ?1 AND comment.parent = ?2 AND comment.id <> ?3";
    let all = database
        .prepare_cached(&format!(
            "SELECT count(*) FROM comment JOIN page ON page.id = comment.page WHERE {which}"
        ))?
        .query_row(params![page, parent, but], |row| row.get(0))?;
    let ending = format!("{which} ORDER BY comment.id LIMIT {SHOWN}");
    Ok((kept::all(database, &ending, params![page, parent, but])?, all))
}
