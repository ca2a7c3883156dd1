//! Fits a linear support vector machine with squared hinge loss by dual coordinate descent, beginning where it last ended.
//!
//! Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale linear SVM", ICML 2008,
//! algorithm 1. It minimises `½‖w‖² + Σ cᵢ max(0, 1 − yᵢ w·xᵢ)²`. Its dual variables have no upper bound, so that those of
//! the last fit are a valid start even where costs have changed: a few labels more cost a few passes.

use super::dual::Row;
use super::matrix::Matrix;
use crate::text::mix;

/// Passes over the rows, at most.
const PASSES: usize = 60;
/// A violation below this ends the fit.
const TOLERANCE: f64 = 0.02;

/// Rows of n-grams with a few dense numbers beside them.
#[derive(Clone, Copy)]
pub(super) struct Rows<'m> {
    pub matrix: &'m Matrix,
    /// `width` numbers a row.
    pub beside: &'m [f64],
    pub width: usize,
}

/// The machine: a weight a bucket, a weight a dense number, a dual variable a row.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    weights: Vec<f32>,
    beside: Vec<f64>,
    duals: Vec<f64>,
}

impl Rows<'_> {
    fn dense(&self, row: usize) -> &[f64] {
        &self.beside[row * self.width..(row + 1) * self.width]
    }

    /// The squared length of a row; that of its n-grams is 1, or 0 where it has none.
    pub(super) fn length(&self, row: usize) -> f64 {
        let sparse: f64 = self.matrix.row(row).map(|(_, value)| value * value).sum();
        sparse + self.dense(row).iter().map(|value| value * value).sum::<f64>()
    }
}

impl Machine {
    /// One that has seen nothing.
    pub(super) fn new(buckets: usize, rows: Rows) -> Machine {
        let count = rows.beside.len() / rows.width;
        Machine {
            weights: vec![0.0; buckets],
            beside: vec![0.0; rows.width],
            duals: vec![0.0; count],
        }
    }

    /// What it says of a row.
    pub(super) fn margin(&self, rows: Rows, row: usize) -> f64 {
        let dense = self.beside.iter().zip(rows.dense(row));
        rows.matrix.dot(row, &self.weights)
            + dense.map(|(weight, value)| weight * value).sum::<f64>()
    }

    /// About what it would say of a fitted row, had it not seen it: the row's own part is taken out (Jaakkola and
    /// Haussler, "Probabilistic kernel regression models", 1999, section 3).
    pub(super) fn margin_without(&self, rows: Rows, row: &Row) -> f64 {
        let own = sign(row) * self.duals[row.row] * rows.length(row.row);
        self.margin(rows, row.row) - own
    }

    /// Fits `fitted`, among which are all rows fitted before.
    pub(super) fn fit(&mut self, rows: Rows, fitted: &[Row], seed: u64) {
        let lengths: Vec<f64> = fitted.iter().map(|row| rows.length(row.row)).collect();
        let mut order: Vec<usize> = (0..fitted.len()).collect();
        for pass in 0..PASSES {
            super::dual::shuffle(&mut order, mix(seed ^ pass as u64));
            let mut violation = 0.0f64;
            for &index in &order {
                let row = &fitted[index];
                let before = self.duals[row.row];
                let softness = 0.5 / row.cost;
                let slope = sign(row) * self.margin(rows, row.row) - 1.0 + softness * before;
                let downhill = if before == 0.0 { slope.min(0.0) } else { slope };
                violation = violation.max(downhill.abs());
                if downhill != 0.0 {
                    let after = (before - slope / (lengths[index] + softness)).max(0.0);
                    self.duals[row.row] = after;
                    self.add(rows, row.row, sign(row) * (after - before));
                }
            }
            if violation < TOLERANCE {
                break;
            }
        }
    }

    fn add(&mut self, rows: Rows, row: usize, factor: f64) {
        for (bucket, value) in rows.matrix.row(row) {
            self.weights[bucket] += (factor * value) as f32;
        }
        let dense = self.beside.iter_mut().zip(rows.dense(row));
        dense.for_each(|(weight, value)| *weight += factor * value);
    }
}

fn sign(row: &Row) -> f64 {
    if row.positive { 1.0 } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_finds_the_optimum_from_wherever_it_stood() {
        // Two rows of one number, 2 (positive) and 1 (negative), both of cost 1: ½w² + (1 − 2w)² + (1 + w)² is least where
        // w − 4(1 − 2w) + 2(1 + w) = 0, so w = 2/11, by hand.
        let matrix = Matrix::dense([[2.0], [1.0]].into_iter().map(|row| row.into_iter()));
        let beside = [0.0, 0.0];
        let rows = Rows { matrix: &matrix, beside: &beside, width: 1 };
        let row = |row, positive, cost| Row { row, positive, cost };
        let both = [row(0, true, 1.0), row(1, false, 1.0)];
        let mut cold = Machine::new(1, rows);
        cold.fit(rows, &both, 1);
        let mut warm = Machine::new(1, rows);
        warm.fit(rows, &[row(0, true, 5.0)], 1);
        warm.fit(rows, &both, 1);
        for machine in [&cold, &warm] {
            assert!((machine.margin(rows, 1) - 2.0 / 11.0).abs() < 0.01, "{machine:?}");
        }
        // Without the negative row, ½w² + (1 − 2w)² is least at 4/9; what is estimated lies on that side.
        assert!(cold.margin_without(rows, &both[1]) > cold.margin(rows, 1));
    }
}
