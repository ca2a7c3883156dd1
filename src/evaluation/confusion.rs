//! Counts what a threshold catches, disturbs, misses and lets pass.

use std::borrow::Borrow;

use serde::Serialize;

use super::Pair;

/// The four counts at a threshold. They are weights, so they need not be whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Confusion {
    /// Positives at or above the threshold (true positives).
    pub caught: f64,
    /// Negatives at or above it (false positives).
    pub disturbed: f64,
    /// Positives below it (false negatives).
    pub missed: f64,
    /// Negatives below it (true negatives).
    pub passed: f64,
}

impl Confusion {
    /// Counts `pairs` at `threshold`.
    pub fn at(pairs: impl IntoIterator<Item = impl Borrow<Pair>>, threshold: f64) -> Confusion {
        let mut confusion = Confusion::default();
        for pair in pairs {
            let pair = pair.borrow();
            confusion.count(pair.gold, pair.score >= threshold, pair.weight);
        }
        confusion
    }

    /// Counts one more, of this weight.
    pub fn count(&mut self, gold: bool, flagged: bool, weight: f64) {
        *match (gold, flagged) {
            (true, true) => &mut self.caught,
            (false, true) => &mut self.disturbed,
            (true, false) => &mut self.missed,
            (false, false) => &mut self.passed,
        } += weight;
    }

    /// Share of what is flagged that is rightly so; none when nothing is flagged.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.caught, self.caught + self.disturbed)
    }

    /// Share of the positives that is flagged; none without positives.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.caught, self.caught + self.missed)
    }

    /// Harmonic mean of precision and recall; none without positives.
    pub fn f1(&self) -> Option<f64> {
        ratio(2.0 * self.caught, 2.0 * self.caught + self.disturbed + self.missed)
    }
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_at_and_above_the_threshold() {
        let pairs = [
            Pair::new(true, 0.5),
            Pair::new(false, 0.5),
            Pair::new(true, 0.4),
            Pair::new(false, 0.1),
        ];
        let confusion = Confusion::at(pairs, 0.5);
        assert_eq!(confusion, Confusion { caught: 1.0, disturbed: 1.0, missed: 1.0, passed: 1.0 });
        assert_eq!(confusion.precision(), Some(0.5));
        assert_eq!(Confusion::default().f1(), None);
    }
}
