//! Measures whether a model treats comments that name a group of people like the others (Borkan, Dixon, Sorensen, Thain
//! and Vasserman, 2019, "Nuanced metrics for measuring unintended bias with real data for text classification").

use serde::Serialize;

use super::rank::Area;
use super::{Bootstrap, Interval, Pair, Ranking, Rate};

/// What a model makes of the comments of a subgroup, beside the background: all the others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subgroup {
    /// Its comments.
    pub rows: usize,
    /// Those labelled 1.
    pub positives: usize,
    /// AUC within the subgroup: low when its guilty and innocent comments are confused.
    pub auc: Option<Estimate>,
    /// AUC of background positives against subgroup negatives: low when naming the group alone raises scores.
    pub bpsn: Option<Estimate>,
    /// AUC of subgroup positives against background negatives: low when naming the group lowers scores.
    pub bnsp: Option<Estimate>,
    /// Negatives that are flagged.
    pub false_positives: Option<Gap>,
    /// Positives that are not flagged.
    pub false_negatives: Option<Gap>,
}

/// A number and how far it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Where it lies; none when the rows do not tell.
    pub interval: Option<Interval>,
}

/// How often a mistake is made in a subgroup and in its background.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// In the subgroup.
    pub subgroup: Rate,
    /// In the background.
    pub background: Rate,
    /// The share in the subgroup less that in the background, -1 to 1.
    pub gap: f64,
    /// Where the gap lies, rows taken as independent (Newcombe, 1998).
    pub interval: Interval,
}

impl Subgroup {
    /// Measures every subgroup of `members` (by subgroup, then by row: whether it is in) at `threshold`.
    ///
    /// A number that needs positives or negatives of which there are fewer than `least` is left out. The intervals of
    /// areas are those of `bootstrap`, which draws the same rows.
    pub fn measure(
        pairs: &[Pair],
        members: &[Vec<bool>],
        threshold: f64,
        least: usize,
        bootstrap: &Bootstrap,
    ) -> Vec<Subgroup> {
        let ranking = Ranking::new(pairs);
        let own: Vec<Ranking> = members.iter().map(|members| ranking.only(members)).collect();
        let once = vec![1.0; pairs.len()];
        let above = Above::of(&ranking, &once);
        let of = |(members, own): (&Vec<bool>, &Ranking)| {
            Subgroup::of(pairs, members, above.areas(own, &once), threshold, least)
        };
        let mut subgroups: Vec<Subgroup> = members.iter().zip(&own).map(of).collect();
        let measured: Vec<usize> = (0..members.len())
            .filter(|&at| subgroups[at].areas().iter().any(Option::is_some))
            .collect();
        let intervals = bootstrap.intervals(|weights| {
            let above = Above::of(&ranking, weights);
            measured.iter().flat_map(|&at| above.areas(&own[at], weights)).collect()
        });
        for (&subgroup, intervals) in measured.iter().zip(intervals.chunks(3)) {
            for (place, interval) in subgroups[subgroup].areas_mut().into_iter().zip(intervals) {
                if let Some(place) = place {
                    place.interval = *interval;
                }
            }
        }
        subgroups
    }

    /// All but the intervals of the areas.
    fn of(
        pairs: &[Pair],
        members: &[bool],
        [auc, bpsn, bnsp]: [Option<f64>; 3],
        threshold: f64,
        least: usize,
    ) -> Subgroup {
        let count = |member: bool, gold: bool| {
            let own = pairs.iter().zip(members);
            let own = own.filter(|(pair, is)| **is == member && pair.gold == gold);
            let (mut all, mut flagged) = (0, 0);
            for (pair, _) in own {
                all += 1;
                flagged += usize::from(pair.score >= threshold);
            }
            (all, flagged)
        };
        let [ours, theirs] =
            [true, false].map(|member| [false, true].map(|gold| count(member, gold)));
        let enough = |counts: [usize; 2]| counts.iter().all(|&count| count >= least.max(1));
        let estimate = |area: Option<f64>, counts| {
            area.filter(|_| enough(counts)).map(|value| Estimate { value, interval: None })
        };
        let [(negatives, disturbed), (positives, caught)] = ours;
        let [(others, others_disturbed), (guilty, guilty_caught)] = theirs;
        let gap = |count, of, their_count, their_of| {
            let subgroup = Rate { count, of };
            let background = Rate { count: their_count, of: their_of };
            let gap = subgroup.share()? - background.share()?;
            let interval = subgroup.less(background)?;
            enough([of, their_of]).then_some(Gap { subgroup, background, gap, interval })
        };
        Subgroup {
            rows: positives + negatives,
            positives,
            auc: estimate(auc, [positives, negatives]),
            bpsn: estimate(bpsn, [guilty, negatives]),
            bnsp: estimate(bnsp, [positives, others]),
            false_positives: gap(disturbed, negatives, others_disturbed, others),
            false_negatives: gap(positives - caught, positives, guilty - guilty_caught, guilty),
        }
    }

