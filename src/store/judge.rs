//! Judges comments for the queue: scores, advice, expected harm.

use crate::comment::Comment;
use crate::error::Result;
use crate::feature::Context;
use crate::model::{Model, Probability, Scratch};
use crate::scorer::{Confidence, Reason, Scorer, Scores};
use crate::text::Language;
use crate::triage::{Advice, Adviser, Plan, Settings, Weight, harm, severity};

/// A model with the bands that a newsroom settled.
#[derive(Clone, Debug)]
pub struct Judge {
    scorer: Scorer,
    adviser: Adviser,
}

/// What is kept of a judgement.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) scores: Scores,
    pub(super) severity: f64,
}

/// Expected harm and other shares are kept in millionths, so that they sort and compare exactly.
pub(super) const MILLION: f64 = 1e6;

impl Judge {
    /// A judge with `model` under `settings`.
    ///
    /// # Errors
    /// When the settings contradict the model.
    pub fn new(model: Model, settings: &Settings) -> Result<Judge> {
        let Plan { adviser, .. } = Plan::new(&model.heads, &[], settings, None)?;
        Ok(Judge { scorer: Scorer::new(model), adviser })
    }

    /// The model's scorer.
    pub fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// What advises.
    pub fn adviser(&self) -> &Adviser {
        &self.adviser
    }

    /// What the advice is made with, in one line: it changes whenever advice could.
    pub(super) fn signature(&self) -> String {
        let bands = self.adviser.labels().iter().enumerate().map(|(label, name)| {
            let bands = self.adviser.bands(label);
            format!(" {name} {} {}", bands.review, bands.reject)
        });
        format!("{}{}", self.scorer.model().id(), bands.collect::<String>())
    }

    pub(super) fn judge(&self, text: &str, place: Context, scratch: &mut Scratch) -> Judged {
        let scores = self.scorer.scores(text, place, scratch);
        Judged { severity: severity(&self.scorer.model().lexicon, scratch), scores }
    }

    /// Why a comment scores as it does: for the labels that are flagged, or the leading one where none is. So that
    /// what was drawn for the audit looks like everything else.
    pub fn reasons(&self, comment: &Comment, scratch: &mut Scratch) -> Vec<Reason> {
        let place = Context { reply: comment.parent.is_some(), depth: 0 };
        let (_, reasons) = self.scorer.judge(&comment.text, place, scratch, |scores| {
            let flagged = self.adviser.flagged(scores);
            if flagged.is_empty() { vec![self.adviser.assess(scores).leading] } else { flagged }
        });
        reasons
    }

    /// The advice and the label that leads to it.
    pub(super) fn advice(&self, scores: &Scores) -> (Advice, &str) {
        let assessment = self.adviser.assess(scores);
        (assessment.advice(), &self.adviser.labels()[assessment.leading])
    }

    /// The expected harm in millionths.
    pub(super) fn harm(&self, scores: &Scores, weight: Weight) -> i64 {
        (harm(&self.adviser, scores, weight) * MILLION).round() as i64
    }

    /// How far the nearest label that counts is from its review threshold, in ten thousandths.
    pub(super) fn doubt(&self, scores: &Scores) -> i64 {
        let labels = scores.probabilities.iter().enumerate();
        let distances = labels
            .filter(|(label, _)| self.adviser.counts(*label))
            .map(|(label, p)| p.parts().abs_diff(self.adviser.bands(label).review.parts()));
        distances.min().map_or(i64::MAX, i64::from)
    }
}

/// Probabilities as they are kept: ten thousandths, two bytes each.
pub(super) fn pack(scores: &Scores) -> Vec<u8> {
    scores.probabilities.iter().flat_map(|p| p.parts().to_be_bytes()).collect()
}

/// Scores from what was kept.
pub(super) fn unpack(bytes: &[u8], language: &str, trust: bool) -> Scores {
    let parts = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    Scores {
        probabilities: parts.map(Probability::from_parts).collect(),
        language: Language::from_code(language),
        confidence: if trust { Confidence::Normal } else { Confidence::Low },
    }
}

/// Advice as it is kept.
pub(super) fn band(advice: Advice) -> i64 {
    match advice {
        Advice::Approve => 0,
        Advice::Review => 1,
        Advice::Reject => 2,
    }
}

/// Advice from what was kept.
pub(super) fn advice(band: i64) -> Advice {
    match band {
        2 => Advice::Reject,
        1 => Advice::Review,
        _ => Advice::Approve,
    }
}

/// What weighs on harm, from what is kept.
pub(super) fn weight(severity: i64, replies: u32, votes: Option<i64>) -> Weight {
    Weight { severity: severity as f64 / MILLION, replies, votes: votes.unwrap_or_default() }
}
