//! Tells what the queue caught and what it missed, from the decisions that stand and the random sample among the rest.

mod figures;
mod replay;
#[cfg(test)]
mod tests;
mod week;

pub use figures::{Figures, Missed, Share};
pub use replay::{Replay, Weighed};
pub use week::Week;

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::decision;
use super::settings::{self, name};
use super::{Store, failed};
use crate::error::Result;
use figures::Sums;

/// What waits for a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Of the flagged comments, those that nobody decided.
    pub flagged_open: usize,
    /// Of them, those put off.
    pub flagged_deferred: usize,
    /// Of the others, those that nobody decided.
    pub unflagged_open: usize,
    /// Of them, those put off.
    pub unflagged_deferred: usize,
    /// Of the others, open or put off, those drawn for the audit.
    pub drawn: usize,
}

impl Waiting {
    /// The flagged ones.
    pub fn flagged(&self) -> usize {
        self.flagged_open + self.flagged_deferred
    }

    /// The others.
    pub fn unflagged(&self) -> usize {
        self.unflagged_open + self.unflagged_deferred
    }
}

/// How many of some comments were approved and rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Approved.
    pub approved: usize,
    /// Rejected.
    pub rejected: usize,
}

impl Decided {
    /// Both.
    pub fn all(&self) -> usize {
        self.approved + self.rejected
    }
}

/// What the queue caught and missed, as far as it is decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// What is not decided yet.
    pub waiting: Waiting,
    /// Of everything.
    pub whole: Figures,
    /// By label: advice by the label that led to it, what is missed by the labels that moderators confirmed.
    pub labels: BTreeMap<String, Figures>,
    /// By the week of the decision.
    pub weeks: BTreeMap<Week, Figures>,
    /// By who decided.
    pub moderators: BTreeMap<String, Figures>,
}

impl Tally {
    /// Sums up what stands of a log, and what `waiting` says is not in it.
    pub fn of(replay: &Replay, waiting: Waiting) -> Tally {
        let mut whole = Sums::default();
        let mut labels: BTreeMap<String, Sums> = BTreeMap::new();
        let mut weeks: BTreeMap<Week, Sums> = BTreeMap::new();
        let mut moderators: BTreeMap<String, Sums> = BTreeMap::new();
        for one in replay.made() {
            let weeks = weeks.entry(one.week).or_default();
            let moderators = entry(&mut moderators, &one.moderator);
            let all = [&mut whole, weeks, moderators, entry(&mut labels, &one.label)];
            all.into_iter().for_each(|sums| sums.made(one));
        }
        for one in replay.standing() {
            entry(&mut labels, &one.label);
            for label in &one.labels {
                entry(&mut labels, label);
            }
        }
        labels.remove("");
        for one in replay.standing() {
            let alone = replay.is_alone(one);
            let weeks = weeks.entry(one.week).or_default();
            for sums in [&mut whole, weeks, entry(&mut moderators, &one.moderator)] {
                sums.advised(one, alone);
                sums.found(one, alone, one.is_rejected());
            }
            for (label, sums) in &mut labels {
                if *label == one.label {
                    sums.advised(one, alone);
                }
                sums.found(one, alone, one.is_rejected() && one.labels.contains(label));
            }
        }
        let figures = |sums: Sums| sums.figures(None);
        Tally {
            waiting,
            whole: whole.figures(Some(waiting)),
            labels: labels.into_iter().map(|(label, sums)| (label, figures(sums))).collect(),
            weeks: weeks.into_iter().map(|(week, sums)| (week, figures(sums))).collect(),
            moderators: moderators.into_iter().map(|(name, sums)| (name, figures(sums))).collect(),
        }
    }
}

fn entry<'m>(sums: &'m mut BTreeMap<String, Sums>, name: &str) -> &'m mut Sums {
    if !sums.contains_key(name) {
        sums.insert(name.to_string(), Sums::default());
    }
    sums.get_mut(name).expect("it was there or has just come")
}

impl Store {
    /// Sums up what was decided so far.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tally(&self) -> Result<Tally> {
        self.read(|database| tally(database).map_err(failed))
    }
}

fn tally(database: &Connection) -> rusqlite::Result<Tally> {
    let model: String = settings::get(database, name::MODEL)?.unwrap_or_default();
    // The label that leads is not in the log; the comment knows it as long as the same model scores.
    let query = format!(
        "SELECT {}, comment.item, CASE WHEN decision.model = ?1 THEN comment.label END \
         FROM decision LEFT JOIN comment ON comment.id = decision.comment ORDER BY seq",
        decision::COLUMNS
    );
    let mut query = database.prepare_cached(&query)?;
    let mut rows = query.query([model])?;
    let mut replay = Replay::default();
    while let Some(row) = rows.next()? {
        let (item, label): (Option<i64>, Option<String>) = (row.get(15)?, row.get(16)?);
        replay.take(decision::from_row(row)?, item, label);
    }
    Ok(Tally::of(&replay, waiting(database)?))
}

fn waiting(database: &Connection) -> rusqlite::Result<Waiting> {
    let mut query = database.prepare_cached(
        "SELECT count(*) FILTER (WHERE band > 0 AND state = 0), count(*) FILTER (WHERE band > 0 AND state = 1), \
         count(*) FILTER (WHERE band = 0 AND state = 0), count(*) FILTER (WHERE band = 0 AND state = 1), \
         count(*) FILTER (WHERE band = 0 AND sample IS NOT NULL) FROM comment WHERE state < 2",
    )?;
    query.query_row([], |row: &Row| {
        Ok(Waiting {
            flagged_open: row.get(0)?,
            flagged_deferred: row.get(1)?,
            unflagged_open: row.get(2)?,
            unflagged_deferred: row.get(3)?,
            drawn: row.get(4)?,
        })
    })
}
