//! Compares two models on the same comments.

use serde::Serialize;

use super::{Bootstrap, Calibration, Confusion, Interval, Pair, Ranking};

/// A model's scores on rows that others judge too, and where it flags.
#[derive(Clone, Debug)]
pub struct Judge<'a> {
    pairs: &'a [Pair],
    threshold: f64,
    ranking: Ranking,
}

/// One measure of two models on the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What is measured.
    pub measure: &'static str,
    /// By the first model; none where it does not exist.
    pub a: Option<f64>,
    /// By the second.
    pub b: Option<f64>,
    /// The second less the first.
    pub difference: Option<f64>,
    /// Where the difference lies: both models see the same resamples.
    pub interval: Option<Interval>,
}

/// What is measured, in the order of [`Judge::measure`].
const MEASURES: [&str; 7] =
    ["auc", "average_precision", "precision", "recall", "f1", "brier", "calibration_error"];

impl<'a> Judge<'a> {
    /// A model that gave these scores and flags from `threshold` on.
    pub fn new(pairs: &'a [Pair], threshold: f64) -> Judge<'a> {
        Judge { pairs, threshold, ranking: Ranking::new(pairs) }
    }

    fn measure(&self, weights: &[f64]) -> [Option<f64>; MEASURES.len()] {
        let (auc, average_precision) = self.ranking.areas(weights);
        let weighed =
            self.pairs.iter().zip(weights).map(|(pair, &weight)| Pair { weight, ..*pair });
        let confusion = Confusion::at(weighed.clone(), self.threshold);
        let calibration = Calibration::of(weighed);
        let some = |value| (!self.pairs.is_empty()).then_some(value);
        [
            auc,
            average_precision,
            confusion.precision(),
            confusion.recall(),
            confusion.f1(),
            some(calibration.brier),
            some(calibration.error),
        ]
    }

    /// Every measure of this model and of `other`, which judged the same rows, with a paired interval of the difference.
    ///
    /// The calibration error of a resample is a little larger than that of the whole, for both models alike; where
    /// the two errors are small, the interval of their difference is wider than it need be.
    pub fn compare(&self, other: &Judge, bootstrap: &Bootstrap) -> Vec<Difference> {
        let both = |weights: &[f64]| self.measure(weights).into_iter().zip(other.measure(weights));
        let intervals = bootstrap.intervals(|weights| both(weights).map(less).collect());
        let whole = both(&vec![1.0; self.pairs.len()]);
        whole
            .zip(MEASURES)
            .enumerate()
            .map(|(at, ((a, b), measure))| {
                let interval = intervals.get(at).copied().flatten();
                Difference { measure, a, b, difference: less((a, b)), interval }
            })
            .collect()
    }

    /// What changes where `other` takes this model's place, row by row.
    pub fn turns(&self, other: &Judge) -> Vec<Turn> {
        let pairs = self.pairs.iter().zip(other.pairs);
        pairs
            .map(|(a, b)| match (a.is_right(self.threshold), b.is_right(other.threshold)) {
                (true, false) => Turn::ToWrong,
                (false, true) => Turn::ToRight,
                _ => Turn::None,
            })
            .collect()
    }
}

fn less((a, b): (Option<f64>, Option<f64>)) -> Option<f64> {
    a.zip(b).map(|(a, b)| b - a)
}

/// What becomes of one comment when one model takes the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Both are right, or both are wrong.
    None,
    /// The first was right, the second is wrong.
    ToWrong,
    /// The first was wrong, the second is right.
    ToRight,
}

/// How many comments turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Turns {
    /// All comments.
    pub rows: usize,
    /// Right before, wrong now.
    pub right_to_wrong: usize,
    /// Wrong before, right now.
    pub wrong_to_right: usize,
}

