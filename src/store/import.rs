//! Takes comments into the database: the same comment once, a changed one as a later version.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use rusqlite::{Connection, Transaction, params};

use super::identity::{Key, Keys, digest};
use super::item::{self, Beginning, lot};
use super::judge::{Judge, Judged, MILLION, band, pack, weight};
use super::kept::State;
use super::settings::{self, name};
use super::{Store, failed, number};
use crate::comment::{Comment, Status};
use crate::error::Result;
use crate::feature::{Context, Places};
use crate::model::Scratch;
use crate::scorer::Confidence;
use crate::source::date::day;
use crate::triage::Signature;
use crate::triage::Twins;

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
    store: &'s Store,
    judge: &'s Judge,
    /// The share of unflagged comments drawn for the audit, 0 to 1.
    rate: f64,
    seed: i64,
    places: Places,
    keys: Keys,
    twins: Twins,
    pages: HashMap<String, i64>,
    authors: HashMap<String, Option<i64>>,
    /// Harms of flagged comments: places in the queue for what is drawn.
    harms: Vec<i64>,
    imported: Imported,
}

/// Flagged comments whose harm is remembered.
const HARMS: usize = 1024;

/// A comment, judged.
struct Entrant {
    comment: Comment,
    key: Key,
    judged: Judged,
    signature: Option<Signature>,
}

impl Store {
    /// Begins an import: comments are judged by `judge`, and the share `rate` of those with nothing to report is drawn
    /// for the audit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import<'s>(&'s self, judge: &'s Judge, rate: f64) -> Result<Import<'s>> {
        let mut import = Import {
            store: self,
            judge,
            rate: rate.clamp(0.0, 1.0),
            seed: 0,
            places: Places::default(),
            keys: Keys::default(),
            twins: Twins::default(),
            pages: HashMap::new(),
            authors: HashMap::new(),
            harms: Vec::new(),
            imported: Imported::default(),
        };
        self.read(|database| import.recall(database).map_err(failed))?;
        Ok(import)
    }
}

