//! The one door to scores: a comment in its thread goes in, probabilities with reasons come out.

use std::ops::Range;

use crate::comment::Comment;
use crate::feature::{Context, Reading};
use crate::model::{Contribution, Model, Probability, Scratch, Source};
use crate::text::Language;

/// What the model says of one comment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// One probability a label, in the model's order of labels.
    pub probabilities: Vec<Probability>,
    /// The language that the comment seems to be in.
    pub language: Language,
    /// How far the probabilities can be trusted.
    pub confidence: Confidence,
}

/// How far a score can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confidence {
    /// As far as the model card says.
    #[default]
    Normal,
    /// Less: the comment is very short, or in a language that the model was not trained on.
    Low,
}

impl Confidence {
    /// Its name in what is written: `normal` or `low`.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Normal => "normal",
            Confidence::Low => "low",
        }
    }
}

/// Why a comment scores higher: evidence of one kind for one label.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Index of the label that it speaks for.
    pub label: usize,
    /// What kind of evidence.
    pub evidence: Evidence,
    /// Where in the comment's text, in bytes; none when the whole comment is meant.
    pub span: Option<Range<usize>>,
    /// What it adds to the label's log-odds (above 0).
    pub log_odds: f64,
}

/// Kinds of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// An entry of a lexicon category, e.g. `insult_severe`.
    Lexicon(String),
    /// Words that the model learned from labelled comments.
    Words,
    /// A named feature of the whole comment, e.g. `surface.capitals`.
    Feature(String),
}

/// A comment with its scores and reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The comment.
    pub comment: Comment,
    /// What the model says of it.
    pub scores: Scores,
    /// Why, the strongest first.
    pub reasons: Vec<Reason>,
}

/// Words below which a comment is too short to be sure of.
const FEW_WORDS: usize = 3;
/// Log-odds below which a contribution is no reason.
const LEAST: f64 = 0.15;
/// Reasons told for a label.
const MOST: usize = 4;
/// Features and categories that raise a score for no reason that would help a moderator: they only place the comment.
const SILENT: [&str; 7] = [
    "context.",
    "language.",
    "lexicon.negation",
    "lexicon.second_person",
    "surface.digits",
    "surface.mentions",
    "surface.word",
];

/// Scores comments with one model.
#[derive(Clone, Debug)]
pub struct Scorer {
    model: Model,
}

impl Scorer {
    /// A scorer with `model`.
    pub fn new(model: Model) -> Scorer {
        Scorer { model }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Scores a comment's text.
    pub fn scores(&self, text: &str, place: Context, scratch: &mut Scratch) -> Scores {
        let mut log_odds = Vec::new();
        self.model.log_odds(text, place, scratch, &mut log_odds);
        let probabilities = log_odds.into_iter().map(Probability::from_log_odds).collect();
        let reading = &scratch.reading;
        Scores { probabilities, language: reading.language, confidence: confidence(reading) }
    }

    /// Scores a comment's text, and tells why, the strongest reasons first, for the labels (indices) that `flagged`
    /// names once it has seen the scores.
    pub fn judge(
        &self,
        text: &str,
        place: Context,
        scratch: &mut Scratch,
        flagged: impl Fn(&Scores) -> Vec<usize>,
    ) -> (Scores, Vec<Reason>) {
        let scores = self.scores(text, place, scratch);
        let labels = flagged(&scores);
        if labels.is_empty() {
            return (scores, Vec::new());
        }
        let explained = self.model.explain_measured(text, labels.iter().copied(), scratch);
        let mut reasons = Vec::new();
        for (label, explanation) in labels.into_iter().zip(explained) {
            let mut own = merge(label, text, explanation.contributions);
            own.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
            own.truncate(MOST);
            reasons.extend(own);
        }
        reasons.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
        (scores, reasons)
    }
}

fn confidence<O>(reading: &Reading<O>) -> Confidence {
    let trained = matches!(reading.language, Language::Fr | Language::En | Language::Unknown);
    let readable = reading.language != Language::Unknown || reading.words < 4 * FEW_WORDS;
    if trained && readable && reading.words >= FEW_WORDS {
        Confidence::Normal
    } else {
        Confidence::Low
    }
}

fn is_silent(feature: &str) -> bool {
    SILENT.iter().any(|silent| feature.starts_with(silent))
}

/// Merges contributions into reasons: what the words of a lexicon entry add joins the entry, and neighbouring
/// words join each other.
fn merge(label: usize, text: &str, contributions: Vec<Contribution>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut words: Vec<(Range<usize>, f64)> = Vec::new();
    for Contribution { source, span, log_odds } in contributions {
        match (source, span) {
            (Source::Lexicon { feature, .. } | Source::Feature(feature), _)
                if is_silent(&feature) => {}
            (Source::Lexicon { category, .. }, Some(span)) => {
                let evidence = Evidence::Lexicon(category);
                let same = |reason: &&mut Reason| {
                    reason.span.as_ref() == Some(&span) && reason.evidence == evidence
                };
                match reasons.iter_mut().find(same) {
                    Some(reason) => reason.log_odds += log_odds,
                    None => reasons.push(Reason { label, evidence, span: Some(span), log_odds }),
                }
            }
            (Source::Word, Some(span)) => words.push((span, log_odds)),
            (Source::Feature(name), _) => {
                reasons.push(Reason {
                    label,
                    evidence: Evidence::Feature(name),
                    span: None,
                    log_odds,
                });
            }
            _ => {}
        }
    }
    // The strongest entry takes the words under it.
    reasons.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
    reasons.retain(|reason| reason.log_odds > 0.0);
    words.retain(|(word, log_odds)| {
        let holds = |reason: &&mut Reason| {
            reason
                .span
                .as_ref()
                .is_some_and(|span| span.start <= word.start && word.end <= span.end)
        };
        match reasons.iter_mut().find(holds) {
            Some(reason) => {
                reason.log_odds += log_odds;
                false
            }
            None => *log_odds >= LEAST,
        }
    });
    let mut runs: Vec<(Range<usize>, f64)> = Vec::new();
    for (word, log_odds) in words {
        match runs.last_mut() {
            Some((run, sum)) if text[run.end..word.start].chars().all(|c| !c.is_alphanumeric()) => {
                run.end = word.end;
                *sum += log_odds;
            }
            _ => runs.push((word, log_odds)),
        }
    }
    reasons.extend(runs.into_iter().map(|(span, log_odds)| Reason {
        label,
        evidence: Evidence::Words,
        span: Some(span),
        log_odds,
    }));
    reasons.retain(|reason| reason.log_odds >= LEAST);
    reasons
}
