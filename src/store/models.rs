//! Keeps the models that scored here, and makes one of them the active one.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::judge::{Judge, Judged, MILLION, band, pack, weight};
use super::settings::{self, name};
use super::{Store, failed, item};
use crate::error::{Error, Result};
use crate::feature::{Context, Places};
use crate::model::{Model, Scratch};
use crate::scorer::Confidence;

/// A model in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptModel {
    /// Its name, which changes whenever a score could.
    pub name: String,
    /// The name of the one that it was fitted from.
    pub base: Option<String>,
    /// When it came: milliseconds since 1970, UTC.
    pub made: i64,
    /// What its retraining measured, as JSON.
    pub report: Option<String>,
    /// Whether the scores come from it.
    pub active: bool,
}

/// A comment to score again.
struct Old {
    number: i64,
    text: String,
    place: Context,
    votes: Option<i64>,
    replies: u32,
}

impl Store {
    /// Keeps a model, without making it active; one that is known stays as it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_model(
        &self,
        model: &Model,
        base: Option<&str>,
        made: i64,
        report: Option<&str>,
    ) -> Result<()> {
        let kept = self.read(|database| {
            let query = database.prepare_cached("SELECT 1 FROM model WHERE name = ?1");
            query.and_then(|mut query| query.exists([model.id()])).map_err(failed)
        })?;
        // To pack it takes half a second, at every start.
        if kept {
            return Ok(());
        }
        let file = model.file();
        let keep = |change: &Transaction| {
            let mut insert = change.prepare_cached(
                "INSERT OR IGNORE INTO model (name, base, file, made, report) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            insert.execute(params![model.id(), base, &file[..], made, report]).map(drop)
        };
        self.write(|change| keep(change).map_err(failed))
    }

    /// The models in the database, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn models(&self) -> Result<Vec<KeptModel>> {
        self.read(|database| models(database).map_err(failed))
    }

    /// The model of this name; without a name, the active one.
    ///
    /// # Errors
    /// When the database cannot be read, or the model was damaged.
    pub fn model(&self, name: Option<&str>) -> Result<Option<Model>> {
        let file: Option<Vec<u8>> = self.read(|database| {
            let mut query = database
                .prepare_cached(
                    "SELECT file FROM model WHERE name = coalesce(?1, (SELECT value FROM setting WHERE name = 'model'))",
                )
                .map_err(failed)?;
            query.query_row([name], |row| row.get(0)).optional().map_err(failed)
        })?;
        file.map(|file| Model::from_bytes(&file)).transpose()
    }

    /// The name of the active model.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn active_model(&self) -> Result<Option<String>> {
        self.read(|database| settings::get(database, name::MODEL).map_err(failed))
    }

    /// Makes the judge's model the active one, and scores every comment anew where its advice could differ from what
    /// is kept. The model must be kept already. Returns how many were scored.
    ///
    /// # Errors
    /// When the model is not kept, or the database cannot be written: then everything stays as it was.
    pub fn adopt(&self, judge: &Judge) -> Result<u64> {
        let signature = judge.signature();
        let model = judge.scorer().model();
        let adopted: Option<String> =
            self.read(|database| settings::get(database, name::ADVICE).map_err(failed))?;
        if adopted.as_deref() == Some(signature.as_str()) {
            return Ok(0);
        }
        self.write(|change| {
            let known = change
                .prepare_cached("SELECT 1 FROM model WHERE name = ?1")
                .and_then(|mut query| query.exists([model.id()]))
                .map_err(failed)?;
            if !known {
                return Err(Error::database(format!(
                    "expected a model that is kept, found {}",
                    model.id()
                )));
            }
            let labels: Vec<&str> = model.labels().collect();
            let scored = rescore(change, judge).map_err(failed)?;
            settings::set(change, name::MODEL, model.id()).map_err(failed)?;
            settings::set(change, name::LABELS, labels.join("\n")).map_err(failed)?;
            settings::set(change, name::ADVICE, &signature).map_err(failed)?;
            Ok(scored)
        })
    }
}

fn models(database: &Connection) -> rusqlite::Result<Vec<KeptModel>> {
    let active: Option<String> = settings::get(database, name::MODEL)?;
    let mut query =
        database.prepare_cached("SELECT name, base, made, report FROM model ORDER BY id DESC")?;
    let models = query.query_map([], |row| {
        let name: String = row.get(0)?;
        let active = active.as_deref() == Some(name.as_str());
        Ok(KeptModel { name, base: row.get(1)?, made: row.get(2)?, report: row.get(3)?, active })
    })?;
    models.collect()
}

/// Comments scored at a time: their texts are in memory together.
const BATCH: usize = 8192;

fn rescore(change: &Transaction, judge: &Judge) -> rusqlite::Result<u64> {
    let mut places = Places::default();
    let mut items = BTreeSet::new();
    let mut last = 0;
    let mut scored = 0;
    loop {
        let batch = next_batch(change, last, &mut places)?;
        let Some(end) = batch.last() else { break };
        last = end.number;
        let judged: Vec<Judged> = batch
            .par_iter()
            .map_init(Scratch::default, |scratch, old| judge.judge(&old.text, old.place, scratch))
            .collect();
        for (old, judged) in batch.iter().zip(judged) {
            items.insert(update(change, judge, old, judged)?);
            scored += 1;
        }
    }
    for item in items {
        item::refresh(change, item)?;
    }
    Ok(scored)
}

fn next_batch(change: &Transaction, last: i64, places: &mut Places) -> rusqlite::Result<Vec<Old>> {
    let mut query = change.prepare_cached(
        "SELECT comment.id, page.name, comment.name, parent, text, votes, replies \
         FROM comment JOIN page ON page.id = page WHERE comment.id > ?1 ORDER BY comment.id LIMIT ?2",
    )?;
    let batch = query.query_map(params![last, BATCH], |row| {
        let (page, id) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        let place = places.next(page, id, row.get_ref(3)?.as_str_or_null()?);
        let (number, text) = (row.get(0)?, row.get(4)?);
        Ok(Old { number, text, place, votes: row.get(5)?, replies: row.get(6)? })
    })?;
    batch.collect()
}

/// Writes the new scores of a comment; its item.
fn update(change: &Transaction, judge: &Judge, old: &Old, judged: Judged) -> rusqlite::Result<i64> {
    let scores = &judged.scores;
    let severity = (judged.severity * MILLION).round() as i64;
    let harm = judge.harm(scores, weight(severity, old.replies, old.votes));
    let (advice, label) = judge.advice(scores);
    let mut update = change.prepare_cached(
        "UPDATE comment SET language = ?2, trust = ?3, scores = ?4, severity = ?5, band = ?6, label = ?7, harm = ?8 \
         WHERE id = ?1 RETURNING item",
    )?;
    let item = update.query_row(
        params![
            old.number,
            scores.language.code(),
            scores.confidence == Confidence::Normal,
            pack(scores),
            severity,
            band(advice),
            label,
            harm,
        ],
        |row| row.get(0),
    )?;
    let mut doubt = change.prepare_cached("UPDATE item SET doubt = ?2 WHERE lead = ?1")?;
    doubt.execute(params![old.number, judge.doubt(scores)])?;
    Ok(item)
}
