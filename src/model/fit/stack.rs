//! Fits both layers, one on the other, and measures them on what they were not fitted on.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::calibrate::{Judged, line, prior_weights};
use super::dual::{self, Row};
use super::logistic::{self, Weights};
use super::matrix::{Matrix, reading_of};
use super::{Options, Sample, Use};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::{
    Confusion, Pair, area_under_roc, average_precision, best_f1_threshold, folds,
    threshold_for_precision,
};
use crate::feature::Schema;
use crate::lexicon::Lexicon;
use crate::model::{Card, Head, Measure, Model, NgramLayer, Probability, margin};
use crate::text::Language;

/// A model, and what it said of rows before it had seen them.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The model, fitted on all rows.
    pub model: Model,
    /// By label: (row, gold and score) of the rows for the job, scored by models that had not seen their group.
    pub out_of_fold: Vec<Vec<(usize, Pair)>>,
}

/// Rows of one language below which it shares the calibration of all.
const LANGUAGE_ROWS: usize = 300;

/// Fits `labels` on `samples`, with the lexicon and the rarities (in `layer`) given.
///
/// `card.measures` is filled in.
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
    for (label, name) in labels.iter().enumerate() {
        let located = |error: Error| error.at_element(format!("label {name}"));
        let (head, pairs, measure) =
            fit_head(label, name, samples, &dealt, &table, options).map_err(located)?;
        heads.push(head);
        out_of_fold.push(pairs);
        card.measures.push(measure);
    }
    Ok(Fitted { model: Model::assemble(card, lexicon, layer, heads)?, out_of_fold })
}

/// Margins by label and row, each from weights that had not seen the row's group; and the weights of all rows.
fn fit_layer(
    matrix: &Matrix,
    samples: &[Sample],
    dealt: &[usize],
    labels: usize,
    options: &Options,
) -> (Vec<Vec<f64>>, Vec<Vec<f32>>) {
    let jobs: Vec<(usize, usize)> =
        (0..labels).flat_map(|label| (0..=options.folds).map(move |fold| (label, fold))).collect();
    let fitted: Vec<Vec<f32>> = jobs
        .par_iter()
        .map(|&(label, left_out)| {
            let rows = layer_rows(samples, label, options, |row| dealt[row] != left_out);
            dual::fit(matrix, &rows, 1 << options.bits, options.passes, options.seed)
        })
        .collect();
    let of = |label: usize, fold: usize| &fitted[label * (options.folds + 1) + fold];
    let margins = (0..labels)
        .map(|label| {
            let rows = (0..samples.len()).into_par_iter();
            rows.map(|row| matrix.dot(row, of(label, dealt[row]))).collect()
        })
        .collect();
    let weights = (0..labels).map(|label| of(label, options.folds).clone()).collect();
    (margins, weights)
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

/// The features of layer 2, for the samples that it is fitted on.
struct Table {
    width: usize,
    values: Vec<f64>,
    languages: Vec<Language>,
}

impl Table {
    fn of(samples: &[Sample], labels: &[String], lexicon: &Lexicon, margins: &[Vec<f64>]) -> Table {
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

    fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..][..self.width]
    }
}

fn fit_head(
    label: usize,
    name: &str,
    samples: &[Sample],
    dealt: &[usize],
    table: &Table,
    options: &Options,
) -> Result<(Head, Vec<(usize, Pair)>, Measure)> {
    let known: Vec<(usize, bool)> = samples
        .iter()
        .enumerate()
        .filter(|(_, sample)| sample.role != Use::Words)
        .filter_map(|(row, sample)| Some((row, sample.labels[label]?)))
        .collect();
    if known.is_empty() {
        return Err(Error::new(ErrorKind::Fit("no row bears this label".into())));
    }
    let fit_on = |kept: &dyn Fn(usize) -> bool| -> Result<Weights> {
        let rows: Vec<(usize, bool)> =
            known.iter().copied().filter(|&(row, _)| kept(row)).collect();
        let features: Vec<&[f64]> = rows.iter().map(|&(row, _)| table.row(row)).collect();
        let gold: Vec<bool> = rows.iter().map(|&(_, gold)| gold).collect();
        logistic::fit(&features, &gold, options.alpha)
    };
    let by_fold: Vec<Weights> = (0..options.folds)
        .into_par_iter()
        .map(|fold| fit_on(&|row| dealt[row] != fold))
        .collect::<Result<_>>()?;
    let Weights { intercept, weights } = fit_on(&|_| true)?;

    let job: Vec<(usize, Judged)> = known
        .iter()
        .filter(|&&(row, _)| samples[row].role == Use::Job)
        .map(|&(row, gold)| {
            (row, Judged { gold, log_odds: by_fold[dealt[row]].log_odds(table.row(row)) })
        })
        .collect();
    let prior = options.priors.get(name).copied().unwrap_or_else(|| {
        job.iter().filter(|(_, judged)| judged.gold).count() as f64 / job.len().max(1) as f64
    });
    let mut head = Head { label: name.to_string(), intercept, weights, ..Head::default() };
    head.calibrations = calibrations(&job, table, prior);

    let (of_positive, of_negative) =
        prior_weights(job.iter().map(|(_, judged)| judged.gold), prior);
    let pairs: Vec<(usize, Pair)> = job
        .iter()
        .map(|&(row, Judged { gold, log_odds })| {
            let line = head.calibration(table.languages[row]);
            let score = Probability::from_log_odds(line.slope * log_odds + line.shift).value();
            (row, Pair { gold, score, weight: if gold { of_positive } else { of_negative } })
        })
        .collect();
    let weighted: Vec<Pair> = pairs.iter().map(|&(_, pair)| pair).collect();
    head.review = best_f1_threshold(&weighted).unwrap_or(0.5);
    let sure = threshold_for_precision(&weighted, options.reject_precision);
    head.reject = sure.unwrap_or(1.0).max(head.review);
    let measure = measure(&head, &weighted);
    Ok((head, pairs, measure))
}

fn calibrations(
    job: &[(usize, Judged)],
    table: &Table,
    prior: f64,
) -> BTreeMap<Language, crate::model::Calibration> {
    let mut of_language: BTreeMap<Language, Vec<Judged>> = BTreeMap::new();
    for &(row, judged) in job {
        of_language.entry(table.languages[row]).or_default().push(judged);
    }
    of_language
        .retain(|language, rows| *language != Language::Unknown && rows.len() >= LANGUAGE_ROWS);
    of_language.insert(Language::Unknown, job.iter().map(|&(_, judged)| judged).collect());
    of_language
        .into_iter()
        .filter_map(|(language, rows)| Some((language, line(&rows, prior)?)))
        .collect()
}

/// Precision and recall are those of the world that the prior describes.
fn measure(head: &Head, pairs: &[Pair]) -> Measure {
    let confusion = Confusion::at(pairs, head.review);
    Measure {
        label: head.label.clone(),
        auc: area_under_roc(pairs).unwrap_or_default(),
        average_precision: average_precision(pairs).unwrap_or_default(),
        threshold: head.review,
        precision: confusion.precision().unwrap_or_default(),
        recall: confusion.recall().unwrap_or_default(),
        rows: pairs.len(),
        positives: pairs.iter().filter(|pair| pair.gold).count(),
    }
}

/// Keeps weight times idf as 16-bit numbers, in units of their largest.
fn quantise(layer: &mut NgramLayer, weights: &[Vec<f32>]) {
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
