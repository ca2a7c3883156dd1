//! Enters judged comments into the database: their rows, the items of the queue that they make or join, and their words.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, Transaction, params};

use super::identity::{Key, digest};
use super::import::{Entrant, Imported};
use super::item::{self, Beginning, lot};
use super::judge::{Judge, MILLION, band, pack, weight};
use super::kept::State;
use super::number;
use super::settings::{self, name};
use crate::comment::{Comment, Status};
use crate::scorer::Confidence;
use crate::triage::{Signature, Twins};

/// Enters comments, and remembers what it need not look up again.
pub(super) struct Register<'s> {
    judge: &'s Judge,
    /// The share of unflagged comments drawn for the audit, 0 to 1.
    rate: f64,
    seed: i64,
    twins: Twins,
    pages: HashMap<String, i64>,
    /// None: to be forgotten.
    authors: HashMap<String, Option<i64>>,
    /// Harms of flagged comments: places in the queue for what is drawn.
    harms: Vec<i64>,
    /// The number of the last comment that this import knows of: where it is the last of all, no other program added any.
    last: i64,
}

/// Flagged comments whose harm is remembered.
const HARMS: usize = 1024;

/// A comment that is new, with what its row refers to.
struct New {
    entrant: Entrant,
    page: i64,
    author: Option<i64>,
}

/// Whether other programs added comments since this import looked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    Quiet,
    Wrote,
}

/// Comments that are entered together.
struct Together {
    /// The number of the last comment before them.
    before: i64,
    /// The number of the last page before them: on later ones nothing stood yet.
    pages: i64,
    /// How many of them answer what stands under an id on a page.
    answers: HashMap<(i64, String), u32>,
    /// Items that must be summed up again.
    touched: BTreeSet<i64>,
}

