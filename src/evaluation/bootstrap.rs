//! Tells how much a number would move on other comments like these: the bootstrap (Efron, 1979).

use std::collections::HashMap;

use rayon::prelude::*;

use super::Interval;

/// Draws rows again and again, with replacement, and sees how a number moves.
///
/// What belongs together (a thread, a pair) is drawn together: replies to one comment are no independent witnesses.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    /// How many times.
    pub resamples: usize,
    /// From where the dice start. The same seed gives the same intervals, on any machine, with any number of threads.
    pub seed: u64,
    /// By row: which of the groups it is in.
    group: Vec<u32>,
    /// How many groups there are.
    count: usize,
}

/// The shares of the resamples below and above an interval.
const TAIL: f64 = 0.025;

impl Bootstrap {
    /// Draws rows by their `groups`, whose names do not matter.
    pub fn new(groups: &[u64], resamples: usize, seed: u64) -> Bootstrap {
        let mut seen = HashMap::new();
        let group = groups.iter().map(|&group| {
            let next = seen.len() as u32;
            *seen.entry(group).or_insert(next)
        });
        let group = group.collect();
        Bootstrap { resamples, seed, group, count: seen.len() }
    }

    /// How many groups are drawn from.
    pub fn groups(&self) -> usize {
        self.count
    }

    /// The percentile intervals of the numbers that `statistic` computes from how often each row was drawn.
    ///
    /// A resample in which a number does not exist (no positive was drawn) does not count for it; none for a number
    /// that is missing from more than one resample in twenty: what is left would be a choice.
    pub fn intervals(
        &self,
        statistic: impl Fn(&[f64]) -> Vec<Option<f64>> + Sync,
    ) -> Vec<Option<Interval>> {
        let draw = |(groups, weights): &mut (Vec<u32>, Vec<f64>), resample: usize| {
            self.draw(resample as u64, groups, weights);
            statistic(weights)
        };
        let drawn: Vec<Vec<Option<f64>>> =
            (0..self.resamples).into_par_iter().map_init(Default::default, draw).collect();
        let numbers = drawn.first().map_or(0, Vec::len);
        (0..numbers)
            .map(|number| percentiles(drawn.iter().filter_map(|drawn| drawn[number]).collect()))
            .map(|(interval, drawn)| interval.filter(|_| drawn * 20 >= self.resamples * 19))
            .collect()
    }

    /// How often each row is drawn in a resample, into `weights`. As many groups are drawn as there are.
    fn draw(&self, resample: u64, groups: &mut Vec<u32>, weights: &mut Vec<f64>) {
        // A stream of its own for each resample: threads may take them in any order.
        let mut dice =
            fastrand::Rng::with_seed(crate::text::mix(crate::text::mix(self.seed) ^ resample));
        groups.clear();
        groups.resize(self.count, 0);
        for _ in 0..self.count {
            // Never `usize`: its stream depends on the machine.
            groups[dice.u64(0..self.count as u64) as usize] += 1;
        }
        weights.clear();
        weights.extend(self.group.iter().map(|&group| f64::from(groups[group as usize])));
    }
}

/// The interval between the percentiles, interpolated (type 7 of Hyndman and Fan, 1996), and of how many numbers.
fn percentiles(mut numbers: Vec<f64>) -> (Option<Interval>, usize) {
    numbers.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * numbers.len().checked_sub(1)? as f64;
        let (below, above) = (numbers[place.floor() as usize], numbers[place.ceil() as usize]);
        Some(below + (above - below) * place.fract())
    };
    let interval = at(TAIL).zip(at(1.0 - TAIL)).map(|(low, high)| Interval { low, high });
    (interval, numbers.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(values: &[f64], weights: &[f64]) -> Vec<Option<f64>> {
        let sum: f64 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        vec![Some(sum / weights.iter().sum::<f64>())]
    }

    #[test]
    fn percentiles_are_those_of_numpy() {
        // Oracle: numpy.percentile([1..=9], [2.5, 97.5]) = [1.2, 8.8].
        let (interval, count) = percentiles((1..=9).rev().map(f64::from).collect());
        let Interval { low, high } = interval.unwrap();
        assert!((low - 1.2).abs() < 1e-12 && (high - 8.8).abs() < 1e-12 && count == 9);
    }

    #[test]
    fn a_mean_moves_by_its_standard_error() {
        // Oracle: of 400 rows, half 1 and half 0, the mean has the standard error 0.5 / 20, so 0.5 ± 1.96 × 0.025.
        let values: Vec<f64> = (0..400).map(|row| f64::from(row % 2)).collect();
        let rows: Vec<u64> = (0..400).collect();
        let interval = |groups: &[u64], seed| {
            Bootstrap::new(groups, 2000, seed).intervals(|weights| mean(&values, weights))[0]
                .unwrap()
        };
        let Interval { low, high } = interval(&rows, 1);
        assert!((low - 0.451).abs() < 0.006 && (high - 0.549).abs() < 0.006, "{low} {high}");
        // Groups of four equal rows are a hundred witnesses: twice as wide.
        let groups: Vec<u64> = (0..400).map(|row| row / 8 * 2 + row % 2).collect();
        let Interval { low, high } = interval(&groups, 1);
        assert!((low - 0.402).abs() < 0.012 && (high - 0.598).abs() < 0.012, "{low} {high}");
        assert_ne!(interval(&rows, 1), interval(&rows, 2), "the seed counts");
    }

    #[test]
    fn threads_change_nothing() {
        let rows: Vec<u64> = (0..50).collect();
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Bootstrap::new(&rows, 200, 3).intervals(|drawn| mean(&values, drawn)))
        };
        assert_eq!(with(1), with(5));
    }

    #[test]
    fn numbers_that_often_do_not_exist_have_no_interval() {
        let first = |weights: &[f64]| vec![(weights[0] > 0.0).then_some(1.0), Some(2.0)];
        let intervals = Bootstrap::new(&[1, 2, 3], 100, 0).intervals(first);
        assert_eq!(intervals, [None, Some(Interval { low: 2.0, high: 2.0 })]);
        assert!(Bootstrap::new(&[], 0, 0).intervals(|_| Vec::new()).is_empty());
    }

    #[test]
    fn the_dice_are_the_same_for_ever() {
        // Pinned, so that an update of the crate that throws them is seen: intervals are data that people compare.
        let (mut groups, mut weights) = (Vec::new(), Vec::new());
        Bootstrap::new(&[0, 1, 2, 3, 4, 5, 6, 7], 1, 1).draw(0, &mut groups, &mut weights);
        assert_eq!(weights, [0.0, 2.0, 0.0, 1.0, 2.0, 1.0, 0.0, 2.0]);
    }
}