    /// Its areas: within, BPSN, BNSP.
    pub fn areas(&self) -> [Option<Estimate>; 3] {
        [self.auc, self.bpsn, self.bnsp]
    }

    fn areas_mut(&mut self) -> [Option<&mut Estimate>; 3] {
        [self.auc.as_mut(), self.bpsn.as_mut(), self.bnsp.as_mut()]
    }

    /// Whether there was enough for any number.
    pub fn is_measured(&self) -> bool {
        let gaps = self.false_positives.is_some() || self.false_negatives.is_some();
        gaps || self.areas().iter().any(Option::is_some)
    }
}

/// What stands above each level of a ranking of all rows, computed once for all subgroups.
struct Above {
    /// By level: the weight of positives and of negatives above it, and half of those on it.
    levels: Vec<(f64, f64)>,
    positives: f64,
    negatives: f64,
}

impl Above {
    fn of(ranking: &Ranking, weights: &[f64]) -> Above {
        let mut above = Above { levels: Vec::new(), positives: 0.0, negatives: 0.0 };
        ranking.walk(weights, |_, positive, negative| {
            let half = (above.positives + positive / 2.0, above.negatives + negative / 2.0);
            above.levels.push(half);
            above.positives += positive;
            above.negatives += negative;
        });
        above
    }

    /// The areas of a subgroup, whose own ranking is `own`: within, BPSN, BNSP.
    ///
    /// Pairs with the background are those with all rows, less those within the subgroup. Weights are whole numbers, so
    /// that nothing is lost in the difference.
    fn areas(&self, own: &Ranking, weights: &[f64]) -> [Option<f64>; 3] {
        let (mut within, mut lost, mut won) = (Area::default(), 0.0, 0.0);
        own.walk(weights, |level, positive, negative| {
            let (positives, negatives) = self.levels[level];
            within.add(positive, negative);
            lost += negative * positives;
            won += positive * (self.negatives - negatives);
        });
        let area = |won: f64, positives: f64, negatives: f64| {
            (positives > 0.0 && negatives > 0.0)
                .then(|| (won - within.won) / (positives * negatives))
        };
        [
            within.value(),
            area(lost, self.positives - within.positives, within.negatives),
            area(won, within.positives, self.negatives - within.negatives),
        ]
    }
}

/// The power of the generalised mean in the paper: the worst subgroups weigh most.
pub const POWER: f64 = -5.0;

