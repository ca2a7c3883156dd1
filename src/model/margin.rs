//! The features that carry a margin of the n-gram layer into the second layer.

use crate::feature::Reading;

/// Features a margin becomes.
pub(super) const KINDS: [&str; 2] = ["", ".length"];

/// Words in a comment of ordinary length; longer ones have margins that are surer.
const ORDINARY_WORDS: f64 = 30.0;

/// Names of the margin features of `labels`, in order.
pub(super) fn names<'l>(labels: impl Iterator<Item = &'l str>) -> Vec<String> {
    labels.flat_map(|label| KINDS.map(|kind| format!("margin.{label}{kind}"))).collect()
}

/// By kind of margin feature: what the margin is multiplied with in this comment.
pub(super) fn factors<O>(reading: &Reading<O>) -> [f64; KINDS.len()] {
    [1.0, (reading.words as f64 / ORDINARY_WORDS).sqrt().min(2.0)]
}

/// Spreads `margins` over their features.
pub(super) fn measure<O>(margins: &[f64], reading: &Reading<O>, features: &mut [f64]) {
    let factors = factors(reading);
    for (margin, features) in margins.iter().zip(features.chunks_mut(KINDS.len())) {
        for (feature, factor) in features.iter_mut().zip(factors) {
            *feature = margin * factor;
        }
    }
}
