//! Fits local rows on a base: both layers start from its weights and are pulled back to them.
//!
//! Layer 1 minimises `½‖w − w0‖² + Σ cᵢ ln(1 + exp(−yᵢ w·xᵢ))`. In layer 2 the base's lines stay and a
//! [`Correction`] is added, fitted on margins of folds that layer 1 had not seen. The result is a model like any
//! other: corrections are folded into its lines.

use rayon::prelude::*;

use super::by_corpus::by_corpus;
use super::calibrate::prior_weights;
use super::correction::{Correction, Judged};
use super::matrix::Matrix;
use super::second::{FittedHead, Ground, measure, thresholds};
use super::stack::{fit_label, quantise};
use super::table::Table;
use super::watch;
use super::{Fitted, Options, Pull, Sample, Use, Wide};
use crate::error::{Error, Result};
use crate::evaluation::{Curve, Pair, folds};
use crate::feature::Schema;
use crate::model::{Card, Head, Line, Model, Probability};
use crate::text::Language;

/// Fits `samples` on `base`. Their labels are in the order of [`Wide::labels`]; a label of the base that has no rows of
/// both classes stays as it was, one that the base does not know is fitted as [`fit`](super::fit) does.
///
/// `card.measures` and the measures of its corpora, whose rows are `samples` in order, are filled in. Of a label that
/// stayed as it was, the base's measure is kept.
///
/// # Errors
/// When a label that the base does not know has no rows of both classes.
pub fn refit(
    mut card: Card,
    base: Wide,
    samples: &[Sample],
    options: &Options,
    pull: &Pull,
) -> Result<Fitted> {
    let Wide { id, measures, labels, heads, lexicon, mut layer, watched } = base;
    let groups: Vec<u64> = samples.iter().map(|sample| sample.group).collect();
    let dealt = folds(&groups, options.folds, options.seed);
    let matrix = Matrix::of(samples, &lexicon, &layer);
    let before: Vec<Vec<f32>> = (0..labels.len()).map(|label| layer.weights(label)).collect();
    let rarer: Vec<f64> = (0..labels.len()).map(|label| rarer(samples, label)).collect();
    let kept = |label: usize| label < heads.len() && rarer[label] == 0.0;
    let unmoved = |label: usize| -> Vec<f64> {
        (0..samples.len()).map(|row| matrix.dot(row, &before[label])).collect()
    };
    let fitted = (0..labels.len()).into_par_iter().map(|label| {
        let start = &before[label];
        if kept(label) {
            return (unmoved(label), start.clone());
        }
        let mut options = options.clone();
        if label < heads.len() {
            (options.cost, options.balance) = (pull.among(rarer[label]).cost, false);
        }
        fit_label(&matrix, samples, &dealt, label, start, &options)
    });
    let (margins, weights): (Vec<Vec<f64>>, Vec<Vec<f32>>) = fitted.unzip();
    let table = Table::of(samples, &labels, &lexicon, &margins);
    quantise(&mut layer, &weights);
    // What the kept labels said of these rows, before the margins of others moved.
    let moved = (0..heads.len()).any(|label| !kept(label));
    let old = (moved && (0..heads.len()).any(kept)).then(|| {
        let margins: Vec<Vec<f64>> = (0..labels.len()).map(unmoved).collect();
        Table::of(samples, &labels, &lexicon, &margins)
    });

    card.base = Some(id);
    let mut heads = heads.into_iter();
    let mut fitted_heads = Vec::new();
    let mut out_of_fold = Vec::new();
    let mut reliability = Vec::new();
    for (label, name) in labels.iter().enumerate() {
        let ground = Ground { label, name, samples, dealt: &dealt, table: &table, options };
        let fitted = match heads.next() {
            Some(head) if rarer[label] > 0.0 => {
                corrected(head, measures[label].prior, watched, &ground, pull)
            }
            Some(mut head) => {
                if let Some(old) = &old {
                    let rows = (0..samples.len()).map(|row| {
                        let line = head.line(table.languages[row]);
                        (line.log_odds(old.row(row)), line.log_odds(table.row(row)))
                    });
                    head = Correction::back(&rows.collect::<Vec<_>>()).applied_to(head);
                }
                let meant = samples.iter().any(|sample| sample.labels[label].is_some());
                if let (Some(column), true) = (watched, meant) {
                    watch::draw(&mut head, column, std::iter::empty());
                }
                card.measures.push(measures[label].clone());
                fitted_heads.push(head);
                out_of_fold.push(Vec::new());
                reliability.push(Vec::new());
                continue;
            }
            None => {
                let located = |error: Error| error.at_element(format!("label {name}"));
                let mut fitted = ground.fit().map_err(located)?;
                if let Some(column) = watch::column(&Schema::new(&lexicon), labels.len()) {
                    watch::draw(&mut fitted.head, column, table.rows());
                }
                fitted
            }
        };
        fitted_heads.push(fitted.head);
        out_of_fold.push(fitted.pairs);
        reliability.push(fitted.reliability);
        card.measures.push(fitted.measure);
    }
    by_corpus(&mut card, &labels, &out_of_fold);
    Ok(Fitted {
        model: Model::assemble(card, lexicon, layer, fitted_heads)?,
        out_of_fold,
        reliability,
    })
}

