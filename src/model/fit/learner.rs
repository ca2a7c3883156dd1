//! Learns from comments while they are being labelled, to say which of the others bear the label.
//!
//! [`refit`](super::refit) makes a model to keep; this makes the next hundred comments worth reading, and is asked again a
//! few labels later. What the base says of a comment is one number among the comment's n-grams, whose rarities are
//! learned on the comments themselves: where the base is at home it leads, in a language that it does not know the words do.

use super::Sample;
use super::correction::{Correction, Judged};
use super::dual::Row;
use super::hinge::{Machine, Rows};
use super::matrix::Matrix;
use super::rarity::Rarity;
use super::sample::Pull;
use crate::feature::Context;
use crate::model::{Model, Scratch};

/// How to learn. `training/active.md` tells how the defaults were chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Learning {
    /// Mean cost of a labelled comment (LIBLINEAR's C).
    pub cost: f64,
    /// How many times as much as those without, the comments that bear the label weigh together: one missed costs more than one
    /// read in vain.
    pub positives: f64,
    /// What one standard deviation of the base's log-odds is worth beside a comment's n-grams, whose length is 1.
    pub base: f64,
    /// The same for each of the base's named features.
    pub features: f64,
    /// 2 to this power buckets for the n-grams.
    pub bits: u32,
    /// Orders the passes over the comments; the same seed gives the same numbers.
    pub seed: u64,
}

impl Default for Learning {
    fn default() -> Self {
        Learning { cost: 0.3, positives: 10.0, base: 0.4, features: 0.05, bits: 19, seed: 1 }
    }
}

/// Comments to learn on, read once for all labels.
#[derive(Clone, Debug)]
pub struct Pool {
    matrix: Matrix,
    /// By label of the base: its log-odds of every comment.
    log_odds: Vec<Vec<f64>>,
    labels: Vec<String>,
    /// By comment, standardised.
    features: Vec<f64>,
    bits: u32,
    count: usize,
}

impl Pool {
    /// Reads `comments`, texts with their places, as `base` does.
    pub fn new(base: &Model, comments: &[(&str, Context)], learning: &Learning) -> Pool {
        let mut rarity = Rarity::new(learning.bits);
        let mut scratch = Scratch::default();
        let mut log_odds = vec![Vec::with_capacity(comments.len()); base.heads.len()];
        let (mut features, mut odds) = (Vec::new(), Vec::new());
        for &(text, place) in comments {
            rarity.see(text, &base.lexicon);
            base.log_odds(text, place, &mut scratch, &mut odds);
            log_odds.iter_mut().zip(&odds).for_each(|(all, &one)| all.push(one));
            if learning.features > 0.0 {
                features.extend(base.measure(text, place, &mut scratch));
            }
        }
        standardise(&mut features, base.feature_names().len());
        features.iter_mut().for_each(|value| *value *= learning.features);
        let sample =
            |&(text, _): &(&str, Context)| Sample { text: text.into(), ..Sample::default() };
        let samples: Vec<Sample> = comments.iter().map(sample).collect();
        let layer = rarity.layer(1, base.layer.word_weight);
        let matrix = Matrix::of(&samples, &base.lexicon, &layer);
        let labels = base.labels().map(str::to_string).collect();
        Pool { matrix, log_odds, labels, features, bits: learning.bits, count: comments.len() }
    }

    /// How many comments it holds.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// What has been learned of one label.
#[derive(Clone, Debug)]
pub struct Learner<'p> {
    pool: &'p Pool,
    learning: Learning,
    /// The base's log-odds, where it knows the label.
    base: Option<&'p [f64]>,
    /// A constant, the base's log-odds, the features.
    beside: Vec<f64>,
    width: usize,
    machine: Machine,
    told: Vec<(usize, bool)>,
}

