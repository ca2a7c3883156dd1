//! Measures one part of a labelled set: a functionality of HateCheck, a source, a section of the site.

use serde::Serialize;

use super::{Interval, Pair, Rate, area_under_roc};

/// What a model makes of one part (Röttger et al., 2021, "HateCheck: functional tests for hate speech detection models").
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slice {
    /// Its comments.
    pub rows: usize,
    /// Those labelled 1.
    pub positives: usize,
    /// Those on which flagging or not agrees with the label.
    pub passed: usize,
    /// Their share, 0 to 1.
    pub pass_rate: Option<f64>,
    /// Where that share lies (Wilson, 1927).
    pub interval: Option<Interval>,
    /// Mean score, 0 to 1.
    pub mean_score: Option<f64>,
    /// Area under the ROC curve, where it holds both classes.
    pub auc: Option<f64>,
}

impl Slice {
    /// Measures the pairs of a part at `threshold`.
    pub fn of(pairs: &[Pair], threshold: f64) -> Slice {
        let rows = pairs.len();
        let passed = pairs.iter().filter(|pair| pair.is_right(threshold)).count();
        let rate = Rate { count: passed, of: rows };
        let sum: f64 = pairs.iter().map(|pair| pair.score).sum();
        Slice {
            rows,
            positives: pairs.iter().filter(|pair| pair.gold).count(),
            passed,
            pass_rate: rate.share(),
            interval: rate.interval(),
            mean_score: (rows > 0).then(|| sum / rows as f64),
            auc: area_under_roc(pairs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_passes_where_flag_and_label_agree() {
        let pairs = [Pair::new(true, 0.5), Pair::new(true, 0.4), Pair::new(false, 0.1)];
        let slice = Slice::of(&pairs, 0.5);
        assert_eq!((slice.rows, slice.positives, slice.passed), (3, 2, 2));
        assert_eq!((slice.pass_rate, slice.auc), (Some(2.0 / 3.0), Some(1.0)));
        assert!((slice.mean_score.unwrap() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(Slice::of(&pairs[..2], 0.5).auc, None, "one class");
        assert_eq!(Slice::of(&[], 0.5).pass_rate, None);
    }
}
