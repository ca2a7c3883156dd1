//! The first layer: one weight a hashed n-gram and label, kept as small integers.

use crate::feature::{Gram, Reading, ngrams};

/// Weights of the n-grams, by bucket of their hash.
///
/// The margin of label `l` for a text with n-grams `g` is `Σ idf(g) w(l, g) / sqrt(Σ idf(g)²)`, each occurrence
/// counting, words counting `word_weight` times as much as letters. Sums are of integers, so that they are the
/// same in any order on any machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NgramLayer {
    /// 2 to this power buckets.
    pub bits: u32,
    /// How many labels.
    pub labels: usize,
    /// How much more a word counts than letters.
    pub word_weight: f64,
    /// What one unit of a bucket's first number is worth, as squared idf.
    pub rarity_unit: f64,
    /// By label: what one unit of weight times idf is worth.
    pub weight_units: Vec<f64>,
    /// By bucket: squared idf, then weight times idf by label, then padding up to [`NgramLayer::stride`].
    pub cells: Vec<i16>,
}

/// Sums over the n-grams of a text: squared idf, then weight times idf by label; for words and for letters.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    words: Vec<i64>,
    letters: Vec<i64>,
    word_buckets: Vec<u32>,
    letter_buckets: Vec<u32>,
}

/// So many cells can be summed in 32 bits.
const SHORT: usize = 1 << 15;

impl NgramLayer {
    /// Numbers a bucket, a power of two so that no cell straddles two cache lines.
    pub fn stride(labels: usize) -> usize {
        (labels + 1).next_power_of_two()
    }

    /// The bucket of an n-gram's hash.
    pub fn bucket(&self, hash: u64) -> usize {
        (hash >> (64 - self.bits)) as usize
    }

    /// Computes the margin of every label into `margins`.
    pub fn margins<O>(&self, reading: &Reading<O>, sums: &mut Sums, margins: &mut [f64]) {
        match Self::stride(self.labels) {
            2 => self.sum::<O, 2>(reading, sums),
            4 => self.sum::<O, 4>(reading, sums),
            8 => self.sum::<O, 8>(reading, sums),
            _ => self.sum::<O, 16>(reading, sums),
        }
        let norm = self.norm(sums.words[0], sums.letters[0]);
        for (label, margin) in margins.iter_mut().enumerate() {
            let sum =
                self.word_weight * sums.words[label + 1] as f64 + sums.letters[label + 1] as f64;
            *margin = if norm > 0.0 { sum * self.weight_units[label] / norm } else { 0.0 };
        }
    }

    fn sum<O, const STRIDE: usize>(&self, reading: &Reading<O>, sums: &mut Sums) {
        let Sums { words, letters, word_buckets, letter_buckets } = sums;
        word_buckets.clear();
        letter_buckets.clear();
        ngrams(&reading.folded.text, &reading.tokens, |hash, gram, _, _| {
            let bucket = self.bucket(hash) as u32;
            if gram == Gram::Word { word_buckets.push(bucket) } else { letter_buckets.push(bucket) }
        });
        // Apart from the hashing, so that the processor can wait for many cells at once.
        let (cells, _) = self.cells.as_chunks::<STRIDE>();
        let total = |buckets: &[u32]| {
            let mut sums = [0i64; STRIDE];
            for some in buckets.chunks(SHORT) {
                let mut short = [0i32; STRIDE];
                for &bucket in some {
                    for (sum, &value) in short.iter_mut().zip(&cells[bucket as usize]) {
                        *sum += i32::from(value);
                    }
                }
                for (sum, short) in sums.iter_mut().zip(short) {
                    *sum += i64::from(short);
                }
            }
            sums
        };
        words.clear();
        words.extend(total(word_buckets));
        letters.clear();
        letters.extend(total(letter_buckets));
    }

    /// The length of a text's vector, from its sums of squared idf.
    fn norm(&self, words: i64, letters: i64) -> f64 {
        let squared = self.word_weight * self.word_weight * words as f64 + letters as f64;
        (squared * self.rarity_unit).sqrt()
    }

    /// By label, what each token adds to its margin; a pair of words gives half to each.
    pub fn shares<O>(&self, reading: &Reading<O>) -> Vec<Vec<f64>> {
        let stride = Self::stride(self.labels);
        let (mut words, mut letters) = (0, 0);
        // By token, then label: an n-gram adds to neighbours in memory.
        let mut sums = vec![0.0; reading.tokens.len() * self.labels];
        ngrams(&reading.folded.text, &reading.tokens, |hash, gram, first, last| {
            let cell = &self.cells[self.bucket(hash) * stride..][..stride];
            let weight = match gram {
                Gram::Word => {
                    words += i64::from(cell[0]);
                    self.word_weight
                }
                Gram::Letters => {
                    letters += i64::from(cell[0]);
                    1.0
                }
            };
            for (label, &value) in cell[1..=self.labels].iter().enumerate() {
                let half = weight * f64::from(value) / 2.0;
                sums[first * self.labels + label] += half;
                sums[last * self.labels + label] += half;
            }
        });
        let norm = self.norm(words, letters);
        let unit = |label: usize| if norm > 0.0 { self.weight_units[label] / norm } else { 0.0 };
        (0..self.labels)
            .map(|label| {
                sums.iter().skip(label).step_by(self.labels).map(|sum| sum * unit(label)).collect()
            })
            .collect()
    }

    /// The same rarities, for other labels that are not fitted yet.
    pub fn without_weights(&self, labels: usize) -> NgramLayer {
        let (old, new) = (Self::stride(self.labels), Self::stride(labels));
        let mut cells = vec![0; self.cells.len() / old * new];
        for (cell, before) in cells.chunks_exact_mut(new).zip(self.cells.chunks_exact(old)) {
            cell[0] = before[0];
        }
        NgramLayer { labels, weight_units: vec![0.0; labels], cells, ..*self }
    }

    /// The same layer with room for `labels` labels, no fewer than now; the new ones weigh nothing.
    pub fn with_labels(&self, labels: usize) -> NgramLayer {
        let mut wide = self.without_weights(labels);
        wide.weight_units[..self.labels].copy_from_slice(&self.weight_units);
        let (old, new) = (Self::stride(self.labels), Self::stride(labels));
        for (cell, before) in wide.cells.chunks_exact_mut(new).zip(self.cells.chunks_exact(old)) {
            cell[..=self.labels].copy_from_slice(&before[..=self.labels]);
        }
        wide
    }

    /// The weights of a label (an index) by bucket, as they are kept.
    pub fn weights(&self, label: usize) -> Vec<f32> {
        let numbers = self.cells.iter().skip(label + 1).step_by(Self::stride(self.labels));
        let unit = self.weight_units[label];
        let weight = |(bucket, &number): (usize, &i16)| match number {
            0 => 0.0,
            number => (f64::from(number) * unit / self.rarity(bucket)) as f32,
        };
        numbers.enumerate().map(weight).collect()
    }

    /// The idf of a bucket, as it is kept.
    pub fn rarity(&self, bucket: usize) -> f64 {
        (f64::from(self.cells[bucket * Self::stride(self.labels)]) * self.rarity_unit).sqrt()
    }
}
