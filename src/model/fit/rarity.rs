//! Learns how rare n-grams are, from comments that need no label.

use super::matrix::reading_of;
use crate::feature::{Gram, ngrams};
use crate::lexicon::Lexicon;
use crate::model::NgramLayer;

/// By bucket, in how many texts an n-gram of it occurs.
#[derive(Clone, Debug)]
pub struct Rarity {
    bits: u32,
    texts: u32,
    counts: Vec<u32>,
    last: Vec<u32>,
}

impl Rarity {
    /// No text seen yet; 2 to the power of `bits` buckets.
    pub fn new(bits: u32) -> Rarity {
        Rarity { bits, texts: 0, counts: vec![0; 1 << bits], last: vec![0; 1 << bits] }
    }

    /// Counts the n-grams of a text.
    pub fn see(&mut self, text: &str, lexicon: &Lexicon) {
        self.texts += 1;
        let reading = reading_of(text, lexicon);
        ngrams(&reading.folded.text, &reading.tokens, |hash, _: Gram, _, _| {
            let bucket = (hash >> (64 - self.bits)) as usize;
            if self.last[bucket] != self.texts {
                self.last[bucket] = self.texts;
                self.counts[bucket] += 1;
            }
        });
    }

    /// A layer with these rarities and no weights: idf is `ln((1 + texts) / (1 + count)) + 1`, as scikit-learn's.
    pub fn layer(&self, labels: usize, word_weight: f64) -> NgramLayer {
        let squared = |count: u32| {
            let ratio = (1.0 + f64::from(self.texts)) / (1.0 + f64::from(count));
            (libm::log(ratio) + 1.0).powi(2)
        };
        let unit = squared(0) / f64::from(i16::MAX);
        let stride = NgramLayer::stride(labels);
        let mut cells = vec![0; self.counts.len() * stride];
        for (cell, &count) in cells.chunks_exact_mut(stride).zip(&self.counts) {
            cell[0] = (squared(count) / unit).round() as i16;
        }
        NgramLayer {
            bits: self.bits,
            labels,
            word_weight,
            rarity_unit: unit,
            weight_units: vec![0.0; labels],
            cells,
        }
    }
}
