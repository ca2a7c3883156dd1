//! Keeps what the reading of a page tried, for whoever asks why it gave these comments and not others.

use crate::comment::Comment;
use crate::source::Extraction;

/// How one page was read: what was tried, in order, and what came of every record of the reading that was chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// Every reading tried.
    pub attempts: Vec<Attempt>,
    /// The records of the reading chosen, kept or dropped.
    pub records: Vec<Seen>,
    /// What the page gave.
    pub extraction: Extraction,
}

/// One way to read the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Who tried: a profile's name, `json-ld`, `generic` …
    pub by: String,
    /// What it went by: the mark of the system, the thing that repeats.
    pub sign: String,
    /// How many records it saw.
    pub records: usize,
    /// What spoke for comments (above 0) and against them; empty where nothing was judged.
    pub evidence: Vec<(&'static str, f32)>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It can be chosen: so much does it tell (texts, authors, dates).
    Worth(f64),
    /// Its evidence is too weak for comments.
    Refused {
        /// The sum of the evidence.
        score: f32,
        /// What the sum must reach.
        needed: f32,
    },
    /// It saw no text.
    Empty,
}

/// One record, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// It is a comment.
    Kept(Comment),
    /// It is none.
    Dropped {
        /// Where it stands.
        found: String,
        /// Why.
        reason: &'static str,
    },
}

/// Whether notes are taken while a page is read.
#[derive(Debug)]
pub enum Trace<'a> {
    /// Nobody asks.
    Off,
    /// Somebody does.
    On(&'a mut Explanation),
}

impl Trace<'_> {
    /// Takes note of an attempt.
    pub fn attempt(&mut self, attempt: impl FnOnce() -> Attempt) {
        if let Trace::On(explanation) = self {
            explanation.attempts.push(attempt());
        }
    }

    /// Takes note of a record.
    pub fn record(&mut self, seen: impl FnOnce() -> Seen) {
        if let Trace::On(explanation) = self {
            explanation.records.push(seen());
        }
    }
}
