//! Reads what a labelling round works on: comments that may be asked about, and what was said of them so far.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::decision::{self, Decision, Verdict};
use super::judge::unpack;
use super::record::standing;
use super::undo::STANDS;
use super::{Store, chain, failed};
use crate::error::Result;
use crate::feature::{Context, Places};

/// Comments to learn from and to ask about.
#[derive(Clone, Debug, Default)]
pub struct Study {
    /// In the order of comments: those that wait, an item's leading one alone, and those that were answered.
    pub exercises: Vec<Exercise>,
    /// How many items waited when it was read.
    pub waiting: usize,
    /// How many of them it holds: fewer where there were too many.
    pub held: usize,
    /// The last decision that it knows of.
    pub seq: i64,
}

/// A comment to ask about.
#[derive(Clone, Debug, PartialEq)]
pub struct Exercise {
    /// Its item.
    pub item: i64,
    /// Its number.
    pub comment: i64,
    /// Its text.
    pub text: String,
    /// Where it stands in its thread.
    pub place: Context,
    /// What the active model says: a probability a label, 0 to 1.
    pub probabilities: Vec<f64>,
    /// What brought it here.
    pub drawn: Drawn,
    /// What was decided: for each label what that says of it; none while nobody decided.
    pub answer: Option<Vec<Option<bool>>>,
}

/// What brings a comment into a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// Chance, which asked nobody: a fair sample of all that waits.
    Chance,
    /// Its place in the queue, or that it was decided already.
    Place,
}

/// What was decided of comments since, and up to which decision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Since {
    /// By number of the comment: as [`Exercise::answer`].
    pub answers: BTreeMap<i64, Option<Vec<Option<bool>>>>,
    /// The last decision.
    pub seq: i64,
}

/// What a study was made of: it is stale where this has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    comments: i64,
    last: i64,
}

/// What a moderator answered about a label since a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Whether it was a yes, the first answer first. A fold answers once.
    pub answers: Vec<bool>,
    /// How many were put off.
    pub skipped: usize,
}

impl Store {
    /// Up to `most` items that wait and as many answered ones. Where more wait, half are those that stand highest in the
    /// queue, and half are drawn by chance.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn study(&self, labels: &[String], most: usize) -> Result<Study> {
        self.read(|database| study(database, labels, most).map_err(failed))
    }

    /// What became of comments on which something was decided after decision `seq`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn said_since(&self, seq: i64, labels: &[String]) -> Result<Since> {
        self.read(|database| said_since(database, seq, labels).map_err(failed))
    }

    /// What there is to make a study of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stock(&self) -> Result<Stock> {
        self.read(|database| {
            let query = "SELECT count(*), coalesce(max(id), 0) FROM comment";
            let stock =
                |row: &rusqlite::Row| Ok(Stock { comments: row.get(0)?, last: row.get(1)? });
            database
                .prepare_cached(query)
                .and_then(|mut query| query.query_row([], stock))
                .map_err(failed)
        })
    }

    /// Whether nobody decided on an item yet, or not on all of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waits(&self, item: i64) -> Result<bool> {
        self.read(|database| {
            database
                .prepare_cached("SELECT 1 FROM item WHERE id = ?1 AND open > 0")
                .and_then(|mut query| query.exists([item]))
                .map_err(failed)
        })
    }

    /// What a moderator answered about `label`, and about no other, after decision `since`, but for what was taken back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn round(&self, moderator: &str, label: &str, since: i64) -> Result<Round> {
        self.read(|database| round(database, moderator, label, since).map_err(failed))
    }
}

