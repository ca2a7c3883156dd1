//! Marks in a comment's text what its reasons are about; the text itself stays whole.

use super::escape;
use crate::report::Sentence;
use crate::scorer::Evidence;

/// The text with a `<mark>` around every passage of `told`, whose sentences are numbered from 1.
///
/// Where passages overlap, the text is cut into pieces and each names all that it belongs to. The number of a
/// sentence stands where a passage of it ends: as an attribute that the style sheet shows, so that copying the text
/// copies the text.
pub(in crate::report) fn marked(text: &str, told: &[Sentence]) -> String {
    let spans = || told.iter().flat_map(|one| &one.spans);
    let mut cuts: Vec<usize> = spans().flat_map(|span| [span.start, span.end]).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut page = String::with_capacity(text.len() + 64 * cuts.len());
    for piece in cuts.windows(2) {
        let (start, end) = (piece[0], piece[1]);
        let meant: Vec<(usize, &Sentence)> =
            (1..).zip(told).filter(|(_, one)| covering(one, start).is_some()).collect();
        if meant.is_empty() {
            escape::push_text(&mut page, &text[start..end]);
            continue;
        }
        let names: Vec<&str> = meant.iter().map(|(_, one)| one.what.as_str()).collect();
        let ending: Vec<String> = meant
            .iter()
            .filter(|(_, one)| covering(one, start) == Some(end))
            .map(|(number, _)| number.to_string())
            .collect();
        let soft = meant.iter().all(|(_, one)| one.evidence == Evidence::Words);
        page.push_str(if soft { "<mark class=\"soft\"" } else { "<mark" });
        page.push_str(&format!(" title=\"{}\"", escape::attribute(&names.join(" · "))));
        if !ending.is_empty() {
            page.push_str(&format!(" data-n=\"{}\"", ending.join(",")));
        }
        page.push('>');
        escape::push_text(&mut page, &text[start..end]);
        page.push_str("</mark>");
    }
    page
}

/// The end of the passage of `told` that covers the byte at `start`: passages of one sentence do not overlap.
fn covering(told: &Sentence, start: usize) -> Option<usize> {
    let next = told.spans.partition_point(|span| span.end <= start);
    told.spans.get(next).filter(|span| span.start <= start).map(|span| span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Locale, sentences};
    use crate::scorer::Reason;
    use proptest::prelude::*;
    use std::ops::Range;

    fn reason(evidence: Evidence, span: Range<usize>) -> Reason {
        Reason { label: 0, evidence, span: Some(span), log_odds: 1.0 }
    }

    #[test]
    fn overlapping_passages_are_cut_and_numbered_at_their_ends() {
        let text = "un <sot> fini";
        let reasons =
            [reason(Evidence::Lexicon("insult_mild".into()), 3..8), reason(Evidence::Words, 4..13)];
        assert_eq!(
            marked(text, &sentences(Locale::En, text, &reasons)),
            "un <mark title=\"Mild insult\">&lt;</mark>\
             <mark title=\"Mild insult · Words that the model learned to recognise\" data-n=\"1\">sot&gt;</mark>\
             <mark class=\"soft\" title=\"Words that the model learned to recognise\" data-n=\"2\"> fini</mark>"
        );
    }

    proptest! {
        #[test]
        fn no_character_is_lost(text in "[a-cé <&\n]{0,30}", spans in prop::collection::vec((0usize..40, 0usize..40), 0..6)) {
            let evidence = |index| if index % 2 == 0 { Evidence::Words } else { Evidence::Feature("x".into()) };
            let reasons: Vec<Reason> =
                spans.iter().enumerate().map(|(index, &(start, end))| reason(evidence(index), start..end)).collect();
            let page = marked(&text, &sentences(Locale::Fr, &text, &reasons));
            let mut seen = String::new();
            for part in page.split('<') {
                seen.push_str(part.split_once('>').map_or(part, |(_, content)| content));
            }
            let seen = seen.replace("&lt;", "<").replace("&amp;", "&");
            prop_assert_eq!(seen, text);
        }
    }
}
