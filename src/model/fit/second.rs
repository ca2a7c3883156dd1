//! Fits layer 2 for one label: a calibrated line for each language that has enough rows, and one for all.

use rayon::prelude::*;

use super::calibrate::{Judged, line, prior_weights};
use super::logistic::{self, Weights};
use super::table::Table;
use super::{Options, Sample, Use};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::{
    Calibration, Confusion, Curve, Pair, area_under_roc, average_precision, best_f1_threshold,
    threshold_for_precision,
};
use crate::model::{Head, Line, Measure, Probability};
use crate::text::Language;

/// Languages that get a line of their own, given [`LANGUAGE_ROWS`] of each class.
const OWN: [Language; 2] = [Language::Fr, Language::En];
const LANGUAGE_ROWS: usize = 100;

/// How much F1 may fall for fewer flags.
const F1_SLACK: f64 = 0.01;

/// What a label is fitted on.
pub(super) struct Ground<'a> {
    pub(super) label: usize,
    pub(super) name: &'a str,
    pub(super) samples: &'a [Sample],
    pub(super) dealt: &'a [usize],
    pub(super) table: &'a Table,
    pub(super) options: &'a Options,
}

/// A fitted label, and what was said of rows before they had been seen.
pub(super) struct FittedHead {
    pub(super) head: Head,
    pub(super) pairs: Vec<(usize, Pair)>,
    pub(super) measure: Measure,
    /// By language: whether the probabilities of the job's rows meant what they say.
    pub(super) reliability: Vec<(Language, Calibration)>,
}

/// A row that bears the label or not.
type Known = (usize, bool);

/// How many rows there are of the class that has fewer.
fn rarer(rows: &[Known]) -> usize {
    let positives = rows.iter().filter(|(_, gold)| *gold).count();
    positives.min(rows.len() - positives)
}

