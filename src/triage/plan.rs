//! Settles where each label's bands begin: the model's own, a newsroom's settings over them, one run's wish over all.

use super::settings::key;
use super::{Adviser, Bands, Granted, Settings, Wish};
use crate::error::{Error, Result};
use crate::evaluation::{Curve, Promise};
use crate::model::{Head, Probability};

/// An adviser, and what the folds promise of its review thresholds.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What advises.
    pub adviser: Adviser,
    /// By label: what its review threshold promises; none where the label does not count, or the model's curve does
    /// not tell.
    pub promises: Vec<Option<Promise>>,
    /// The labels (indices) whose threshold was found for a target.
    pub found: Vec<usize>,
    /// Why labels (indices) begin review at their most precise threshold instead: the wish was out of their reach,
    /// and within that of others.
    pub short: Vec<(usize, String)>,
}

impl Plan {
    /// What `heads` advise by themselves, with the labels in `only` counting (all where there is none), under
    /// `settings`, and with `wish` for every counting label.
    ///
    /// A reject threshold never stands below its review threshold: it is taken along.
    ///
    /// # Errors
    /// When a label is none of the heads', when a target is out of every label's reach, when settings contradict the model; the
    /// element of the error is the key in the settings, or the label.
    pub fn new(
        heads: &[Head],
        only: &[String],
        settings: &Settings,
        wish: Option<Wish>,
    ) -> Result<Plan> {
        let labels: Vec<String> = heads.iter().map(|head| head.label.clone()).collect();
        if let Some(unknown) = settings.bands.keys().find(|&label| !labels.contains(label)) {
            let message = format!("no label “{unknown}”; this model has {}", labels.join(", "));
            return Err(Error::input(message).at_element(format!("bands.{unknown}")));
        }
        let own: Vec<Bands> = heads.iter().map(own).collect();
        let adviser = Adviser::new(&labels, &own)?.only(only)?;
        let counting: Vec<usize> =
            (0..labels.len()).filter(|&label| adviser.counts(label)).collect();
        let promises = vec![None; labels.len()];
        let mut plan = Plan { adviser, promises, found: Vec::new(), short: Vec::new() };
        let mut short = Vec::new();
        for &label in &counting {
            let missed = plan.settle(label, &heads[label], settings, wish)?;
            short.extend(missed.map(|error| (label, error)));
        }
        if short.len() == counting.len() && !short.is_empty() {
            return Err(short.remove(0).1);
        }
        plan.short = short.into_iter().map(|(label, error)| (label, error.to_string())).collect();
        Ok(plan)
    }

    /// Settles the bands of a label; gives why where the wish was out of its reach.
    fn settle(
        &mut self,
        label: usize,
        head: &Head,
        settings: &Settings,
        wish: Option<Wish>,
    ) -> Result<Option<Error>> {
        let name = head.label.as_str();
        let wished = settings.bands.get(name).cloned().unwrap_or_default();
        let mut bands = own(head);
        let mut short = None;
        let granted = match (wish, wished.wish()) {
            (Some(wish), _) => {
                let granted =
                    wish.grant(head.curve.as_ref()).map_err(|error| error.at_element(name));
                let best = head.curve.as_ref().and_then(Curve::most_precise);
                Some(match (granted, best) {
                    (Err(error), Some(best)) => {
                        short = Some(error);
                        Granted { threshold: Probability::new(best.threshold), promise: Some(best) }
                    }
                    (granted, _) => granted?,
                })
            }
            (None, Some((wish, at))) => {
                let granted = wish.grant(head.curve.as_ref());
                Some(granted.map_err(|error| error.at_element(key(name, at)))?)
            }
            (None, None) => None,
        };
        if let Some(reject) = wished.reject {
            if granted.is_none() && reject < bands.review {
                let message = format!(
                    "expected at least {}, where the model begins review, found {reject}; settle review too",
                    bands.review
                );
                return Err(Error::input(message).at_element(key(name, "reject")));
            }
            bands.reject = reject;
        }
        if let Some(granted) = granted {
            bands = bands.review_at(granted.threshold);
            self.promises[label] = granted.promise;
            self.found.extend(granted.promise.map(|_| label));
        }
        let at = || head.curve.as_ref()?.at(bands.review.value());
        self.promises[label] = self.promises[label].or_else(at);
        self.adviser = self.adviser.clone().with_bands(label, bands);
        Ok(short)
    }
}

