//! Turns decisions into labelled comments: what a model learns from.

use rusqlite::Connection;

use super::record::standing;
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
    /// What a decision says of a label: [`super::Decision::says`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lessons(&self, labels: &[String]) -> Result<Vec<Lesson>> {
        self.read(|database| lessons(database, labels).map_err(failed))
    }
}

fn lessons(database: &Connection, labels: &[String]) -> rusqlite::Result<Vec<Lesson>> {
    let said = standing(database)?;
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
        let labels: Vec<Option<bool>> = labels.iter().map(|label| said.says(label)).collect();
        if labels.iter().all(Option::is_none) {
            continue;
        }
        let (text, group, made) = (row.get(4)?, hash(page.as_bytes()), said.made);
        lessons.push(Lesson { comment, text, place, group, labels, made });
    }
    Ok(lessons)
}
