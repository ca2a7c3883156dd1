//! Corrects a base's log-odds by what local rows say: a slope, a shift, and small changes of features' weights.

use super::dual::{self, Row};
use super::matrix::Matrix;
use super::sample::Pull;

/// What replaces a base's log-odds `z` of a comment with features `x`: `slope · z + shift + Σ weight · x`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Correction {
    pub(super) slope: f64,
    pub(super) shift: f64,
    pub(super) weights: Vec<f64>,
}

/// A row to correct by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged<'a> {
    /// The base's log-odds.
    pub(super) log_odds: f64,
    pub(super) features: &'a [f64],
    pub(super) gold: bool,
    /// How much it counts, above 0.
    pub(super) weight: f64,
}

/// The slope stays above this: a correction never turns a base around.
const LEAST_SLOPE: f64 = 0.05;
/// Passes over the rows, at most.
const PASSES: usize = 300;

impl Correction {
    /// The most probable correction, where `believed` is what was believed before (`pull` says how firmly; Gaussian
    /// priors, so that the fit is that of layer 1 in other units).
    pub(super) fn fit(
        rows: &[Judged],
        believed: &Correction,
        pull: &Pull,
        seed: u64,
    ) -> Correction {
        let columns = believed.weights.len();
        let count = rows.len() as f64;
        let mut means = vec![0.0; columns];
        for row in rows {
            means.iter_mut().zip(row.features).for_each(|(mean, value)| *mean += value / count);
        }
        // By parameter: what one unit of the solver is worth.
        let units: Vec<f64> = [pull.slope, pull.shift]
            .into_iter()
            .chain((0..columns).map(|_| pull.features))
            .map(|strength| 1.0 / strength.sqrt())
            .collect();
        let matrix = Matrix::dense(rows.iter().map(|row| {
            let centred = row.features.iter().zip(&means).map(|(value, mean)| value - mean);
            let values = [row.log_odds, 1.0].into_iter().chain(centred);
            values.zip(&units).map(|(value, unit)| value * unit)
        }));
        let fitted: Vec<Row> = rows
            .iter()
            .enumerate()
            .map(|(row, judged)| Row { row, positive: judged.gold, cost: judged.weight })
            .collect();
        let centre = |weights: &[f64]| -> f64 {
            weights.iter().zip(&means).map(|(weight, mean)| weight * mean).sum()
        };
        let start = [believed.slope, believed.shift + centre(&believed.weights)]
            .into_iter()
            .chain(believed.weights.iter().copied())
            .zip(&units)
            .map(|(value, unit)| (value / unit) as f32)
            .collect();
        let solved = dual::fit(&matrix, &fitted, start, PASSES, seed).weights;
        let mut values = solved.iter().zip(&units).map(|(&value, unit)| f64::from(value) * unit);
        let slope = values.next().unwrap_or(1.0).max(LEAST_SLOPE);
        let shift = values.next().unwrap_or(0.0);
        let weights: Vec<f64> = values.collect();
        Correction { slope, shift: shift - centre(&weights), weights }
    }

    /// What changes nothing, with this many features.
    pub(super) fn none(columns: usize) -> Correction {
        Correction { slope: 1.0, shift: 0.0, weights: vec![0.0; columns] }
    }

    /// What brings moved log-odds back to what they were, by least squares over (old, moved); to a label that has no
    /// rows of its own, when the margins of others, which it reads too, have moved.
    pub(super) fn back(pairs: &[(f64, f64)]) -> Correction {
        let count = pairs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
        let (old, moved) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let (mut shared, mut own) = (0.0, 0.0);
        for (before, after) in pairs {
            shared += (before - old) * (after - moved);
            own += (after - moved).powi(2);
        }
        let slope = if own > 0.0 { (shared / own).clamp(0.5, 2.0) } else { 1.0 };
        Correction { slope, shift: old - slope * moved, weights: Vec::new() }
    }

    /// The corrected log-odds.
    pub(super) fn log_odds(&self, before: f64, features: &[f64]) -> f64 {
        let moved: f64 =
            self.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        self.slope * before + self.shift + moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(strength: f64) -> Pull {
        Pull {
            slope: 3.0 * strength,
            shift: 0.1 * strength,
            features: 5.0 * strength,
            ..Pull::default()
        }
    }

    fn fitted(strength: f64) -> (Correction, Correction) {
        let log_odds = [-2.0, -1.0, 0.5, 1.0, -0.5, 2.0, 0.0, -1.5];
        let features = [
            [1.0, 0.0],
            [0.0, 1.0],
            [1.0, 1.0],
            [0.0, 0.0],
            [1.0, 0.0],
            [0.0, 1.0],
            [0.0, 0.0],
            [1.0, 1.0],
        ];
        let gold = [false, true, false, true, false, true, true, false];
        let weights = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 2.0, 1.0];
        let rows: Vec<Judged> = (0..8)
            .map(|row| Judged {
                log_odds: log_odds[row],
                features: &features[row],
                gold: gold[row],
                weight: weights[row],
            })
            .collect();
        let mut believed = Correction::none(2);
        believed.weights[1] = 0.5;
        (Correction::fit(&rows, &believed, &pull(strength), 1), believed)
    }

    #[test]
    fn the_fit_is_the_most_probable_correction() {
        // Oracle: Newton's method in numpy on the same rows and priors, to a gradient of 1e-15.
        let (found, _) = fitted(1.0);
        let expected = [1.05528206, 0.81028952, -0.36273319, 0.45719131];
        let found = [found.slope, found.shift, found.weights[0], found.weights[1]];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 5e-3, "{found} is not {expected}");
        }
    }

    #[test]
    fn what_was_moved_comes_back() {
        let pairs = [-3.0, -1.0, 0.5, 2.0].map(|old| (old, (old + 1.2) / 1.6));
        let back = Correction::back(&pairs);
        for (old, moved) in pairs {
            assert!((back.log_odds(moved, &[]) - old).abs() < 1e-12);
        }
        assert_eq!(Correction::back(&[(1.0, 3.0)]).log_odds(3.0, &[]), 1.0);
    }

    #[test]
    fn a_firm_belief_is_not_moved() {
        let (found, believed) = fitted(1e6);
        assert!((found.slope - 1.0).abs() < 1e-4, "{found:?}");
        assert!((found.weights[1] - believed.weights[1]).abs() < 1e-4, "{found:?}");
        assert!((found.log_odds(0.3, &[1.0, 1.0]) - 0.8).abs() < 1e-3, "{found:?}");
    }
}
