//! Formats the `vigie_*` columns of one comment: the same words wherever a comment with its scores is written.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Locale;
use super::sentence::sentences;
use crate::scorer::{Evidence, Reason, Scores};
use crate::triage::{Advice, Adviser};

/// Parts the sentences of a cell.
const BETWEEN: &str = " · ";

/// The `vigie_*` columns for one model, its bands, and a language to tell reasons in.
///
/// They are, in order: `vigie_<label>` for each label (its probability, four digits), `vigie_advice` (`approve`,
/// `review`, `reject`), `vigie_confidence` (`normal`, `low`), `vigie_lang` (of the comment), `vigie_reasons`
/// (of the labels at review or above) and `vigie_model`.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    adviser: &'a Adviser,
    locale: Locale,
    model: &'a str,
}

impl<'a> Columns<'a> {
    /// The columns for what `adviser` says of the scores of the model named `model`.
    pub fn new(adviser: &'a Adviser, locale: Locale, model: &'a str) -> Columns<'a> {
        Columns { adviser, locale, model }
    }

    /// The id of the model.
    #[cfg(feature = "xlsx")]
    pub(super) fn model(&self) -> &str {
        self.model
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        let labels = self.adviser.labels().iter().map(|label| format!("vigie_{label}"));
        let rest = ["advice", "confidence", "lang", "reasons", "model"];
        labels.chain(rest.map(|name| format!("vigie_{name}"))).collect()
    }

    /// Their cells for a comment's text, the advice on it, its scores and reasons, in the order of [`Columns::names`].
    /// Not yet neutralised: that is for whoever writes them where a spreadsheet reads.
    pub fn cells(
        &self,
        text: &str,
        advice: Advice,
        scores: &Scores,
        reasons: &[Reason],
    ) -> Vec<String> {
        let mut cells: Vec<String> = self.probabilities(scores).map(|p| p.to_string()).collect();
        cells.push(advice.name().to_string());
        cells.push(scores.confidence.name().to_string());
        cells.push(scores.language.code().to_string());
        cells.push(self.reasons(text, scores, reasons));
        cells.push(self.model.to_string());
        cells
    }

    /// The same as names with JSON values.
    ///
    /// `vigie_reasons` is an array of `{label, evidence, sentence, text, start, end, start_byte, end_byte,
    /// log_odds}`: one for each reason, in the order of the reasons. `evidence` is `words`, `lexicon.<category>` or
    /// the name of a feature; `text` is the passage as it was written. `start` and `end` count characters (Unicode
    /// scalar values, as Python and SQL count), `start_byte` and `end_byte` bytes of UTF-8, all from 0, the end excluded;
    /// `text` and the four are null where the whole comment is meant.
    pub fn object(
        &self,
        text: &str,
        advice: Advice,
        scores: &Scores,
        reasons: &[Reason],
    ) -> Map<String, Value> {
        let telling: Vec<&Reason> = self.adviser.telling(scores, reasons).collect();
        let characters = characters(text, &telling);
        let reasons = telling.iter().map(|one| self.reason(text, one, &characters)).collect();
        let probabilities = self.probabilities(scores).map(|p| json!(p.value()));
        let rest = [
            json!(advice.name()),
            json!(scores.confidence.name()),
            json!(scores.language.code()),
            Value::Array(reasons),
            json!(self.model),
        ];
        self.names().into_iter().zip(probabilities.chain(rest)).collect()
    }

    /// One probability a label, however many were given.
    pub(super) fn probabilities(
        &self,
        scores: &Scores,
    ) -> impl Iterator<Item = crate::model::Probability> {
        let probability = |label| scores.probabilities.get(label).copied().unwrap_or_default();
        (0..self.adviser.labels().len()).map(probability)
    }

    /// The sentences of a cell; with the label's name where more than one label has reasons.
    pub(super) fn reasons(&self, text: &str, scores: &Scores, reasons: &[Reason]) -> String {
        let telling: Vec<Reason> = self.adviser.telling(scores, reasons).cloned().collect();
        let mut told = sentences(self.locale, text, &telling);
        // Stable, so that within a label the strongest stays first.
        told.sort_by_key(|one| telling.iter().position(|reason| reason.label == one.label));
        let several = told.windows(2).any(|pair| pair[0].label != pair[1].label);
        let mut cell = String::new();
        let mut last = None;
        for one in &told {
            if last.is_some() {
                cell.push_str(BETWEEN);
            }
            if several && last != Some(one.label) {
                let label = self.locale.words().label(&self.adviser.labels()[one.label]);
                cell.push_str(&format!("[{label}] "));
            }
            cell.push_str(&one.text);
            last = Some(one.label);
        }
        cell
    }

    fn reason(&self, text: &str, reason: &Reason, characters: &BTreeMap<usize, usize>) -> Value {
        let span = reason.span.clone().filter(|span| text.get(span.clone()).is_some());
        let sentence = sentences(self.locale, text, std::slice::from_ref(reason)).remove(0).text;
        json!({
            "label": self.adviser.labels()[reason.label],
            "evidence": evidence(&reason.evidence),
            "sentence": sentence,
            "text": span.clone().map(|span| &text[span]),
            "start": span.as_ref().map(|span| characters[&span.start]),
            "end": span.as_ref().map(|span| characters[&span.end]),
            "start_byte": span.as_ref().map(|span| span.start),
            "end_byte": span.as_ref().map(|span| span.end),
            "log_odds": (reason.log_odds * 10_000.0).round() / 10_000.0,
        })
    }
}

