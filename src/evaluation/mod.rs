//! Measures scores against gold labels. Sees (gold, score) pairs, never a text.

mod calibration;
mod confusion;
mod curve;
mod fold;
mod rank;

pub use calibration::{Bin, Calibration};
pub use confusion::Confusion;
pub use curve::{Curve, Point, Promise};
pub use fold::folds;
pub use rank::{area_under_roc, average_precision, best_f1_threshold, threshold_for_precision};

/// A gold label with the score that a model gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// What a person said.
    pub gold: bool,
    /// What the model said, 0 to 1.
    pub score: f64,
    /// How much the pair counts; 1 where all count alike.
    pub weight: f64,
}

impl Pair {
    /// A pair that counts once.
    pub fn new(gold: bool, score: f64) -> Pair {
        Pair { gold, score, weight: 1.0 }
    }
}
