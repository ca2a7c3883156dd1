//! Explains a score exactly: the contributions of words and features sum to its log-odds.

use std::ops::Range;

use super::{Model, Scratch, margin};
use crate::feature::Context;
use crate::lexicon::Match;
use crate::text::TokenKind;

/// What made a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The log-odds; the sum of the contributions.
    pub log_odds: f64,
    /// What added or took away, in order of the text; whole-comment features last.
    pub contributions: Vec<Contribution>,
}

/// What one thing adds to the log-odds.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The thing.
    pub source: Source,
    /// Its place in the original text, in bytes; none for the whole comment.
    pub span: Option<Range<usize>>,
    /// What it adds; negative when it takes away.
    pub log_odds: f64,
}

/// Kinds of things that contribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Where every comment starts.
    Base,
    /// A word or sign, with the letters inside it and half of the pairs that it is part of.
    Word,
    /// An entry of a lexicon category, and the feature that counts it.
    Lexicon {
        /// The category.
        category: String,
        /// The feature: the category's own, or one about how entries are used.
        feature: String,
    },
    /// A named feature of the whole comment.
    Feature(String),
}

impl Model {
    /// Explains the score of label `label` (an index) for a comment.
    pub fn explain(
        &self,
        text: &str,
        place: Context,
        label: usize,
        scratch: &mut Scratch,
    ) -> Explanation {
        self.measure(text, place, scratch);
        self.explain_measured(text, [label], scratch).remove(0)
    }

    /// Explains the scores of `labels` for the comment `text` that was measured last in `scratch`.
    pub(crate) fn explain_measured(
        &self,
        text: &str,
        labels: impl IntoIterator<Item = usize>,
        scratch: &mut Scratch,
    ) -> Vec<Explanation> {
        scratch.reader.map(text, &mut scratch.mapped);
        let shares = self.layer.shares(&scratch.reading);
        labels.into_iter().map(|label| self.explain_label(label, &shares, scratch)).collect()
    }

    fn explain_label(&self, label: usize, shares: &[Vec<f64>], scratch: &Scratch) -> Explanation {
        let Scratch { reading, features, mapped, .. } = scratch;
        let line = self.heads[label].line(reading.language);
        let mut contributions = vec![Contribution {
            source: Source::Base,
            span: None,
            log_odds: line.slope * line.intercept + line.shift,
        }];
        let margins = self.heads.len() * margin::KINDS.len();
        let (margin_weights, weights) = line.weights.split_at(margins);
        let span = |start: usize, end: usize| {
            let (start, end) = (reading.tokens[start].start, reading.tokens[end - 1].end);
            Some(mapped.offsets.original(start as usize, end as usize))
        };

        let mut words = vec![0.0; reading.tokens.len()];
        let factors = margin::factors(reading);
        for (other, weights) in margin_weights.chunks(factors.len()).enumerate() {
            let factor: f64 =
                weights.iter().zip(factors).map(|(weight, factor)| weight * factor).sum();
            for (word, share) in words.iter_mut().zip(&shares[other]) {
                *word += line.slope * factor * share;
            }
        }
        for (index, &log_odds) in words.iter().enumerate() {
            if log_odds != 0.0 && reading.tokens[index].kind != TokenKind::Joint {
                contributions.push(Contribution {
                    source: Source::Word,
                    span: span(index, index + 1),
                    log_odds,
                });
            }
        }

        for (index, ((name, weight), feature)) in
            self.schema.names().iter().zip(weights).zip(&features[margins..]).enumerate()
        {
            let log_odds = line.slope * weight * feature;
            if log_odds == 0.0 {
                continue;
            }
            let counted = |found: &&Match| {
                let mut meanings = self.lexicon.meanings(found);
                meanings.any(|meaning| self.schema.counts(index, meaning, reading.language))
            };
            let lexical = self.schema.is_lexical(index);
            let entries: Vec<&Match> =
                reading.matches.iter().filter(|_| lexical).filter(counted).collect();
            if entries.is_empty() {
                let source = Source::Feature(name.clone());
                contributions.push(Contribution { source, span: None, log_odds });
            }
            // Every entry that the feature counts bears an equal share.
            let share = log_odds / entries.len() as f64;
            for found in entries {
                let mut meanings = self.lexicon.meanings(found);
                let meaning =
                    meanings.find(|&one| self.schema.counts(index, one, reading.language));
                let category = meaning.map_or(0, |meaning| meaning.category as usize);
                let category = self.lexicon.categories()[category].clone();
                let source = Source::Lexicon { category, feature: name.clone() };
                let span = span(found.start, found.end);
                contributions.push(Contribution { source, span, log_odds: share });
            }
        }
        Explanation { log_odds: line.log_odds(features), contributions }
    }
}
