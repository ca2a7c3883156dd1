//! Writes an explanation as JSON: what every word and feature adds to a label's log-odds.

use serde_json::{Value, json};

use crate::model::{Contribution, Explanation, Probability, Source};

/// `{label, probability, log_odds, contributions}` for one label of the comment `text`. Contributions, which sum to the
/// log-odds, are `{source, text, start_byte, end_byte, log_odds}`, with `text` and bytes null for the whole comment.
pub fn explanation(
    text: &str,
    label: &str,
    probability: Probability,
    explanation: &Explanation,
) -> Value {
    let contributions = explanation.contributions.iter();
    let contributions: Vec<_> = contributions
        .map(|Contribution { source, span, log_odds }| {
            let name = match source {
                Source::Base => "base",
                Source::Word => "word",
                Source::Lexicon { feature, .. } | Source::Feature(feature) => feature,
            };
            json!({
                "source": name,
                "text": span.clone().map(|span| &text[span]),
                "start_byte": span.as_ref().map(|span| span.start),
                "end_byte": span.as_ref().map(|span| span.end),
                "log_odds": log_odds,
            })
        })
        .collect();
    json!({
        "label": label,
        "probability": probability.value(),
        "log_odds": explanation.log_odds,
        "contributions": contributions,
    })
}
