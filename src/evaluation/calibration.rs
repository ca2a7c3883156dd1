//! Measures whether probabilities mean what they say.

use std::borrow::Borrow;

use serde::Serialize;

use super::Pair;

/// How probabilities compare with what happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// Mean squared distance between score and gold, 0 to 1 (Brier, 1950).
    pub brier: f64,
    /// Mean distance between a bin's scores and its share of positives, weighted by its size (expected calibration error).
    pub error: f64,
    /// Ten bins of equal width; empty ones are left out.
    pub bins: Vec<Bin>,
}

/// Pairs whose scores are close.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lower end of the scores.
    pub from: f64,
    /// Weight of the pairs.
    pub pairs: f64,
    /// Mean score.
    pub score: f64,
    /// Share of positives.
    pub positives: f64,
}

const BINS: usize = 10;

impl Calibration {
    /// Measures `pairs`.
    pub fn of(pairs: impl IntoIterator<Item = impl Borrow<Pair>>) -> Calibration {
        let mut sums = [(0.0, 0.0, 0.0); BINS];
        let mut brier = 0.0;
        for pair in pairs {
            let pair = pair.borrow();
            let gold = f64::from(u8::from(pair.gold));
            brier += pair.weight * (pair.score - gold).powi(2);
            let bin = ((pair.score * BINS as f64) as usize).min(BINS - 1);
            sums[bin].0 += pair.weight;
            sums[bin].1 += pair.weight * pair.score;
            sums[bin].2 += pair.weight * gold;
        }
        let total: f64 = sums.iter().map(|sum| sum.0).sum::<f64>().max(f64::MIN_POSITIVE);
        let bins: Vec<Bin> = sums
            .iter()
            .enumerate()
            .filter(|(_, sum)| sum.0 > 0.0)
            .map(|(index, &(pairs, score, positives))| Bin {
                from: index as f64 / BINS as f64,
                pairs,
                score: score / pairs,
                positives: positives / pairs,
            })
            .collect();
        let error =
            bins.iter().map(|bin| bin.pairs * (bin.score - bin.positives).abs()).sum::<f64>()
                / total;
        Calibration { brier: brier / total, error, bins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_scores_have_no_calibration_error() {
        let pairs: Vec<Pair> = (0..10).map(|index| Pair::new(index < 3, 0.3)).collect();
        let calibration = Calibration::of(&pairs);
        assert!(calibration.error < 1e-12);
        assert!((calibration.brier - 0.21).abs() < 1e-12);
        assert_eq!(calibration.bins.len(), 1);
    }
}
