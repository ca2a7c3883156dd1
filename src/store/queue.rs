//! Makes the queue of a view, for the reports: every comment that it shows, with reasons and the thread around it.

use std::collections::HashMap;

use rayon::prelude::*;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::judge::Judge;
use super::kept::{self, Kept};
use super::selection::{Selection, sorted};
use super::settings::{self, name};
use super::view::{Scope, View};
use super::{Store, failed};
use crate::comment::{Comment, Thread};
use crate::error::{Error, Result};
use crate::model::Scratch;
use crate::triage::{Advice, Counts, Entry, Queue};

/// A comment that is not of the queue, but stands around one that is.
struct Neighbour {
    number: i64,
    comment: Comment,
}

impl Store {
    /// The queue of a view in its order; ranks count from 1 in it. Near-duplicates follow the one that leads them. Only
    /// comments of the view's state are entries; the rest of their pages is there for the threads.
    ///
    /// # Errors
    /// When the database cannot be read, or its scores come from another model than the judge's.
    pub fn queue(&self, view: &View, judge: &Judge) -> Result<Queue> {
        let model = judge.scorer().model().id();
        let (active, entries, around) = self.read(|database| {
            let active: Option<String> = settings::get(database, name::MODEL).map_err(failed)?;
            let entries = entries(database, view).map_err(failed)?;
            let around = around(database, view).map_err(failed)?;
            Ok((active, entries, around))
        })?;
        if active.as_deref() != Some(model) {
            let active = active.as_deref().unwrap_or("none");
            return Err(Error::database(format!("expected scores of {model}, found {active}")));
        }
        Ok(assemble(entries, around, judge))
    }
}

fn assemble(kept: Vec<Kept>, around: Vec<Neighbour>, judge: &Judge) -> Queue {
    let reasons: Vec<_> = kept
        .par_iter()
        .map_init(Scratch::default, |scratch, one| match one.advice {
            Advice::Approve => Vec::new(),
            _ => judge.reasons(&one.comment, scratch),
        })
        .collect();
    let index: HashMap<i64, usize> =
        around.iter().enumerate().map(|(index, one)| (one.number, index)).collect();
    let mut counts = Counts::default();
    let mut left = vec![0.0; judge.adviser().labels().len()];
    let mut entries = Vec::with_capacity(kept.len());
    for (one, reasons) in kept.into_iter().zip(reasons) {
        let Some(&index) = index.get(&one.number) else { continue };
        counts.read += 1;
        match one.advice {
            Advice::Approve => {
                counts.approve += 1;
                for (sum, probability) in left.iter_mut().zip(&one.scores.probabilities) {
                    *sum += probability.value();
                }
            }
            Advice::Review => counts.review += 1,
            Advice::Reject => counts.reject += 1,
        }
        let assessment = judge.adviser().assess(&one.scores);
        let (rank, advice, scores) = (entries.len() + 1, one.advice, one.scores);
        entries.push(Entry { rank, index, assessment, advice, scores, reasons });
    }
    let comments: Vec<Comment> = around.into_iter().map(|one| one.comment).collect();
    let thread = Thread::build(&comments);
    Queue { adviser: judge.adviser().clone(), comments, thread, entries, counts, left }
}

/// The comments of the items of a view.
fn entries(database: &Connection, view: &View) -> rusqlite::Result<Vec<Kept>> {
    let mut selection = Selection::of(view);
    selection.and(
        match view.state {
            Scope::Open => "comment.state = 0",
            Scope::Deferred => "comment.state = 1",
            Scope::Approved => "comment.state = 2",
            Scope::Rejected => "comment.state = 3",
            Scope::All => "comment.state < 4",
        },
        [],
    );
    let query = format!(
        "SELECT {} FROM {} JOIN item ON item.id = comment.item WHERE {} \
         ORDER BY {}, comment.id <> item.lead, comment.id",
        kept::COLUMNS,
        kept::TABLES,
        selection.conditions,
        sorted(view.order),
    );
    let mut query = database.prepare(&query)?;
    query.query_map(params_from_iter(selection.values), kept::from_row)?.collect()
}

/// All comments of the pages on which the leading comments of a view's items stand, and those of the items, in the order in
/// which they came; but for versions that a later one replaced.
fn around(database: &Connection, view: &View) -> rusqlite::Result<Vec<Neighbour>> {
    let selection = Selection::of(view);
    let query = format!(
        "WITH shown AS MATERIALIZED (SELECT comment.page FROM item JOIN comment ON comment.item = item.id WHERE {}) \
         SELECT {} FROM {} WHERE comment.page IN (SELECT page FROM shown) AND (comment.state < 4 OR NOT EXISTS \
         (SELECT 1 FROM comment AS later WHERE later.page = comment.page AND later.name = comment.name \
         AND later.id > comment.id)) ORDER BY comment.id",
        selection.conditions,
        kept::COLUMNS,
        kept::TABLES,
    );
    let values: Vec<Value> = selection.values;
    let mut query = database.prepare(&query)?;
    let found = query.query_map(params_from_iter(values), kept::from_row)?;
    found
        .map(|kept| kept.map(|Kept { number, comment, .. }| Neighbour { number, comment }))
        .collect()
}
