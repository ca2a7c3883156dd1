//! Estimates the harm that a comment would do: how likely it is, times how grave, times how many it reaches.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Adviser;
use crate::lexicon::Lexicon;
use crate::model::Scratch;
use crate::scorer::Scores;

/// What there is to weigh of a comment besides its scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// How grave what stands in it is, 1 where no word list knows of anything special.
    pub severity: f64,
    /// How many comments answer it.
    pub replies: u32,
    /// Votes for it, minus votes against.
    pub votes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    label: BTreeMap<String, f64>,
    category: BTreeMap<String, f64>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("harm.toml")).expect("harm.toml is part of the program and tested")
});

/// What a doubling of replies, and of votes, adds to a comment's reach.
const PER_DOUBLING: (f64, f64) = (0.25, 0.1);

/// How grave the words of the comment that `scratch` read last are: 1 or more.
pub fn severity(lexicon: &Lexicon, scratch: &Scratch) -> f64 {
    let found = scratch.reading.matches.iter().flat_map(|found| lexicon.meanings(found));
    let weights = found.filter_map(|meaning| {
        let name = lexicon.categories().get(usize::from(meaning.category))?;
        TABLE.category.get(name).copied()
    });
    weights.fold(1.0, f64::max)
}

/// The expected harm of a comment: 0 where no label that counts is likely, about 1 for a sure insult that nobody
/// answered.
///
/// Probability × severity × reach, for the label where it is greatest. Reach grows with the logarithm of replies
/// and of votes in either direction: both tell how many read it.
pub fn harm(adviser: &Adviser, scores: &Scores, weight: Weight) -> f64 {
    let labels = adviser.labels().iter().zip(&scores.probabilities).enumerate();
    let likely = labels
        .filter(|(label, _)| adviser.counts(*label))
        .map(|(_, (name, p))| p.value() * TABLE.label.get(name).copied().unwrap_or(1.0));
    let doublings = |count: f64| libm::log2(1.0 + count);
    let reach = 1.0
        + PER_DOUBLING.0 * doublings(f64::from(weight.replies))
        + PER_DOUBLING.1 * doublings(weight.votes.unsigned_abs() as f64);
    likely.fold(0.0, f64::max) * weight.severity * reach
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Model, Probability};
    use crate::triage::Bands;

    #[test]
    fn the_table_knows_the_model_s_words_only() {
        let model = Model::shipped().unwrap();
        for category in TABLE.category.keys() {
            assert!(model.lexicon.categories().contains(category), "{category}");
        }
        for label in TABLE.label.keys() {
            assert!(model.labels().any(|known| known == label), "{label}");
        }
        let weights = TABLE.category.values();
        assert!(weights.into_iter().all(|weight| *weight >= 1.0));
    }

    // Oracle: by hand.
    #[test]
    fn harm_grows_with_likelihood_gravity_and_reach() {
        let bands = Bands { review: Probability::new(0.5), reject: Probability::new(0.9) };
        let labels = ["insult".to_string(), "conspiracy".to_string()];
        let adviser = Adviser::new(&labels, &[bands; 2]).unwrap();
        let probabilities = vec![Probability::new(0.4), Probability::new(0.8)];
        let scores = Scores { probabilities, ..Scores::default() };
        let plain = Weight { severity: 1.0, replies: 0, votes: 0 };
        assert!((harm(&adviser, &scores, plain) - 0.56).abs() < 1e-12);
        let read = Weight { severity: 1.5, replies: 3, votes: -7 };
        assert!((harm(&adviser, &scores, read) - 0.56 * 1.5 * 1.8).abs() < 1e-12);
        let only = adviser.only(&["insult".to_string()]).unwrap();
        assert!((harm(&only, &scores, plain) - 0.4).abs() < 1e-12);
    }
}
