//! Defines how marker phrases are compared: by their words, without case, numbers and punctuation.

use std::collections::HashSet;

/// A line with more words is prose.
const MOST_WORDS: usize = 24;

/// The words of `text`, folded: lower case, straight apostrophes, outer punctuation gone; numbers and lone signs dropped.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().filter_map(word).collect()
}

/// One word, folded; nothing for a number or a sign.
pub(super) fn word(token: &str) -> Option<String> {
    let bare = token.trim_matches(|character: char| !character.is_alphanumeric());
    if bare.is_empty()
        || bare.chars().all(|character| character.is_numeric() || matches!(character, '.' | ','))
    {
        return None;
    }
    let straight =
        |character| if matches!(character, '’' | '‘' | 'ʼ') { '\'' } else { character };
    Some(bare.chars().map(straight).flat_map(char::to_lowercase).collect())
}

/// A set of phrases.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    whole: HashSet<String>,
    first: HashSet<String>,
    longest: usize,
}

impl Phrases {
    pub fn new<'a>(phrases: impl IntoIterator<Item = &'a String>) -> Phrases {
        let mut set = Phrases::default();
        for phrase in phrases {
            let words = words(phrase);
            let Some(first) = words.first() else { continue };
            set.longest = set.longest.max(words.len());
            set.first.insert(first.clone());
            set.whole.insert(words.join(" "));
        }
        set
    }

    /// The words are one of the phrases.
    pub fn has(&self, words: &[String]) -> bool {
        !words.is_empty() && words.len() <= self.longest && self.whole.contains(&words.join(" "))
    }

    /// How many words of the longest phrase at the head of `words`.
    pub fn at_head(&self, words: &[String]) -> Option<usize> {
        if !self.first.contains(words.first()?) {
            return None;
        }
        (1..=self.longest.min(words.len())).rev().find(|&length| self.has(&words[..length]))
    }

    /// How many words of the longest phrase at the foot of `words`.
    pub fn at_foot(&self, words: &[String]) -> Option<usize> {
        (1..=self.longest.min(words.len()))
            .rev()
            .find(|&length| self.has(&words[words.len() - length..]))
    }

    /// The words are nothing but phrases, one after the other.
    pub fn cover(&self, words: &[String]) -> bool {
        let mut rest = words;
        while let Some(length) = self.at_head(rest) {
            rest = &rest[length..];
        }
        !words.is_empty() && words.len() <= MOST_WORDS && rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(list: &[&str]) -> Phrases {
        Phrases::new(&list.iter().map(|phrase| phrase.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn words_lose_case_numbers_and_signs() {
        assert_eq!(words("[–] J’aime (12) | Répondre…"), ["j'aime", "répondre"]);
    }

    #[test]
    fn buttons_in_a_row_are_covered_and_prose_is_not() {
        let tails = phrases(&["répondre", "signaler", "signaler un abus", "j'aime"]);
        assert!(tails.cover(&words("J'aime 3 · Répondre · Signaler un abus")));
        assert!(!tails.cover(&words("J'aime bien répondre")));
        assert!(!tails.cover(&words("12")));
    }

    #[test]
    fn the_longest_phrase_is_taken_from_either_end() {
        let tails = phrases(&["reply", "log in to reply"]);
        assert_eq!(tails.at_foot(&words("Ada Log in to Reply")), Some(4));
        assert_eq!(tails.at_head(&words("Reply, Ada")), Some(1));
    }
}
