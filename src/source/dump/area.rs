//! Finds where the comment area begins and ends, and the sentences that say that it is empty.

use super::line::Line;
use super::markers::{MARKERS, any_of};
use super::phrase;

use std::sync::LazyLock;

use regex::Regex;

/// A line that opens a comment area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opening {
    /// The index of the line.
    pub line: usize,
    /// The number of comments that it tells.
    pub count: Option<u32>,
}

/// What a line says about comments in general.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Opens the area; the number that stands beside.
    Opening(Option<u32>),
    /// Says that there are none.
    None,
    /// Says that they are closed, or not for everyone.
    Closed,
    /// A button that would load them.
    Elsewhere,
    /// Another section begins: no comment follows.
    End,
    /// A form or page turner: comments may follow, but none goes on behind it.
    Form,
}

/// « Partager cet articleDiscussion »: the label of a discussion that is not in the file, glued to its neighbour.
static GLUED: LazyLock<Regex> = LazyLock::new(|| {
    let mut labels = String::new();
    for label in &MARKERS.glued {
        let mut letters = label.chars();
        let first =
            letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        labels.push_str(&any_of(&[format!("{first}{}", letters.as_str())]));
        labels.push('|');
    }
    Regex::new(&format!(r"^.{{2,60}}\p{{Ll}}(?:{})$", labels.trim_end_matches('|')))
        .expect("built from tested lists")
});

static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{1,3}(?:[ ,.\u{a0}\u{202f}]\d{3})+|\d{1,7}").expect("a constant pattern")
});

/// What `line` says about comments in general.
pub(super) fn notice(line: &Line) -> Option<Notice> {
    if !line.is_short() || line.text.is_empty() {
        return None;
    }
    let words = phrase::words(line.text);
    if words.is_empty() {
        return None;
    }
    if says(&MARKERS.none, &words) {
        return Some(Notice::None);
    }
    if says(&MARKERS.closed, &words) {
        return Some(Notice::Closed);
    }
    if MARKERS.ends.has(&words) || starts(&MARKERS.ends, &words) {
        return Some(Notice::End);
    }
    if MARKERS.forms.has(&words) || starts(&MARKERS.forms, &words) {
        return Some(Notice::Form);
    }
    if let Some(count) = counted(line.text) {
        return Some(if count == 0 { Notice::None } else { Notice::Opening(Some(count)) });
    }
    if MARKERS.elsewhere.has(&words) {
        return Some(Notice::Elsewhere);
    }
    // An item of a menu has a bullet and no number.
    if line.bullet.is_none() && opens(&words) {
        return Some(Notice::Opening(None));
    }
    GLUED.is_match(line.text).then_some(Notice::Elsewhere)
}

/// The sentence, alone or with a few words behind it.
fn says(phrases: &phrase::Phrases, words: &[String]) -> bool {
    phrases.has(words)
        || phrases.at_head(words).is_some_and(|length| length >= 2 && words.len() <= length + 8)
}

/// A phrase of several words with a few behind it: « Afficher les nouveaux commentaires (0) », `More from Ada`.
fn starts(phrases: &phrase::Phrases, words: &[String]) -> bool {
    phrases.at_head(words).is_some_and(|length| length >= 3 && words.len() <= length + 6)
}

/// « Vos réactions », with buttons behind it or not.
fn opens(words: &[String]) -> bool {
    MARKERS.openings.at_head(words).is_some_and(|length| {
        let rest = &words[length..];
        rest.is_empty() || MARKERS.chrome.cover(rest) || MARKERS.forms.cover(rest)
    })
}

/// A noun of comments beside a number: `27 Comments`, « Commentaires (6) », `3 Kommentare zu "…"`, in any part of
/// `a | b | c`.
fn counted(text: &str) -> Option<u32> {
    text.split('|').find_map(|part| {
        let tokens: Vec<&str> = part.split_whitespace().take(10).collect();
        let folded: Vec<Option<String>> = tokens.iter().map(|token| phrase::word(token)).collect();
        let is_noun = |word: &Option<String>| {
            word.as_ref().is_some_and(|word| MARKERS.counted.has(std::slice::from_ref(word)))
        };
        let number = |token: &str| {
            COUNT.find(token).filter(|_| is_number(token)).and_then(|found| parse(found.as_str()))
        };
        let nouns = (0..tokens.len()).filter(|&at| is_noun(&folded[at]));
        nouns.into_iter().find_map(|noun| {
            let words_before = folded[..noun].iter().flatten().count();
            let before = (noun.saturating_sub(2)..noun).rev().find_map(|at| number(tokens[at]));
            let behind = || {
                tokens.get(noun + 1).and_then(|token| number(token)).filter(|_| words_before <= 2)
            };
            before.filter(|_| words_before <= 4).or_else(behind)
        })
    })
}

/// `27`, `(6)`, `1,204`, `{38`: a number and signs.
fn is_number(token: &str) -> bool {
    token.chars().any(|c| c.is_ascii_digit())
        && token
            .chars()
            .all(|c| !c.is_alphabetic() && !matches!(c, ':' | '/' | '-' | '€' | '$' | '%'))
}

fn parse(number: &str) -> Option<u32> {
    number.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::dump::line;

    fn said(text: &str) -> Option<Notice> {
        notice(&line::read(text)[0])
    }

    #[test]
    fn openings_are_known_with_their_number() {
        for (text, count) in [
            ("27 Comments", Some(27)),
            ("Commentaires (6)", Some(6)),
            ("Tous les commentaires", None),
            ("25 thoughts on “ How to wait ”", Some(25)),
            ("3 Kommentare zu \"Grenzen\"", Some(3)),
            ("There are 13 comments", Some(13)),
            ("{ 38 comments… read them below or add one }", Some(38)),
            ("Publié dans Sport | 85 commentaires | Permalien", Some(85)),
            ("Vos réactions", None),
            ("### Leserkommentare", None),
        ] {
            assert_eq!(said(text), Some(Notice::Opening(count)), "{text}");
        }
    }

    #[test]
    fn the_page_says_why_there_are_none() {
        assert_eq!(said("Aucun commentaire trouvé"), Some(Notice::None));
        assert_eq!(said("0 commentaire"), Some(Notice::None));
        assert_eq!(said("Les commentaires sont fermés."), Some(Notice::Closed));
        assert_eq!(said("Partager cet articleDiscussion"), Some(Notice::Elsewhere));
        assert_eq!(said("Afficher les nouveaux commentaires (0)"), Some(Notice::Form));
    }

    #[test]
    fn prose_says_nothing() {
        assert_eq!(
            said("Les commentaires de la presse ont été très sévères avec le ministre."),
            None
        );
        assert_eq!(said("Il a fait 3 remarques"), None);
    }
}
