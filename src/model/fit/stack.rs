//! Fits both layers, one on the other, and measures them on what they were not fitted on.

use rayon::prelude::*;

use super::by_corpus::by_corpus;
use super::dual::{self, Row};
use super::matrix::Matrix;
use super::table::Table;
use super::{Options, Sample, second, watch};
use crate::error::{Error, Result};
use crate::evaluation::{Calibration, Pair, folds};
use crate::feature::Schema;
use crate::lexicon::Lexicon;
use crate::model::{Card, Model, NgramLayer};
use crate::text::Language;

/// A model, and what it said of rows before it had seen them.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The model, fitted on all rows.
    pub model: Model,
    /// By label: (row, gold and score) of the rows that layer 2 uses, scored by models that had not seen their group.
    pub out_of_fold: Vec<Vec<(usize, Pair)>>,
    /// By label, then language: how such scores of the job's rows compare with their labels, at the prior's rate.
    pub reliability: Vec<Vec<(Language, Calibration)>>,
}

/// Fits `labels` on `samples`, with the lexicon and the rarities (in `layer`) given.
///
/// `card.measures` and the measures of its corpora, whose rows are `samples` in order, are filled in.
///
/// # Errors
/// When a label has no rows of both classes.
pub fn fit(
    mut card: Card,
    labels: &[String],
    samples: &[Sample],
    lexicon: Lexicon,
    mut layer: NgramLayer,
    options: &Options,
) -> Result<Fitted> {
    let groups: Vec<u64> = samples.iter().map(|sample| sample.group).collect();
    let dealt = folds(&groups, options.folds, options.seed);
    let matrix = Matrix::of(samples, &lexicon, &layer);
    let (margins, weights) = fit_layer(&matrix, samples, &dealt, labels.len(), options);
    let table = Table::of(samples, labels, &lexicon, &margins);
    quantise(&mut layer, &weights);

    let mut heads = Vec::new();
    let mut out_of_fold = Vec::new();
    let mut reliability = Vec::new();
    for (label, name) in labels.iter().enumerate() {
        let located = |error: Error| error.at_element(format!("label {name}"));
        let ground = second::Ground { label, name, samples, dealt: &dealt, table: &table, options };
        let fitted = ground.fit().map_err(located)?;
        heads.push(fitted.head);
        out_of_fold.push(fitted.pairs);
        reliability.push(fitted.reliability);
        card.measures.push(fitted.measure);
    }
    if let Some(column) = watch::column(&Schema::new(&lexicon), labels.len()) {
        heads.iter_mut().for_each(|head| watch::draw(head, column, table.rows()));
    }
    by_corpus(&mut card, labels, &out_of_fold);
    Ok(Fitted { model: Model::assemble(card, lexicon, layer, heads)?, out_of_fold, reliability })
}

/// Margins by label and row, each from weights that had not seen the row's group; and the weights of all rows.
fn fit_layer(
    matrix: &Matrix,
    samples: &[Sample],
    dealt: &[usize],
    labels: usize,
    options: &Options,
) -> (Vec<Vec<f64>>, Vec<Vec<f32>>) {
    let zeros = vec![0.0; 1 << options.bits];
    let labels = (0..labels).into_par_iter();
    labels.map(|label| fit_label(matrix, samples, dealt, label, &zeros, options)).unzip()
}

/// Passes that a fold needs at most when it begins where all rows ended.
const REFIT: usize = 6;

/// One label's margins by row and its weights, which stay near `start`.
pub(super) fn fit_label(
    matrix: &Matrix,
    samples: &[Sample],
    dealt: &[usize],
    label: usize,
    start: &[f32],
    options: &Options,
) -> (Vec<f64>, Vec<f32>) {
    let Options { passes, seed, folds, .. } = *options;
    let all = layer_rows(samples, label, options, |_| true);
    let whole = dual::fit(matrix, &all, start.to_vec(), passes, seed);
    let fitted: Vec<Vec<f32>> = (0..folds)
        .into_par_iter()
        .map(|left_out| {
            let rows = layer_rows(samples, label, options, |row| dealt[row] != left_out);
            whole.refit(matrix, &rows, start.to_vec(), passes.min(REFIT), seed)
        })
        .collect();
    let rows = (0..samples.len()).into_par_iter();
    let margins = rows.map(|row| matrix.dot(row, &fitted[dealt[row]])).collect();
    (margins, whole.weights)
}

fn layer_rows(
    samples: &[Sample],
    label: usize,
    options: &Options,
    kept: impl Fn(usize) -> bool,
) -> Vec<Row> {
    let mut rows: Vec<Row> = samples
        .iter()
        .enumerate()
        .filter(|&(row, sample)| kept(row) && sample.weight > 0.0)
        .filter_map(|(row, sample)| {
            let positive = sample.labels[label]?;
            Some(Row { row, positive, cost: options.cost * sample.weight })
        })
        .collect();
    if options.balance {
        let sum =
            |positive| rows.iter().filter(|row| row.positive == positive).map(|row| row.cost).sum();
        let (positives, negatives): (f64, f64) = (sum(true), sum(false));
        for row in &mut rows {
            let own = if row.positive { positives } else { negatives };
            row.cost *= (positives + negatives) / (2.0 * own);
        }
    }
    rows
}

/// Keeps weight times idf as 16-bit numbers, in units of their largest.
pub(super) fn quantise(layer: &mut NgramLayer, weights: &[Vec<f32>]) {
    let stride = NgramLayer::stride(layer.labels);
    for (label, weights) in weights.iter().enumerate() {
        let value = |bucket: usize| f64::from(weights[bucket]) * layer.rarity(bucket);
        let largest = (0..weights.len()).map(|bucket| value(bucket).abs()).fold(0.0, f64::max);
        let unit = if largest > 0.0 { largest / f64::from(i16::MAX) } else { 1.0 };
        let numbers: Vec<i16> =
            (0..weights.len()).map(|bucket| (value(bucket) / unit).round() as i16).collect();
        for (bucket, number) in numbers.into_iter().enumerate() {
            layer.cells[bucket * stride + label + 1] = number;
        }
        layer.weight_units[label] = unit;
    }
}
