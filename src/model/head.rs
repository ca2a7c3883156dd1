//! The second layer: for each label and language a calibrated logistic regression over named features.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Probability;
use crate::evaluation::Curve;
use crate::text::Language;

/// What one label weighs, language by language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The label.
    pub label: String,
    /// By language; [`Language::Unknown`] stands for all that have no line of their own, and is always there.
    pub lines: BTreeMap<Language, Line>,
    /// From here on a moderator should look.
    pub review: f64,
    /// From here on rejecting is the likelier decision.
    pub reject: f64,
    /// What each threshold does, counted in folds on comments of the job; older models have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<Curve>,
}

/// The log-odds of a comment: `slope · (intercept + Σ weight · feature) + shift`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Log-odds where every feature is 0.
    pub intercept: f64,
    /// By feature: the margin features of every label, then the schema's.
    pub weights: Vec<f64>,
    /// Factor, above 0, that makes log-odds mean what they say (Platt, 1999).
    pub slope: f64,
    /// Added after.
    pub shift: f64,
}

impl Line {
    /// Log-odds of features, in order of [`Line::weights`].
    pub fn log_odds(&self, features: &[f64]) -> f64 {
        let sum: f64 =
            self.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        self.slope * (self.intercept + sum) + self.shift
    }

    /// The same line to three decimals, weights to three digits at most.
    ///
    /// The optimiser of layer 2 takes exponentials from the system's C library, whose last digits differ between
    /// processors; what it finds differs from the fifth digit on, or sooner where it gave up before its end. Rounded, a model is made again bit for bit.
    pub fn rounded(&self) -> Line {
        Line {
            intercept: round(self.intercept),
            weights: self.weights.iter().map(|&weight| digits(weight)).collect(),
            slope: round(self.slope).max(1.0 / PER_ONE),
            shift: round(self.shift),
        }
    }
}

/// Three digits, and three decimals at most.
fn digits(value: f64) -> f64 {
    let mut per_one = PER_ONE;
    while per_one > 1.0 && (value * per_one).abs() >= PER_ONE {
        per_one /= 10.0;
    }
    (value * per_one).round() / per_one
}

/// Steps in one that a fitted number is kept in.
const PER_ONE: f64 = 1e3;

fn round(value: f64) -> f64 {
    // Divided rather than multiplied: 0.3 is then 0.3, and short in the file.
    (value * PER_ONE).round() / PER_ONE
}

impl Head {
    /// The line for comments in `language`.
    ///
    /// # Panics
    /// When the head has no line for unknown languages: [`Model::assemble`](super::Model::assemble) refuses it.
    pub fn line(&self, language: Language) -> &Line {
        self.lines.get(&language).unwrap_or_else(|| &self.lines[&Language::Unknown])
    }

    /// The threshold from which on a moderator should look.
    pub fn review(&self) -> Probability {
        Probability::new(self.review)
    }

    /// The threshold from which on rejecting is the likelier decision.
    pub fn reject(&self) -> Probability {
        Probability::new(self.reject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_rounded() {
        let weights = vec![0.12345, -5.0194, 12.345, -1234.6, 0.0];
        let line = Line { intercept: -3.21449, weights, slope: 0.00001, shift: 1.0005 };
        let rounded = line.rounded();
        assert_eq!(rounded.weights, [0.123, -5.02, 12.3, -1235.0, 0.0]);
        assert_eq!((rounded.intercept, rounded.slope, rounded.shift), (-3.214, 0.001, 1.001));
        assert_eq!(rounded.rounded(), rounded);
    }
}
