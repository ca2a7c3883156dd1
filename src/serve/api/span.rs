//! Cuts a comment into sentences, and tells where they stand in UTF-16 code units, as Perspective counts.

use std::ops::Range;

/// The sentences of `text` in bytes, without the blanks around them; the whole text where there is none.
///
/// A sentence ends after `.`, `!`, `?` or `…` (closing quotes and brackets included) where a blank follows, and at a new line.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut ended) = (0, false);
    for (at, c) in text.char_indices() {
        if ended && c != '\n' && c.is_whitespace() && closes(&text[at..]) {
            // French puts a blank before « ! » and before the closing quote: the sentence goes on to it.
        } else if c == '\n' || ended && c.is_whitespace() {
            push(text, start..at, &mut found);
            start = at;
            ended = false;
        } else if matches!(c, '.' | '!' | '?' | '…') {
            ended = true;
        } else if !matches!(c, '"' | '\'' | '»' | '”' | '’' | ')' | ']') {
            ended = false;
        }
    }
    push(text, start..text.len(), &mut found);
    if found.is_empty() {
        found.push(0..text.len());
    }
    found
}

/// Whether what comes after the blanks ends the sentence before them once more.
fn closes(rest: &str) -> bool {
    rest.trim_start().starts_with(['!', '?', '…', '»', '”', ')', ']'])
}

/// Keeps a sentence that says something: « ! » alone, after the blank of French spelling, joins what stands before.
fn push(text: &str, span: Range<usize>, found: &mut Vec<Range<usize>>) {
    let own = &text[span.clone()];
    let start = span.start + (own.len() - own.trim_start().len());
    let end = span.start + own.trim_end().len();
    if start >= end {
        return;
    }
    match found.last_mut() {
        Some(last) if !text[start..end].chars().any(char::is_alphanumeric) => last.end = end,
        _ => found.push(start..end),
    }
}

/// Where byte spans, in order and apart from each other, begin and end in UTF-16 code units: one walk over the text.
pub(super) fn utf16(text: &str, spans: &[Range<usize>]) -> Vec<(usize, usize)> {
    let (mut at, mut units) = (0, 0);
    let mut count = |to: usize| {
        units += text[at..to].encode_utf16().count();
        at = to;
        units
    };
    spans.iter().map(|span| (count(span.start), count(span.end))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn sentences_end_where_a_blank_follows() {
        let text = "Encore un article acheté. Pauvre type !";
        assert_eq!(cut(text), ["Encore un article acheté.", "Pauvre type !"]);
        assert_eq!(utf16(text, &sentences(text)), [(0, 25), (26, 39)]);
        assert_eq!(cut("3.5 % « Quoi ? » Non…\n oui"), ["3.5 % « Quoi ? »", "Non…", "oui"]);
        assert_eq!(cut("  "), ["  "]);
        assert_eq!(cut(""), [""]);
    }

    #[test]
    fn an_emoji_counts_two() {
        let text = "😀 Oui. Non";
        assert_eq!(utf16(text, &sentences(text)), [(0, 7), (8, 11)]);
    }
}