/// How many rows say of the label what fewer say; 0 where none bears it or all do.
fn rarer(samples: &[Sample], label: usize) -> f64 {
    let count = |gold: bool| {
        let used = samples.iter().filter(|one| one.role != Use::Words && one.weight > 0.0);
        used.filter(|one| one.labels[label] == Some(gold)).count()
    };
    count(true).min(count(false)) as f64
}

/// Corrects a head of the base; `prior` is the share of comments that bear its label in the base's world.
/// `watched` is the feature of watched words where the base knows nothing of it.
fn corrected(
    head: Head,
    prior: f64,
    watched: Option<usize>,
    ground: &Ground,
    pull: &Pull,
) -> FittedHead {
    let Ground { samples, dealt, table, options, label, .. } = *ground;
    let known: Vec<(usize, bool)> = (0..samples.len())
        .filter(|&row| samples[row].role != Use::Words)
        .filter_map(|row| Some((row, samples[row].labels[label]?)))
        .collect();
    let positives = known.iter().filter(|(_, gold)| *gold).count() as f64;
    let count = known.len() as f64;
    // The mean of a beta distribution that begins as `pull.prior` rows of the base's world.
    let begun = if prior > 0.0 { pull.prior } else { 0.0 };
    let prior = (positives + begun * prior) / (count + begun);
    let (of_positive, of_negative) = prior_weights(known.iter().map(|known| known.1), prior);
    let judged: Vec<Judged> = known
        .iter()
        .map(|&(row, gold)| {
            let features = table.row(row);
            let log_odds = head.line(table.languages[row]).log_odds(features);
            Judged {
                log_odds,
                features,
                gold,
                weight: if gold { of_positive } else { of_negative },
            }
        })
        .collect();
    let rarer = f64::min(positives, count - positives);
    let firm = pull.among(rarer);
    let mut believed = Correction::none(head.lines[&Language::Unknown].weights.len());
    watched.into_iter().for_each(|column| believed.weights[column] = watch::weight());
    let by_fold: Vec<Correction> = (0..=options.folds)
        .into_par_iter()
        .map(|left_out| {
            let rows = known.iter().zip(&judged).filter(|((row, _), _)| dealt[*row] != left_out);
            let rows: Vec<Judged> = rows.map(|(_, judged)| *judged).collect();
            Correction::fit(&rows, &believed, &firm, options.seed)
        })
        .collect();
    let pairs: Vec<(usize, Pair)> = known
        .iter()
        .zip(&judged)
        .map(|(&(row, gold), judged)| {
            let log_odds = by_fold[dealt[row]].log_odds(judged.log_odds, judged.features);
            let score = Probability::from_log_odds(log_odds).value();
            (row, Pair { gold, score, weight: judged.weight })
        })
        .collect();

    let last = &by_fold[options.folds];
    let mut head = last.applied_to(head);
    let weighted: Vec<Pair> = pairs.iter().map(|&(_, pair)| pair).collect();
    let own = rarer / (rarer + pull.thresholds);
    let (review, reject) = thresholds(&weighted, options);
    head.review += own * (review - head.review);
    head.reject = f64::max(head.reject + own * (reject - head.reject), head.review);
    // Few rows draw no curve: until they outweigh the base's thresholds, its curve promises more than theirs.
    if own >= 0.5 {
        head.curve = Curve::of(&weighted, prior);
    }
    let measure = measure(&head, &weighted, prior);
    FittedHead { head, pairs, measure, reliability: Vec::new() }
}

impl Correction {
    /// The head that gives what this makes of what `head` gives.
    fn applied_to(&self, head: Head) -> Head {
        let lines = head.lines.iter().map(|(&language, line)| (language, self.line(line)));
        Head { lines: lines.collect(), ..head }
    }

    /// The line that gives what this makes of `line`.
    fn line(&self, line: &Line) -> Line {
        let slope = self.slope * line.slope;
        let changes = self.weights.iter().chain(std::iter::repeat(&0.0));
        let moved = |(weight, change): (&f64, &f64)| weight + change / slope;
        Line {
            intercept: line.intercept,
            weights: line.weights.iter().zip(changes).map(moved).collect(),
            slope,
            shift: self.slope * line.shift + self.shift,
        }
    }
}
