//! What is compared: a model, one of its attributes, or a column of scores that another service gave.

use std::path::Path;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use vigie::attribute::{Attribute, values};
use vigie::model::Scratch;
use vigie::scorer::Scorer;

use super::args::load;
use super::judged::{Judged, judge};
use super::labelled::Labelled;

/// One of the two that are compared.
pub enum Side {
    Model(Box<Scorer>),
    /// One of Perspective's attributes as the model derives it, and from where on its values flag.
    Attribute {
        scorer: Box<Scorer>,
        attribute: Attribute,
        threshold: f64,
    },
    /// The column's place among those asked for, its name, and from where on its scores flag.
    Column {
        at: usize,
        name: String,
        threshold: f64,
    },
}

/// What is said of an attribute before its name.
const ATTRIBUTE: &str = "attribute:";
/// What is said of a column before its name.
const COLUMN: &str = "column:";
/// Between an attribute and the model that derives it.
const OF: char = '@';

impl Side {
    /// The side of this name; columns of scores are added to `columns`.
    pub fn open(name: &str, threshold: f64, columns: &mut Vec<String>) -> anyhow::Result<Side> {
        if let Some(name) = name.strip_prefix(COLUMN) {
            columns.push(name.to_owned());
            let (at, name) = (columns.len() - 1, name.to_owned());
            return Ok(Side::Column { at, name, threshold });
        }
        let (attribute, name) = match name.strip_prefix(ATTRIBUTE) {
            Some(asked) => {
                let (attribute, name) = asked.split_once(OF).unwrap_or((asked, "default"));
                let found = Attribute::from_name(attribute);
                (Some(found.with_context(|| unknown(attribute))?), name)
            }
            None => (None, name),
        };
        let file = Some(Path::new(name)).filter(|_| name != "default");
        let scorer = Box::new(Scorer::new(load(file)?));
        let Some(attribute) = attribute else { return Ok(Side::Model(scorer)) };
        if attribute.origin(scorer.model()).is_none() {
            bail!(
                "{} is not to be had of this model: it has no head of that name, and none for insult",
                attribute.name()
            );
        }
        Ok(Side::Attribute { scorer, attribute, threshold })
    }

    /// How it is named in reports.
    pub fn id(&self) -> String {
        match self {
            Side::Model(scorer) => scorer.model().id().to_owned(),
            Side::Attribute { scorer, attribute, .. } => {
                format!("{ATTRIBUTE}{}{OF}{}", attribute.name(), scorer.model().id())
            }
            Side::Column { name, .. } => format!("{COLUMN}{name}"),
        }
    }

    /// The labels that it scores; none where it scores whatever it is compared on.
    pub fn labels(&self) -> Option<Vec<String>> {
        match self {
            Side::Model(scorer) => Some(scorer.model().labels().map(Into::into).collect()),
            Side::Attribute { .. } | Side::Column { .. } => None,
        }
    }

    /// Whether it is one of Perspective's attributes.
    pub fn is_attribute(&self) -> bool {
        matches!(self, Side::Attribute { .. })
    }

    /// From where on it flags this label.
    pub fn threshold(&self, label: &str) -> Option<f64> {
        match self {
            Side::Model(scorer) => {
                let head = scorer.model().heads.iter().find(|head| head.label == label)?;
                Some(head.review().value())
            }
            Side::Attribute { threshold, .. } | Side::Column { threshold, .. } => Some(*threshold),
        }
    }

    /// What it says of all rows. An attribute or a column says the same of every label; rows without a score were left
    /// out.
    pub fn judge(&self, rows: &[Labelled], labels: &[String]) -> Vec<Judged<()>> {
        match self {
            Side::Model(scorer) => {
                let heads = &scorer.model().heads;
                let place = |label: &String| heads.iter().position(|head| head.label == *label);
                let heads: Vec<Option<usize>> = labels.iter().map(place).collect();
                let mut judged = judge(scorer, rows, |_, _, _| ());
                for one in &mut judged {
                    let score = |head: &Option<usize>| head.map_or(0.0, |head| one.scores[head]);
                    one.scores = heads.iter().map(score).collect();
                }
                judged
            }
            Side::Attribute { .. } | Side::Column { .. } => {
                let again = |value| vec![value; labels.len()];
                let named = self.alone(rows).into_iter().zip(rows);
                named
                    .map(|(value, row)| Judged {
                        scores: again(value),
                        language: row.language,
                        more: (),
                    })
                    .collect()
            }
        }
    }

    /// The one score that an attribute or a column gives each row; nothing of a model, which has one a label.
    pub fn alone(&self, rows: &[Labelled]) -> Vec<f64> {
        match self {
            Side::Model(_) => Vec::new(),
            Side::Attribute { scorer, attribute, .. } => {
                let value = |scratch: &mut Scratch, row: &Labelled| {
                    let scores = scorer.scores(&row.text, row.place, scratch);
                    values(scorer.model(), &scores, scratch).of(*attribute)
                };
                rows.par_iter().map_init(Scratch::default, value).collect()
            }
            Side::Column { at, .. } => {
                rows.iter().map(|row| row.given[*at].unwrap_or_default()).collect()
            }
        }
    }
}

fn unknown(name: &str) -> String {
    let names = Attribute::ALL.map(Attribute::name).join(", ");
    format!("no attribute \"{name}\"; there are {names}")
}
