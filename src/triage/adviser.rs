//! Advises on one comment: from its scores and the bands of the labels that count.
//!
//! Needs no other comment, so that a stream is advised on as it flows and a queue says the same of each comment.

use super::{Advice, Bands, Urgency};
use crate::error::{Error, Result};
use crate::scorer::{Confidence, Reason, Scores};

/// The labels of a model with their bands, and which of them count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adviser {
    labels: Vec<String>,
    bands: Vec<Bands>,
    counting: Vec<bool>,
}

/// What an [`Adviser`] says of one comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The index of the label that stands highest in its bands; the first of them when several do.
    pub leading: usize,
    /// How high.
    pub urgency: Urgency,
}

impl Assessment {
    /// The advice on the comment.
    pub fn advice(self) -> Advice {
        self.urgency.advice
    }
}

impl Adviser {
    /// An adviser for a model's labels, in the model's order; all count.
    ///
    /// # Errors
    /// When there is no label, or not one pair of thresholds a label.
    pub fn new(labels: &[String], bands: &[Bands]) -> Result<Adviser> {
        if labels.is_empty() || labels.len() != bands.len() {
            let (labels, bands) = (labels.len(), bands.len());
            return Err(Error::model(format!("{labels} labels with {bands} pairs of thresholds")));
        }
        let counting = vec![true; labels.len()];
        Ok(Adviser { labels: labels.to_vec(), bands: bands.to_vec(), counting })
    }

    /// Lets only the named labels count; with no name, all of them.
    ///
    /// # Errors
    /// When a name is none of the labels.
    pub fn only(mut self, names: &[String]) -> Result<Adviser> {
        if let Some(name) = names.iter().find(|name| !self.labels.contains(name)) {
            let known = self.labels.join(", ");
            return Err(Error::input(format!("no label “{name}”; this model has {known}")));
        }
        for (label, counts) in self.labels.iter().zip(&mut self.counting) {
            *counts = names.is_empty() || names.contains(label);
        }
        Ok(self)
    }

    /// Gives a label (index) other bands.
    #[must_use]
    pub fn with_bands(mut self, label: usize, bands: Bands) -> Adviser {
        if let Some(own) = self.bands.get_mut(label) {
            *own = bands;
        }
        self
    }

    /// The same adviser with review beginning, for every label that counts, as far down as `urgency`: what a budget
    /// comes to.
    #[must_use]
    pub fn down_to(mut self, urgency: Urgency) -> Adviser {
        for (bands, _) in self.bands.iter_mut().zip(&self.counting).filter(|(_, counts)| **counts) {
            *bands = bands.review_at(bands.lowest(urgency));
        }
        self
    }

    /// The model's labels, in its order.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The bands of a label.
    pub fn bands(&self, label: usize) -> Bands {
        self.bands[label]
    }

    /// Whether a label counts.
    pub fn counts(&self, label: usize) -> bool {
        self.counting.get(label).copied().unwrap_or(false)
    }

    /// The advice on a comment: that of the label whose probability stands highest in its bands.
    /// With low confidence it is never to reject.
    pub fn assess(&self, scores: &Scores) -> Assessment {
        let mut best = Assessment {
            leading: (0..self.labels.len()).find(|&label| self.counts(label)).unwrap_or(0),
            urgency: Urgency { advice: Advice::Approve, height: 0 },
        };
        for (leading, &probability) in scores.probabilities.iter().enumerate() {
            let counts = self.counts(leading);
            let urgency = self.bands.get(leading).map(|bands| bands.urgency(probability));
            if let Some(urgency) = urgency.filter(|&urgency| counts && urgency > best.urgency) {
                best = Assessment { leading, urgency };
            }
        }
        if scores.confidence == Confidence::Low {
            best.urgency = best.urgency.with_low_confidence();
        }
        best
    }

    /// Whether a label counts and stands at its review threshold or above.
    pub fn flags(&self, label: usize, scores: &Scores) -> bool {
        let probability = scores.probabilities.get(label);
        self.counts(label) && probability.is_some_and(|&p| p >= self.bands[label].review)
    }

    /// The labels (indices) that count and are at review or above.
    pub fn flagged(&self, scores: &Scores) -> Vec<usize> {
        (0..scores.probabilities.len()).filter(|&label| self.flags(label, scores)).collect()
    }

    /// The reasons worth telling: those of the labels at review or above, the strongest first.
    pub fn telling<'a>(
        &self,
        scores: &Scores,
        reasons: &'a [Reason],
    ) -> impl Iterator<Item = &'a Reason> {
        reasons.iter().filter(|reason| self.flags(reason.label, scores))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Probability;

    fn adviser() -> Adviser {
        let bands = |review, reject| Bands {
            review: Probability::new(review),
            reject: Probability::new(reject),
        };
        let labels = ["insult".to_string(), "conspiracy".to_string()];
        Adviser::new(&labels, &[bands(0.5, 0.9), bands(0.2, 0.6)]).unwrap()
    }

    fn scores(insult: f64, conspiracy: f64) -> Scores {
        let probabilities = vec![Probability::new(insult), Probability::new(conspiracy)];
        Scores { probabilities, ..Scores::default() }
    }

    #[test]
    fn the_label_highest_in_its_own_bands_leads() {
        let found = adviser().assess(&scores(0.6, 0.5));
        assert_eq!((found.leading, found.advice()), (1, Advice::Review));
        assert_eq!(adviser().assess(&scores(0.95, 0.65)).leading, 0);
    }

    #[test]
    fn only_chosen_labels_count() {
        let adviser = adviser().only(&["insult".to_string()]).unwrap();
        let found = adviser.assess(&scores(0.1, 0.99));
        assert_eq!((found.leading, found.advice()), (0, Advice::Approve));
        assert!(!adviser.flags(1, &scores(0.1, 0.99)));
        let error = adviser.only(&["spam".to_string()]).unwrap_err();
        assert_eq!(error.to_string(), "no label “spam”; this model has insult, conspiracy");
    }

    // Half way up insult's review band (0.5 to 0.9) is half way up conspiracy's (0.2 to 0.6).
    #[test]
    fn labels_go_down_together() {
        let cut = adviser().assess(&scores(0.7, 0.0)).urgency;
        let lowered = adviser().only(&["insult".to_string()]).unwrap().down_to(cut);
        assert_eq!(lowered.bands(0).review, Probability::new(0.7));
        assert_eq!(lowered.bands(1), adviser().bands(1), "does not count");
        assert_eq!(adviser().down_to(cut).bands(1).review, Probability::new(0.4));
        let cut = adviser().assess(&scores(0.25, 0.0)).urgency;
        assert_eq!(adviser().down_to(cut).bands(1).review, Probability::new(0.1));
    }

    #[test]
    fn low_confidence_never_rejects() {
        let low = Scores { confidence: Confidence::Low, ..scores(1.0, 1.0) };
        assert_eq!(adviser().assess(&low).advice(), Advice::Review);
    }

    #[test]
    fn a_threshold_of_zero_flags_all() {
        let zero = Bands { review: Probability::new(0.0), reject: Probability::new(0.9) };
        let adviser = adviser().with_bands(0, zero);
        assert_eq!(adviser.assess(&scores(0.0, 0.0)).advice(), Advice::Review);
    }
}