fn study(database: &Connection, labels: &[String], most: usize) -> rusqlite::Result<Study> {
    let count = "SELECT count(*) FROM item WHERE open > 0";
    let waiting: usize = database.query_row(count, [], |row| row.get(0))?;
    let most_each = if waiting > most { most / 2 } else { most };
    let mut exercises = BTreeMap::new();
    let mut query = database.prepare(
        "WITH high AS MATERIALIZED (SELECT id FROM item WHERE open > 0 ORDER BY place DESC, id LIMIT ?1), \
         drawn AS MATERIALIZED (SELECT id FROM item WHERE open > 0 ORDER BY chance, id LIMIT ?1) \
         SELECT item.id, comment.id, text, scores, item.id IN (SELECT id FROM drawn) \
         FROM item JOIN comment ON comment.id = item.lead \
         WHERE item.id IN (SELECT id FROM high UNION SELECT id FROM drawn)",
    )?;
    let mut rows = query.query([most_each])?;
    while let Some(row) = rows.next()? {
        let drawn = if row.get(4)? { Drawn::Chance } else { Drawn::Place };
        let exercise = exercise(row, drawn)?;
        exercises.insert(exercise.comment, exercise);
    }
    let held = exercises.len();
    let mut answered: Vec<Decision> = standing(database)?.into_values().collect();
    answered.sort_by_key(|decision| -decision.seq);
    let mut query = database.prepare(
        "SELECT item.id, comment.id, text, scores FROM comment JOIN item ON item.id = comment.item \
         WHERE comment.id = ?1 AND item.lead = comment.id",
    )?;
    let mut room = most;
    for decision in &answered {
        if room == 0 {
            break;
        }
        let found = query.query_row([decision.comment], |row| exercise(row, Drawn::Place));
        let Some(mut exercise) = found.optional()? else { continue };
        exercise.answer = Some(said(decision, labels));
        exercises.insert(exercise.comment, exercise);
        room -= 1;
    }
    place(database, &mut exercises)?;
    let seq = chain::head(database)?.seq;
    Ok(Study { exercises: exercises.into_values().collect(), waiting, held, seq })
}

fn exercise(row: &rusqlite::Row, drawn: Drawn) -> rusqlite::Result<Exercise> {
    let scores = unpack(row.get_ref(3)?.as_blob()?, "", true);
    Ok(Exercise {
        item: row.get(0)?,
        comment: row.get(1)?,
        text: row.get(2)?,
        place: Context::default(),
        probabilities: scores.probabilities.iter().map(|p| p.value()).collect(),
        drawn,
        answer: None,
    })
}

fn said(decision: &Decision, labels: &[String]) -> Vec<Option<bool>> {
    labels.iter().map(|label| decision.says(label)).collect()
}

/// Tells where each exercise stands. How deep, only all comments together tell.
fn place(database: &Connection, exercises: &mut BTreeMap<i64, Exercise>) -> rusqlite::Result<()> {
    let mut places = Places::default();
    let mut query = database.prepare(
        "SELECT comment.id, page.name, comment.name, parent FROM comment \
         JOIN page ON page.id = page ORDER BY comment.id",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (page, id) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        let place = places.next(page, id, row.get_ref(3)?.as_str_or_null()?);
        if let Some(exercise) = exercises.get_mut(&row.get(0)?) {
            exercise.place = place;
        }
    }
    Ok(())
}

fn said_since(database: &Connection, seq: i64, labels: &[String]) -> rusqlite::Result<Since> {
    let mut query =
        database.prepare_cached("SELECT DISTINCT comment FROM decision WHERE seq > ?1")?;
    let touched = query.query_map([seq], |row| row.get(0))?;
    let touched: Vec<i64> = touched.collect::<rusqlite::Result<_>>()?;
    let last = format!("comment = ?1 AND {STANDS} ORDER BY seq DESC LIMIT 1");
    let mut answers = BTreeMap::new();
    for comment in touched {
        let stands = decision::all(database, &last, [comment])?.pop();
        answers.insert(comment, stands.map(|decision| said(&decision, labels)));
    }
    Ok(Since { answers, seq: chain::head(database)?.seq })
}

fn round(
    database: &Connection,
    moderator: &str,
    label: &str,
    since: i64,
) -> rusqlite::Result<Round> {
    // What was decided elsewhere speaks of every label.
    let alone = |bears: bool| serde_json::json!(HashMap::from([(label, bears)])).to_string();
    let mut query = database.prepare_cached(&format!(
        "SELECT verdict FROM decision WHERE seq > ?1 AND moderator = ?2 AND {STANDS} \
         AND (verdict = 'defer' OR labels IN (?3, ?4)) GROUP BY act ORDER BY act"
    ))?;
    let values = params![since, moderator, alone(true), alone(false)];
    let verdicts = query.query_map(values, |row| row.get::<_, String>(0))?;
    let mut round = Round::default();
    for verdict in verdicts {
        match Verdict::named(&verdict?) {
            Some(Verdict::Reject) => round.answers.push(true),
            Some(Verdict::Approve) => round.answers.push(false),
            _ => round.skipped += 1,
        }
    }
    Ok(round)
}
