//! Makes the sparse rows that layer 1 is fitted on.

use rayon::prelude::*;

use super::Sample;
use crate::feature::{Gram, Reader, Reading, ngrams};
use crate::lexicon::Lexicon;
use crate::model::NgramLayer;

/// Rows of (bucket, value), each of length 1, in one piece of memory (compressed sparse rows).
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    starts: Vec<usize>,
    buckets: Vec<u32>,
    values: Vec<f32>,
}

impl Matrix {
    /// The n-grams of `samples`, weighted by the rarities of `layer` as scoring weighs them.
    pub(super) fn of(samples: &[Sample], lexicon: &Lexicon, layer: &NgramLayer) -> Matrix {
        let rows: Vec<Vec<(u32, f32)>> = samples
            .par_iter()
            .map(|sample| row(&reading_of(&sample.text, lexicon), layer))
            .collect();
        let mut matrix = Matrix { starts: vec![0], ..Matrix::default() };
        for row in rows {
            matrix.buckets.extend(row.iter().map(|&(bucket, _)| bucket));
            matrix.values.extend(row.iter().map(|&(_, value)| value));
            matrix.starts.push(matrix.buckets.len());
        }
        matrix
    }

    /// Rows of one number a column.
    pub(super) fn dense(rows: impl Iterator<Item = impl Iterator<Item = f64>>) -> Matrix {
        let mut matrix = Matrix { starts: vec![0], ..Matrix::default() };
        for row in rows {
            for (column, value) in row.enumerate().filter(|&(_, value)| value != 0.0) {
                matrix.buckets.push(column as u32);
                matrix.values.push(value as f32);
            }
            matrix.starts.push(matrix.buckets.len());
        }
        matrix
    }

    /// The entries of a row.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[row]..self.starts[row + 1];
        let values = &self.values[range.clone()];
        self.buckets[range]
            .iter()
            .zip(values)
            .map(|(&bucket, &value)| (bucket as usize, f64::from(value)))
    }

    /// The product of a row with `weights`.
    pub(super) fn dot(&self, row: usize, weights: &[f32]) -> f64 {
        self.row(row).map(|(bucket, value)| f64::from(weights[bucket]) * value).sum()
    }
}

/// Reads one text.
pub(super) fn reading_of(text: &str, lexicon: &Lexicon) -> Reading<()> {
    let mut reading = Reading::default();
    Reader::default().read(text, lexicon, &mut reading);
    reading
}

fn row(reading: &Reading<()>, layer: &NgramLayer) -> Vec<(u32, f32)> {
    let mut entries: Vec<(u32, f64)> = Vec::new();
    let mut squared = 0.0;
    ngrams(&reading.folded.text, &reading.tokens, |hash, gram, _, _| {
        let bucket = layer.bucket(hash);
        let weight = if gram == Gram::Word { layer.word_weight } else { 1.0 };
        let value = weight * layer.rarity(bucket);
        squared += value * value;
        entries.push((bucket as u32, value));
    });
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let norm = f64::sqrt(squared);
    let mut row: Vec<(u32, f32)> = Vec::with_capacity(entries.len());
    let mut at = 0;
    while at < entries.len() {
        let bucket = entries[at].0;
        let mut value = 0.0;
        while at < entries.len() && entries[at].0 == bucket {
            value += entries[at].1;
            at += 1;
        }
        row.push((bucket, (value / norm) as f32));
    }
    row
}
