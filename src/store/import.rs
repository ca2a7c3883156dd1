//! Takes comments into the database: the same comment once, a changed one as a later version.

use std::collections::HashSet;
use std::iter;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use rayon::prelude::*;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::identity::{Key, Keys};
use super::judge::{Judge, Judged};
use super::register::Register;
use super::settings;
use super::{Store, failed, number, schema};
use crate::comment::Comment;
use crate::error::{Error, Result};
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

/// Comments judged together, while those before them are written.
const CHUNK: usize = 1024;

/// Chunks written in one transaction.
const TOGETHER: usize = 8;

/// How long a transaction waits for its next chunk: nobody else can write meanwhile.
const PAUSE: Duration = Duration::from_millis(50);

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

/// What became of a chunk of comments before the database.
struct Chunk {
    entrants: Vec<Entrant>,
    /// How many of them were known already.
    known: u64,
}

impl Store {
    /// Takes comments in: they are judged by `judge`, and the share `rate` (0 to 1) of those with nothing to report is
    /// drawn for the audit.
    ///
    /// Some thousand comments at a time are written, all of them or none; comments are read from `comments` and judged
    /// meanwhile, on another thread.
    ///
    /// # Errors
    /// When the database cannot be read or written. What was written before stays: with the next import, it is known.
    pub fn import<C>(&self, judge: &Judge, rate: f64, comments: C) -> Result<Imported>
    where
        C: IntoIterator<Item = Comment>,
        C::IntoIter: Send,
    {
        let path = self.path.as_path();
        let import = || {
            let mut database = schema::importer(path)?;
            let imported = import(&mut database, judge, rate, comments.into_iter());
            // Whatever came of it, the queue must stay quick; and the first decision need not wait for what was written
            // to move into the file itself, as far as that is possible now.
            let indexed = schema::index(&database).map_err(failed);
            let _ = database.query_row("PRAGMA wal_checkpoint (PASSIVE)", [], |_| Ok(()));
            imported.and_then(|imported| indexed.map(|()| imported))
        };
        import().map_err(|error: Error| error.at_path(path))
    }
}

fn import(
    database: &mut Connection,
    judge: &Judge,
    rate: f64,
    comments: impl Iterator<Item = Comment> + Send,
) -> Result<Imported> {
    let mut register = Register::new(database, judge, rate).map_err(failed)?;
    let gate = Gate::new(database).map_err(failed)?;
    let mut imported = Imported::default();
    thread::scope(|scope| {
        let (sender, judged) = sync_channel(2);
        scope.spawn(move || judge_all(judge, gate, comments, &sender));
        for first in &judged {
            let more = iter::from_fn(|| judged.recv_timeout(PAUSE).ok()).take(TOGETHER - 1);
            let change = database
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(failed)?;
            write(&change, &mut register, iter::once(first).chain(more), &mut imported)?;
            change.commit().map_err(failed)?;
        }
        Ok(imported)
    })
}

/// Lets through what is new, and knows who answers whom.
struct Gate {
    places: Places,
    keys: Keys,
    /// The keys of what is in the database: it need not be judged again.
    known: HashSet<[u8; 16]>,
}

impl Gate {
    /// Remembers what came before.
    fn new(database: &Connection) -> rusqlite::Result<Gate> {
        let (places, keys, known) = (Places::default(), Keys::default(), HashSet::new());
        let mut gate = Gate { places, keys, known };
        let mut query = database.prepare(
            "SELECT page.name, comment.name, parent, key FROM comment JOIN page ON page.id = page ORDER BY comment.id",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (page, id) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            gate.places.next(page, id, row.get_ref(2)?.as_str_or_null()?);
            gate.known.insert(row.get(3)?);
        }
        Ok(gate)
    }

    fn pass(&mut self, comment: Comment) -> Option<Placed> {
        let place = self.places.next(&comment.page, &comment.id, comment.parent.as_deref());
        let key = self.keys.of(&comment);
        self.known.insert(key.digest).then_some((comment, place, key))
    }
}

/// Judges comments and hands them over, until nobody takes them any more.
fn judge_all(
    judge: &Judge,
    mut gate: Gate,
    mut comments: impl Iterator<Item = Comment>,
    sender: &SyncSender<rusqlite::Result<Chunk>>,
) {
    loop {
        let (mut placed, mut read) = (Vec::with_capacity(CHUNK), 0);
        for comment in comments.by_ref().take(CHUNK) {
            read += 1;
            placed.extend(gate.pass(comment));
        }
        if read == 0 {
            break;
        }
        let known = read - placed.len() as u64;
        let entrants = placed.into_par_iter().map_init(Scratch::default, |scratch, one| {
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
        let entrants: rusqlite::Result<Vec<Entrant>> = entrants.collect();
        if sender.send(entrants.map(|entrants| Chunk { entrants, known })).is_err() {
            break;
        }
    }
}

fn write(
    change: &Transaction,
    register: &mut Register,
    judged: impl Iterator<Item = rusqlite::Result<Chunk>>,
    imported: &mut Imported,
) -> Result<()> {
    let last = number::last(change).map_err(failed)?;
    if last == 0 {
        // Into an empty queue: its indexes are made faster once all is in.
        schema::drop_indexes(change).map_err(failed)?;
    }
    for chunk in judged {
        let Chunk { entrants, known } = chunk.map_err(failed)?;
        imported.known += known;
        register.enter(change, entrants, imported).map_err(failed)?;
    }
    Register::enter_words(change, last).map_err(failed)
}
