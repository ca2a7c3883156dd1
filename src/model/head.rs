//! The second layer: for each label a logistic regression over named features, calibrated by language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Probability;
use crate::text::Language;

/// What one label weighs.
///
/// The log-odds of a comment in language `g` are `slope(g) · (intercept + Σ weight · feature) + shift(g)`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The label.
    pub label: String,
    /// Log-odds where every feature is 0.
    pub intercept: f64,
    /// By feature: the margin features of every label, then the schema's.
    pub weights: Vec<f64>,
    /// By language.
    pub calibrations: BTreeMap<Language, Calibration>,
    /// From here on a moderator should look.
    pub review: f64,
    /// From here on rejecting is the likelier decision.
    pub reject: f64,
}

/// A line that makes log-odds mean what they say (Platt, 1999).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Factor, above 0.
    pub slope: f64,
    /// Added after.
    pub shift: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Calibration { slope: 1.0, shift: 0.0 }
    }
}

impl Head {
    /// How the log-odds are calibrated in a language; unknown and untrained ones share a line.
    pub fn calibration(&self, language: Language) -> Calibration {
        let exact = self.calibrations.get(&language);
        exact.or_else(|| self.calibrations.get(&Language::Unknown)).copied().unwrap_or_default()
    }

    /// Log-odds of features, in order of [`Head::weights`].
    pub fn log_odds(&self, features: &[f64], language: Language) -> f64 {
        let sum: f64 =
            self.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        let Calibration { slope, shift } = self.calibration(language);
        slope * (self.intercept + sum) + shift
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
