//! Takes comments into the database: the same comment once, a changed one as a later version.

use std::collections::HashSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rayon::prelude::*;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::identity::{Key, Keys};
use super::judge::{Judge, Judged};
use super::register::Register;
use super::settings;
use super::{Store, failed, number, schema};
use crate::comment::Comment;
use crate::error::Result;
use crate::feature::{Context, Places};
use crate::model::Scratch;
use crate::source::date::day;
use crate::triage::Signature;

/// What an import came to. Every comment is counted once in the first four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New in the queue.
    pub added: u64,
    /// New, but not to be decided: deleted, refused or taken for advertising by their site, or without text.
    pub out: u64,
    /// Known already, with whatever was decided of them.
    pub known: u64,
    /// By people who asked to be forgotten: left out.
    pub forgotten: u64,
    /// Of those added: later versions of comments known before.
    pub changed: u64,
    /// Of those added: folded into an item that was there.
    pub folded: u64,
    /// Of those added: unflagged, drawn at random for the audit.
    pub drawn: u64,
}

/// An import under way.
pub struct Import<'s> {
    path: &'s Path,
    judge: &'s Judge,
    database: Connection,
    places: Places,
    keys: Keys,
    /// The keys of what is in the database: it need not be judged again.
    known: HashSet<[u8; 16]>,
    register: Register<'s>,
    imported: Imported,
}

/// Comments judged together, while those before them are written.
const CHUNK: usize = 1024;

/// A comment in its place, to be judged.
type Placed = (Comment, Context, Key);

/// A comment, judged: all that can be known of it without the database.
pub(super) struct Entrant {
    pub(super) comment: Comment,
    pub(super) key: Key,
    pub(super) uid: [u8; 16],
    pub(super) judged: Judged,
    pub(super) signature: Option<Signature>,
    /// The day on which it was written, where its date tells it.
    pub(super) day: Option<String>,
}

impl Store {
    /// Begins an import: comments are judged by `judge`, and the share `rate` of those with nothing to report is drawn
    /// for the audit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import<'s>(&'s self, judge: &'s Judge, rate: f64) -> Result<Import<'s>> {
        Import::new(self, judge, rate).map_err(|error| error.at_path(&self.path))
    }
}

impl<'s> Import<'s> {
    fn new(store: &'s Store, judge: &'s Judge, rate: f64) -> Result<Import<'s>> {
        let path = store.path.as_path();
        let database = schema::importer(path)?;
        let register = Register::new(&database, judge, rate).map_err(failed)?;
        let (places, keys, known) = (Places::default(), Keys::default(), HashSet::new());
        let imported = Imported::default();
        let mut import = Import { path, judge, database, places, keys, known, register, imported };
        import.recall().map_err(failed)?;
        Ok(import)
    }

    /// Remembers what came before, and who answers whom.
    fn recall(&mut self) -> rusqlite::Result<()> {
        let mut query = self.database.prepare(
            "SELECT page.name, comment.name, parent, key FROM comment JOIN page ON page.id = page ORDER BY comment.id",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (page, id) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            self.places.next(page, id, row.get_ref(2)?.as_str_or_null()?);
            self.known.insert(row.get(3)?);
        }
        Ok(())
    }

    /// Takes comments in: all of them, or none where it fails; then the import is over. Some ten thousand at a time
    /// cost least: some are judged while others are written.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add(&mut self, comments: Vec<Comment>) -> Result<()> {
        let mut imported = self.imported;
        let mut placed: Vec<Placed> = Vec::with_capacity(comments.len());
        for comment in comments {
            let place = self.places.next(&comment.page, &comment.id, comment.parent.as_deref());
            let key = self.keys.of(&comment);
            if self.known.insert(key.digest) {
                placed.push((comment, place, key));
            } else {
                imported.known += 1;
            }
        }
        if !placed.is_empty() {
            let (judge, database, register) = (self.judge, &mut self.database, &mut self.register);
            let written = thread::scope(|scope| {
                let (sender, judged) = sync_channel(1);
                scope.spawn(move || judge_all(judge, placed, &sender));
                let change = database
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(failed)?;
                write_all(&change, register, judged, &mut imported)?;
                change.commit().map_err(failed)
            });
            written.map_err(|error| error.at_path(self.path))?;
        }
        self.imported = imported;
        Ok(())
    }

    /// What it came to so far.
    pub fn imported(&self) -> Imported {
        self.imported
    }
}

impl Drop for Import<'_> {
    /// Moves what was written into the file itself, as far as that is possible now: the first decision need not wait
    /// for it.
    fn drop(&mut self) {
        let _ = self.database.query_row("PRAGMA wal_checkpoint (PASSIVE)", [], |_| Ok(()));
    }
}

/// Judges comments and hands them over, until nobody takes them any more.
fn judge_all(
    judge: &Judge,
    placed: Vec<Placed>,
    sender: &SyncSender<rusqlite::Result<Vec<Entrant>>>,
) {
    let mut placed = placed.into_iter();
    loop {
        let chunk: Vec<Placed> = placed.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            break;
        }
        let entrants = chunk.into_par_iter().map_init(Scratch::default, |scratch, one| {
            let (comment, place, key) = one;
            Ok(Entrant {
                judged: judge.judge(&comment.text, place, scratch),
                signature: Signature::of(&comment.text),
                day: comment.date.as_deref().and_then(day).map(|day| day.to_string()),
                uid: settings::random()?,
                comment,
                key,
            })
        });
        if sender.send(entrants.collect()).is_err() {
            break;
        }
    }
}

fn write_all(
    change: &Transaction,
    register: &mut Register,
    judged: Receiver<rusqlite::Result<Vec<Entrant>>>,
    imported: &mut Imported,
) -> Result<()> {
    let last = number::last(change).map_err(failed)?;
    for entrants in judged {
        let entrants = entrants.map_err(failed)?;
        register.enter(change, entrants, imported).map_err(failed)?;
    }
    Register::enter_words(change, last).map_err(failed)
}
