//! What a model is fitted on, and how.

use serde::{Deserialize, Serialize};

use crate::feature::Context;
use crate::text::Language;

/// A labelled comment.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// The comment's text.
    pub text: String,
    /// Where it stands in its thread.
    pub place: Context,
    /// The language that its file says it is in; unknown where the file does not say.
    pub language: Language,
    /// By label: what a person said; none where unknown.
    pub labels: Vec<Option<bool>>,
    /// What must not be parted by folds: a thread, a pair, copies of a text.
    pub group: u64,
    /// How much it counts in layer 1.
    pub weight: f64,
    /// What it is used for beyond layer 1.
    pub role: Use,
    /// Whether layer 2 only scores it, to measure how well: it has enough of its kind.
    pub only_measured: bool,
}

/// What a sample is used for, beyond fitting the n-grams of layer 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// Nothing: its labels are too noisy, or its comments too unlike the job.
    Words,
    /// Weighing the named features of layer 2.
    Features,
    /// That, and making probabilities honest and choosing thresholds: the nearest to the job.
    #[default]
    Job,
}

/// How to fit. The defaults are those of the shipped model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Orders rows and folds; the same seed gives the same model.
    pub seed: u64,
    /// How many folds margins and measures are computed on.
    pub folds: usize,
    /// 2 to this power buckets for the n-grams.
    pub bits: u32,
    /// How much more a word counts than letters.
    pub word_weight: f64,
    /// Inverse strength of L2 regularisation in layer 1 (LIBLINEAR's C).
    pub cost: f64,
    /// Whether both classes weigh the same in layer 1.
    pub balance: bool,
    /// Strength of L2 regularisation in layer 2 (linfa-logistic's alpha), on standardised features.
    pub alpha: f64,
    /// The same for what the line of a second language adds to the line of the first.
    pub pull: f64,
    /// Passes over the rows in layer 1, at most.
    pub passes: usize,
    /// By label: the share of comments that bear it where the model will work. Scores mean this world.
    pub priors: std::collections::BTreeMap<String, f64>,
    /// Precision from which on rejecting is advised.
    pub reject_precision: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            seed: 1,
            folds: 5,
            bits: 19,
            word_weight: 1.0,
            cost: 2.0,
            balance: true,
            alpha: 30.0,
            pull: 1000.0,
            passes: 30,
            priors: [("insult".to_string(), 0.10), ("conspiracy".to_string(), 0.04)].into(),
            reject_precision: 0.9,
        }
    }
}

/// How firmly a base is held to when local rows fit it anew. `training/learning_curve.py` measures the defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Pull {
    /// Cost of a local row in layer 1, where every weight is pulled to the base's (LIBLINEAR's C).
    pub cost: f64,
    /// Strength with which the slope of the base's log-odds is pulled to 1 (the inverse variance of a Gaussian prior).
    pub slope: f64,
    /// Strength with which their shift is pulled to 0.
    pub shift: f64,
    /// Strength with which the weights of layer 2 are pulled to the base's, where there are many rows.
    pub features: f64,
    /// With so many rows of the rarer class, they may move weights half as much as many would: `cost` is halved and
    /// `features` doubled; and so on, the fewer there are.
    pub scarce: f64,
    /// How many rows the base's share of a label is worth.
    pub prior: f64,
    /// How many rows of the rarer class the base's thresholds are worth.
    pub thresholds: f64,
}

impl Pull {
    /// The same where there are `rarer` rows of the class that has fewer.
    pub(super) fn among(&self, rarer: f64) -> Pull {
        let share = rarer / (rarer + self.scarce);
        Pull { cost: self.cost * share, features: self.features / share, ..self.clone() }
    }
}

impl Default for Pull {
    fn default() -> Self {
        Pull {
            cost: 8.0,
            slope: 3.0,
            shift: 0.1,
            features: 5.0,
            scarce: 20.0,
            prior: 100.0,
            thresholds: 50.0,
        }
    }
}
