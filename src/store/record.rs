//! Hands over the log for those who keep a copy of it: each decision with the comment that it is about.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::decision::{self, COLUMNS, Decision, Verdict};
use super::kept;
use super::reason::Reason;
use super::settings::{self, name};
use super::undo::STANDS;
use super::{Store, failed};
use crate::comment::Comment;
use crate::error::Result;

/// A decision, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The decision.
    pub decision: Decision,
    /// Whether it was taken back.
    pub undone: bool,
    /// The comment, where it is still there.
    pub comment: Option<Comment>,
}

impl Decision {
    /// What it says of a label; none where nothing is known.
    ///
    /// A label that the moderator confirmed or corrected is what was said. Besides, an approved comment bears none, unless
    /// the moderator was asked about others alone; a rejected one bears that of its reason, and of the others nothing is
    /// known: it may have come down for anything.
    pub fn says(&self, label: &str) -> Option<bool> {
        let named = || {
            let implied = Reason::named(&self.reason).and_then(|reason| reason.label.as_deref());
            implied == Some(label) || self.reason == label
        };
        self.labels.get(label).copied().or_else(|| match self.verdict {
            Verdict::Approve if self.labels.is_empty() => Some(false),
            Verdict::Reject if named() => Some(true),
            _ => None,
        })
    }
}

impl Store {
    /// Hands over the whole log in its order, what was taken back and the undoing too.
    ///
    /// # Errors
    /// When the database cannot be read, or where `take` fails.
    pub fn each_record(&self, mut take: impl FnMut(Record) -> Result<()>) -> Result<()> {
        self.read(|database| {
            let query = format!(
                "SELECT {COLUMNS}, EXISTS (SELECT 1 FROM decision AS later WHERE later.undoes = decision.act \
                 AND later.comment = decision.comment) FROM decision ORDER BY seq"
            );
            let mut query = database.prepare(&query).map_err(failed)?;
            let found = query.query_map([], |row| Ok((decision::from_row(row)?, row.get(15)?)));
            for found in found.map_err(failed)? {
                let (decision, undone) = found.map_err(failed)?;
                let undone = undone && decision.verdict != Verdict::Undo;
                let comment = about(database, &decision).map_err(failed)?;
                take(Record { decision, undone, comment })?;
            }
            Ok(())
        })
    }

    /// Hands over, for each comment that is approved or rejected and still there, the decision that made it so; in the
    /// order in which the comments came.
    ///
    /// # Errors
    /// When the database cannot be read, or where `take` fails.
    pub fn each_decided(
        &self,
        mut take: impl FnMut(Decision, Comment) -> Result<()>,
    ) -> Result<()> {
        self.read(|database| {
            for decision in standing(database).map_err(failed)?.into_values() {
                if decision.verdict == Verdict::Defer {
                    continue;
                }
                if let Some(comment) = about(database, &decision).map_err(failed)? {
                    take(decision, comment)?;
                }
            }
            Ok(())
        })
    }

    /// The labels of the active model, in its order; none where there is no model yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn labels(&self) -> Result<Vec<String>> {
        let names: Option<String> =
            self.read(|database| settings::get(database, name::LABELS).map_err(failed))?;
        let names = names.iter().flat_map(|names| names.split('\n'));
        Ok(names.filter(|name| !name.is_empty()).map(str::to_string).collect())
    }
}

/// By comment: the last decision on it that stands.
pub(super) fn standing(database: &Connection) -> rusqlite::Result<BTreeMap<i64, Decision>> {
    // In their order: the last one counts.
    let stands = decision::all(database, &format!("{STANDS} ORDER BY seq"), [])?;
    Ok(stands.into_iter().map(|decision| (decision.comment, decision)).collect())
}

/// The comment that a decision is about. Its random name must be the same, too.
fn about(database: &Connection, decision: &Decision) -> rusqlite::Result<Option<Comment>> {
    let which = "comment.id = ?1 AND comment.uid = ?2";
    let found = kept::all(database, which, params![decision.comment, decision.uid])?.pop();
    Ok(found.map(|kept| kept.comment))
}
