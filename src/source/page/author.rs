//! Finds who wrote a comment among the elements of its record, where no profile tells.

use rustc_hash::FxHashMap;

use crate::source::date::looks_like_date;

use super::dom::{At, Dom};
use super::names::{Meanings, Name};
use super::record::Record;
use super::words::{WORDS, is_chrome};

/// Longest name, in letters and digits.
const LONGEST: u32 = 48;

/// A text that may be the author's name.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Where it stands.
    pub at: At,
    /// The name.
    pub name: String,
    /// How much speaks for it.
    pub score: f32,
}

/// What was found out of each node that may be a name: records of several groups hold the same ones.
pub type Names = FxHashMap<At, Option<(String, f32)>>;

/// The texts of a record that may be the name, in order.
pub fn candidates(
    dom: &Dom<'_>,
    names: &mut Names,
    record: &Record,
    date: Option<At>,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut seen = 0;
    for at in record.places() {
        let letters = dom.letters(at);
        if at == record.item && record.ranges.len() == 1 && letters > LONGEST {
            continue;
        }
        if letters == 0 || letters > LONGEST {
            continue;
        }
        seen += 1;
        if seen > 120 {
            break;
        }
        let known = names.entry(at).or_insert_with(|| named(dom, at)).clone();
        let Some((name, mut score)) = known else { continue };
        if let Some(date) = date {
            // A name stands near its date.
            let distance = at.abs_diff(date);
            score += if distance <= 8 {
                1.0
            } else if distance <= 20 {
                0.5
            } else {
                0.0
            };
            if dom.holds(at, date) {
                score -= 4.0;
            }
        }
        found.push(Candidate { at, name, score });
    }
    found
}

/// The name at this place, and how much speaks for it but for the date.
fn named(dom: &Dom<'_>, at: At) -> Option<(String, f32)> {
    let score = match dom.text(at) {
        Some(text) => loose_text(dom, at, text),
        None => element(dom, at),
    };
    if score <= 0.0 {
        return None;
    }
    let line = dom.line(at);
    let name = clean(&line);
    let told = name.len() < line.trim_end_matches([' ', ':', ',']).len();
    if !is_name(&name) {
        return None;
    }
    let mut score = score + if told { 2.0 } else { 0.0 };
    if name.split(' ').count() > 4 {
        score -= 1.5;
    }
    let ends_a_sentence = (name.ends_with(['!', '?', '…', ';']) && name.contains(' '))
        || (name.ends_with('.') && name.split(' ').count() > 3);
    let domain =
        name.contains('.') && name.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '-');
    if ends_a_sentence || domain {
        score -= 2.5;
    }
    // « Zoé 196 76 »: a name and its counters; the name alone stands inside.
    if name.split(' ').skip(1).any(|word| word.chars().all(|c| c.is_ascii_digit())) {
        score -= 2.0;
    }
    if dom.attr(at, "itemprop") == Some("name")
        && dom.ancestors(at).take(3).any(|up| dom.attr(up, "itemprop") == Some("author"))
    {
        score += 10.0;
    }
    Some((name, score))
}

/// How much an element speaks for holding a name.
fn element(dom: &Dom<'_>, at: At) -> f32 {
    let mut score = 0.0f32;
    if dom.attr(at, "itemprop").is_some_and(|value| value == "author" || value == "creator")
        || dom.attr(at, "rel").is_some_and(|value| value.contains("author"))
    {
        score += 9.0;
    }
    let tested = Meanings::of(dom.attr(at, "data-testid").unwrap_or_default());
    let means = |name: Name| dom.classed(at, name) || tested.has(name);
    let (strong, weak, not) = (means(Name::Author), means(Name::Person), means(Name::NotAuthor));
    score += if strong {
        8.0
    } else if weak {
        4.0
    } else {
        0.0
    };
    if not {
        score -= 5.0;
    }
    match dom.tag(at) {
        "a" => {
            let href = dom.attr(at, "href").unwrap_or_default();
            if WORDS.author_links.iter().any(|part| href.contains(part.as_str())) {
                score += 5.0;
            } else if dom.attr(at, "rel").is_some_and(|rel| rel.contains("nofollow")) {
                score += 2.0;
            }
            // What stands inside an author's element is the name itself.
            score += 0.2;
        }
        "cite" | "address" => score += 4.0,
        "b" | "strong" | "h3" | "h4" | "h5" | "h6" | "dt" => score += 2.5,
        "td" | "th" | "li" | "p" | "div" => score -= 0.3,
        "button" | "label" | "time" => score -= 6.0,
        "span" => score += 0.3,
        _ => {}
    }
    score
}

