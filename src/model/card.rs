//! What a model says of itself: from what it was made and how it was measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Where a model comes from. Kept in its file, shown by `vigie evaluate` and in the model card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its name.
    pub name: String,
    /// The version of vigie that fitted it.
    pub vigie: String,
    /// The model that it began as, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// What it was fitted on.
    pub corpora: Vec<Corpus>,
    /// Cross-validated measures, one a label.
    pub measures: Vec<Measure>,
    /// How well the rows of several corpora were told before they had been seen, by the name that they share.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub together: BTreeMap<String, Vec<InFolds>>,
}

/// A labelled file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Corpus {
    /// The file's name.
    pub name: String,
    /// Its SHA-256, in hexadecimal.
    pub digest: String,
    /// How many rows were used.
    pub rows: usize,
    /// By label: rows labelled 1.
    pub positives: Vec<usize>,
    /// By label: rows labelled 0.
    pub negatives: Vec<usize>,
    /// How much a row counts.
    pub weight: f64,
    /// A name that it shares with corpora that are measured together with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<String>,
    /// How well its rows were told before they had been seen; none for rows that only layer 1 saw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_folds: Vec<InFolds>,
}

/// How well a label is told in one corpus, on folds that were not fitted on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InFolds {
    /// The label.
    pub label: String,
    /// Rows measured.
    pub rows: usize,
    /// Rows labelled 1 among them.
    pub positives: usize,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Average precision.
    pub average_precision: f64,
}

/// How well a label is told, on folds that were not fitted on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The label.
    pub label: String,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Average precision.
    pub average_precision: f64,
    /// The threshold for review.
    pub threshold: f64,
    /// Precision at the threshold.
    pub precision: f64,
    /// Recall at the threshold.
    pub recall: f64,
    /// The share of comments that bear the label in the world that scores mean; 0 where it was not kept.
    #[serde(default)]
    pub prior: f64,
    /// Rows measured.
    pub rows: usize,
    /// Rows labelled 1 among them.
    pub positives: usize,
}
