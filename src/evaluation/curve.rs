//! Keeps what each threshold catches and disturbs in few enough numbers to stand in a model's file.

use serde::{Deserialize, Serialize};

use super::rank::sweep;
use super::{Confusion, Pair};

/// What a score does at some hundred thresholds, counted on comments that it was not fitted on.
///
/// Counts are of comments, whatever the pairs weighed: the prior does the weighing when precision is asked for, so
/// that a curve counted where half the comments are positive speaks of a site where one in ten is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The share of positives in the world that precision is told of, 0 to 1.
    pub prior: f64,
    /// Positives counted; at least 1.
    pub positives: u32,
    /// Negatives counted; at least 1.
    pub negatives: u32,
    /// From the highest threshold to the lowest, which every positive reaches.
    pub points: Vec<Point>,
}

/// What one threshold does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// A score, 0 to 1.
    pub threshold: f64,
    /// Positives at or above it.
    pub caught: u32,
    /// Negatives at or above it.
    pub disturbed: u32,
}

/// What a threshold promises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promise {
    /// A score, 0 to 1.
    pub threshold: f64,
    /// Share of what is flagged that is rightly so, under the curve's prior.
    pub precision: f64,
    /// Share of the positives that is flagged.
    pub recall: f64,
}

/// One point for so many parts of the positives: a step is never finer than a positive, and the first point never
/// stands on a handful of lucky comments where there are many.
const STEPS: f64 = 100.0;

impl Curve {
    /// The curve of `pairs` in a world where the share `prior` is positive; none when one of the classes is absent.
    pub fn of(pairs: &[Pair], prior: f64) -> Option<Curve> {
        let counted: Vec<Pair> = pairs.iter().map(|pair| Pair { weight: 1.0, ..*pair }).collect();
        let (mut points, mut last) = (Vec::new(), 0.0);
        let mut all = Confusion::default();
        sweep(&counted, |threshold, confusion| {
            let share = confusion.recall().unwrap_or_default();
            // The lowest scores of all catch nobody new.
            let step = (share * STEPS).floor() > (last * STEPS).floor() || share == 1.0;
            if step && share > last {
                last = share;
                let (caught, disturbed) = (confusion.caught as u32, confusion.disturbed as u32);
                points.push(Point { threshold, caught, disturbed });
            }
            all = *confusion;
        });
        let (positives, negatives) = (all.caught as u32, all.disturbed as u32);
        (positives > 0 && negatives > 0).then_some(Curve { prior, positives, negatives, points })
    }

    /// What `threshold` promises, between two points in proportion; none above the highest point, where too few
    /// comments were counted.
    pub fn at(&self, threshold: f64) -> Option<Promise> {
        let below = self.points.iter().position(|point| point.threshold <= threshold);
        let (caught, disturbed) = match below {
            Some(0) if self.points[0].threshold < threshold => return None,
            Some(0) => self.shares(self.points[0]),
            Some(index) => self.between(self.points[index - 1], self.points[index], threshold),
            None => {
                let (positives, negatives) = (self.positives, self.negatives);
                let all = Point { threshold: 0.0, caught: positives, disturbed: negatives };
                self.between(*self.points.last()?, all, threshold)
            }
        };
        Some(self.promise(threshold, caught, disturbed))
    }

    /// The highest threshold that catches at least the share `recall` of the positives.
    ///
    /// None for more than 1.
    pub fn for_recall(&self, recall: f64) -> Option<Promise> {
        self.promises().find(|promise| promise.recall >= recall)
    }

    /// The lowest threshold at which at least the share `precision` of what is flagged is rightly so.
    ///
    /// None when no threshold reaches it; see [`Curve::most_precise`].
    pub fn for_precision(&self, precision: f64) -> Option<Promise> {
        self.promises().filter(|promise| promise.precision >= precision).last()
    }

    /// The threshold of the highest precision, the lowest of several; none in a curve without points.
    pub fn most_precise(&self) -> Option<Promise> {
        self.promises().max_by(|a, b| a.precision.total_cmp(&b.precision))
    }

    fn promises(&self) -> impl Iterator<Item = Promise> {
        self.points.iter().map(|&point| {
            let (caught, disturbed) = self.shares(point);
            self.promise(point.threshold, caught, disturbed)
        })
    }

    /// The shares of positives and of negatives at a point.
    fn shares(&self, point: Point) -> (f64, f64) {
        let share = |part: u32, all: u32| f64::from(part) / f64::from(all.max(1));
        (share(point.caught, self.positives), share(point.disturbed, self.negatives))
    }

