//! Tells reasons in sentences: one for each kind of evidence, with the comment's own words in quotation marks.

use std::collections::BTreeSet;
use std::ops::Range;

use super::words::{Words, fill};
use super::{Locale, excerpt, visible};
use crate::scorer::{Evidence, Reason};

/// How many passages a sentence quotes.
const PASSAGES: usize = 6;
/// How many characters of a passage it quotes.
const PASSAGE: usize = 60;

/// Reasons of one label that read the same, told once.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// Index of the label that it speaks for.
    pub label: usize,
    /// The sentence, without a full stop.
    pub text: String,
    /// What it calls the evidence.
    pub what: String,
    /// The evidence; the first where several kinds are called the same.
    pub evidence: Evidence,
    /// The passages that it is about, in bytes of the comment's text: in order, apart from each other.
    pub spans: Vec<Range<usize>>,
    /// What it adds to the label's log-odds, in sum.
    pub log_odds: f64,
}

/// Tells `reasons` for a comment's `text`: those that read the same in one sentence, where the first of them stands.
///
/// Passages that touch, or that only blanks part, are quoted as one; the same words are quoted once.
/// A span that does not fit the text is told without its words.
pub fn sentences(locale: Locale, text: &str, reasons: &[Reason]) -> Vec<Sentence> {
    let words = locale.words();
    let mut told: Vec<Sentence> = Vec::new();
    for reason in reasons {
        let what = what(words, &reason.evidence);
        let span = reason.span.clone().filter(|span| quotable(text, span));
        match told.iter_mut().find(|one| one.label == reason.label && one.what == what) {
            Some(one) => {
                one.spans.extend(span);
                one.log_odds += reason.log_odds;
            }
            None => told.push(Sentence {
                label: reason.label,
                text: String::new(),
                what: what.to_string(),
                evidence: reason.evidence.clone(),
                spans: span.into_iter().collect(),
                log_odds: reason.log_odds,
            }),
        }
    }
    for one in &mut told {
        one.spans = joined(text, std::mem::take(&mut one.spans));
        one.text = sentence(words, &one.what, text, &one.spans);
    }
    told
}

/// What evidence is called.
fn what<'a>(words: &'a Words, evidence: &Evidence) -> &'a str {
    match evidence {
        Evidence::Lexicon(category) => words.category(category),
        Evidence::Words => words.learned(),
        Evidence::Feature(name) => words.feature(name),
    }
}

/// Whether there is something to quote.
fn quotable(text: &str, span: &Range<usize>) -> bool {
    text.get(span.clone()).is_some_and(|words| !words.trim().is_empty())
}

/// The spans in order, joined where nothing but blanks parts them.
fn joined(text: &str, mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last)
                if span.start <= last.end || text[last.end..span.start].trim().is_empty() =>
            {
                last.end = last.end.max(span.end);
            }
            _ => joined.push(span),
        }
    }
    joined
}

fn sentence(words: &Words, what: &str, text: &str, spans: &[Range<usize>]) -> String {
    let mut seen = BTreeSet::new();
    let mut quotes = Vec::new();
    for span in spans {
        let passage = excerpt::first(&excerpt::one_line(&text[span.clone()]), PASSAGE);
        if seen.insert(passage.to_lowercase()) {
            if quotes.len() == PASSAGES {
                quotes.push("…".to_string());
                break;
            }
            quotes.push(fill(&words.forms.quote, &[("words", &visible::visible(&passage))]));
        }
    }
    if quotes.is_empty() {
        return what.to_string();
    }
    fill(&words.forms.reason, &[("what", what), ("quotes", &quotes.join(", "))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(evidence: Evidence, span: Option<Range<usize>>) -> Reason {
        Reason { label: 0, evidence, span, log_odds: 1.0 }
    }

    fn told(locale: Locale, text: &str, reasons: &[Reason]) -> Vec<String> {
        sentences(locale, text, reasons).into_iter().map(|one| one.text).collect()
    }

    fn insult(span: Range<usize>) -> Reason {
        reason(Evidence::Lexicon("insult_severe".into()), Some(span))
    }

    #[test]
    fn adjacent_and_equal_passages_are_told_once() {
        let text = "pauvre type, PAUVRE  type et sot";
        let reasons = [insult(13..19), insult(0..11), insult(21..25), insult(29..32)];
        assert_eq!(
            told(Locale::Fr, text, &reasons),
            ["Insulte directe\u{a0}: «\u{a0}pauvre type\u{a0}», «\u{a0}sot\u{a0}»"]
        );
        assert_eq!(sentences(Locale::Fr, text, &reasons)[0].log_odds, 4.0);
    }

    #[test]
    fn kinds_of_evidence_have_their_own_sentences() {
        let feature = |name: &str| reason(Evidence::Feature(name.into()), None);
        let reasons = [
            reason(Evidence::Words, Some(0..3)),
            feature("surface.capitals"),
            feature("surface.capital_words"),
            reason(Evidence::Lexicon("brand_new".into()), Some(0..3)),
        ];
        assert_eq!(
            told(Locale::En, "sot", &reasons),
            [
                "Words that the model learned to recognise: “sot”",
                "Many capitals",
                "Words of a list: “sot”"
            ]
        );
    }

    #[test]
    fn spans_that_do_not_fit_are_not_quoted() {
        assert_eq!(told(Locale::En, "été", &[insult(1..2), insult(2..99)]), ["Direct insult"]);
    }
}
