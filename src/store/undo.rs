//! Takes acts back: nothing is deleted, the log gains the undoing.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction};

use super::decide::{Log, Outcome, set_state, state};
use super::decision::{self, Decision, Verdict};
use super::kept::State;
use super::{Store, failed, item};
use crate::error::Result;

impl Store {
    /// Takes an act back: its comments are again what they were before it, but for those that somebody decided since,
    /// which stay and are counted as left. `made` is in milliseconds since 1970, UTC.
    ///
    /// # Errors
    /// When the database cannot be written: then nothing is taken back.
    pub fn undo(&self, act: i64, moderator: &str, made: i64) -> Result<Outcome> {
        self.write(|change| undo(change, act, moderator, made).map_err(failed))
    }

    /// The last act of a moderator that can be taken back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_act(&self, moderator: &str) -> Result<Option<i64>> {
        self.read(|database| {
            let last = "moderator = ?1 AND verdict <> 'undo' \
                        AND NOT EXISTS (SELECT 1 FROM decision AS later WHERE later.undoes = decision.act) \
                        ORDER BY seq DESC LIMIT 1";
            let found = decision::all(database, last, [moderator]).map_err(failed)?;
            Ok(found.first().map(|decision| decision.act))
        })
    }
}

/// A decision that makes something of its comment and was not taken back.
pub(super) const STANDS: &str = "\
verdict IN ('approve', 'reject', 'defer') AND NOT EXISTS \
(SELECT 1 FROM decision AS later WHERE later.undoes = decision.act AND later.comment = decision.comment)";

fn undo(change: &Transaction, act: i64, moderator: &str, made: i64) -> rusqlite::Result<Outcome> {
    let decisions = decision::all(change, "act = ?1 AND verdict <> 'undo' ORDER BY seq", [act])?;
    let undone =
        change.prepare_cached("SELECT 1 FROM decision WHERE undoes = ?1")?.exists([act])?;
    if decisions.is_empty() || undone {
        return Ok(Outcome::Nothing);
    }
    let mut log = Log::open(change)?;
    let mut items = BTreeSet::new();
    let (mut comments, mut left) = (0, 0);
    let mut overtaken = None;
    for decision in decisions {
        let later = format!("comment = ?1 AND seq > ?2 AND {STANDS} ORDER BY seq DESC LIMIT 1");
        if let Some(by) = decision::all(change, &later, [decision.comment, decision.seq])?.pop() {
            left += 1;
            overtaken.get_or_insert(by);
            continue;
        }
        log.undo(&decision, moderator, made)?;
        comments += 1;
        if decision.verdict != Verdict::Note {
            let state = before(change, &decision)?;
            set_state(change, decision.comment, Some(state), log.head.seq)?;
        }
        let mut query = change.prepare_cached("SELECT item FROM comment WHERE id = ?1")?;
        for item in query.query_map([decision.comment], |row| row.get(0))? {
            items.insert(item?);
        }
    }
    for item in items {
        item::refresh(change, item)?;
    }
    match (log.act, overtaken) {
        (Some(act), _) => Ok(Outcome::Made { act, comments, left }),
        (None, Some(by)) => Ok(Outcome::Overtaken(Box::new(by))),
        (None, None) => Ok(Outcome::Nothing),
    }
}

/// What a comment was before a decision: what the last one before it, that was not taken back, made of it.
fn before(change: &Connection, of: &Decision) -> rusqlite::Result<State> {
    let last = format!("comment = ?1 AND seq < ?2 AND {STANDS} ORDER BY seq DESC LIMIT 1");
    let before = decision::all(change, &last, [of.comment, of.seq])?.pop();
    Ok(before.and_then(|decision| state(decision.verdict)).unwrap_or_default())
}