impl Import<'_> {
    /// Remembers what came before: folds, and who answers whom.
    fn recall(&mut self, database: &Connection) -> rusqlite::Result<()> {
        self.seed = settings::get(database, name::SEED)?.unwrap_or_default();
        let mut query = database
            .prepare("SELECT page.name, comment.name, parent FROM comment JOIN page ON page.id = page ORDER BY comment.id")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (page, id) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            self.places.next(page, id, row.get_ref(2)?.as_str_or_null()?);
        }
        let mut query = database
            .prepare("SELECT id, signature FROM item WHERE signature IS NOT NULL ORDER BY id")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(signature) = Signature::from_bytes(row.get_ref(1)?.as_blob()?) {
                self.twins.insert(row.get::<_, i64>(0)? as u64, &signature);
            }
        }
        let mut query = database.prepare(
            "SELECT harm FROM comment WHERE band > 0 AND state < 4 ORDER BY id DESC LIMIT ?1",
        )?;
        let harms = query.query_map([HARMS], |row| row.get(0))?;
        self.harms = harms.collect::<rusqlite::Result<_>>()?;
        Ok(())
    }

    /// Takes comments in: all of them, or none where it fails. A few thousand at a time cost least.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add(&mut self, comments: Vec<Comment>) -> Result<()> {
        let placed: Vec<(Comment, Context, Key)> = comments
            .into_iter()
            .map(|comment| {
                let place = self.places.next(&comment.page, &comment.id, comment.parent.as_deref());
                let key = self.keys.of(&comment);
                (comment, place, key)
            })
            .collect();
        let judge = self.judge;
        let entrants: Vec<Entrant> = placed
            .into_par_iter()
            .map_init(Scratch::default, |scratch, (comment, place, key)| {
                let judged = judge.judge(&comment.text, place, scratch);
                let signature = Signature::of(&comment.text);
                Entrant { comment, key, judged, signature }
            })
            .collect();
        let store = self.store;
        let before = self.imported;
        let done = store.write(|change| self.write(change, entrants).map_err(failed));
        if done.is_err() {
            self.imported = before;
        }
        done
    }

    /// What it came to so far.
    pub fn imported(&self) -> Imported {
        self.imported
    }

    fn write(&mut self, change: &Transaction, entrants: Vec<Entrant>) -> rusqlite::Result<()> {
        let first: i64 =
            change.query_row("SELECT coalesce(max(id), 0) FROM comment", [], |row| row.get(0))?;
        let mut touched = BTreeSet::new();
        let mut answered = BTreeSet::new();
        for entrant in entrants {
            self.enter(change, entrant, &mut touched, &mut answered)?;
        }
        for comment in answered {
            item::reweigh(change, self.judge, comment)?;
        }
        for item in touched {
            item::refresh(change, item)?;
        }
        change.execute(
            "INSERT INTO word (rowid, text) SELECT id, text FROM comment WHERE id > ?1",
            [first],
        )?;
        Ok(())
    }

    /// Takes one comment in. Items that must be summed up again are `touched`; comments that got replies, `answered`.
    fn enter(
        &mut self,
        change: &Transaction,
        entrant: Entrant,
        touched: &mut BTreeSet<i64>,
        answered: &mut BTreeSet<i64>,
    ) -> rusqlite::Result<()> {
        let Entrant { comment, key, judged, signature } = entrant;
        let known =
            change.prepare_cached("SELECT 1 FROM comment WHERE key = ?1")?.exists([key.digest])?;
        if known {
            self.imported.known += 1;
            return Ok(());
        }
        let Some(author) = self.author(change, comment.author.as_deref())? else {
            self.imported.forgotten += 1;
            return Ok(());
        };
        let page = self.page(change, &comment)?;
        if key.named {
            self.replace(change, page, &comment.id, touched)?;
        }
        let (scores, severity) = (&judged.scores, (judged.severity * MILLION).round() as i64);
        let state = if is_out(&comment) { State::Out } else { State::Open };
        let (advice, label) = self.judge.advice(scores);
        let replies: u32 = change
            .prepare_cached("SELECT count(*) FROM comment WHERE page = ?1 AND parent = ?2")?
            .query_row(params![page, comment.id], |row| row.get(0))?;
        let harm = self.judge.harm(scores, weight(severity, replies, comment.votes));
        let band = band(advice);
        let drawn = state == State::Open && band == 0 && self.draws(&key);
        let sample = drawn.then(|| (self.rate * MILLION).round() as i64);
        let language = scores.language.code();
        let day = comment.date.as_deref().and_then(day).map(|day| day.to_string());
        let trust = scores.confidence == Confidence::Normal;
        let twin = signature
            .as_ref()
            .filter(|_| state == State::Open)
            .and_then(|one| self.twins.find(one));
        let item = twin.map(|twin| twin as i64);

        let mut insert = change.prepare_cached(
            "INSERT INTO comment (id, uid, key, page, name, author, date, day, text, parent, status, votes, found, replies, \
             language, trust, scores, severity, band, label, harm, sample, item, state) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, \
             ?23, ?24)",
        )?;
        let number = number::next(change)?;
        insert.execute(params![
            number,
            settings::random::<16>()?,
            key.digest,
            page,
            comment.id,
            author,
            comment.date,
            day,
            comment.text,
            comment.parent,
            comment.status.map(Status::name),
            comment.votes,
            comment.found,
            replies,
            language,
            trust,
            pack(scores),
            severity,
            band,
            label,
            harm,
            sample,
            item.unwrap_or(number),
            state as i64,
        ])?;
        match item {
            Some(item) => {
                touched.insert(item);
                self.imported.folded += 1;
            }
            None => {
                let place = if drawn { self.place(&key, harm) } else { harm };
                let signature = signature.filter(|_| state == State::Open);
                if let Some(signature) = &signature {
                    self.twins.insert(number as u64, signature);
                }
                let signature = signature.map(|one| one.to_bytes());
                item::begin(
                    change,
                    &Beginning {
                        number,
                        signature: signature.as_ref().map(|bytes| &bytes[..]),
                        state,
                        place,
                        doubt: self.judge.doubt(scores),
                        chance: lot(self.seed, &key.digest, 1, 1 << 40) as i64,
                        flagged: state != State::Out && (band > 0 || drawn),
                        band,
                        label,
                        language,
                        page,
                        author,
                        day: day.as_deref(),
                    },
                )?;
            }
        }
        if let Some(parent) = &comment.parent {
            let mut change = change.prepare_cached(
                "UPDATE comment SET replies = replies + 1 WHERE page = ?1 AND name = ?2 RETURNING id",
            )?;
            let parents = change.query_map(params![page, parent], |row| row.get(0))?;
            for parent in parents {
                answered.insert(parent?);
            }
        }
        if state == State::Out {
            self.imported.out += 1;
        } else {
            self.imported.added += 1;
            self.imported.drawn += u64::from(drawn);
            if band > 0 {
                self.remember(harm, number);
            }
        }
        Ok(())
    }

    /// Puts the versions of a comment that stand under the same name out of the queue.
    fn replace(
        &mut self,
        change: &Transaction,
        page: i64,
        id: &str,
        touched: &mut BTreeSet<i64>,
    ) -> rusqlite::Result<()> {
        let mut update = change.prepare_cached(
            "UPDATE comment SET state = 4 WHERE page = ?1 AND name = ?2 AND state < 2 RETURNING item",
        )?;
        let items = update.query_map(params![page, id], |row| row.get(0))?;
        for item in items {
            touched.insert(item?);
            self.imported.changed += 1;
        }
        Ok(())
    }

    /// The number of an author; the inner value is none where there is no name, the outer where they are to be
    /// forgotten.
    fn author(
        &mut self,
        change: &Transaction,
        author: Option<&str>,
    ) -> rusqlite::Result<Option<Option<i64>>> {
        let Some(author) = author else { return Ok(Some(None)) };
        if let Some(known) = self.authors.get(author) {
            return Ok(known.map(Some));
        }
        let gone = change
            .prepare_cached("SELECT 1 FROM forgotten WHERE author = ?1")?
            .exists([digest(self.seed, author)])?;
        let number = match gone {
            true => None,
            false => Some(number::of_name(change, "author", author)?),
        };
        self.authors.insert(author.to_string(), number);
        Ok(number.map(Some))
    }

    fn page(&mut self, change: &Transaction, comment: &Comment) -> rusqlite::Result<i64> {
        if let Some(&known) = self.pages.get(&comment.page) {
            return Ok(known);
        }
        let number = number::of_name(change, "page", &comment.page)?;
        if let Some(title) = &comment.title {
            change
                .prepare_cached("UPDATE page SET title = ?2 WHERE id = ?1")?
                .execute(params![number, title])?;
        }
        self.pages.insert(comment.page.clone(), number);
        Ok(number)
    }

    fn draws(&self, key: &Key) -> bool {
        const PARTS: u64 = 1_000_000;
        (lot(self.seed, &key.digest, 2, PARTS) as f64) < self.rate * PARTS as f64
    }

    /// The place of a comment that was drawn: that of a flagged one, so that its own does not give it away.
    fn place(&self, key: &Key, own: i64) -> i64 {
        let at = lot(self.seed, &key.digest, 3, self.harms.len() as u64) as usize;
        self.harms.get(at).copied().unwrap_or(own)
    }

    fn remember(&mut self, harm: i64, number: i64) {
        if self.harms.len() < HARMS {
            self.harms.push(harm);
        } else {
            self.harms[number as usize % HARMS] = harm;
        }
    }
}

/// Whether there is nothing left to decide.
fn is_out(comment: &Comment) -> bool {
    let taken = matches!(
        comment.status,
        Some(Status::Rejected | Status::Spam | Status::Deleted | Status::Pingback)
    );
    taken || comment.text.trim().is_empty()
}