/// The bands that the model was fitted with.
fn own(head: &Head) -> Bands {
    Bands { review: head.review(), reject: head.reject() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Pair;
    use crate::triage::{Target, Wished};

    fn heads() -> Vec<Head> {
        let pairs = [Pair::new(true, 0.8), Pair::new(true, 0.3), Pair::new(false, 0.1)];
        let curve = Curve::of(&pairs, 0.1);
        let head = |label: &str| Head {
            label: label.into(),
            review: 0.5,
            reject: 0.7,
            curve: curve.clone(),
            ..Head::default()
        };
        vec![head("insult"), Head { curve: None, ..head("conspiracy") }]
    }

    fn settings(label: &str, wished: Wished) -> Settings {
        Settings { bands: [(label.to_string(), wished)].into(), ..Settings::default() }
    }

    fn p(value: f64) -> Probability {
        Probability::new(value)
    }

    fn bands(plan: &Plan, label: usize) -> (Probability, Probability) {
        let Bands { review, reject } = plan.adviser.bands(label);
        (review, reject)
    }

    #[test]
    fn the_command_line_beats_the_file_which_beats_the_model() {
        let wished = Wished { review: Some(p(0.2)), reject: Some(p(0.9)), ..Wished::default() };
        let file = settings("insult", wished);
        let plan = Plan::new(&heads(), &[], &file, None).unwrap();
        assert_eq!((bands(&plan, 0), bands(&plan, 1)), ((p(0.2), p(0.9)), (p(0.5), p(0.7))));
        let plan = Plan::new(&heads(), &[], &file, Some(Wish::Threshold(p(0.8)))).unwrap();
        assert_eq!((bands(&plan, 0), bands(&plan, 1)), ((p(0.8), p(0.9)), (p(0.8), p(0.8))));
        assert!(plan.found.is_empty());
        assert_eq!(plan.promises[0].map(|promise| promise.recall), Some(0.5));
        assert_eq!(plan.promises[1], None, "no curve");
    }

    #[test]
    fn a_target_is_found_for_each_label_that_counts() {
        let recall = Wish::Target(Target::Recall(1.0));
        let only = ["insult".to_string()];
        let plan = Plan::new(&heads(), &only, &Settings::default(), Some(recall)).unwrap();
        assert_eq!(bands(&plan, 0), (p(0.3), p(0.7)));
        assert_eq!(plan.found, [0]);
        assert_eq!(plan.promises[0].map(|promise| promise.recall), Some(1.0));
        assert!(Plan::new(&heads(), &[], &Settings::default(), Some(recall)).is_err(), "no curve");
        let wished = Wished { target: Some(Target::Recall(0.5)), ..Wished::default() };
        let plan = Plan::new(&heads(), &[], &settings("insult", wished), None).unwrap();
        assert_eq!(bands(&plan, 0), (p(0.8), p(0.8)));
    }

    #[test]
    fn settings_that_do_not_fit_the_model_are_refused_by_key() {
        let refused =
            |settings: Settings| Plan::new(&heads(), &[], &settings, None).unwrap_err().to_string();
        assert_eq!(
            refused(settings("spam", Wished::default())),
            "bands.spam: no label “spam”; this model has insult, conspiracy"
        );
        let low = Wished { reject: Some(p(0.4)), ..Wished::default() };
        assert_eq!(
            refused(settings("insult", low)),
            "bands.insult.reject: expected at least 0.5000, where the model begins review, found 0.4000; settle review too"
        );
        let target = Wished { target: Some(Target::Recall(0.5)), ..Wished::default() };
        assert!(
            refused(settings("conspiracy", target)).starts_with("bands.conspiracy.target: model: ")
        );
    }
}
