//! Tells an author's name from prose, and frees it from what heads set around it.

use super::markers::MARKERS;
use super::phrase;

/// Longer names than these are sentences.
const MOST_CHARACTERS: usize = 60;
const MOST_WORDS: usize = 8;

/// Could stand alone on a line as a name: short, with a letter or digit in it, and no button.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.trim();
    let letters = text.chars().filter(|character| character.is_alphanumeric()).count();
    letters > 0
        && text.chars().count() <= MOST_CHARACTERS
        && text.split_whitespace().count() <= MOST_WORDS
        && !text.contains("://")
        && !MARKERS.chrome.cover(&phrase::words(text))
        && !(text.chars().all(|character| !character.is_alphabetic()))
}

/// The author in a piece of a head: « Posté par Ada, le », `Ada says:`, `• Ada •`.
pub(super) fn author(piece: &str) -> Option<String> {
    let piece = without_links(without_verb(piece));
    let piece = without_lead(&piece);
    let piece = without_verb(piece);
    let piece = without_links(piece);
    let piece = without_flag(&piece);
    is_name(piece).then(|| piece.to_owned())
}

/// Nothing but words that lead to a name or a date: « Le », « Posté par ».
pub(super) fn is_lead(piece: &str) -> bool {
    let words = phrase::words(piece);
    let mut rest = words.as_slice();
    while let Some(length) =
        MARKERS.by.at_head(rest).into_iter().chain(MARKERS.links.at_head(rest)).max()
    {
        rest = &rest[length..];
    }
    rest.is_empty()
}

/// Without the buttons, badges and counters at its end: `| parent | next [–]`, `12 points (3 children)`.
pub(super) fn without_buttons(line: &str) -> &str {
    let mut line = line.trim_end();
    loop {
        let tokens: Vec<&str> = line.split_whitespace().rev().take(8).collect();
        let words: Vec<String> =
            tokens.iter().rev().filter_map(|token| phrase::word(token)).collect();
        let Some(length) = MARKERS.tails.at_foot(&words) else { return line };
        let mut left = length;
        let mut rest = line;
        for token in &tokens {
            let is_word = phrase::word(token).is_some();
            // Numbers and signs between and before the words go with them.
            if is_word && left == 0 {
                break;
            }
            left -= usize::from(is_word);
            rest = rest[..rest.len() - token.len()].trim_end();
        }
        if rest.len() == line.len() {
            return line;
        }
        line = rest.trim_end_matches([' ', '|', '·', '•', '[', '(']);
    }
}

/// Without the words and signs that link author and date, on both sides: `•`, `|`, `,`, `on`, « le ».
pub(super) fn without_links(piece: &str) -> String {
    let sign = |character: char| {
        character.is_whitespace()
            || matches!(
                character,
                ':' | ','
                    | '•'
                    | '·'
                    | '|'
                    | '-'
                    | '–'
                    | '—'
                    | '»'
                    | '«'
                    | '/'
                    | '@'
                    | '*'
                    | '`'
                    | '→'
                    | '↳'
                    | '…'
                    | ';'
            )
    };
    let mut piece = piece.trim_matches(sign);
    // Brackets that held the date alone.
    while let Some(rest) = piece.strip_suffix(['(', '[']) {
        piece = rest.trim_end_matches(sign);
    }
    while let Some(rest) = piece.strip_prefix([')', ']', '.']) {
        piece = rest.trim_start_matches(sign);
    }
    while let Some((rest, last)) = piece.rsplit_once(char::is_whitespace) {
        let words = phrase::words(last);
        if !MARKERS.links.has(&words) {
            break;
        }
        piece = rest.trim_end_matches(sign);
    }
    let alone = phrase::words(piece);
    if MARKERS.links.has(&alone) { String::new() } else { piece.to_owned() }
}

/// Without a letter in brackets, as `[S]` for who submitted the page.
fn without_flag(piece: &str) -> &str {
    match piece.rsplit_once('[') {
        Some((name, flag)) if flag.chars().count() <= 4 && !name.trim().is_empty() => {
            name.trim_end()
        }
        _ => piece,
    }
}

/// Without « Posté par » and its like.
fn without_lead(piece: &str) -> &str {
    let words = phrase::words(piece);
    match MARKERS.by.at_head(&words) {
        Some(length) if length < words.len() => skip_words(piece, length),
        Some(_) => "",
        None => piece,
    }
}

/// Without `says:` and its like.
fn without_verb(piece: &str) -> &str {
    let words = phrase::words(piece);
    match MARKERS.says.at_foot(&words) {
        Some(length) if length < words.len() => {
            let mut rest = piece.trim_end();
            let mut left = length;
            while left > 0 {
                let at = rest.rfind(char::is_whitespace).unwrap_or(0);
                left -= usize::from(phrase::word(&rest[at..]).is_some());
                rest = rest[..at].trim_end();
            }
            rest
        }
        _ => piece,
    }
}

/// What stands behind the first `count` words.
fn skip_words(piece: &str, count: usize) -> &str {
    let mut rest = piece.trim_start();
    let mut left = count;
    while left > 0 && !rest.is_empty() {
        let at = rest.find(char::is_whitespace).unwrap_or(rest.len());
        left -= usize::from(phrase::word(&rest[..at]).is_some());
        rest = rest[at..].trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_freed_from_leads_verbs_and_links() {
        for (piece, name) in [
            ("Posté par Ada B., le", "Ada B."),
            ("Ada says:", "Ada"),
            ("• Ada •", "Ada"),
            ("Ada a écrit :", "Ada"),
            ("_ada", "_ada"),
            ("Ada [ S ]", "Ada"),
            ("Capt'n Ada !!!", "Capt'n Ada !!!"),
        ] {
            assert_eq!(author(piece).as_deref(), Some(name), "{piece}");
        }
        assert_eq!(author("Répondre"), None);
        assert_eq!(author("12 345"), None);
    }

    #[test]
    fn buttons_go_with_their_numbers_and_names_keep_theirs() {
        assert_eq!(without_buttons("ada 38 12 points (3 children)"), "ada");
        assert_eq!(without_buttons("ada38 | root | parent | next [–]"), "ada38");
        assert_eq!(without_buttons("Louis 14"), "Louis 14");
    }
}
