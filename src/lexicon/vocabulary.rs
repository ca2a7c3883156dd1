//! Knows the words of the lists, and which of them stars hide (`c*nnard`).

use std::collections::{HashMap, HashSet};

use super::WordList;
use crate::text::{Folded, Folder, TokenKind, hash, tokenize};

/// The words of all lists, by first letter and length, those that stars hide most likely first.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    words: HashMap<(u8, usize), Vec<Box<str>>>,
    /// Hashes of all of them.
    hashes: HashSet<u64>,
}

/// Categories whose words people hide; words of other lists come after them.
const HIDDEN: [&str; 7] =
    ["ableist", "ambiguous", "demeaning", "insult_mild", "insult_severe", "slur", "vulgar"];

/// Letters that must be visible, the first among them: fewer say nothing.
const VISIBLE: usize = 2;

/// How likely a word is what stars hide: an entry of its own in [`HIDDEN`], then in how many entries it stands.
type Likelihood = (bool, u32);

impl Vocabulary {
    /// The words of `lists`, those of phrases too: an innocent word that is known is not taken for another.
    pub(super) fn of(lists: &[WordList]) -> Vocabulary {
        let (mut folder, mut folded) = (Folder::default(), Folded::<()>::default());
        let mut tokens = Vec::new();
        let mut known: HashMap<String, Likelihood> = HashMap::new();
        for list in lists {
            let hidden = HIDDEN.contains(&list.category.as_str());
            for entry in &list.entries {
                folder.fold(entry, &mut folded);
                tokenize(&folded.text, &mut tokens);
                let words = tokens.iter().filter(|token| token.kind == TokenKind::Word);
                let alone = words.clone().count() == 1;
                for word in words {
                    let likelihood = known.entry(word.of(&folded.text).to_string()).or_default();
                    likelihood.0 |= hidden && alone;
                    likelihood.1 += 1;
                }
            }
        }
        Vocabulary::ranked(known)
    }

    fn ranked(known: HashMap<String, Likelihood>) -> Vocabulary {
        // Lists hold some words as people hide them, too: these tell no letters.
        let whole = |word: &str| word.is_ascii() && !word.contains('*');
        let mut known: Vec<(String, Likelihood)> =
            known.into_iter().filter(|(word, _)| whole(word)).collect();
        known.sort_unstable_by(|(a, likely), (b, less)| less.cmp(likely).then_with(|| a.cmp(b)));
        let mut vocabulary = Vocabulary::default();
        for (word, _) in known {
            let first = word.bytes().next().unwrap_or_default();
            vocabulary.hashes.insert(hash(word.as_bytes()));
            vocabulary.words.entry((first, word.len())).or_default().push(word.into());
        }
        vocabulary
    }

    /// Whether a word of this hash stands in some entry.
    pub(super) fn knows(&self, word: u64) -> bool {
        self.hashes.contains(&word)
    }

    /// The word that `hidden` can be: as long, and alike but for the stars.
    pub(super) fn find(&self, hidden: &str) -> Option<&str> {
        let hidden = hidden.as_bytes();
        let visible = hidden.iter().filter(|&&byte| byte != b'*').count();
        if visible < VISIBLE || visible == hidden.len() {
            return None;
        }
        let fits = |word: &&str| {
            word.bytes().zip(hidden).all(|(letter, &seen)| seen == b'*' || seen == letter)
        };
        let same = self.words.get(&(hidden[0], hidden.len()))?;
        same.iter().map(Box::as_ref).find(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_one_letter_each() {
        let known = [
            ("connard", (true, 1)),
            ("connasse", (true, 1)),
            ("con", (true, 9)),
            ("can", (false, 99)),
            ("cen", (true, 2)),
        ];
        let known = known.map(|(word, likelihood)| (word.to_string(), likelihood));
        let vocabulary = Vocabulary::ranked(known.into());
        assert_eq!(vocabulary.find("c*nnard"), Some("connard"));
        assert_eq!(vocabulary.find("c**n*rd"), Some("connard"));
        assert_eq!(vocabulary.find("c*n"), Some("con"));
        for hidden in ["*onnard", "c*******", "c*nard", "connard", "*", "b*n"] {
            assert_eq!(vocabulary.find(hidden), None, "{hidden}");
        }
    }
}
