//! The second layer: for each label and language a calibrated logistic regression over named features.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Probability;
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

    /// The same line to three decimals.
    ///
    /// The optimiser of layer 2 takes exponentials from the system's C library, whose last digits differ between
    /// processors; what it finds differs from the sixth decimal on. Rounded, a model is made again bit for bit.
    pub fn rounded(&self) -> Line {
        Line {
            intercept: round(self.intercept),
            weights: self.weights.iter().map(|&weight| round(weight)).collect(),
            slope: round(self.slope).max(1.0 / PER_ONE),
            shift: round(self.shift),
        }
    }
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