impl<'s> Register<'s> {
    /// Remembers the folds that are there.
    pub(super) fn new(
        database: &Connection,
        judge: &'s Judge,
        rate: f64,
    ) -> rusqlite::Result<Register<'s>> {
        let mut register = Register {
            judge,
            rate: rate.clamp(0.0, 1.0),
            seed: settings::get(database, name::SEED)?.unwrap_or_default(),
            twins: Twins::default(),
            pages: HashMap::new(),
            authors: HashMap::new(),
            harms: Vec::new(),
            last: number::last(database)?,
        };
        let mut query = database.prepare("SELECT item, signature FROM fold ORDER BY item")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(signature) = Signature::from_bytes(row.get_ref(1)?.as_blob()?) {
                register.twins.insert(row.get::<_, i64>(0)? as u64, &signature);
            }
        }
        let mut query = database.prepare(
            "SELECT harm FROM comment WHERE band > 0 AND state < 4 ORDER BY id DESC LIMIT ?1",
        )?;
        let harms = query.query_map([HARMS], |row| row.get(0))?;
        register.harms = harms.collect::<rusqlite::Result<_>>()?;
        Ok(register)
    }

    /// Enters comments, all in one transaction.
    pub(super) fn enter(
        &mut self,
        change: &Transaction,
        entrants: Vec<Entrant>,
        imported: &mut Imported,
    ) -> rusqlite::Result<()> {
        let before = number::last(change)?;
        let pages =
            change.query_row("SELECT coalesce(max(id), 0) FROM page", [], |row| row.get(0))?;
        let (answers, touched) = (HashMap::new(), BTreeSet::new());
        let mut together = Together { before, pages, answers, touched };
        let others = if before == self.last { Others::Quiet } else { Others::Wrote };
        let mut new = Vec::with_capacity(entrants.len());
        for entrant in entrants {
            if let Some(one) = self.resolve(change, entrant, others, imported)? {
                if let Some(parent) = &one.entrant.comment.parent {
                    *together.answers.entry((one.page, parent.clone())).or_default() += 1;
                }
                new.push(one);
            }
        }
        for (number, one) in (before + 1..).zip(&new) {
            self.add(change, number, one, &mut together, imported)?;
            self.last = number;
        }
        self.answered(change, &mut together)?;
        for item in together.touched {
            item::refresh(change, item)?;
        }
        Ok(())
    }

    /// Enters the words of comments, the last thing in a transaction: SQLite writes out those that it gathered before
    /// every statement that could be taken back by itself.
    pub(super) fn enter_words(change: &Transaction, after: i64) -> rusqlite::Result<()> {
        change
            .prepare_cached(
                "INSERT INTO word (rowid, text) SELECT id, text FROM comment WHERE id > ?1",
            )?
            .execute([after])
            .map(drop)
    }

    /// What a comment's row refers to; none where it is known already, or its author is to be forgotten.
    fn resolve(
        &mut self,
        change: &Transaction,
        entrant: Entrant,
        others: Others,
        imported: &mut Imported,
    ) -> rusqlite::Result<Option<New>> {
        if others == Others::Wrote {
            let mut known = change.prepare_cached("SELECT 1 FROM comment WHERE key = ?1")?;
            if known.exists([entrant.key.digest])? {
                imported.known += 1;
                return Ok(None);
            }
        }
        let Some(author) = self.author(change, entrant.comment.author.as_deref())? else {
            imported.forgotten += 1;
            return Ok(None);
        };
        let page = self.page(change, &entrant.comment)?;
        Ok(Some(New { entrant, page, author }))
    }

    /// Adds a comment, and an item for it unless it joins one.
    fn add(
        &mut self,
        change: &Transaction,
        number: i64,
        new: &New,
        together: &mut Together,
        imported: &mut Imported,
    ) -> rusqlite::Result<()> {
        let New { entrant, page, author } = new;
        let Entrant { comment, key, judged, signature, .. } = entrant;
        if key.named {
            let items = replace(change, *page, &comment.id)?;
            imported.changed += items.len() as u64;
            together.touched.extend(items);
        }
        let (scores, severity) = (&judged.scores, (judged.severity * MILLION).round() as i64);
        let state = if is_out(comment) { State::Out } else { State::Open };
        let (advice, label) = self.judge.advice(scores);
        let replies = together.replies(change, *page, &comment.id)?;
        let harm = self.judge.harm(scores, weight(severity, replies, comment.votes));
        let band = band(advice);
        let drawn = state == State::Open && band == 0 && self.draws(key);
        let sample = drawn.then(|| (self.rate * MILLION).round() as i64);
        let language = scores.language.code();
        let signature = signature.as_ref().filter(|_| state == State::Open);
        let twin = signature.and_then(|one| self.twins.find(one)).map(|twin| twin as i64);
        let mut insert = change.prepare_cached(
            "INSERT INTO comment (id, uid, key, page, name, author, date, day, text, parent, status, votes, found, \
             replies, language, trust, scores, severity, band, label, harm, sample, item, state) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
             ?22, ?23, ?24)",
        )?;
        insert.execute(params![
            number,
            entrant.uid,
            key.digest,
            page,
            comment.id,
            author,
            comment.date,
            entrant.day,
            comment.text,
            comment.parent,
            comment.status.map(Status::name),
            comment.votes,
            comment.found,
            replies,
            language,
            scores.confidence == Confidence::Normal,
            pack(scores),
            severity,
            band,
            label,
            harm,
            sample,
            twin.unwrap_or(number),
            state as i64,
        ])?;
        match twin {
            Some(twin) => {
                together.touched.insert(twin);
                imported.folded += 1;
            }
            None => {
                if let Some(signature) = signature {
                    self.twins.insert(number as u64, signature);
                }
                item::begin(
                    change,
                    &Beginning {
                        number,
                        signature: signature.map(|one| one.to_bytes()).as_deref(),
                        state,
                        place: if drawn { self.place(key, harm) } else { harm },
                        doubt: self.judge.doubt(scores),
                        chance: lot(self.seed, &key.digest, 1, 1 << 40) as i64,
                        flagged: state != State::Out && (band > 0 || drawn),
                        band,
                        label,
                        language,
                        page: *page,
                        author: *author,
                        day: entrant.day.as_deref(),
                    },
                )?;
            }
        }
        if state == State::Out {
            imported.out += 1;
        } else {
            imported.added += 1;
            imported.drawn += u64::from(drawn);
            if band > 0 {
                self.remember(harm, number);
            }
        }
        Ok(())
    }

    /// Counts the answers to comments that were there before, which weigh more by them.
    fn answered(&self, change: &Transaction, together: &mut Together) -> rusqlite::Result<()> {
        let mut query = change.prepare_cached(
            "UPDATE comment SET replies = replies + ?3 WHERE page = ?1 AND name = ?2 AND id <= ?4 RETURNING id",
        )?;
        let mut answered = BTreeSet::new();
        for ((page, parent), count) in &together.answers {
            let found =
                query.query_map(params![page, parent, count, together.before], |row| row.get(0))?;
            for number in found {
                answered.insert(number?);
            }
        }
        for number in answered {
            together.touched.extend(item::reweigh(change, self.judge, number)?);
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

impl Together {
    /// How many comments answer one that is to be added: those that were there before, and those that come with it.
    fn replies(&self, change: &Transaction, page: i64, id: &str) -> rusqlite::Result<u32> {
        let before: u32 = if page > self.pages {
            0
        } else {
            let mut query = change.prepare_cached(
                "SELECT count(*) FROM comment WHERE page = ?1 AND parent = ?2 AND id <= ?3",
            )?;
            query.query_row(params![page, id, self.before], |row| row.get(0))?
        };
        let with = self.answers.get(&(page, id.to_string())).copied().unwrap_or_default();
        Ok(before + with)
    }
}

/// Puts the versions of a comment that stand under the same id out of the queue; the items in which they stood.
fn replace(change: &Transaction, page: i64, id: &str) -> rusqlite::Result<Vec<i64>> {
    let mut update = change.prepare_cached(
        "UPDATE comment SET state = 4 WHERE page = ?1 AND name = ?2 AND state < 2 RETURNING item",
    )?;
    update.query_map(params![page, id], |row| row.get(0))?.collect()
}

/// Whether there is nothing left to decide.
fn is_out(comment: &Comment) -> bool {
    let taken = matches!(
        comment.status,
        Some(Status::Rejected | Status::Spam | Status::Deleted | Status::Pingback)
    );
    taken || comment.text.trim().is_empty()
}
