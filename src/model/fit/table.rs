//! Measures the features of layer 2 for the samples that it is fitted on.

use rayon::prelude::*;

use super::matrix::reading_of;
use super::{Sample, Use};
use crate::feature::Schema;
use crate::lexicon::Lexicon;
use crate::model::margin;
use crate::text::Language;

/// A row of features a sample; zeros for those that layer 2 does not use.
pub(super) struct Table {
    width: usize,
    values: Vec<f64>,
    /// By sample: the language that it seems to be in.
    pub(super) languages: Vec<Language>,
}

impl Table {
    /// Measures `samples`, with margins by label and sample.
    pub(super) fn of(
        samples: &[Sample],
        labels: &[String],
        lexicon: &Lexicon,
        margins: &[Vec<f64>],
    ) -> Table {
        let schema = Schema::new(lexicon);
        let spread = margin::names(labels.iter().map(String::as_str)).len();
        let width = spread + schema.names().len();
        let rows: Vec<(Language, Vec<f64>)> = samples
            .par_iter()
            .enumerate()
            .map(|(row, sample)| {
                let mut features = vec![0.0; width];
                if sample.role == Use::Words {
                    return (Language::Unknown, features);
                }
                let reading = reading_of(&sample.text, lexicon);
                let margins: Vec<f64> = margins.iter().map(|margins| margins[row]).collect();
                let (first, named) = features.split_at_mut(spread);
                margin::measure(&margins, &reading, first);
                schema.measure(&sample.text, &reading, lexicon, sample.place, named);
                (reading.language, features)
            })
            .collect();
        let languages = rows.iter().map(|row| row.0).collect();
        Table { width, values: rows.into_iter().flat_map(|row| row.1).collect(), languages }
    }

    /// The features of every sample.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// The features of a sample.
    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..][..self.width]
    }
}
