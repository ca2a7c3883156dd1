//! Reads the log from its beginning to its end, and keeps of every comment what stands.

use std::collections::{BTreeMap, HashMap};

use super::week::Week;
use crate::store::{Decision, Verdict};

/// What is counted of a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// Approve, reject or defer.
    pub verdict: Verdict,
    /// What was advised then: approve, review or reject.
    pub advice: String,
    /// The rate at which the comment was drawn for the audit, where it was.
    pub sample: Option<f64>,
    /// The label that led to the advice.
    pub label: String,
    /// The labels that the moderator confirmed.
    pub labels: Vec<String>,
    /// Who decided.
    pub moderator: String,
    /// When.
    pub week: Week,
    /// What says nearly the same has the same number.
    pub fold: i64,
    act: i64,
    /// Whether it was taken back.
    undone: bool,
    /// Whether it was taken back, or somebody decided the contrary later.
    reversed: bool,
}

impl Weighed {
    /// Whether the queue showed the comment because of its scores.
    pub fn is_flagged(&self) -> bool {
        self.advice != "approve"
    }

    /// Whether it comes down.
    pub fn is_rejected(&self) -> bool {
        self.verdict == Verdict::Reject
    }

    /// Whether it is decided at all, not put off.
    pub fn is_decided(&self) -> bool {
        matches!(self.verdict, Verdict::Approve | Verdict::Reject)
    }

    /// Whether it was taken back, or somebody decided the contrary later.
    pub fn is_reversed(&self) -> bool {
        self.reversed
    }

    /// Whether it contradicts the advice; none where the advice was only to look.
    pub fn contradicts(&self) -> Option<bool> {
        match (self.advice.as_str(), self.verdict) {
            ("reject", Verdict::Approve) | ("approve", Verdict::Reject) => Some(true),
            ("reject", Verdict::Reject) | ("approve", Verdict::Approve) => Some(false),
            _ => None,
        }
    }
}

/// A log as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// By comment: its decisions, the first one first.
    comments: BTreeMap<i64, Vec<Weighed>>,
    /// By act: the fold that it is about; none where it is about several.
    acts: HashMap<i64, Option<i64>>,
}

impl Replay {
    /// Takes the next decision of the log. `item` is the fold of its comment, none where it was forgotten; `label` the one
    /// that led to the advice, none where only the scores can tell: then it is the highest.
    pub fn take(&mut self, decision: Decision, item: Option<i64>, label: Option<String>) {
        let decisions = self.comments.entry(decision.comment).or_default();
        if decision.verdict == Verdict::Undo {
            let undone = decisions.iter_mut().filter(|one| Some(one.act) == decision.undoes);
            undone.for_each(|one| (one.undone, one.reversed) = (true, true));
            return;
        }
        if decision.verdict == Verdict::Note {
            return;
        }
        // Comments count from 1; those that were forgotten stand alone.
        let fold = item.unwrap_or(-decision.comment);
        let about = self.acts.entry(decision.act).or_insert(Some(fold));
        *about = about.filter(|one| *one == fold);
        let one = Weighed {
            verdict: decision.verdict,
            label: label.unwrap_or_else(|| highest(&decision.scores)),
            advice: decision.advice,
            sample: decision.sample,
            labels: decision
                .labels
                .into_iter()
                .filter(|(_, is)| *is)
                .map(|(name, _)| name)
                .collect(),
            moderator: decision.moderator,
            week: Week::of(decision.made),
            fold,
            act: decision.act,
            undone: false,
            reversed: false,
        };
        let before = decisions.iter_mut().rfind(|one| !one.undone && one.is_decided());
        if let Some(before) =
            before.filter(|before| one.is_decided() && before.verdict != one.verdict)
        {
            before.reversed = true;
        }
        decisions.push(one);
    }

    /// The decisions that count: of every comment the last one that was not taken back.
    pub fn standing(&self) -> impl Iterator<Item = &Weighed> {
        self.comments.values().filter_map(|made| made.iter().rfind(|one| !one.undone))
    }

    /// Every approval and rejection, those that were taken back too.
    pub fn made(&self) -> impl Iterator<Item = &Weighed> {
        self.comments.values().flatten().filter(|one| one.is_decided())
    }

    /// Whether it was decided on one comment and its copies, not on a whole band or view without reading each.
    pub fn is_alone(&self, one: &Weighed) -> bool {
        self.acts.get(&one.act).is_some_and(Option::is_some)
    }
}

/// The label with the highest score; the first of equals.
fn highest(scores: &BTreeMap<String, f64>) -> String {
    let highest = scores.iter().rev().max_by(|one, other| one.1.total_cmp(other.1));
    highest.map(|(label, _)| label.clone()).unwrap_or_default()
}