impl Turns {
    /// Counts one more.
    pub fn add(&mut self, turn: Turn) {
        self.rows += 1;
        self.right_to_wrong += usize::from(turn == Turn::ToWrong);
        self.wrong_to_right += usize::from(turn == Turn::ToRight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(scores: &[f64]) -> Vec<Pair> {
        scores.iter().enumerate().map(|(row, &score)| Pair::new(row % 2 == 0, score)).collect()
    }

    fn compare(a: &[f64], b: &[f64]) -> Vec<Difference> {
        let rows: Vec<u64> = (0..a.len() as u64).collect();
        let bootstrap = Bootstrap::new(&rows, 400, 1);
        Judge::new(&pairs(a), 0.5).compare(&Judge::new(&pairs(b), 0.5), &bootstrap)
    }

    #[test]
    fn a_model_does_not_differ_from_itself() {
        let scores: Vec<f64> = (0..60).map(|row| f64::from(row * 37 % 60) / 60.0).collect();
        for difference in compare(&scores, &scores) {
            assert_eq!(difference.a, difference.b);
            assert_eq!(difference.difference, Some(0.0), "{difference:?}");
            assert_eq!(difference.interval, Some(Interval { low: 0.0, high: 0.0 }));
        }
    }

    #[test]
    fn a_large_difference_excludes_zero_and_a_coin_does_not() {
        // Positives are the even rows: the first model tosses a coin, the second knows.
        let coin: Vec<f64> = (0..80).map(|row| if row / 2 % 2 == 0 { 0.8 } else { 0.2 }).collect();
        let good: Vec<f64> = (0..80).map(|row| if row % 2 == 0 { 0.8 } else { 0.2 }).collect();
        let differences = compare(&coin, &good);
        let of = |name: &str| *differences.iter().find(|one| one.measure == name).unwrap();
        // Oracle: by hand. The coin: AUC .5; 20 of 40 flagged rightly, 20 of 40 found; Brier (.04 + .64) / 2.
        assert_eq!(
            (of("auc").a, of("auc").b, of("auc").difference),
            (Some(0.5), Some(1.0), Some(0.5))
        );
        assert_eq!(
            (of("precision").a, of("recall").a, of("f1").a),
            (Some(0.5), Some(0.5), Some(0.5))
        );
        assert_eq!(
            (of("precision").b, of("recall").b, of("f1").b),
            (Some(1.0), Some(1.0), Some(1.0))
        );
        assert!((of("brier").a.unwrap() - 0.34).abs() < 1e-12);
        assert!((of("brier").b.unwrap() - 0.04).abs() < 1e-12);
        // Its scores of .8 and .2 should be .5 each; the other's should be 1 and 0.
        assert!((of("calibration_error").a.unwrap() - 0.3).abs() < 1e-12);
        assert!((of("calibration_error").b.unwrap() - 0.2).abs() < 1e-12);
        for name in ["auc", "average_precision", "precision", "recall", "f1", "brier"] {
            assert!(of(name).interval.unwrap().excludes_zero(), "{:?}", of(name));
        }
        let other: Vec<f64> = coin.iter().map(|score| 1.0 - score).collect();
        for difference in compare(&coin, &other) {
            let interval = difference.interval.unwrap();
            assert!(!interval.excludes_zero() && interval.low < interval.high, "{difference:?}");
        }
    }

    #[test]
    fn turns_are_told_from_the_first_to_the_second() {
        let (a, b) = (pairs(&[0.9, 0.9, 0.1, 0.1]), pairs(&[0.9, 0.1, 0.9, 0.7]));
        let turns = Judge::new(&a, 0.5).turns(&Judge::new(&b, 0.6));
        assert_eq!(turns, [Turn::None, Turn::ToRight, Turn::ToRight, Turn::ToWrong]);
        let mut counts = Turns::default();
        turns.into_iter().for_each(|turn| counts.add(turn));
        assert_eq!(counts, Turns { rows: 4, right_to_wrong: 1, wrong_to_right: 2 });
    }

    #[test]
    fn what_does_not_exist_has_no_difference() {
        let none = compare(&[], &[]);
        assert!(none.iter().all(|one| one.a.is_none() && one.interval.is_none()), "{none:?}");
    }
}
