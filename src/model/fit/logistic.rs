//! Fits layer 2 with linfa-logistic, and takes its result out in a form that is ours.

use linfa::prelude::*;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2, ShapeBuilder};

use crate::error::{Error, ErrorKind, Result};

/// Weights of the raw features and the constant term.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Log-odds where every feature is 0.
    pub intercept: f64,
    /// By feature.
    pub weights: Vec<f64>,
}

impl Weights {
    /// Log-odds of a row of features.
    pub fn log_odds(&self, features: &[f64]) -> f64 {
        self.intercept
            + self
                .weights
                .iter()
                .zip(features)
                .map(|(weight, feature)| weight * feature)
                .sum::<f64>()
    }
}

const ITERATIONS: u64 = 300;

/// Fits `gold` on `rows` of features; `alpha` is L2 on standardised features.
///
/// # Errors
/// When one of the classes is absent or the optimiser fails.
pub fn fit(rows: &[&[f64]], gold: &[bool], alpha: f64) -> Result<Weights> {
    solve(rows, gold, alpha, |_| 1.0)
}

/// The same, held to what `base` says: a factor of its log-odds is free, and what each weight adds to that costs
/// `pull` instead of `alpha`.
///
/// linfa-logistic knows no offset, so the log-odds of `base` go in as a feature whose scale makes it nearly free.
///
/// # Errors
/// As [`fit`].
pub(super) fn fit_near(
    rows: &[&[f64]],
    gold: &[bool],
    base: &Weights,
    alpha: f64,
    pull: f64,
) -> Result<Weights> {
    let extended: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| std::iter::once(base.log_odds(row)).chain(row.iter().copied()).collect())
        .collect();
    let extended: Vec<&[f64]> = extended.iter().map(Vec::as_slice).collect();
    let held = (alpha / pull).sqrt();
    let found = solve(&extended, gold, alpha, |column| if column == 0 { FREE } else { held })?;
    let (factor, added) = found.weights.split_first().expect("the base's log-odds are a feature");
    let weights = base.weights.iter().zip(added).map(|(base, added)| factor * base + added);
    Ok(Weights { intercept: found.intercept + factor * base.intercept, weights: weights.collect() })
}

/// Standard deviations of a feature that costs next to nothing to use.
const FREE: f64 = 10.0;

/// Fits features that are standardised, then scaled by `scale` of their column: the larger, the cheaper to use.
fn solve(
    rows: &[&[f64]],
    gold: &[bool],
    alpha: f64,
    scale: impl Fn(usize) -> f64,
) -> Result<Weights> {
    let fail = |message: String| Error::new(ErrorKind::Fit(message));
    if gold.iter().all(|&positive| positive == gold[0]) {
        return Err(fail("every row bears the same label; both 0 and 1 are needed".into()));
    }
    let columns = rows[0].len();
    // alpha acts on raw weights: without a common scale it would punish small-scaled features most.
    let (means, mut scales) = standard(rows, columns);
    scales.iter_mut().enumerate().for_each(|(column, standard)| *standard *= scale(column));
    // Column by column in memory: the gradient multiplies by the transpose, and twice as fast this way.
    let records = Array2::from_shape_fn((rows.len(), columns).f(), |(row, column)| {
        (rows[row][column] - means[column]) * scales[column]
    });
    let targets: Array1<bool> = gold.iter().copied().collect();
    let dataset = Dataset::new(records, targets);
    let fitted = LogisticRegression::default()
        .alpha(alpha)
        .max_iterations(ITERATIONS)
        .gradient_tolerance(1e-4)
        .fit(&dataset)
        .map_err(|error| fail(format!("linfa-logistic: {error}")))?;
    // linfa-logistic 0.8.1 takes the majority class as positive; later versions may not.
    let flip = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let weights: Vec<f64> =
        fitted.params().iter().zip(&scales).map(|(weight, scale)| flip * weight * scale).collect();
    let shift: f64 = weights.iter().zip(&means).map(|(weight, mean)| weight * mean).sum();
    Ok(Weights { intercept: flip * fitted.intercept() - shift, weights })
}

/// Means and inverse deviations by column; a constant column gets 0, so that it weighs nothing.
fn standard(rows: &[&[f64]], columns: usize) -> (Vec<f64>, Vec<f64>) {
    let count = rows.len() as f64;
    let mut means = vec![0.0; columns];
    for row in rows {
        means.iter_mut().zip(*row).for_each(|(mean, value)| *mean += value / count);
    }
    let mut variances = vec![0.0; columns];
    for row in rows {
        let squares = means.iter().zip(*row).map(|(mean, value)| (value - mean).powi(2));
        variances
            .iter_mut()
            .zip(squares)
            .for_each(|(variance, square)| *variance += square / count);
    }
    let scales = variances
        .iter()
        .map(|&variance| if variance > 1e-12 { 1.0 / variance.sqrt() } else { 0.0 });
    (means, scales.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One feature that tells the classes apart, but for one row in each.
    fn fitted(positives: usize, negatives: usize) -> Weights {
        let value = |row: usize, positive: bool| if (row == 0) ^ positive { 1.0 } else { 0.0 };
        let values: Vec<[f64; 1]> = (0..positives)
            .map(|row| [value(row, true)])
            .chain((0..negatives).map(|row| [value(row, false)]))
            .collect();
        let rows: Vec<&[f64]> = values.iter().map(|row| row.as_slice()).collect();
        let gold: Vec<bool> = (0..positives + negatives).map(|row| row < positives).collect();
        fit(&rows, &gold, 0.1).unwrap()
    }

    #[test]
    fn the_label_is_positive_as_minority_majority_and_tie() {
        for (positives, negatives) in [(5, 40), (40, 5), (20, 20)] {
            let weights = fitted(positives, negatives);
            assert!(weights.weights[0] > 0.0, "{positives} against {negatives}");
            assert!(weights.log_odds(&[1.0]) > weights.log_odds(&[0.0]));
        }
        assert!(fitted(5, 40).log_odds(&[0.0]) < 0.0);
        assert!(fitted(40, 5).log_odds(&[1.0]) > 0.0);
    }

    #[test]
    fn a_strong_pull_keeps_the_base_but_for_its_scale() {
        // Both features tell the classes apart; the base knows only the first.
        let values: Vec<[f64; 2]> =
            (0..40).map(|row| [f64::from(row % 2), f64::from(row / 2 % 2 + row % 2)]).collect();
        let rows: Vec<&[f64]> = values.iter().map(|row| row.as_slice()).collect();
        let gold: Vec<bool> = (0..40).map(|row| row % 2 == 1 || row == 2).collect();
        let base = Weights { intercept: -1.0, weights: vec![2.0, 0.0] };
        let held = fit_near(&rows, &gold, &base, 1.0, 1e6).unwrap();
        let free = fit_near(&rows, &gold, &base, 1.0, 1.0).unwrap();
        assert!(held.weights[0] > 0.0 && held.weights[1].abs() < 0.01, "{held:?}");
        assert!(free.weights[1] > 0.1, "{free:?}");
    }

    #[test]
    fn one_class_alone_cannot_be_fitted() {
        let rows: [&[f64]; 2] = [&[1.0], &[2.0]];
        let error = fit(&rows, &[true, true], 1.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "training: every row bears the same label; both 0 and 1 are needed"
        );
    }
}
