//! Gives a model room for labels and word lists that it was not fitted with, without changing a score.

use std::collections::HashMap;

use super::watch::{column, watch};
use crate::error::Result;
use crate::feature::Schema;
use crate::lexicon::Lexicon;
use crate::model::{Head, Line, Measure, Model, NgramLayer, margin};

/// A base with room for more.
#[derive(Clone, Debug)]
pub struct Wide {
    /// What it is called, [`Model::id`].
    pub id: String,
    /// By label of the base, how well it was told.
    pub measures: Vec<Measure>,
    /// The labels of the base, then those that it does not know.
    pub labels: Vec<String>,
    /// The heads of the labels that the base knows, over all features.
    pub heads: Vec<Head>,
    /// Its word lists, and those added.
    pub lexicon: Lexicon,
    /// Its n-gram layer; nothing yet for labels that it does not know.
    pub layer: NgramLayer,
    /// The feature (an index into those of the lines) that counts watched words, where the base had none.
    pub(super) watched: Option<usize>,
}

impl Wide {
    /// `base` with room for `labels` and for the entries of `watched`.
    ///
    /// # Errors
    /// When an entry holds no word.
    pub fn new(base: &Model, labels: &[String], watched: &[String]) -> Result<Wide> {
        let mut all: Vec<String> = base.labels().map(str::to_string).collect();
        for label in labels {
            if !all.contains(label) {
                all.push(label.clone());
            }
        }
        let lexicon = watch(&base.lexicon, watched)?;
        let schema = Schema::new(&lexicon);
        let mut names = margin::names(all.iter().map(String::as_str));
        let watched = column(&schema, all.len()).filter(|_| column(&base.schema, 0).is_none());
        names.extend(schema.names().iter().cloned());
        let before = base.feature_names();
        let old: HashMap<&str, usize> =
            before.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let widened = |line: &Line| {
            let weight = |name: &String| old.get(name.as_str()).map_or(0.0, |&at| line.weights[at]);
            Line { weights: names.iter().map(weight).collect(), ..line.clone() }
        };
        let heads = base.heads.iter().map(|head| {
            let lines = head.lines.iter().map(|(&language, line)| (language, widened(line)));
            Head { lines: lines.collect(), ..head.clone() }
        });
        let measure = |label: &str| {
            let measure = base.card.measures.iter().find(|measure| measure.label == label);
            measure.cloned().unwrap_or_default()
        };
        Ok(Wide {
            id: base.id().to_string(),
            measures: base.labels().map(measure).collect(),
            heads: heads.collect(),
            layer: base.layer.with_labels(all.len()),
            labels: all,
            lexicon,
            watched,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Context;
    use crate::model::{Card, Scratch};

    #[test]
    fn room_changes_no_score() {
        let base = Model::shipped().unwrap();
        let wide = Wide::new(&base, &["spam".into()], &["zorglub".into()]).unwrap();
        assert_eq!(wide.labels.last().map(String::as_str), Some("spam"));
        let mut heads = wide.heads.clone();
        heads.push(Head { label: "spam".into(), ..wide.heads[0].clone() });
        let model = Model::assemble(Card::default(), wide.lexicon, wide.layer, heads).unwrap();
        let names = model.feature_names();
        assert_eq!(names[wide.watched.unwrap()], "lexicon.watched");
        for text in ["Bande de zorglub, vous êtes des crétins !!!", "They hide the truth", "oui"]
        {
            let scores = |model: &Model| {
                let mut log_odds = Vec::new();
                model.log_odds(text, Context::default(), &mut Scratch::default(), &mut log_odds);
                log_odds
            };
            let (before, after) = (scores(&base), scores(&model));
            for (before, after) in before.iter().zip(&after) {
                assert!((before - after).abs() < 1e-9, "{text}: {before}, then {after}");
            }
            assert_eq!(after[2], after[0]);
        }
    }
}
