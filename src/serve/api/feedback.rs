//! Keeps what clients say a score should have been: a line of JSON each, in a file that `vigie train` reads.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::name::{Meant, meant};
use super::object::Object;
use super::request::{Said, Score, Suggest};
use crate::error::{Error, Result};

/// From this value on, an attribute is said to be there.
const HALF: f64 = 0.5;

/// A file of labels, appended to.
pub(super) struct Feedback {
    path: PathBuf,
    file: Mutex<File>,
}

impl Feedback {
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn open(path: &Path) -> Result<Feedback> {
        let open = OpenOptions::new().create(true).append(true).read(true).open(path);
        let file = open.and_then(|mut file| end_line(&mut file).map(|()| file));
        let file = file.map_err(|error| Error::from(error).at_path(path))?;
        Ok(Feedback { path: path.to_path_buf(), file: Mutex::new(file) })
    }

    /// Appends a line: whole, or not at all.
    ///
    /// # Errors
    /// When the file cannot be written, e.g. because the disk is full.
    pub(super) fn append(&self, row: &Map<String, Value>) -> Result<()> {
        let mut line = serde_json::to_vec(row).map_err(|error| Error::input(error.to_string()))?;
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let append = |file: &mut File| {
            let before = file.seek(SeekFrom::End(0))?;
            let written = file.write_all(&line).and_then(|()| file.sync_data());
            // Half a line would spoil the next.
            written.inspect_err(|_| drop(file.set_len(before)))
        };
        append(&mut file).map_err(|error: std::io::Error| Error::from(error).at_path(&self.path))
    }
}

/// Ends the last line, where a program that was killed, or somebody's editor, did not: the next would be glued to it.
fn end_line(file: &mut File) -> std::io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

/// The row of a suggestion: labels by the names of attributes in small letters, 0 or 1, and what tells where they come from.
///
/// # Errors
/// When there is no score, a span has no ends, or no such attribute was ever served.
pub(super) fn row(asked: &Suggest, text: &str) -> std::result::Result<Map<String, Value>, Fault> {
    let said = asked.attribute_scores.as_ref().filter(|said| !said.is_empty());
    let said = said.ok_or_else(|| Fault::Invalid("Missing attribute_scores".into()))?;
    let mut row = Map::new();
    let token = asked.client_token.as_deref();
    row.insert("id".into(), json!(token.unwrap_or_default()));
    row.insert("text".into(), json!(text));
    for (name, said) in said {
        if meant(name) == Meant::Unknown {
            return Err(Fault::Invalid(format!("Unknown requested attribute: {name}")));
        }
        let value = value(name, said.as_deref())?;
        let label = match meant(name) {
            Meant::Served(attribute) => attribute.label().to_string(),
            _ => name.to_ascii_lowercase(),
        };
        row.insert(label, json!(u8::from(value >= HALF)));
    }
    let languages = asked.languages.as_deref().unwrap_or_default();
    row.insert("lang".into(), json!(languages.first()));
    row.insert("community".into(), json!(asked.community_id));
    // What stands there are ids of Coral's, or texts of others: the first are worth keeping.
    let first = asked.context.as_ref().and_then(|context| context.entries.as_ref()?.first());
    let ids = first.and_then(|entry| serde_json::from_str::<Value>(entry.text.as_deref()?).ok());
    row.insert("context".into(), ids.filter(Value::is_object).unwrap_or_default());
    Ok(row)
}

/// What an attribute is said to be: the summary, or the highest of its spans.
fn value(name: &str, said: Option<&Said>) -> std::result::Result<f64, Fault> {
    let spans = said.and_then(|said| said.span_scores.as_deref()).unwrap_or_default();
    if !spans.iter().all(|span| is_place(span.begin) && is_place(span.end)) {
        let told = format!("Span scores of attribute {name} must have begin and end");
        return Err(Fault::Invalid(told));
    }
    let score = |score: Option<&Object<Score>>| match score.and_then(|score| score.value) {
        Some(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err(Fault::Invalid(format!("Expected a score from 0 to 1 for attribute {name}"))),
    };
    let parts: std::result::Result<Vec<f64>, Fault> =
        spans.iter().map(|span| score(span.score.as_ref())).collect();
    let highest = parts?.into_iter().reduce(f64::max);
    match (said.and_then(|said| said.summary_score.as_ref()), highest) {
        (None, Some(highest)) => Ok(highest),
        (summary, _) => score(summary),
    }
}

/// Whether a span may begin or end there.
fn is_place(at: Option<f64>) -> bool {
    at.is_some_and(|at| at.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&at))
}
