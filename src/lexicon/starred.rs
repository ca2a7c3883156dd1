//! Reads words whose letters are hidden behind stars (`c*nnard`): which entry can they be?

use std::collections::HashMap;

/// Whole words that people hide, by first letter and length.
#[derive(Clone, Debug, Default)]
pub(super) struct Starred {
    words: HashMap<(u8, usize), Vec<Box<str>>>,
}

/// Letters that must be visible, the first among them: fewer say nothing.
const VISIBLE: usize = 2;

impl Starred {
    /// Adds a folded word; earlier words are preferred where several fit.
    pub(super) fn add(&mut self, word: &str) {
        let Some(&first) = word.as_bytes().first().filter(|_| word.is_ascii()) else { return };
        let same = self.words.entry((first, word.len())).or_default();
        if !same.iter().any(|other| **other == *word) {
            same.push(word.into());
        }
    }

    /// The word that `hidden` can be: as long, and alike but for the stars.
    pub(super) fn find(&self, hidden: &str) -> Option<&str> {
        let hidden = hidden.as_bytes();
        let visible = hidden.iter().filter(|&&byte| byte != b'*').count();
        if visible < VISIBLE || visible == hidden.len() {
            return None;
        }
        let fits = |word: &&Box<str>| {
            word.bytes().zip(hidden).all(|(letter, &seen)| seen == b'*' || seen == letter)
        };
        let same = self.words.get(&(hidden[0], hidden.len()))?;
        same.iter().find(fits).map(|word| &**word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_one_letter_each() {
        let mut starred = Starred::default();
        ["connard", "connasse", "con"].iter().for_each(|word| starred.add(word));
        assert_eq!(starred.find("c*nnard"), Some("connard"));
        assert_eq!(starred.find("c**n*rd"), Some("connard"));
        assert_eq!(starred.find("c*n"), Some("con"));
        for hidden in ["*onnard", "c*******", "c*nard", "connard", "*", "b*n"] {
            assert_eq!(starred.find(hidden), None, "{hidden}");
        }
    }
}
