//! Guesses the language of a comment from its function words.
//!
//! A comment is too short for letter statistics to be both sure and fast; « le », « dans » and « pas » are
//! neither rare nor shared. What has too few of them is honestly [`Language::Unknown`].

use serde::{Deserialize, Serialize};

/// A language that has a list of function words, or none.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French.
    Fr,
    /// English.
    En,
    /// German.
    De,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
    /// Dutch.
    Nl,
    /// Too short, too mixed, or none of these.
    #[default]
    Unknown,
}

impl Language {
    /// All languages with a list, in order of [`Language::index`].
    pub const LISTED: [Language; 7] = [
        Language::Fr,
        Language::En,
        Language::De,
        Language::Es,
        Language::It,
        Language::Pt,
        Language::Nl,
    ];

    /// Its place in [`Language::LISTED`]; 7 for unknown.
    pub fn index(self) -> usize {
        self as usize
    }

    /// ISO 639-1 code; `und` for unknown.
    pub fn code(self) -> &'static str {
        ["fr", "en", "de", "es", "it", "pt", "nl", "und"][self.index()]
    }

    /// The language of an ISO 639-1 code; unknown for those without a list.
    pub fn from_code(code: &str) -> Language {
        Language::LISTED.into_iter().find(|language| language.code() == code).unwrap_or_default()
    }
}

/// Function words counted by language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LanguageVotes([u32; 7]);

impl LanguageVotes {
    /// Counts one word of these languages: bit `i` stands for `LISTED[i]`.
    pub fn add(&mut self, languages: u8) {
        if languages != 0 {
            for (index, votes) in self.0.iter_mut().enumerate() {
                *votes += u32::from(languages >> index & 1);
            }
        }
    }

    /// The language with most words, if it has one in twelve of `words` at least and no rival.
    pub fn winner(&self, words: usize) -> Language {
        let best =
            (0..7).max_by_key(|&index| (self.0[index], std::cmp::Reverse(index))).unwrap_or(0);
        let rival = (0..7).filter(|&index| index != best).map(|index| self.0[index]).max();
        let enough = self.0[best] as usize * 12 >= words && self.0[best] > 0;
        if enough && Some(self.0[best]) > rival {
            Language::LISTED[best]
        } else {
            Language::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_voted_language_wins_unless_tied_or_rare() {
        let mut votes = LanguageVotes::default();
        assert_eq!(votes.winner(3), Language::Unknown);
        votes.add(0b01);
        votes.add(0b11);
        assert_eq!(votes.winner(6), Language::Fr);
        assert_eq!(votes.winner(60), Language::Unknown);
        votes.add(0b10);
        assert_eq!(votes.winner(6), Language::Unknown);
    }
}
