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
    positives: f64,
    negatives: f64,
    area: f64,
}

impl Area {
    /// Adds the pairs of the next score: the weight of its positives, and of its negatives.
    pub(super) fn add(&mut self, positive: f64, negative: f64) {
        self.area += negative * (self.positives + positive / 2.0);
        self.positives += positive;
        self.negatives += negative;
    }

    /// The whole area, when all are in; none when one of the classes is absent.
    pub(super) fn value(&self) -> Option<f64> {
        let both = self.positives > 0.0 && self.negatives > 0.0;
        both.then(|| self.area / (self.positives * self.negatives))
    }
}

/// The mean precision, as it grows from the highest score down.
#[derive(Clone, Copy, Debug, Default)]
struct Precisions {
    found: f64,
    taken: f64,
    sum: f64,
}

impl Precisions {
    fn add(&mut self, positive: f64, negative: f64) {
        self.found += positive;
        self.taken += positive + negative;
        if positive > 0.0 {
            self.sum += positive * self.found / self.taken;
        }
    }

    fn value(&self) -> Option<f64> {
        (self.found > 0.0).then(|| self.sum / self.found)
    }
}

/// Pairs sorted once, to be measured again and again with other weights.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// From the highest score to the lowest.
    places: Vec<Place>,
}

/// A pair in a [`Ranking`].
#[derive(Clone, Copy, Debug)]
struct Place {
    row: u32,
    gold: bool,
    /// Whether the next pair has another score.
    last: bool,
}

impl Ranking {
    /// Sorts `pairs`; their own weights are of no matter.
    pub fn new(pairs: &[Pair]) -> Ranking {
        let mut rows: Vec<u32> = (0..pairs.len() as u32).collect();
        let score = |row: u32| pairs[row as usize].score;
        rows.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        let place = |(at, &row): (usize, &u32)| Place {
            row,
            gold: pairs[row as usize].gold,
            last: rows.get(at + 1).is_none_or(|&next| score(next) != score(row)),
        };
        Ranking { places: rows.iter().enumerate().map(place).collect() }
    }

    /// [`area_under_roc`] and [`average_precision`] with these weights, one a row.
    pub fn areas(&self, weights: &[f64]) -> (Option<f64>, Option<f64>) {
        let (mut area, mut precisions) = (Area::default(), Precisions::default());
        self.walk(
            |row, gold| {
                let weight = weights[row];
                if gold { [weight, 0.0] } else { [0.0, weight] }
            },
            |[positive, negative]| {
                area.add(positive, negative);
                precisions.add(positive, negative);
            },
        );
        (area.value(), precisions.value())
    }

    /// Sums what `part` says of each row and its gold label, and hands over the sums of each score, highest first.
    pub(super) fn walk<const N: usize>(
        &self,
        part: impl Fn(usize, bool) -> [f64; N],
        mut see: impl FnMut([f64; N]),
    ) {
        let mut sums = [0.0; N];
        for &Place { row, gold, last } in &self.places {
            for (sum, part) in sums.iter_mut().zip(part(row as usize, gold)) {
                *sum += part;
            }
            if last {
                see(std::mem::replace(&mut sums, [0.0; N]));
            }
        }
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
fn sweep(pairs: &[Pair], mut see: impl FnMut(f64, &Confusion)) {
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
    fn a_ranking_weighs_rows_as_if_they_were_repeated() {
        let weights = [2.0, 0.0, 1.0, 3.0, 1.0, 2.0];
        let repeated: Vec<Pair> = pairs()
            .into_iter()
            .zip(weights)
            .flat_map(|(pair, weight)| std::iter::repeat_n(pair, weight as usize))
            .collect();
        let (area, precision) = Ranking::new(&pairs()).areas(&weights);
        // Oracle: by hand. .8: 3 positives; .4: 2 positives, 1 negative; .35: 1 positive; .1: 2 negatives.
        // Of the 18 pairs, the 12 with .1 and the 3 with .8 over .4 are right, the 2 at .4 half: 16 / 18.
        // (3 × 1 + 2 × 5/6 + 1 × 6/7) / 6 = 0.920635.
        assert!((area.unwrap() - 16.0 / 18.0).abs() < 1e-12, "{area:?}");
        assert!((precision.unwrap() - 0.920_634_920).abs() < 1e-8, "{precision:?}");
        assert_eq!(area, area_under_roc(&repeated));
        assert_eq!(precision, average_precision(&repeated));
        assert_eq!(Ranking::new(&pairs()).areas(&[1.0; 6]).0, area_under_roc(&pairs()));
        assert_eq!(Ranking::new(&[]).areas(&[]), (None, None));
    }

    #[test]
    fn thresholds_are_scores_that_were_given() {
        assert_eq!(best_f1_threshold(&pairs(), 0.0), Some(0.35));
        assert_eq!(best_f1_threshold(&pairs(), 0.3), Some(0.8));
        assert_eq!(threshold_for_precision(&pairs(), 0.9), Some(0.8));
        assert_eq!(threshold_for_precision(&pairs(), 0.55), Some(0.35));
    }
}
