//! Sorts pairs once, to measure them again and again with other weights: what a bootstrap does.

use super::Pair;
use super::rank::{Area, Precisions};

/// Pairs from the highest score to the lowest.
#[derive(Clone, Debug)]
pub struct Ranking {
    places: Vec<Place>,
}

/// A pair in a [`Ranking`].
#[derive(Clone, Copy, Debug)]
struct Place {
    row: u32,
    gold: bool,
    /// How many different scores are higher.
    level: u32,
}

impl Ranking {
    /// Sorts `pairs`; their own weights are of no matter.
    pub fn new(pairs: &[Pair]) -> Ranking {
        let mut rows: Vec<u32> = (0..pairs.len() as u32).collect();
        let score = |row: u32| pairs[row as usize].score;
        rows.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        let (mut level, mut last) = (0, None);
        let place = |row: u32| {
            level += u32::from(last.is_some_and(|last| last != score(row)));
            last = Some(score(row));
            Place { row, gold: pairs[row as usize].gold, level }
        };
        Ranking { places: rows.into_iter().map(place).collect() }
    }

    /// The same ranking of some rows only; their levels stay.
    pub(super) fn only(&self, members: &[bool]) -> Ranking {
        let own = |place: &&Place| members[place.row as usize];
        Ranking { places: self.places.iter().filter(own).copied().collect() }
    }

    /// [`area_under_roc`](super::area_under_roc) and [`average_precision`](super::average_precision) with these weights,
    /// one a row.
    pub fn areas(&self, weights: &[f64]) -> (Option<f64>, Option<f64>) {
        let (mut area, mut precisions) = (Area::default(), Precisions::default());
        self.walk(weights, |_, positive, negative| {
            area.add(positive, negative);
            precisions.add(positive, negative);
        });
        (area.value(), precisions.value())
    }

    /// Hands over every level that has a row, from the highest score down, with the weight of its positives and of
    /// its negatives.
    pub(super) fn walk(&self, weights: &[f64], mut see: impl FnMut(usize, f64, f64)) {
        let (mut positive, mut negative) = (0.0, 0.0);
        for (at, place) in self.places.iter().enumerate() {
            let weight = weights[place.row as usize];
            if place.gold {
                positive += weight;
            } else {
                negative += weight;
            }
            if self.places.get(at + 1).is_none_or(|next| next.level != place.level) {
                see(place.level as usize, positive, negative);
                (positive, negative) = (0.0, 0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{area_under_roc, average_precision};
    use super::*;

    fn pairs() -> Vec<Pair> {
        let gold = [false, false, true, true, false, true];
        let score = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4];
        gold.into_iter().zip(score).map(|(gold, score)| Pair::new(gold, score)).collect()
    }

    #[test]
    fn some_rows_keep_their_levels() {
        let own = Ranking::new(&pairs()).only(&[true, false, true, false, false, true]);
        let mut seen = Vec::new();
        own.walk(&[1.0; 6], |level, positive, negative| seen.push((level, positive, negative)));
        assert_eq!(seen, [(1, 1.0, 0.0), (2, 1.0, 0.0), (3, 0.0, 1.0)]);
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
}
