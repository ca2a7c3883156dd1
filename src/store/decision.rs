//! Defines what a moderator said of a comment, when, and on which model's advice.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::types::Type;
use rusqlite::{Connection, Row};
use serde::de::DeserializeOwned;

use super::judge::MILLION;
use super::{Store, failed};
use crate::error::Result;

/// What a moderator did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The comment may stand.
    Approve,
    /// The comment comes down.
    Reject,
    /// Put off.
    Defer,
    /// Only a note.
    Note,
    /// An earlier act is taken back.
    Undo,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 5] =
        [Verdict::Approve, Verdict::Reject, Verdict::Defer, Verdict::Note, Verdict::Undo];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Approve => "approve",
            Verdict::Reject => "reject",
            Verdict::Defer => "defer",
            Verdict::Note => "note",
            Verdict::Undo => "undo",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Verdict> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// The present moment as the log tells it: milliseconds since 1970, UTC.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Its number, from 1 without gaps.
    pub seq: i64,
    /// The act that it belongs to: decisions made together share it.
    pub act: i64,
    /// The number of the comment.
    pub comment: i64,
    /// The random name of the comment, which outlives it.
    pub uid: [u8; 16],
    /// What was done.
    pub verdict: Verdict,
    /// The act that is taken back.
    pub undoes: Option<i64>,
    /// Why, as a word of the newsroom's list; empty where none was given.
    pub reason: String,
    /// The labels that the moderator confirmed or corrected.
    pub labels: BTreeMap<String, bool>,
    /// What else was said; gone where its author, or whom it names, asked to be forgotten.
    pub note: Option<String>,
    /// Who.
    pub moderator: String,
    /// When: milliseconds since 1970, UTC.
    pub made: i64,
    /// The model whose advice it was made on.
    pub model: String,
    /// What that model said, by label: probabilities.
    pub scores: BTreeMap<String, f64>,
    /// What it advised: approve, review or reject.
    pub advice: String,
    /// The rate at which the comment was drawn for the audit, where it was.
    pub sample: Option<f64>,
}

/// The columns that a decision is read from.
pub(super) const COLUMNS: &str = "\
decision.seq, decision.act, decision.comment, decision.uid, decision.verdict, decision.undoes, decision.reason, \
decision.labels, decision.note, decision.moderator, decision.made, decision.model, decision.scores, decision.advice, \
decision.sample";

pub(super) fn from_row(row: &Row) -> rusqlite::Result<Decision> {
    let verdict: String = row.get(4)?;
    let verdict = Verdict::named(&verdict).ok_or_else(|| unreadable(4, "an unknown verdict"))?;
    let sample: Option<i64> = row.get(14)?;
    Ok(Decision {
        seq: row.get(0)?,
        act: row.get(1)?,
        comment: row.get(2)?,
        uid: row.get(3)?,
        verdict,
        undoes: row.get(5)?,
        reason: row.get(6)?,
        labels: parsed(row, 7)?,
        note: row.get(8)?,
        moderator: row.get(9)?,
        made: row.get(10)?,
        model: row.get(11)?,
        scores: parsed(row, 12)?,
        advice: row.get(13)?,
        sample: sample.map(|rate| rate as f64 / MILLION),
    })
}

fn parsed<T: DeserializeOwned>(row: &Row, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

fn unreadable(column: usize, what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
}

/// The decisions that `ending` asks for.
pub(super) fn all(
    database: &Connection,
    ending: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Decision>> {
    let query = format!("SELECT {COLUMNS} FROM decision WHERE {ending}");
    database.prepare_cached(&query)?.query_map(values, from_row)?.collect()
}

impl Store {
    /// Hands over every decision in the order in which they were made, those that were taken back and their undoing
    /// too.
    ///
    /// # Errors
    /// When the database cannot be read, or where `take` fails.
    pub fn each_decision(&self, mut take: impl FnMut(Decision) -> Result<()>) -> Result<()> {
        self.read(|database| {
            let query = format!("SELECT {COLUMNS} FROM decision ORDER BY seq");
            let mut query = database.prepare(&query).map_err(failed)?;
            for decision in query.query_map([], from_row).map_err(failed)? {
                take(decision.map_err(failed)?)?;
            }
            Ok(())
        })
    }

    /// The decisions on a comment, the first one first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decisions_on(&self, comment: i64) -> Result<Vec<Decision>> {
        self.read(|database| all(database, "comment = ?1 ORDER BY seq", [comment]).map_err(failed))
    }

    /// The decisions of an act.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn act(&self, act: i64) -> Result<Vec<Decision>> {
        self.read(|database| all(database, "act = ?1 ORDER BY seq", [act]).map_err(failed))
    }
}