    /// The shares at `threshold`, which stands between two points.
    fn between(&self, above: Point, below: Point, threshold: f64) -> (f64, f64) {
        let width = above.threshold - below.threshold;
        let part = if width > 0.0 { (above.threshold - threshold) / width } else { 1.0 };
        let ((caught, disturbed), (more, most)) = (self.shares(above), self.shares(below));
        (caught + part * (more - caught), disturbed + part * (most - disturbed))
    }

    fn promise(&self, threshold: f64, caught: f64, disturbed: f64) -> Promise {
        let (right, wrong) = (self.prior * caught, (1.0 - self.prior) * disturbed);
        let flagged = right + wrong;
        let precision = if flagged > 0.0 { right / flagged } else { 0.0 };
        Promise { threshold, precision, recall: caught }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four positives and six negatives; one in ten is positive where the curve speaks.
    fn curve() -> Curve {
        let scores = [
            (0.9, true),
            (0.8, true),
            (0.8, false),
            (0.6, true),
            (0.5, false),
            (0.4, false),
            (0.3, true),
            (0.2, false),
            (0.2, false),
            (0.1, false),
        ];
        let pairs: Vec<Pair> = scores.iter().map(|&(s, gold)| Pair::new(gold, s)).collect();
        Curve::of(&pairs, 0.1).unwrap()
    }

    // Oracle: by hand. At 0.8, 2 of 4 positives and 1 of 6 negatives: 0.1 · 1/2 / (0.1 · 1/2 + 0.9 · 1/6) = 0.25.
    #[test]
    fn precision_is_that_of_the_prior() {
        let curve = curve();
        let told: Vec<(f64, u32, u32)> =
            curve.points.iter().map(|p| (p.threshold, p.caught, p.disturbed)).collect();
        assert_eq!(told, [(0.9, 1, 0), (0.8, 2, 1), (0.6, 3, 1), (0.3, 4, 3)]);
        assert_eq!((curve.positives, curve.negatives), (4, 6));
        let at = curve.at(0.8).unwrap();
        assert!((at.precision - 0.25).abs() < 1e-12 && at.recall == 0.5, "{at:?}");
        // 0.1 / (0.1 + 0.9 · 3/6)
        assert!((curve.at(0.3).unwrap().precision - 0.1 / 0.55).abs() < 1e-12);
        // Everything is flagged: the prior.
        assert!((curve.at(0.0).unwrap().precision - 0.1).abs() < 1e-12);
        assert_eq!(curve.at(0.95), None);
        // Half way from 0.8 to 0.6.
        assert!((curve.at(0.7).unwrap().recall - 0.625).abs() < 1e-12);
    }

    #[test]
    fn wishes_find_their_threshold() {
        let curve = curve();
        let threshold = |promise: Option<Promise>| promise.map(|promise| promise.threshold);
        assert_eq!(threshold(curve.for_recall(0.5)), Some(0.8));
        assert_eq!(threshold(curve.for_recall(0.51)), Some(0.6));
        assert_eq!(threshold(curve.for_recall(1.0)), Some(0.3));
        assert_eq!(threshold(curve.for_recall(1.1)), None);
        // 0.6: 0.1 · 3/4 / (0.1 · 3/4 + 0.9 · 1/6) = 1/3, more than at 0.8: the lowest counts.
        assert_eq!(threshold(curve.for_precision(0.25)), Some(0.6));
        assert_eq!(threshold(curve.for_precision(0.9)), Some(0.9));
        assert_eq!(threshold(curve.most_precise()), Some(0.9));
    }

    #[test]
    fn a_curve_is_compact_and_needs_both_classes() {
        let pairs: Vec<Pair> =
            (0..5000).map(|n| Pair::new(n % 3 == 0, f64::from(n) / 5000.0)).collect();
        let curve = Curve::of(&pairs, 0.1).unwrap();
        assert_eq!(curve.points.len(), 100);
        assert_eq!(
            curve.points[0].caught, 17,
            "the first point stands on one positive in a hundred"
        );
        let last = curve.points.last().unwrap();
        assert_eq!(last.caught, curve.positives);
        let json = serde_json::to_string(&curve).unwrap();
        assert_eq!(serde_json::from_str::<Curve>(&json).unwrap(), curve);
        let positive: Vec<Pair> = pairs.into_iter().filter(|pair| pair.gold).collect();
        assert_eq!(Curve::of(&positive, 0.1), None);
        assert_eq!(Curve::of(&[], 0.1), None);
    }
}
