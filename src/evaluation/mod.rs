//! Measures scores against gold labels. Sees (gold, score) pairs, never a text.

mod agreement;
mod bootstrap;
mod calibration;
mod comparison;
mod confusion;
mod curve;
mod discovery;
#[cfg(feature = "serve")]
mod exact;
mod fold;
mod interval;
mod rank;
mod ranking;
mod slice;
mod subgroup;
mod translation;
mod witnesses;

pub use agreement::Agreement;
pub use bootstrap::Bootstrap;
pub use calibration::{Bin, Calibration};
pub use comparison::{Difference, Judge, Turn, Turns};
pub use confusion::Confusion;
pub use curve::{Curve, Point, Promise};
pub use discovery::Discovery;
pub use fold::folds;
pub use interval::{Interval, Rate};
pub use rank::{area_under_roc, average_precision, best_f1_threshold, threshold_for_precision};
pub use ranking::Ranking;
pub use slice::Slice;
pub use subgroup::{Estimate, Gap, POWER, Subgroup, generalised_mean};
pub use translation::{Translation, translate};
pub use witnesses::Witnesses;

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

    /// Whether flagging from `threshold` on does as the person said.
    pub fn is_right(&self, threshold: f64) -> bool {
        (self.score >= threshold) == self.gold
    }
}
