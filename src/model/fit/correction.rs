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
        let start = [believed.slope, believed.shift]
            .into_iter()
            .chain(believed.weights.iter().copied())
            .zip(&units)
            .map(|(value, unit)| (value / unit) as f32)
            .collect();
        let solved = dual::fit(&matrix, &fitted, start, PASSES, seed);
        let mut values = solved.iter().zip(&units).map(|(&value, unit)| f64::from(value) * unit);
        let slope = values.next().unwrap_or(1.0).max(LEAST_SLOPE);
        let shift = values.next().unwrap_or(0.0);
        let weights: Vec<f64> = values.collect();
        let centre: f64 = weights.iter().zip(&means).map(|(weight, mean)| weight * mean).sum();
        Correction { slope, shift: shift - centre, weights }
    }

    /// What changes nothing, with this many features.
    pub(super) fn none(columns: usize) -> Correction {
        Correction { slope: 1.0, shift: 0.0, weights: vec![0.0; columns] }
    }

    /// The corrected log-odds.
    pub(super) fn log_odds(&self, before: f64, features: &[f64]) -> f64 {
        let moved: f64 =
            self.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        self.slope * before + self.shift + moved
    }
}
