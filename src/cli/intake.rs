//! Takes inputs into the database: comments, and decisions that were made in another one.

use std::collections::HashSet;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use anyhow::anyhow;
use vigie::comment::Comment;
use vigie::export::{Origin, Records, holds_decisions, records};
use vigie::source::{Input, Options, Reader};
use vigie::store::{Imported, Judge, PseudonymKey, Record, Store, TakenOver};

use super::input::Account;
use super::stderr::tell;

/// Comments that may be read ahead of the database.
const AHEAD: usize = 8192;

/// Where inputs go, and how.
pub struct Intake<'s> {
    /// The database.
    pub store: &'s Store,
    /// What judges their comments.
    pub judge: &'s Judge,
    /// The share of comments with nothing to report that is drawn for the audit, 0 to 1.
    pub share: f64,
    /// What makes names pseudonyms.
    pub key: Option<PseudonymKey>,
    /// Whose decisions they are, and of when, where a table of decisions does not tell.
    pub origin: Origin,
}

impl Intake<'_> {
    /// Takes inputs in. Tables of decisions that `vigie decisions` wrote bring their comments and what stands of the
    /// decisions on them; everything else, comments.
    pub fn take(
        &self,
        inputs: &[vigie::Result<Input>],
        options: &Options,
        account: &mut Account,
    ) -> anyhow::Result<(Imported, TakenOver)> {
        let mut decided = Vec::new();
        let imported = thread::scope(|scope| {
            let (sender, comments) = sync_channel(AHEAD);
            let import = scope.spawn(move || self.store.import(self.judge, self.share, comments));
            let read = self.read(inputs, options, account, &mut decided, &sender);
            drop(sender);
            // What stopped the import tells more than that nobody took the next comment.
            let imported = import.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            read.map(|()| imported)
        })?;
        let taken = self.store.take_over(&decided)?;
        Ok((imported, taken))
    }

    /// Reads inputs: their comments go to `sender`, decisions of another database to `decided`.
    fn read(
        &self,
        inputs: &[vigie::Result<Input>],
        options: &Options,
        account: &mut Account,
        decided: &mut Vec<Record>,
        sender: &SyncSender<Comment>,
    ) -> anyhow::Result<()> {
        let mut seen = HashSet::new();
        let mut take = |comment: Comment| {
            sender.send(self.named(comment)).map_err(|_| anyhow!("the import ended early"))
        };
        for input in inputs {
            match account.open(input, options) {
                None => {}
                Some((input, Reader::Table(mut table))) if holds_decisions(&table) => {
                    match records(&mut table, &self.origin) {
                        Ok(Records { records, refused }) => {
                            for reject in &refused {
                                account.reject(reject)?;
                            }
                            account.comments += records.len() as u64;
                            self.decisions(records, &mut seen, decided, &mut take)?;
                        }
                        Err(error) => {
                            account.fail(&error);
                            continue;
                        }
                    }
                    account.tell_repairs(input, table.repairs());
                    account.inputs += 1;
                }
                Some((input, reader)) => account.read(input, reader, &mut take)?,
            }
        }
        Ok(())
    }

    /// Hands over the comments of decisions, each once, and keeps the decisions for when all comments are in.
    fn decisions(
        &self,
        records: Vec<Record>,
        seen: &mut HashSet<(String, String, String)>,
        decided: &mut Vec<Record>,
        take: &mut impl FnMut(Comment) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for comment in records.iter().filter_map(|record| record.comment.as_ref()) {
            let Comment { page, id, text, .. } = comment.clone();
            if seen.insert((page, id, text)) {
                take(comment.clone())?;
            }
        }
        decided.extend(records.into_iter().map(|record| Record {
            comment: record.comment.map(|comment| self.named(comment)),
            ..record
        }));
        Ok(())
    }

    fn named(&self, comment: Comment) -> Comment {
        match &self.key {
            Some(key) => key.apply(comment),
            None => comment,
        }
    }
}

/// Says what a takeover came to; nothing where there was none.
pub fn tell_taken(taken: &TakenOver) {
    let TakenOver { taken, known, settled, past, absent } = *taken;
    if taken + known + settled + past + absent == 0 {
        return;
    }
    let mut told = format!("decisions made elsewhere: {taken} taken over");
    for (count, what) in [
        (known, "known already"),
        (settled, "left out, on comments that were decided here"),
        (past, "left out, taken back or followed by another there"),
        (absent, "left out, on comments that are not here"),
    ] {
        if count > 0 {
            told.push_str(&format!(", {count} {what}"));
        }
    }
    tell(told);
}
