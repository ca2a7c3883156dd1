//! Takes down what a moderator decides, unless somebody else was faster.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Transaction, params, params_from_iter};

use super::chain::{self, Head, Link};
use super::decision::{self, Decision, Verdict};
use super::judge::{MILLION, advice, unpack};
use super::kept::State;
use super::selection::Selection;
use super::settings::{self, name};
use super::view::View;
use super::{Store, failed, item};
use crate::error::Result;
use crate::triage::Advice;

/// What a moderator says.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// What is done.
    pub verdict: Verdict,
    /// Why, as a word of the newsroom's list; may be empty.
    pub reason: String,
    /// The labels that the moderator confirms or corrects.
    pub labels: BTreeMap<String, bool>,
    /// What else there is to say.
    pub note: Option<String>,
    /// Who.
    pub moderator: String,
    /// When: milliseconds since 1970, UTC.
    pub made: i64,
}

/// Of what, and what the moderator had seen of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Of what.
    pub to: To,
    /// The number of the last decision that the moderator can have seen: of the item or comment ([`super::Card::seen`]),
    /// or of all ([`Store::head`]) for a view.
    pub seen: i64,
}

/// Comments.
#[derive(Clone, Debug, PartialEq)]
pub enum To {
    /// What waits of an item; where nothing does, all of it.
    Item(i64),
    /// One comment.
    Comment(i64),
    /// What waits of all items of a view, up to the comment of this number: what joined later was not in the preview.
    View(View, i64),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is taken down.
    Made {
        /// The act, to take it back by.
        act: i64,
        /// How many comments it is about.
        comments: usize,
        /// Of a view: how many were left out because somebody decided them meanwhile.
        left: usize,
    },
    /// Somebody else decided meanwhile: nothing is taken down.
    Overtaken(Box<Decision>),
    /// There is no such comment.
    Nothing,
}

/// What of a comment goes into the log.
struct Judged {
    number: i64,
    item: i64,
    uid: [u8; 16],
    scores: String,
    advice: &'static str,
    sample: Option<i64>,
}

impl Store {
    /// Takes down what a moderator decides, for all comments of the target or for none.
    ///
    /// # Errors
    /// When the database cannot be written: then nothing is decided.
    pub fn decide(&self, target: &Target, ruling: &Ruling) -> Result<Outcome> {
        self.write(|change| decide(change, target, ruling).map_err(failed))
    }
}

fn decide(change: &Transaction, target: &Target, ruling: &Ruling) -> rusqlite::Result<Outcome> {
    let mut left = 0;
    let comments = match &target.to {
        To::Comment(comment) => vec![*comment],
        To::Item(item) => of_item(change, *item)?,
        To::View(view, last) => {
            let (ours, theirs) = of_view(change, view, *last, target.seen)?;
            left = theirs;
            ours
        }
    };
    if !matches!(target.to, To::View(..)) {
        for &comment in &comments {
            let later = "comment = ?1 AND seq > ?2 AND verdict <> 'note' ORDER BY seq DESC LIMIT 1";
            if let Some(by) = decision::all(change, later, [comment, target.seen])?.pop() {
                return Ok(Outcome::Overtaken(Box::new(by)));
            }
        }
    }
    let mut log = Log::open(change)?;
    let mut items = BTreeSet::new();
    let mut decided = 0;
    for comment in comments {
        let Some(judged) = log.judged(comment)? else { continue };
        log.write(&judged, ruling, None)?;
        decided += 1;
        set_state(change, comment, state(ruling.verdict), log.head.seq)?;
        items.insert(judged.item);
    }
    for item in items {
        item::refresh(change, item)?;
    }
    match log.act {
        Some(act) => Ok(Outcome::Made { act, comments: decided, left }),
        None => Ok(Outcome::Nothing),
    }
}

/// What a verdict makes of a comment; none where it stays what it is.
pub(super) fn state(verdict: Verdict) -> Option<State> {
    match verdict {
        Verdict::Approve => Some(State::Approved),
        Verdict::Reject => Some(State::Rejected),
        Verdict::Defer => Some(State::Deferred),
        Verdict::Note | Verdict::Undo => None,
    }
}

pub(super) fn set_state(
    change: &Connection,
    comment: i64,
    state: Option<State>,
    seq: i64,
) -> rusqlite::Result<()> {
    let mut update = change.prepare_cached(
        "UPDATE comment SET state = coalesce(?2, state), decision = ?3 WHERE id = ?1",
    )?;
    update.execute(params![comment, state.map(|state| state as i64), seq]).map(drop)
}

fn of_item(change: &Connection, item: i64) -> rusqlite::Result<Vec<i64>> {
    let mut query =
        change.prepare_cached("SELECT id, state FROM comment WHERE item = ?1 ORDER BY id")?;
    let members =
        query.query_map([item], |row| Ok((row.get(0)?, State::from_number(row.get(1)?))))?;
    let members: Vec<(i64, State)> = members.collect::<rusqlite::Result<_>>()?;
    let waits = |state: State| matches!(state, State::Open | State::Deferred);
    let some = members.iter().any(|(_, state)| waits(*state));
    let kept = |(_, state): &(i64, State)| if some { waits(*state) } else { *state != State::Out };
    Ok(members.into_iter().filter(kept).map(|(number, _)| number).collect())
}

