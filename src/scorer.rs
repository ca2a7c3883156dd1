//! The one door to scores: a comment in its thread goes in, probabilities with reasons come out.

use std::ops::Range;

use crate::comment::Comment;
use crate::model::Probability;
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
