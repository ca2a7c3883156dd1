//! Turns decisions into labelled comments: what a model learns from.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::decision::Verdict;
use super::undo::STANDS;
use super::{Store, failed};
use crate::error::Result;
use crate::feature::{Context, Places};
use crate::text::hash;

/// A comment that a moderator decided on, with what was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The number of the comment.
    pub comment: i64,
    /// Its text.
    pub text: String,
    /// Where it stands in its thread.
    pub place: Context,
    /// Its page: what stands on one page must not be parted when a model is measured.
    pub group: u64,
    /// By label: what the moderator said; none where it is not known.
    pub labels: Vec<Option<bool>>,
    /// When it was decided: milliseconds since 1970, UTC.
    pub made: i64,
}

impl Store {
    /// What the decisions that stand say of `labels`, in the order of comments.
    ///
    /// A label that the moderator confirmed or corrected is what was said. Besides, an approved comment bears none of
    /// them; a rejected one bears the label that its reason is called after, and of the others nothing is known: it may
    /// have come down for anything.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lessons(&self, labels: &[String]) -> Result<Vec<Lesson>> {
        self.read(|database| lessons(database, labels).map_err(failed))
    }
}

/// What was decided of one comment.
struct Said {
    verdict: Verdict,
    reason: String,
    labels: BTreeMap<String, bool>,
    made: i64,
}

fn lessons(database: &Connection, labels: &[String]) -> rusqlite::Result<Vec<Lesson>> {
    let mut said: BTreeMap<i64, Said> = BTreeMap::new();
    // In their order: the last one that stands counts.
    for decision in super::decision::all(database, &format!("{STANDS} ORDER BY seq"), [])? {
        let super::Decision { comment, verdict, reason, labels, made, .. } = decision;
        said.insert(comment, Said { verdict, reason, labels, made });
    }
    let mut places = Places::default();
    let mut query = database.prepare(
        "SELECT comment.id, page.name, comment.name, parent, text FROM comment \
         JOIN page ON page.id = page ORDER BY comment.id",
    )?;
    let mut rows = query.query([])?;
    let mut lessons = Vec::new();
    while let Some(row) = rows.next()? {
        let (page, id) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        let place = places.next(page, id, row.get_ref(3)?.as_str_or_null()?);
        let comment = row.get(0)?;
        let Some(said) = said.get(&comment) else { continue };
        let labels: Vec<Option<bool>> = labels.iter().map(|label| said.of(label)).collect();
        if labels.iter().all(Option::is_none) {
            continue;
        }
        let (text, group, made) = (row.get(4)?, hash(page.as_bytes()), said.made);
        lessons.push(Lesson { comment, text, place, group, labels, made });
    }
    Ok(lessons)
}

impl Said {
    fn of(&self, label: &str) -> Option<bool> {
        let told = self.labels.get(label).copied();
        told.or(match self.verdict {
            Verdict::Approve => Some(false),
            Verdict::Reject if self.reason == label => Some(true),
            _ => None,
        })
    }
}
