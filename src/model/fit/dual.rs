//! Fits an L2-regularised logistic regression on sparse rows by dual coordinate descent.
//!
//! Yu, Huang and Lin, "Dual coordinate descent methods for logistic regression and maximum entropy models",
//! Machine Learning 85, 2011, algorithm 5. It minimises `½‖w‖² + Σ cᵢ ln(1 + exp(−yᵢ w·xᵢ))`, the objective of
//! scikit-learn's `LogisticRegression` with `C` in `c`, without a constant term: layer 2 has one. Started at other
//! weights `w0` it minimises `½‖w − w0‖² + …` instead: what the rows say nothing of stays as it was.

use super::matrix::Matrix;
use crate::text::mix;

/// One row to fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The row of the matrix.
    pub row: usize,
    /// Whether it bears the label.
    pub positive: bool,
    /// Its cost, above 0.
    pub cost: f64,
}

/// Steps of Newton's method within one coordinate, at most.
const STEPS: usize = 100;
/// A violation below this ends the fit.
const TOLERANCE: f64 = 0.01;

/// Weights, and what they were found by.
pub(super) struct Solution {
    /// By bucket.
    pub weights: Vec<f32>,
    /// By row as it was given: its dual variable as a share of its cost, 0 to 1.
    shares: Vec<(usize, f64)>,
}

/// Fits weights, one a bucket, and keeps them near `weights`.
pub(super) fn fit(
    matrix: &Matrix,
    rows: &[Row],
    weights: Vec<f32>,
    passes: usize,
    seed: u64,
) -> Solution {
    descend(matrix, rows, weights, |_| 0.0, passes, seed)
}

impl Solution {
    /// Fits some of the same rows, in the same order. Begins where these ended without the others: the optimum is the
    /// same from anywhere, and near.
    pub(super) fn refit(
        &self,
        matrix: &Matrix,
        rows: &[Row],
        weights: Vec<f32>,
        passes: usize,
        seed: u64,
    ) -> Vec<f32> {
        let share = |row: usize| {
            let found = self.shares.binary_search_by_key(&row, |&(other, _)| other);
            found.map_or(0.0, |at| self.shares[at].1)
        };
        descend(matrix, rows, weights, share, passes, seed).weights
    }
}

/// Descends from `weights`, with the dual variable of each row at this share of its cost.
fn descend(
    matrix: &Matrix,
    rows: &[Row],
    mut weights: Vec<f32>,
    share: impl Fn(usize) -> f64,
    passes: usize,
    seed: u64,
) -> Solution {
    // By row the dual variable of the row and its complement to the row's cost.
    let mut duals: Vec<[f64; 2]> = rows
        .iter()
        .map(|row| {
            let small = (0.001 * row.cost).min(1e-8);
            let dual = (share(row.row) * row.cost).clamp(small, row.cost - small);
            [dual, row.cost - dual]
        })
        .collect();
    for (row, dual) in rows.iter().zip(&duals) {
        add(matrix, row, sign(row) * dual[0], &mut weights);
    }
    let lengths: Vec<f64> =
        rows.iter().map(|row| matrix.row(row.row).map(|(_, value)| value * value).sum()).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut precision = 1e-2;
    for pass in 0..passes {
        shuffle(&mut order, mix(seed ^ pass as u64));
        let (mut violation, mut steps) = (0.0f64, 0);
        for &index in &order {
            let row = &rows[index];
            let slope = sign(row) * matrix.dot(row.row, &weights);
            let coordinate = Coordinate { cost: row.cost, length: lengths[index], slope };
            let before = duals[index][0];
            let (after, gradient, taken) = coordinate.minimise(duals[index], precision);
            violation = violation.max(gradient);
            steps += taken;
            duals[index] = after;
            if taken > 0 {
                add(matrix, row, sign(row) * (after[0] - before), &mut weights);
            }
        }
        if violation < TOLERANCE {
            break;
        }
        if steps <= rows.len() / 10 {
            precision = (precision * 0.1).max(1e-8);
        }
    }
    let shares = rows.iter().zip(&duals).map(|(row, dual)| (row.row, dual[0] / row.cost)).collect();
    Solution { weights, shares }
}

/// The problem in one dual variable.
struct Coordinate {
    cost: f64,
    length: f64,
    slope: f64,
}

impl Coordinate {
    /// Newton's method on whichever of the variable and its complement is the smaller, where it is stable.
    /// Returns both, the violation found at the start, and the steps taken.
    fn minimise(&self, [dual, complement]: [f64; 2], precision: f64) -> ([f64; 2], f64, usize) {
        let &Coordinate { cost, length, slope } = self;
        let swapped = 0.5 * length * (complement - dual) + slope < 0.0;
        let (start, direction) = if swapped { (complement, -1.0) } else { (dual, 1.0) };
        let derivative =
            |z: f64| length * (z - start) + direction * slope + libm::log(z / (cost - z));
        let mut z = if cost - start < 0.5 * cost { 0.1 * start } else { start };
        let mut gradient = derivative(z);
        let violation = gradient.abs();
        let mut steps = 0;
        while gradient.abs() >= precision && steps < STEPS {
            let curvature = length + cost / (cost - z) / z;
            let next = z - gradient / curvature;
            z = if next <= 0.0 { z * 0.1 } else { next };
            gradient = derivative(z);
            steps += 1;
        }
        if steps == 0 {
            return ([dual, complement], violation, 0);
        }
        let found = if swapped { [cost - z, z] } else { [z, cost - z] };
        (found, violation, steps)
    }
}

fn sign(row: &Row) -> f64 {
    if row.positive { 1.0 } else { -1.0 }
}

fn add(matrix: &Matrix, row: &Row, factor: f64, weights: &mut [f32]) {
    for (bucket, value) in matrix.row(row.row) {
        weights[bucket] += (factor * value) as f32;
    }
}

/// Fisher and Yates, with the numbers of a counter that is mixed.
pub(super) fn shuffle(order: &mut [usize], seed: u64) {
    for last in (1..order.len()).rev() {
        let pick = mix(seed.wrapping_add(last as u64)) as usize % (last + 1);
        order.swap(last, pick);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_stay_near_where_they_started() {
        // One row of one number 2: the optimum of (w - w0)²/2 + c ln(1 + exp(-2w)) is where
        // w - w0 = 2c / (1 + exp(2w)). By hand: c = 1.5, w = 0.5 has w0 = 0.5 - 3 / (1 + e) = -0.306824.
        let matrix = Matrix::dense([[2.0]].into_iter().map(|row| row.into_iter()));
        let row = |cost: f64| [Row { row: 0, positive: true, cost }];
        let fitted =
            |start: f32, cost: f64| fit(&matrix, &row(cost), vec![start, 7.0], 100, 1).weights;
        let found = fitted(-0.306_824, 1.5);
        assert!((found[0] - 0.5).abs() < 5e-3, "{found:?}");
        assert_eq!(found[1], 7.0, "what no row has stays");
        assert!(
            (fitted(-0.3, 1e-9)[0] + 0.3).abs() < 1e-6,
            "a row that costs nothing moves nothing"
        );
    }
}