/// The comments of a view that wait, but for those that somebody decided since, which are counted.
fn of_view(
    change: &Connection,
    view: &View,
    last: i64,
    seen: i64,
) -> rusqlite::Result<(Vec<i64>, usize)> {
    let mut selection = Selection::of(view);
    selection.and("comment.state < 2 AND comment.id <= ?", [Value::Integer(last)]);
    let query = format!(
        "SELECT comment.id, comment.decision FROM comment JOIN item ON item.id = comment.item WHERE {} ORDER BY comment.id",
        selection.conditions
    );
    let mut query = change.prepare(&query)?;
    let found = query
        .query_map(params_from_iter(selection.values), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, i64)> = found.collect::<rusqlite::Result<_>>()?;
    let all = found.len();
    let ours: Vec<i64> =
        found.into_iter().filter(|(_, decision)| *decision <= seen).map(|(id, _)| id).collect();
    let left = all - ours.len();
    Ok((ours, left))
}

/// The log, open for adding.
pub(super) struct Log<'c> {
    change: &'c Connection,
    pub(super) head: Head,
    /// The act: the number of its first decision.
    pub(super) act: Option<i64>,
    model: String,
    labels: Vec<String>,
}

impl<'c> Log<'c> {
    pub(super) fn open(change: &'c Connection) -> rusqlite::Result<Log<'c>> {
        let model = settings::get(change, name::MODEL)?.unwrap_or_default();
        let labels: Option<String> = settings::get(change, name::LABELS)?;
        let labels =
            labels.iter().flat_map(|names| names.split('\n')).map(str::to_string).collect();
        Ok(Log { change, head: chain::head(change)?, act: None, model, labels })
    }

    /// What the active model says of a comment.
    fn judged(&self, comment: i64) -> rusqlite::Result<Option<Judged>> {
        let mut query = self
            .change
            .prepare_cached("SELECT item, uid, scores, band, sample FROM comment WHERE id = ?1")?;
        let mut rows = query.query([comment])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let scores = unpack(row.get_ref(2)?.as_blob()?, "", true);
        let named = self.labels.iter().zip(&scores.probabilities);
        let scores: BTreeMap<&str, f64> =
            named.map(|(label, p)| (label.as_str(), p.value())).collect();
        Ok(Some(Judged {
            number: comment,
            item: row.get(0)?,
            uid: row.get(1)?,
            scores: serde_json::to_string(&scores).map_err(unwritten)?,
            advice: advice(row.get(3)?).name(),
            sample: row.get(4)?,
        }))
    }

    /// Adds a decision on a comment that may be gone by now; then its model says nothing.
    pub(super) fn undo(
        &mut self,
        of: &Decision,
        moderator: &str,
        made: i64,
    ) -> rusqlite::Result<()> {
        let ruling = Ruling {
            verdict: Verdict::Undo,
            reason: String::new(),
            labels: BTreeMap::new(),
            note: None,
            moderator: moderator.to_string(),
            made,
        };
        let judged = self.judged(of.comment)?.unwrap_or(Judged {
            number: of.comment,
            item: 0,
            uid: of.uid,
            scores: "{}".into(),
            advice: "",
            sample: of.sample.map(|rate| (rate * MILLION).round() as i64),
        });
        self.write(&judged, &ruling, Some(of.act))
    }

    /// Adds a decision that was made elsewhere, with what was advised there; as part of an act of this log, where one is
    /// given.
    pub(super) fn take_over(
        &mut self,
        comment: (i64, [u8; 16]),
        act: Option<i64>,
        of: &Decision,
    ) -> rusqlite::Result<()> {
        let (number, uid) = comment;
        let known = [Advice::Approve, Advice::Review, Advice::Reject];
        let advice = known.map(Advice::name).into_iter().find(|name| *name == of.advice);
        let judged = Judged {
            number,
            item: 0,
            uid,
            scores: serde_json::to_string(&of.scores).map_err(unwritten)?,
            advice: advice.unwrap_or_default(),
            sample: of.sample.map(|rate| (rate * MILLION).round() as i64),
        };
        let ruling = Ruling {
            verdict: of.verdict,
            reason: of.reason.clone(),
            labels: of.labels.clone(),
            note: of.note.clone(),
            moderator: of.moderator.clone(),
            made: of.made,
        };
        self.act = act;
        self.model.clone_from(&of.model);
        self.write(&judged, &ruling, None)
    }

    fn write(
        &mut self,
        judged: &Judged,
        ruling: &Ruling,
        undoes: Option<i64>,
    ) -> rusqlite::Result<()> {
        let seq = self.head.seq + 1;
        let act = *self.act.get_or_insert(seq);
        let note = ruling.note.as_deref().filter(|note| !note.trim().is_empty());
        let salt = note.map(|_| settings::random::<16>()).transpose()?;
        let salt = salt.as_ref().map(|salt| &salt[..]);
        let labels = serde_json::to_string(&ruling.labels).map_err(unwritten)?;
        let noted = chain::noted(salt, note);
        let fields: [Value; 15] = [
            seq.into(),
            act.into(),
            judged.number.into(),
            judged.uid.to_vec().into(),
            ruling.verdict.name().to_string().into(),
            undoes.into(),
            ruling.reason.clone().into(),
            labels.into(),
            ruling.moderator.clone().into(),
            ruling.made.into(),
            self.model.clone().into(),
            judged.scores.clone().into(),
            judged.advice.to_string().into(),
            judged.sample.into(),
            noted.to_vec().into(),
        ];
        let mut link = Link::after(&self.head.hash);
        fields.iter().for_each(|field| link.push(ValueRef::from(field)));
        let hash = link.close();
        let rest: [Value; 3] = [
            hash.to_vec().into(),
            salt.map(<[u8]>::to_vec).into(),
            note.map(str::to_string).into(),
        ];
        let mut insert = self.change.prepare_cached(
            "INSERT INTO decision (seq, act, comment, uid, verdict, undoes, reason, labels, moderator, made, model, \
             scores, advice, sample, noted, hash, salt, note) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        )?;
        insert.execute(params_from_iter(fields.iter().chain(&rest)))?;
        self.head = Head { seq, hash };
        Ok(())
    }
}

fn unwritten(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
