//! Makes log-odds mean what they say in the world where the model will work.

/// A gold label with its log-odds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) gold: bool,
    pub(super) log_odds: f64,
}

/// A line that log-odds are sent through: (slope, shift).
pub(super) type Calibration = (f64, f64);

/// Weights that turn the sample's share of positives into `prior`: (of a positive, of a negative).
pub(super) fn prior_weights(golds: impl Iterator<Item = bool>, prior: f64) -> (f64, f64) {
    let (mut positives, mut negatives) = (0.0, 0.0);
    golds.for_each(|gold| if gold { positives += 1.0 } else { negatives += 1.0 });
    let all: f64 = positives + negatives;
    (prior * all / f64::max(positives, 1.0), (1.0 - prior) * all / f64::max(negatives, 1.0))
}

/// Fits the line by Newton's method on the weighted log-loss, with Platt's softened targets (Platt, 1999).
///
/// None when there is too little to fit it on.
pub(super) fn line(judged: &[Judged], prior: f64) -> Option<Calibration> {
    let positives = judged.iter().filter(|row| row.gold).count();
    let negatives = judged.len() - positives;
    if positives < 20 || negatives < 20 {
        return None;
    }
    let (of_positive, of_negative) = prior_weights(judged.iter().map(|row| row.gold), prior);
    let high = (positives as f64 + 1.0) / (positives as f64 + 2.0);
    let low = 1.0 / (negatives as f64 + 2.0);
    let (mut slope, mut shift) = (1.0, 0.0);
    for _ in 0..50 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
        for row in judged {
            let (target, weight) = if row.gold { (high, of_positive) } else { (low, of_negative) };
            let probability = 1.0 / (1.0 + libm::exp(-(slope * row.log_odds + shift)));
            let (gradient, curvature) =
                (weight * (probability - target), weight * probability * (1.0 - probability));
            ga += gradient * row.log_odds;
            gb += gradient;
            haa += curvature * row.log_odds * row.log_odds;
            hab += curvature * row.log_odds;
            hbb += curvature;
        }
        let determinant = haa * hbb - hab * hab;
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        // Half steps far out keep Newton's method from leaping over the valley.
        let damp = if da.abs().max(db.abs()) > 2.0 { 0.5 } else { 1.0 };
        slope -= damp * da;
        shift -= damp * db;
        if da.abs().max(db.abs()) < 1e-9 {
            break;
        }
    }
    (slope > 0.0 && shift.is_finite()).then_some((slope, shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_probability_becomes_the_prior() {
        let judged: Vec<Judged> = (0..2000)
            .map(|row| Judged {
                gold: row % 2 == 0,
                log_odds: if row % 2 == 0 { 1.0 } else { -1.0 } + (row % 7) as f64 - 3.0,
            })
            .collect();
        let (slope, shift) = line(&judged, 0.1).unwrap();
        let mean = |gold: bool| {
            let scores = judged.iter().filter(|row| row.gold == gold);
            scores.map(|row| 1.0 / (1.0 + libm::exp(-(slope * row.log_odds + shift)))).sum::<f64>()
                / 1000.0
        };
        assert!((0.1 * mean(true) + 0.9 * mean(false) - 0.1).abs() < 0.002);
        assert!(line(&judged[..10], 0.1).is_none());
    }
}
