//! Lists items of the queue by a view, a page of them at a time.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::kept::{self, Kept};
use super::selection::{Selection, key, sorted};
use super::view::{Order, View};
use super::{Store, failed};
use crate::comment::Comment;
use crate::error::Result;

/// Where a page of a listing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The key of the last item in the view's order.
    pub key: i64,
    /// The item.
    pub item: i64,
}

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The items, in order.
    pub cards: Vec<Card>,
    /// Where the next page begins; none on the last one.
    pub next: Option<Cursor>,
    /// How many items the view holds.
    pub matching: Matching,
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// So many.
    Exactly(u64),
    /// More than that: counting on would take longer than it is worth.
    MoreThan(u64),
}

/// How far items are counted.
const COUNTED: u64 = 10_000;

/// One item of the queue.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its number.
    pub item: i64,
    /// The comment that is shown.
    pub lead: Kept,
    /// How many comments it holds, by what became of them.
    pub counts: Counts,
    /// The comment answered, where it is known.
    pub parent: Option<Comment>,
    /// What is known of the author; none where there is no name.
    pub history: Option<History>,
    /// The number of the last decision on any of its comments; 0 where there is none. For [`super::Target::seen`].
    pub seen: i64,
}

/// The comments of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub members: u64,
    /// Nobody decided.
    pub open: u64,
    /// Put off.
    pub deferred: u64,
    /// Approved.
    pub approved: u64,
    /// Rejected.
    pub rejected: u64,
}

/// What is known of an author here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Comments.
    pub comments: u64,
    /// Those approved.
    pub approved: u64,
    /// Those rejected.
    pub rejected: u64,
}

impl Store {
    /// The next `count` items of a view after `after`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self, view: &View, after: Option<Cursor>, count: usize) -> Result<Listing> {
        self.read(|database| list(database, view, after, count).map_err(failed))
    }

    /// The numbers of the first `count` items of a view.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first(&self, view: &View, count: usize) -> Result<Vec<i64>> {
        self.read(|database| {
            let found = cursors(database, view.order, Selection::of(view), count);
            found.map(|found| found.iter().map(|one| one.item).collect()).map_err(failed)
        })
    }

    /// The item of this number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn card(&self, item: i64) -> Result<Option<Card>> {
        self.read(|database| card(database, item).map_err(failed))
    }

    /// The comment of this number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn comment(&self, number: i64) -> Result<Option<Kept>> {
        self.read(|database| kept::by_number(database, number).map_err(failed))
    }

    /// The comments of an item, as they came.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members(&self, item: i64) -> Result<Vec<Kept>> {
        self.read(|database| {
            kept::all(database, "comment.item = ?1 ORDER BY comment.id", [item]).map_err(failed)
        })
    }

    /// How many comments of a view wait, and the number of the last comment in the database: what a decision on the
    /// whole view would be about.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waiting(&self, view: &View) -> Result<(u64, i64)> {
        self.read(|database| waiting(database, view).map_err(failed))
    }
}

fn list(
    database: &Connection,
    view: &View,
    after: Option<Cursor>,
    count: usize,
) -> rusqlite::Result<Listing> {
    let selection = Selection::of(view);
    let (matching, mut found) = match after {
        // Words are looked for once: what is counted begins with what is shown.
        None if view.text.is_some() => {
            let mut found = cursors(database, view.order, selection, COUNTED as usize + 1)?;
            let matching = matching(found.len() as u64);
            found.truncate(count + 1);
            (matching, found)
        }
        _ => {
            let matching = count_matching(database, &selection)?;
            let mut page = selection;
            if let Some(Cursor { key: last, item }) = after {
                let (key, last, item) =
                    (key(view.order), Value::Integer(last), Value::Integer(item));
                page.and(
                    &format!("{key} >= ? AND ({key} > ? OR item.id > ?)"),
                    [last.clone(), last, item],
                );
            }
            (matching, cursors(database, view.order, page, count + 1)?)
        }
    };
    let more = found.len() > count;
    found.truncate(count);
    let next = found.last().copied().filter(|_| more);
    let mut cards = Vec::with_capacity(found.len());
    for Cursor { item, .. } in found {
        cards.extend(card(database, item)?);
    }
    Ok(Listing { cards, next, matching })
}

/// The first items of a selection.
fn cursors(
    database: &Connection,
    order: Order,
    selection: Selection,
    count: usize,
) -> rusqlite::Result<Vec<Cursor>> {
    let query = format!(
        "SELECT item.id, {} FROM item WHERE {} ORDER BY {} LIMIT {count}",
        key(order),
        selection.conditions,
        sorted(order),
    );
    let mut query = database.prepare_cached(&query)?;
    let found = query.query_map(params_from_iter(selection.values), |row| {
        Ok(Cursor { item: row.get(0)?, key: row.get(1)? })
    })?;
    found.collect()
}

fn count_matching(database: &Connection, selection: &Selection) -> rusqlite::Result<Matching> {
    let query = format!(
        "SELECT count(*) FROM (SELECT 1 FROM item WHERE {} LIMIT {})",
        selection.conditions,
        COUNTED + 1
    );
    let count: u64 = database
        .prepare_cached(&query)?
        .query_row(params_from_iter(selection.values.iter()), |row| row.get(0))?;
    Ok(matching(count))
}

fn matching(count: u64) -> Matching {
    if count > COUNTED { Matching::MoreThan(COUNTED) } else { Matching::Exactly(count) }
}

fn card(database: &Connection, item: i64) -> rusqlite::Result<Option<Card>> {
    let mut query = database.prepare_cached(
        "SELECT lead, members, open, deferred, approved, rejected, \
         (SELECT max(decision) FROM comment WHERE item = ?1) FROM item WHERE id = ?1",
    )?;
    let row = query
        .query_row([item], |row| {
            let counts = Counts {
                members: row.get(1)?,
                open: row.get(2)?,
                deferred: row.get(3)?,
                approved: row.get(4)?,
                rejected: row.get(5)?,
            };
            Ok((row.get(0)?, counts, row.get(6)?))
        })
        .optional()?;
    let Some((lead, counts, seen)) = row else { return Ok(None) };
    let Some(lead) = kept::by_number(database, lead)? else { return Ok(None) };
    let parent = super::thread::parent(database, &lead)?.map(|parent| parent.comment);
    let history = lead.comment.author.as_deref().map(|author| history(database, author));
    let history = history.transpose()?;
    Ok(Some(Card { item, lead, counts, parent, history, seen }))
}

fn history(database: &Connection, author: &str) -> rusqlite::Result<History> {
    let mut query = database.prepare_cached(
        "SELECT count(*), coalesce(sum(state = 2), 0), coalesce(sum(state = 3), 0) FROM comment \
         WHERE author = (SELECT id FROM author WHERE name = ?1)",
    )?;
    query.query_row([author], |row| {
        Ok(History { comments: row.get(0)?, approved: row.get(1)?, rejected: row.get(2)? })
    })
}

fn waiting(database: &Connection, view: &View) -> rusqlite::Result<(u64, i64)> {
    let mut selection = Selection::of(view);
    selection.and("comment.state < 2", []);
    let query = format!(
        "SELECT count(*) FROM comment JOIN item ON item.id = comment.item WHERE {}",
        selection.conditions
    );
    let count = database
        .prepare(&query)?
        .query_row(params_from_iter(selection.values), |row| row.get(0))?;
    let last =
        database.query_row("SELECT coalesce(max(id), 0) FROM comment", [], |row| row.get(0))?;
    Ok((count, last))
}