/// « par X », "X says:": a text that says that it holds a name.
fn loose_text(dom: &Dom<'_>, at: At, text: &str) -> f32 {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() > 60 {
        return 0.0;
    }
    let told = clean(&words);
    if told.len() < words.trim_end_matches([' ', ':', ',']).len() && !told.is_empty() {
        return 4.0;
    }
    let alone = dom.parent(at).is_some_and(|up| dom.letters(up) == dom.letters(at));
    if alone { 0.0 } else { 0.4 }
}

/// The name in « Posté par X : », "X says:".
pub fn clean(line: &str) -> String {
    let trim = |c: char| c.is_whitespace() || ":,|•·–—«»\">".contains(c);
    let mut name = line.trim_matches(trim);
    // « Zoé (12345) » tells the number of an account.
    if let Some((before, inside)) = name.rsplit_once('(')
        && inside.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == ')')
        && !before.trim().is_empty()
    {
        name = before.trim_matches(trim);
    }
    for _ in 0..2 {
        let begun = name.len();
        if let Some(date) = crate::source::date::find_date(name) {
            let (before, after) = (&name[..date.start], &name[date.end..]);
            name = if before.chars().filter(|c| c.is_alphabetic()).count() > 1 {
                before
            } else {
                after
            };
            let lower = name.to_lowercase();
            for word in [" le", " on", " am", " at", " the", " vom", " il y a", " um"] {
                if lower.trim_end().ends_with(word) && lower.len() == name.len() {
                    name = &name[..name.trim_end().len() - word.len()];
                    break;
                }
            }
            name = name.trim_matches(trim);
        }
        let lower = name.to_lowercase();
        if lower.len() != name.len() {
            break;
        }
        let before = WORDS.author_before.iter().filter(|word| {
            lower
                .strip_prefix(word.as_str())
                .is_some_and(|rest| rest.starts_with([' ', ':']) || word.as_str() == "@")
        });
        if let Some(word) = before.max_by_key(|word| word.len()) {
            name = name[word.len()..].trim_matches(trim);
        }
        let lower = name.to_lowercase();
        let after = WORDS.author_after.iter().filter(|word| {
            lower.strip_suffix(word.as_str()).is_some_and(|rest| rest.ends_with(' '))
        });
        if let Some(word) = after.max_by_key(|word| word.len()) {
            name = name[..name.len() - word.len()].trim_matches(trim);
        }
        if name.len() == begun {
            break;
        }
    }
    name.to_owned()
}

/// Whether a text can be a name at all.
fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    length > 0
        && length <= 60
        && name.chars().any(char::is_alphanumeric)
        && !name.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        && name.split(' ').count() <= 7
        && !is_chrome(name)
        && !looks_like_date(name)
        && !name.contains("://")
        && !WORDS.joints.contains(name.to_lowercase().as_str())
}

/// The best of the candidates: the first of equals, so that a name before the text goes before one inside it.
pub fn best(candidates: &[Candidate], bonus: impl Fn(&Candidate) -> f32) -> Option<&Candidate> {
    let mut best: Option<(&Candidate, f32)> = None;
    for candidate in candidates {
        let score = candidate.score + bonus(candidate);
        if best.is_none_or(|(_, top)| score > top) {
            best = Some((candidate, score));
        }
    }
    best.map(|(candidate, _)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_freed_of_the_words_around_it() {
        assert_eq!(clean("Posté par Zoé :"), "Zoé");
        assert_eq!(clean("Ada Lovelace says:"), "Ada Lovelace");
        assert_eq!(clean("geschrieben von Kurt am 21. Jan. 2015, 20:02"), "Kurt");
        assert_eq!(clean("Soumis par Ali le 12/03/2012 à 10:00"), "Ali");
        assert_eq!(clean("Parfait"), "Parfait");
    }
}
