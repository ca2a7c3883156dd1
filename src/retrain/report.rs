//! Defines what a moderator is told of a proposed model before it is switched to.

use serde::{Deserialize, Serialize};

use crate::evaluation::Difference;

/// How a proposed model compares to the one that advises.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Comments that it was fitted on.
    pub rows: usize,
    /// Compared are only decisions made after this (milliseconds since 1970): the active model knows the others.
    pub fitted_since: Option<i64>,
    /// Label by label.
    pub labels: Vec<Measured>,
}

/// One label.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The label.
    pub label: String,
    /// Decisions compared.
    pub rows: usize,
    /// Those that say yes.
    pub positives: usize,
    /// Measure by measure.
    pub changes: Vec<Measure>,
    /// Decided wrongly before, rightly now.
    pub to_right: usize,
    /// Decided rightly before, wrongly now.
    pub to_wrong: usize,
    /// Some of those, the widest steps first.
    pub examples: Vec<Example>,
}

/// One measure, before and after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What is measured: `auc`, `precision`, `recall` …
    pub measure: String,
    /// Of the active model; none where it cannot be told.
    pub before: Option<f64>,
    /// Of the proposed one.
    pub after: Option<f64>,
    /// The interval of 95 % of the difference.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

/// A comment that changes sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The number of the comment.
    pub comment: i64,
    /// What the moderator said.
    pub gold: bool,
    /// The probability before.
    pub before: f64,
    /// And after.
    pub after: f64,
    /// Whether that is better.
    pub change: Change,
}

/// Which way a comment changes sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Wrong before, right now.
    ToRight,
    /// Right before, wrong now.
    ToWrong,
}

impl Example {
    /// How far the probability moves.
    pub(super) fn step(&self) -> f64 {
        (self.after - self.before).abs()
    }
}

pub(super) fn of(difference: &Difference) -> Measure {
    Measure {
        measure: difference.measure.into(),
        before: difference.a,
        after: difference.b,
        low: difference.interval.map(|interval| interval.low),
        high: difference.interval.map(|interval| interval.high),
    }
}
