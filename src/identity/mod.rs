//! Defines groups of people by the words that name them, and finds who a comment speaks of: for the audit of a model.
//!
//! The words are data (`training/identity/<language>.csv`) and no part of a model: they can grow without a new training.

mod term;

pub use term::{Term, shipped};

use std::collections::BTreeSet;

use crate::error::Result;
use crate::lexicon::{Lexicon, WordList};
use crate::text::{Language, Token};

/// Groups of people, ready to be found in text.
#[derive(Clone, Debug)]
pub struct Groups {
    lexicon: Lexicon,
}

impl Groups {
    /// The groups of these terms.
    ///
    /// # Errors
    /// When a term holds no word.
    pub fn build(terms: &[Term]) -> Result<Groups> {
        let lists: BTreeSet<(&str, Language)> =
            terms.iter().map(|term| (term.group.as_str(), term.language)).collect();
        let list = |(group, language): (&str, Language)| WordList {
            language,
            category: group.to_string(),
            entries: terms
                .iter()
                .filter(|term| term.group == group && term.language == language)
                .map(|term| term.term.clone())
                .collect(),
        };
        Ok(Groups { lexicon: Lexicon::build(lists.into_iter().map(list).collect())? })
    }

    /// Their names, sorted.
    pub fn names(&self) -> &[String] {
        self.lexicon.categories()
    }

    /// The groups (indices into [`Groups::names`]) that a comment of this language names, in order.
    ///
    /// Whole words of the folded text count, and the longest phrase wins, as in the lexicon. A term counts in its own
    /// language; where the term or the comment has none, everywhere.
    pub fn find(&self, tokens: &[Token], language: Language) -> Vec<usize> {
        let mut matches = Vec::new();
        self.lexicon.find(tokens, &mut matches);
        let meanings = matches.iter().flat_map(|found| self.lexicon.meanings(found));
        let speaks = |of: Language| of == language || [of, language].contains(&Language::Unknown);
        let mut found: Vec<usize> = meanings
            .filter(|meaning| speaks(meaning.language))
            .map(|meaning| usize::from(meaning.category))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Folded, Folder, tokenize};

    fn found(groups: &Groups, text: &str, language: Language) -> Vec<String> {
        let mut folded = Folded::<()>::default();
        let mut tokens = Vec::new();
        Folder::default().fold(text, &mut folded);
        tokenize(&folded.text, &mut tokens);
        let found = groups.find(&tokens, language);
        found.into_iter().map(|group| groups.names()[group].clone()).collect()
    }

    #[test]
    fn people_are_found_by_whole_words_and_phrases() {
        let groups = Groups::build(&shipped().unwrap()).unwrap();
        let french = |text: &str| found(&groups, text, Language::Fr);
        assert_eq!(french("Ma voisine MUSULMANE et les Juifs d'ici"), ["Jews", "Muslims"]);
        assert_eq!(french("Une femme voilée attend le bus"), ["Muslims", "women"]);
        assert_eq!(french("Les personnes âgées, les noirs"), ["Black people", "old people"]);
        // Substrings, colours and ages of things are nobody.
        assert!(french("Un chat noir, le juifard, la vieille ville, un romarin").is_empty());
        assert_eq!(
            found(&groups, "A deaf man and two gay people", Language::En),
            ["disabled people", "gay and lesbian people", "men"]
        );
    }

    #[test]
    fn a_term_counts_in_its_own_language() {
        let term =
            |term: &str, language| Term { term: term.into(), group: "people".into(), language };
        let groups = Groups::build(&[term("men", Language::En), term("gens", Language::Unknown)]);
        let groups = groups.unwrap();
        for (text, language, count) in [
            ("men", Language::En, 1),
            ("men", Language::Fr, 0),
            ("men", Language::Unknown, 1),
            ("gens", Language::Fr, 1),
        ] {
            assert_eq!(found(&groups, text, language).len(), count, "{text} {language:?}");
        }
        assert!(Groups::build(&[term("-", Language::Fr)]).is_err());
        assert!(Groups::build(&[]).unwrap().names().is_empty());
    }
}
