//! Reads a comment back from the database.

use rusqlite::{Connection, OptionalExtension, Row};

use super::judge::{MILLION, advice, unpack};
use crate::comment::{Comment, Status};
use crate::scorer::Scores;
use crate::triage::Advice;

/// A comment in the database.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its number here.
    pub number: i64,
    /// The item of the queue that it belongs to.
    pub item: i64,
    /// The comment.
    pub comment: Comment,
    /// The day on which it was written (YYYY-MM-DD), where its date tells it.
    pub day: Option<String>,
    /// What the active model says of it.
    pub scores: Scores,
    /// The advice on it.
    pub advice: Advice,
    /// The label that leads to it.
    pub label: String,
    /// Its expected harm.
    pub harm: f64,
    /// The rate, above 0, at which it was drawn for the audit, where it was.
    pub sample: Option<f64>,
    /// What became of it.
    pub state: State,
    /// The number of the last decision on it; 0 where there is none.
    pub seen: i64,
}

/// What became of a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody decided.
    #[default]
    Open,
    /// Put off.
    Deferred,
    /// Approved.
    Approved,
    /// Rejected.
    Rejected,
    /// Not to be decided: its site took it down already, its text is gone, or a later version replaced it.
    Out,
}

impl State {
    /// All of them.
    pub const ALL: [State; 5] =
        [State::Open, State::Deferred, State::Approved, State::Rejected, State::Out];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Deferred => "deferred",
            State::Approved => "approved",
            State::Rejected => "rejected",
            State::Out => "out",
        }
    }

    pub(super) fn from_number(number: i64) -> State {
        usize::try_from(number).ok().and_then(|at| Self::ALL.get(at).copied()).unwrap_or(State::Out)
    }
}

/// The columns that [`Kept`] is read from; `FROM` and what follows are the caller's.
pub(super) const COLUMNS: &str = "\
comment.id, comment.item, comment.name, author.name, comment.date, comment.text, comment.parent, page.name, page.title, \
comment.status, comment.votes, comment.found, comment.day, comment.scores, comment.language, comment.trust, comment.band, \
comment.label, comment.harm, comment.sample, comment.state, comment.decision";

/// The tables that they stand in.
pub(super) const TABLES: &str =
    "comment JOIN page ON page.id = comment.page LEFT JOIN author ON author.id = comment.author";

pub(super) fn from_row(row: &Row) -> rusqlite::Result<Kept> {
    let status: Option<String> = row.get(9)?;
    let comment = Comment {
        id: row.get(2)?,
        author: row.get(3)?,
        date: row.get(4)?,
        text: row.get(5)?,
        parent: row.get(6)?,
        page: row.get(7)?,
        title: row.get(8)?,
        status: status.as_deref().and_then(Status::named),
        votes: row.get(10)?,
        found: row.get(11)?,
        perspective: None,
    };
    let scores: Vec<u8> = row.get(13)?;
    let language: String = row.get(14)?;
    let sample: Option<i64> = row.get(19)?;
    Ok(Kept {
        number: row.get(0)?,
        item: row.get(1)?,
        comment,
        day: row.get(12)?,
        scores: unpack(&scores, &language, row.get(15)?),
        advice: advice(row.get(16)?),
        label: row.get(17)?,
        harm: row.get::<_, i64>(18)? as f64 / MILLION,
        sample: sample.map(|rate| rate as f64 / MILLION),
        state: State::from_number(row.get(20)?),
        seen: row.get(21)?,
    })
}

/// The comment of this number.
pub(super) fn by_number(database: &Connection, number: i64) -> rusqlite::Result<Option<Kept>> {
    let query = format!("SELECT {COLUMNS} FROM {TABLES} WHERE comment.id = ?1");
    database.prepare_cached(&query)?.query_row([number], from_row).optional()
}

/// The comments that `ending` (conditions, order, limit) asks for.
pub(super) fn all(
    database: &Connection,
    ending: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Kept>> {
    let query = format!("SELECT {COLUMNS} FROM {TABLES} WHERE {ending}");
    database.prepare_cached(&query)?.query_map(values, from_row)?.collect()
}