/// The generalised mean of areas, `(Σ aᵖ / n)^(1/p)` with [`POWER`]; none of none.
pub fn generalised_mean(areas: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for area in areas {
        // An area of 0 takes the mean to 0: so does infinity below.
        sum += libm::pow(area, POWER);
        count += 1.0;
    }
    (count > 0.0).then(|| libm::pow(sum / count, 1.0 / POWER))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six comments; the first three name the group.
    fn six() -> (Vec<Pair>, Vec<bool>) {
        let rows = [
            (true, 0.6, true),
            (false, 0.7, true),
            (false, 0.3, true),
            (true, 0.9, false),
            (true, 0.5, false),
            (false, 0.2, false),
        ];
        rows.iter().map(|&(gold, score, member)| (Pair::new(gold, score), member)).unzip()
    }

    fn measure(least: usize) -> Subgroup {
        let (pairs, members) = six();
        let bootstrap = Bootstrap::new(&[1, 2, 3, 4, 5, 6], 200, 1);
        Subgroup::measure(&pairs, &[members], 0.5, least, &bootstrap).remove(0)
    }

    // Oracle: by hand.
    #[test]
    fn six_comments_have_the_numbers_worked_out_by_hand() {
        let subgroup = measure(1);
        assert_eq!((subgroup.rows, subgroup.positives), (3, 1));
        let value = |area: Option<Estimate>| area.unwrap().value;
        // .6 over .7 and .3: one of two.
        assert_eq!(value(subgroup.auc), 0.5);
        // .9 and .5 over .7 and .3: .9 beats both, .5 one: three of four.
        assert_eq!(value(subgroup.bpsn), 0.75);
        // .6 over .2.
        assert_eq!(value(subgroup.bnsp), 1.0);
        let gap = subgroup.false_positives.unwrap();
        assert_eq!(
            (gap.subgroup, gap.background),
            (Rate { count: 1, of: 2 }, Rate { count: 0, of: 1 })
        );
        assert_eq!(gap.gap, 0.5);
        let gap = subgroup.false_negatives.unwrap();
        assert_eq!(
            (gap.subgroup, gap.background),
            (Rate { count: 0, of: 1 }, Rate { count: 0, of: 2 })
        );
        assert_eq!(gap.gap, 0.0);
        assert!(gap.interval.low < 0.0 && gap.interval.high > 0.0);
    }

    #[test]
    fn too_few_get_no_number() {
        let subgroup = measure(2);
        // One positive in the subgroup, one negative outside.
        assert_eq!((subgroup.auc, subgroup.bnsp), (None, None));
        assert_eq!((subgroup.false_positives, subgroup.false_negatives), (None, None));
        assert!(subgroup.bpsn.is_some_and(|area| area.value == 0.75) && subgroup.is_measured());
        assert!(!measure(3).is_measured());
        let nobody =
            Subgroup::measure(&six().0, &[vec![false; 6]], 0.5, 0, &Bootstrap::new(&[1; 6], 10, 1));
        assert!(!nobody[0].is_measured(), "{nobody:?}");
    }

    #[test]
    fn an_area_has_the_interval_of_its_resamples() {
        // Four copies of a perfect ranking cannot move; a coin does.
        let pairs: Vec<Pair> =
            (0..80).map(|row| Pair::new(row % 2 == 0, f64::from(row % 2 == 0))).collect();
        let rows: Vec<u64> = (0..80).collect();
        let members: Vec<bool> = (0..80).map(|row| row < 40).collect();
        let sure = Subgroup::measure(
            &pairs,
            std::slice::from_ref(&members),
            0.5,
            10,
            &Bootstrap::new(&rows, 200, 1),
        );
        let perfect =
            Some(Estimate { value: 1.0, interval: Some(Interval { low: 1.0, high: 1.0 }) });
        assert!(sure[0].areas() == [perfect; 3], "{sure:?}");
        let coin: Vec<Pair> =
            (0..80).map(|row| Pair::new(row % 2 == 0, f64::from(row / 2 % 2))).collect();
        let unsure = Subgroup::measure(&coin, &[members], 0.5, 10, &Bootstrap::new(&rows, 200, 1));
        let interval = unsure[0].auc.unwrap().interval.unwrap();
        assert!(interval.low < 0.45 && interval.high > 0.55, "{interval:?}");
    }

    #[test]
    fn the_worst_weigh_most_in_the_generalised_mean() {
        // Oracle: Python, ((0.5 ** -5 + 0.9 ** -5) / 2) ** -0.2 = 0.568456.
        assert!((generalised_mean([0.5, 0.9]).unwrap() - 0.568_456).abs() < 1e-5);
        assert!((generalised_mean([0.8, 0.8]).unwrap() - 0.8).abs() < 1e-12);
        assert_eq!(generalised_mean([0.0, 0.9]), Some(0.0));
        assert_eq!(generalised_mean([]), None);
    }
}