/// How many characters stand before each byte at which a span begins or ends: counted in one walk over the text,
/// because a long comment may have many reasons.
fn characters(text: &str, reasons: &[&Reason]) -> BTreeMap<usize, usize> {
    let spans = reasons.iter().filter_map(|reason| reason.span.clone());
    let cuts = spans.filter(|span| text.get(span.clone()).is_some());
    let mut characters: BTreeMap<usize, usize> =
        cuts.flat_map(|span| [(span.start, 0), (span.end, 0)]).collect();
    let (mut last, mut count) = (0, 0);
    for (&byte, before) in &mut characters {
        count += text[last..byte].chars().count();
        last = byte;
        *before = count;
    }
    characters
}

/// The word in the `vigie_confidence` column.
/// The name of evidence in JSON.
fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Lexicon(category) => format!("lexicon.{category}"),
        Evidence::Words => "words".to_string(),
        Evidence::Feature(name) => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Probability;
    use crate::triage::Bands;

    #[test]
    fn cells_and_objects_say_the_same() {
        let bands = Bands { review: Probability::new(0.5), reject: Probability::new(0.9) };
        let labels = ["insult".to_string(), "conspiracy".to_string()];
        let adviser = Adviser::new(&labels, &[bands, bands]).unwrap();
        let columns = Columns::new(&adviser, Locale::En, "m1");
        let probabilities = vec![Probability::new(0.91), Probability::new(0.5)];
        let scores = Scores { probabilities, ..Scores::default() };
        let reason = |label, evidence, span| Reason { label, evidence, span, log_odds: 0.123456 };
        let reasons = [
            reason(1, Evidence::Words, Some(9..12)),
            reason(0, Evidence::Lexicon("insult_mild".into()), Some(9..12)),
        ];
        let cells = columns.cells("été à sot", Advice::Reject, &scores, &reasons);
        assert_eq!(columns.names()[0], "vigie_insult");
        assert_eq!(cells[..5], ["0.9100", "0.5000", "reject", "normal", "und"]);
        assert_eq!(
            cells[5],
            "[conspiracy] Words that the model learned to recognise: “sot” · [insult] Mild insult: “sot”"
        );
        let object = columns.object("été à sot", Advice::Reject, &scores, &reasons);
        assert!(object.keys().eq(columns.names().iter()));
        assert_eq!(object["vigie_insult"], json!(0.91));
        let told = &object["vigie_reasons"][1];
        assert_eq!((&told["start"], &told["start_byte"]), (&json!(6), &json!(9)));
        assert_eq!((&told["text"], &told["log_odds"]), (&json!("sot"), &json!(0.1235)));
    }
}
