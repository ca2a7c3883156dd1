//! What is compared: a model, or a column of scores that another service gave.

use std::path::Path;

use vigie::scorer::Scorer;

use super::args::load;
use super::judged::{Judged, judge};
use super::labelled::Labelled;

/// One of the two that are compared.
pub enum Side {
    Model(Box<Scorer>),
    /// The column's place among those asked for, its name, and from where on its scores flag.
    Column {
        at: usize,
        name: String,
        threshold: f64,
    },
}

/// What is said of a column before its name.
const COLUMN: &str = "column:";

impl Side {
    /// The side of this name; columns of scores are added to `columns`.
    pub fn open(name: &str, threshold: f64, columns: &mut Vec<String>) -> anyhow::Result<Side> {
        if let Some(name) = name.strip_prefix(COLUMN) {
            columns.push(name.to_owned());
            let (at, name) = (columns.len() - 1, name.to_owned());
            return Ok(Side::Column { at, name, threshold });
        }
        let file = Some(Path::new(name)).filter(|_| name != "default");
        Ok(Side::Model(Box::new(Scorer::new(load(file)?))))
    }

    /// How it is named in reports.
    pub fn id(&self) -> String {
        match self {
            Side::Model(scorer) => scorer.model().id().to_owned(),
            Side::Column { name, .. } => format!("{COLUMN}{name}"),
        }
    }

    /// The labels that it scores; none where it scores whatever it is compared on.
    pub fn labels(&self) -> Option<Vec<String>> {
        match self {
            Side::Model(scorer) => Some(scorer.model().labels().map(Into::into).collect()),
            Side::Column { .. } => None,
        }
    }

    /// From where on it flags this label.
    pub fn threshold(&self, label: &str) -> Option<f64> {
        match self {
            Side::Model(scorer) => {
                let head = scorer.model().heads.iter().find(|head| head.label == label)?;
                Some(head.review().value())
            }
            Side::Column { threshold, .. } => Some(*threshold),
        }
    }

    /// What it says of all rows. A column says the same of every label; rows without a score were left out.
    pub fn judge(&self, rows: &[Labelled], labels: &[String]) -> Vec<Judged<()>> {
        let scorer = match self {
            Side::Model(scorer) => scorer,
            Side::Column { at, .. } => {
                let given = |row: &Labelled| Judged {
                    scores: vec![row.given[*at].unwrap_or_default(); labels.len()],
                    language: row.language,
                    more: (),
                };
                return rows.iter().map(given).collect();
            }
        };
        let heads = &scorer.model().heads;
        let heads: Vec<Option<usize>> =
            labels.iter().map(|label| heads.iter().position(|head| head.label == *label)).collect();
        let mut judged = judge(scorer, rows, |_, _, _| ());
        for one in &mut judged {
            let score = |head: &Option<usize>| head.map_or(0.0, |head| one.scores[head]);
            one.scores = heads.iter().map(score).collect();
        }
        judged
    }
}