impl Ground<'_> {
    pub(super) fn fit(&self) -> Result<FittedHead> {
        let known: Vec<Known> = (0..self.samples.len())
            .filter(|&row| self.samples[row].role != Use::Words)
            .filter_map(|row| Some((row, self.samples[row].labels[self.label]?)))
            .collect();
        let job: Vec<Known> =
            known.iter().copied().filter(|&(row, _)| self.samples[row].role == Use::Job).collect();
        let positives = job.iter().filter(|(_, gold)| *gold).count();
        if positives == 0 || positives == job.len() {
            let message = format!(
                "{positives} of {} rows bear the label; both 0 and 1 are needed",
                job.len()
            );
            return Err(Error::new(ErrorKind::Fit(message)));
        }
        let natural = positives as f64 / job.len() as f64;
        let prior = self.options.priors.get(self.name).copied().unwrap_or(natural);

        let mut head = Head { label: self.name.to_string(), ..Head::default() };
        let mut scores = vec![None; self.samples.len()];
        // What has no language of its own is mostly short: it is weighed like French, which is most of the job.
        let foreign = |row: usize| {
            let said = self.samples[row].language;
            self.table.languages[row] == Language::En
                || !matches!(said, Language::Fr | Language::Unknown)
        };
        let near = |rows: &[Known]| -> Vec<Known> {
            rows.iter().copied().filter(|&(row, _)| !foreign(row)).collect()
        };
        let (near_known, near_job) = (near(&known), near(&job));
        // A site of another language has too few of them to fit anything on.
        let enough = rarer(&near_known) >= LANGUAGE_ROWS && !near_job.is_empty();
        let shared = if enough { (&near_known, &near_job) } else { (&known, &job) };
        // Its probabilities are for what has no line of its own, where there is enough of that.
        let rest: Vec<Known> =
            shared.1.iter().copied().filter(|&(row, _)| !self.has_own(row)).collect();
        let judged = if rarer(&rest) >= LANGUAGE_ROWS { &rest } else { shared.1 };
        let (line, base) = self.fit_language(shared.0, judged, prior, None, &mut scores)?;
        head.lines.insert(Language::Unknown, line);
        for language in OWN {
            let of = |rows: &[Known]| -> Vec<Known> {
                rows.iter()
                    .copied()
                    .filter(|&(row, _)| self.table.languages[row] == language)
                    .collect()
            };
            let (known, job) = (of(&known), of(&job));
            if rarer(&known) >= LANGUAGE_ROWS {
                // What the shared line is made of need not be held to it.
                let base = (enough && language == Language::En).then_some(&base[..]);
                let (own, _) = self.fit_language(&known, &job, prior, base, &mut scores)?;
                head.lines.insert(language, own);
            }
        }

        // Thresholds are those of the first language's job: what a second one scores is calibrated to the same prior.
        let judged = shared.1;
        let (of_positive, of_negative) = prior_weights(judged.iter().map(|known| known.1), prior);
        let scored = known.iter().filter_map(|&(row, gold)| {
            let score = Probability::from_log_odds(scores[row]?).value();
            Some((row, Pair { gold, score, weight: if gold { of_positive } else { of_negative } }))
        });
        let pairs: Vec<(usize, Pair)> = scored.collect();
        let of_job = pairs
            .iter()
            .filter(|(row, _)| judged.binary_search_by_key(row, |&(judged, _)| judged).is_ok());
        let weighted: Vec<Pair> = of_job.map(|&(_, pair)| pair).collect();
        (head.review, head.reject) = thresholds(&weighted, self.options);
        head.curve = Curve::of(&weighted, prior);
        let measure = measure(&head, &weighted, prior);
        let reliability = self.reliability(&job, &scores, prior);
        Ok(FittedHead { head, pairs, measure, reliability })
    }

    /// Whether a row is in a language that may get a line of its own.
    fn has_own(&self, row: usize) -> bool {
        OWN.contains(&self.table.languages[row])
    }

    /// Compares the probabilities of `job` rows with their labels, language by language, in the world of the prior.
    fn reliability(
        &self,
        job: &[Known],
        scores: &[Option<f64>],
        prior: f64,
    ) -> Vec<(Language, Calibration)> {
        let mut languages: Vec<Language> =
            job.iter().map(|&(row, _)| self.table.languages[row]).collect();
        languages.sort_unstable();
        languages.dedup();
        let enough = |language: &Language| {
            let own = job.iter().filter(|&&(row, _)| self.table.languages[row] == *language);
            rarer(&own.copied().collect::<Vec<_>>()) >= LANGUAGE_ROWS
        };
        languages.retain(enough);
        let of = |language| -> (Language, Calibration) {
            let own = job.iter().filter(|&&(row, _)| self.table.languages[row] == language);
            let (of_positive, of_negative) = prior_weights(own.clone().map(|row| row.1), prior);
            let pairs: Vec<Pair> = own
                .filter_map(|&(row, gold)| {
                    let score = Probability::from_log_odds(scores[row]?).value();
                    let weight = if gold { of_positive } else { of_negative };
                    Some(Pair { gold, score, weight })
                })
                .collect();
            (language, Calibration::of(&pairs))
        };
        languages.into_iter().map(of).collect()
    }

    /// Fits one line on `known`, calibrated on `job` rows, and near `base` where it is given; `scores` gets the
    /// log-odds of all `known` rows by lines that had not seen them. Also returns the line's weights without each
    /// fold, and with all of them at the end.
    fn fit_language(
        &self,
        known: &[Known],
        job: &[Known],
        prior: f64,
        base: Option<&[Weights]>,
        scores: &mut [Option<f64>],
    ) -> Result<(Line, Vec<Weights>)> {
        let fit_on = |left_out: usize| -> Result<Weights> {
            let fits = |row: usize| self.dealt[row] != left_out && !self.samples[row].only_measured;
            let rows: Vec<Known> = known.iter().copied().filter(|&(row, _)| fits(row)).collect();
            let features: Vec<&[f64]> = rows.iter().map(|&(row, _)| self.table.row(row)).collect();
            let gold: Vec<bool> = rows.iter().map(|&(_, gold)| gold).collect();
            let Options { alpha, pull, .. } = *self.options;
            match base {
                Some(base) => logistic::fit_near(&features, &gold, &base[left_out], alpha, pull),
                None => logistic::fit(&features, &gold, alpha),
            }
        };
        let folds = self.options.folds;
        let by_fold: Vec<Weights> =
            (0..=folds).into_par_iter().map(fit_on).collect::<Result<_>>()?;
        let log_odds = |row: usize| by_fold[self.dealt[row]].log_odds(self.table.row(row));
        // Where no comment of the job is in this language, any labelled ones must do.
        let ground = if job.is_empty() { known } else { job };
        let judged: Vec<Judged> =
            ground.iter().map(|&(row, gold)| Judged { gold, log_odds: log_odds(row) }).collect();
        let (slope, shift) = line(&judged, prior).unwrap_or((1.0, 0.0));
        for &(row, _) in known {
            scores[row] = Some(slope * log_odds(row) + shift);
        }
        let Weights { intercept, weights } = by_fold[folds].clone();
        Ok((Line { intercept, weights, slope, shift }.rounded(), by_fold))
    }
}

/// From which scores on to review, and to reject.
pub(super) fn thresholds(pairs: &[Pair], options: &Options) -> (f64, f64) {
    let review = best_f1_threshold(pairs, F1_SLACK).unwrap_or(0.5);
    let sure = threshold_for_precision(pairs, options.reject_precision);
    (review, sure.unwrap_or(1.0).max(review))
}

/// A measure as a card tells it: to four decimals, because further ones are of the machine that fitted.
pub(super) fn told(measure: Option<f64>) -> f64 {
    (measure.unwrap_or_default() * 1e4).round() / 1e4
}

/// Precision and recall are those of the world that the prior describes.
pub(super) fn measure(head: &Head, pairs: &[Pair], prior: f64) -> Measure {
    let confusion = Confusion::at(pairs, head.review);
    Measure {
        label: head.label.clone(),
        auc: told(area_under_roc(pairs)),
        average_precision: told(average_precision(pairs)),
        threshold: head.review,
        precision: told(confusion.precision()),
        recall: told(confusion.recall()),
        prior,
        rows: pairs.len(),
        positives: pairs.iter().filter(|pair| pair.gold).count(),
    }
}