impl<'p> Learner<'p> {
    /// One that has been told nothing yet of `label`, which the base may not know.
    pub fn new(pool: &'p Pool, label: &str, learning: &Learning) -> Learner<'p> {
        let known = pool.labels.iter().position(|known| known == label);
        let base = known.map(|label| &pool.log_odds[label][..]);
        let mut scaled = base.map(<[f64]>::to_vec).unwrap_or_default();
        standardise(&mut scaled, 1);
        let features = pool.features.len().checked_div(pool.count).unwrap_or(0);
        let width = 2 + features;
        let mut beside = Vec::with_capacity(pool.count * width);
        for comment in 0..pool.count {
            let said = scaled.get(comment).copied().unwrap_or(0.0);
            beside.extend([1.0, learning.base * said]);
            beside.extend(&pool.features[comment * features..(comment + 1) * features]);
        }
        let rows = Rows { matrix: &pool.matrix, beside: &beside, width };
        let machine = Machine::new(1 << pool.bits, rows);
        let learning = learning.clone();
        Learner { pool, learning, base, beside, width, machine, told: Vec::new() }
    }

    /// Takes note of what a moderator said of a comment (its index in the pool), once a comment.
    pub fn tell(&mut self, comment: usize, bears: bool) {
        self.told.push((comment, bears));
    }

    /// How probably each comment of the pool bears the label. Until comments of both kinds were told it is what the base
    /// says; a half where the base does not know the label.
    pub fn probabilities(&mut self) -> Vec<f64> {
        let positives = self.told.iter().filter(|(_, bears)| *bears).count() as f64;
        let count = self.told.len() as f64;
        if positives == 0.0 || positives == count {
            let said = |comment| self.base.map_or(0.0, |base| base[comment]);
            return (0..self.pool.count).map(|comment| logistic(said(comment))).collect();
        }
        let of_negative = positives / (self.learning.positives * (count - positives));
        let mean = (positives + of_negative * (count - positives)) / count;
        let row = |&(row, positive): &(usize, bool)| {
            let weight = if positive { 1.0 } else { of_negative };
            Row { row, positive, cost: self.learning.cost * weight / mean }
        };
        let fitted: Vec<Row> = self.told.iter().map(row).collect();
        let rows = Rows { matrix: &self.pool.matrix, beside: &self.beside, width: self.width };
        self.machine.fit(rows, &fitted, self.learning.seed);
        let unseen = fitted.iter().map(|row| Judged {
            log_odds: self.machine.margin_without(rows, row),
            features: &[],
            gold: row.positive,
            weight: 1.0,
        });
        let unseen: Vec<Judged> = unseen.collect();
        // Margins of a machine are no log-odds; what brings them there is fitted as a base's correction is.
        let believed = Correction { slope: MARGIN, shift: 0.0, weights: Vec::new() };
        let scale = Correction::fit(&unseen, &believed, &Pull::default(), self.learning.seed);
        let probability =
            |comment| logistic(scale.log_odds(self.machine.margin(rows, comment), &[]));
        (0..self.pool.count).map(probability).collect()
    }
}

/// What a margin of 1 is worth in log-odds until the labels say.
const MARGIN: f64 = 2.0;

fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}

/// Gives each of `columns` columns mean 0 and variance 1 over the rows; columns that do not vary become 0.
fn standardise(values: &mut [f64], columns: usize) {
    let count = (values.len() / columns) as f64;
    for column in 0..columns {
        let cells = || values.iter().skip(column).step_by(columns);
        let mean = cells().sum::<f64>() / count;
        let variance = cells().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        let scale = if variance > 1e-12 { 1.0 / variance.sqrt() } else { 0.0 };
        let cells = values.iter_mut().skip(column).step_by(columns);
        cells.for_each(|value| *value = (*value - mean) * scale);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_speaks_until_both_kinds_were_told_and_words_then() {
        let base = Model::shipped().unwrap();
        let texts = [
            "Quel crétin !",
            "Merci bien.",
            "vive le zorglub",
            "le zorglub encore",
            "un chat dort",
        ];
        let comments = texts.map(|text| (text, Context::default()));
        let learning = Learning::default();
        let pool = Pool::new(&base, &comments, &learning);
        assert_eq!((pool.len(), pool.is_empty()), (5, false));

        let mut insult = Learner::new(&pool, "insult", &learning);
        let said = insult.probabilities();
        assert!(said[0] > 0.5 && said[1] < 0.2, "{said:?}");
        insult.tell(1, false);
        assert_eq!(insult.probabilities(), said, "one kind teaches nothing");

        // No label of the base: its words are learned from two answers, and found in the others.
        let mut comic = Learner::new(&pool, "comic", &learning);
        assert_eq!(comic.probabilities(), [0.5; 5]);
        comic.tell(2, true);
        comic.tell(4, false);
        let learned = comic.probabilities();
        assert!(learned[3] > learned[1] && learned[2] > learned[4], "{learned:?}");
        let mut again = Learner::new(&pool, "comic", &learning);
        [(2, true), (4, false)].iter().for_each(|&(comment, bears)| again.tell(comment, bears));
        assert_eq!(again.probabilities(), learned);
    }
}
