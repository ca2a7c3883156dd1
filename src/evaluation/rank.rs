//! Measures how well scores rank: area under the ROC curve, average precision, thresholds.

use super::{Confusion, Pair};

/// Pairs from the highest score to the lowest, grouped by equal scores: (score, weight of positives, of negatives).
fn groups(pairs: &[Pair]) -> Vec<(f64, f64, f64)> {
    let mut sorted: Vec<&Pair> = pairs.iter().collect();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut groups: Vec<(f64, f64, f64)> = Vec::new();
    for pair in sorted {
        match groups.last_mut() {
            Some(group) if group.0 == pair.score => {
                group.1 += if pair.gold { pair.weight } else { 0.0 };
                group.2 += if pair.gold { 0.0 } else { pair.weight };
            }
            _ if pair.gold => groups.push((pair.score, pair.weight, 0.0)),
            _ => groups.push((pair.score, 0.0, pair.weight)),
        }
    }
    groups
}

/// The probability that a positive scores above a negative, ties counting half (Hanley and McNeil, 1982).
///
/// None when one of the classes is absent.
pub fn area_under_roc(pairs: &[Pair]) -> Option<f64> {
    let mut area = Area::default();
    groups(pairs).into_iter().for_each(|(_, positive, negative)| area.add(positive, negative));
    area.value()
}

/// The mean of the precisions at each positive, as scikit-learn's `average_precision_score`.
///
/// None when there is no positive.
pub fn average_precision(pairs: &[Pair]) -> Option<f64> {
    let mut mean = Precisions::default();
    groups(pairs).into_iter().for_each(|(_, positive, negative)| mean.add(positive, negative));
    mean.value()
}

/// The area under a ROC curve, as it grows from the highest score down.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Area {
    /// Weight of the positives so far.
    pub(super) positives: f64,
    /// Weight of the negatives so far.
    pub(super) negatives: f64,
    /// Weight of the pairs so far in which the positive scores higher; half of those with equal scores.
    pub(super) won: f64,
}

impl Area {
    /// Adds the pairs of the next score: the weight of its positives, and of its negatives.
    pub(super) fn add(&mut self, positive: f64, negative: f64) {
        self.won += negative * (self.positives + positive / 2.0);
        self.positives += positive;
        self.negatives += negative;
    }

    /// The whole area, when all are in; none when one of the classes is absent.
    pub(super) fn value(&self) -> Option<f64> {
        let both = self.positives > 0.0 && self.negatives > 0.0;
        both.then(|| self.won / (self.positives * self.negatives))
    }
}

/// The mean precision, as it grows from the highest score down.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Precisions {
    found: f64,
    taken: f64,
    sum: f64,
}

impl Precisions {
    /// Adds the pairs of the next score: the weight of its positives, and of its negatives.
    pub(super) fn add(&mut self, positive: f64, negative: f64) {
        self.found += positive;
        self.taken += positive + negative;
        if positive > 0.0 {
            self.sum += positive * self.found / self.taken;
        }
    }

    /// The mean, when all are in; none without positives.
    pub(super) fn value(&self) -> Option<f64> {
        (self.found > 0.0).then(|| self.sum / self.found)
    }
}

/// The highest threshold whose F1 is within `slack` of the best: where F1 is flat, fewer flags cost moderators less.
///
/// None without positives.
pub fn best_f1_threshold(pairs: &[Pair], slack: f64) -> Option<f64> {
    let f1 = |confusion: &Confusion| confusion.f1().unwrap_or(0.0);
    let mut best = 0.0;
    sweep(pairs, |_, confusion| best = f64::max(best, f1(confusion)));
    let mut first = None;
    sweep(pairs, |threshold, confusion| {
        if first.is_none() && best > 0.0 && f1(confusion) >= best - slack {
            first = Some(threshold);
        }
    });
    first
}

/// The lowest threshold from which on precision is at least `precision`. None when no threshold reaches it.
pub fn threshold_for_precision(pairs: &[Pair], precision: f64) -> Option<f64> {
    let mut reached = None;
    sweep(pairs, |threshold, confusion| {
        if confusion.precision().is_some_and(|value| value >= precision) {
            reached = Some(threshold);
        }
    });
    reached
}

/// Calls `see` with the confusion at every threshold that is one of the scores, from the highest.
pub(super) fn sweep(pairs: &[Pair], mut see: impl FnMut(f64, &Confusion)) {
    let groups = groups(pairs);
    let mut confusion = Confusion {
        missed: groups.iter().map(|group| group.1).sum(),
        passed: groups.iter().map(|group| group.2).sum(),
        ..Confusion::default()
    };
    for (score, positive, negative) in groups {
        confusion.caught += positive;
        confusion.missed -= positive;
        confusion.disturbed += negative;
        confusion.passed -= negative;
        see(score, &confusion);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Oracle: scikit-learn 1.5 roc_auc_score and average_precision_score on the same lists.
    fn pairs() -> Vec<Pair> {
        let gold = [false, false, true, true, false, true];
        let score = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4];
        gold.into_iter().zip(score).map(|(gold, score)| Pair::new(gold, score)).collect()
    }

    #[test]
    fn areas_agree_with_scikit_learn() {
        assert!((area_under_roc(&pairs()).unwrap() - 0.666_666_666).abs() < 1e-6);
        assert!((average_precision(&pairs()).unwrap() - 0.7).abs() < 1e-6);
        assert_eq!(area_under_roc(&pairs()[..2]), None);
    }

    #[test]
    fn thresholds_are_scores_that_were_given() {
        assert_eq!(best_f1_threshold(&pairs(), 0.0), Some(0.35));
        assert_eq!(best_f1_threshold(&pairs(), 0.3), Some(0.8));
        assert_eq!(threshold_for_precision(&pairs(), 0.9), Some(0.8));
        assert_eq!(threshold_for_precision(&pairs(), 0.55), Some(0.35));
    }
}
