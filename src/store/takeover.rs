//! Takes over decisions that were made in another database, on comments that are known here.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{OptionalExtension, Transaction, params};

use super::decide::{Log, set_state, state};
use super::decision::Verdict;
use super::identity::Keys;
use super::kept::State;
use super::record::Record;
use super::{Store, failed, item};
use crate::error::Result;

/// What a takeover came to. Every record is counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// Taken over.
    pub taken: u64,
    /// In this log already.
    pub known: u64,
    /// Left out, because the comment was decided on here, or stands outside the queue.
    pub settled: u64,
    /// Left out, because it does not stand there: taken back, or followed by another decision on the comment.
    pub past: u64,
    /// Left out, because the comment is not here: it was forgotten, or not imported.
    pub absent: u64,
}

/// A comment as it is here.
#[derive(Clone, Copy)]
struct Here {
    number: i64,
    uid: [u8; 16],
    item: i64,
    state: State,
}

impl Store {
    /// Takes over what stands of decisions made elsewhere, with who made them, when, and on which model's advice; notes
    /// too. Comments are found by what makes them the same in another import ([`Store::import`]). What was decided here
    /// stays. An act there is an act here.
    ///
    /// # Errors
    /// When the database cannot be written: then nothing is taken over.
    pub fn take_over(&self, records: &[Record]) -> Result<TakenOver> {
        self.write(|change| take_over(change, records).map_err(failed))
    }
}

fn take_over(change: &Transaction, records: &[Record]) -> rusqlite::Result<TakenOver> {
    let keys = keys(records);
    let makes = |record: &Record| !record.undone && state(record.decision.verdict).is_some();
    let mut last = HashMap::new();
    for (at, key) in keys.iter().enumerate().filter(|(at, _)| makes(&records[*at])) {
        last.insert(*key, at);
    }
    let mut log = Log::open(change)?;
    let mut acts: HashMap<i64, i64> = HashMap::new();
    let mut items = BTreeSet::new();
    let mut taken = TakenOver::default();
    for (at, (record, key)) in records.iter().zip(&keys).enumerate() {
        let Some(key) = key else {
            taken.absent += 1;
            continue;
        };
        let decision = &record.decision;
        let note = decision.verdict == Verdict::Note && !record.undone;
        if !note && last.get(&Some(*key)) != Some(&at) {
            taken.past += 1;
            continue;
        }
        let Some(here) = find(change, key)? else {
            taken.absent += 1;
            continue;
        };
        let mut same = change.prepare_cached(
            "SELECT 1 FROM decision WHERE comment = ?1 AND verdict = ?2 AND moderator = ?3 AND made = ?4",
        )?;
        let values =
            params![here.number, decision.verdict.name(), decision.moderator, decision.made];
        if same.exists(values)? {
            taken.known += 1;
            continue;
        }
        let waits = here.state == State::Open
            || here.state == State::Deferred && decision.verdict != Verdict::Defer;
        if !note && !waits {
            taken.settled += 1;
            continue;
        }
        let act = acts.get(&decision.act).copied();
        log.take_over((here.number, here.uid), act, decision)?;
        acts.insert(decision.act, act.unwrap_or(log.head.seq));
        set_state(change, here.number, state(decision.verdict), log.head.seq)?;
        items.insert(here.item);
        taken.taken += 1;
    }
    for item in items {
        item::refresh(change, item)?;
    }
    Ok(taken)
}

/// What each record's comment is known by; a comment of which there are several records is one.
fn keys(records: &[Record]) -> Vec<Option<[u8; 16]>> {
    let mut keys = Keys::default();
    let mut seen = HashMap::new();
    let of = |record: &Record| {
        let comment = record.comment.as_ref()?;
        let place = (comment.page.clone(), comment.id.clone(), comment.text.clone());
        Some(*seen.entry(place).or_insert_with(|| keys.of(comment).digest))
    };
    records.iter().map(of).collect()
}

fn find(change: &Transaction, key: &[u8; 16]) -> rusqlite::Result<Option<Here>> {
    let mut query =
        change.prepare_cached("SELECT id, uid, item, state FROM comment WHERE key = ?1")?;
    let here = query.query_row([key], |row| {
        Ok(Here {
            number: row.get(0)?,
            uid: row.get(1)?,
            item: row.get(2)?,
            state: State::from_number(row.get(3)?),
        })
    });
    here.optional()
}
