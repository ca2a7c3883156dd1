//! Loads word lists and finds their entries in text: the longest phrase wins.
//!
//! Lists are data (`training/lexicons/<language>/<category>.txt`) and travel inside the model file, so that
//! a score can be repeated wherever the model goes.

mod list;
mod vocabulary;

pub use list::WordList;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use self::vocabulary::Vocabulary;
use crate::error::Result;
use crate::text::{Folded, Folder, Language, Token, TokenKind, mix, tokenize};

/// The category of a site's own words.
pub const WATCHED: &str = "watched";

/// Categories whose words are counted inside longer phrases too: grammar, and what a site wants to see wherever it is.
const GRAMMAR: [&str; 5] = ["function", "identity", "negation", "second_person", WATCHED];

/// Word lists, ready to be found in text.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    lists: Vec<WordList>,
    categories: Vec<String>,
    /// By category: whether its words count inside longer phrases.
    grammar: Vec<bool>,
    steps: HashMap<u64, u32, BuildHasherDefault<Ready>>,
    /// A bit for every hash, cut short, of a token that begins an entry: most tokens are told apart without a look at
    /// the trie, which is too large for the nearest cache.
    first: Vec<u64>,
    nodes: Vec<Node>,
    /// The meanings of all phrases, those of one after those of another.
    meanings: Vec<Meaning>,
    /// Made when the first word with stars or stretched letters is met.
    vocabulary: OnceLock<Vocabulary>,
}

/// A node of the trie: the phrase that ends there.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Where its meanings stand in [`Lexicon::meanings`]; none where no phrase ends.
    start: u32,
    end: u32,
    /// Whether one of them is grammar.
    grammar: bool,
    /// The languages whose function word it is: bit `i` for `Language::LISTED[i]`.
    languages: u8,
}

/// What an entry means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The language of the list.
    pub language: Language,
    /// Index into [`Lexicon::categories`].
    pub category: u16,
}

/// An entry found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Index of the first token.
    pub start: usize,
    /// One past the index of the last token.
    pub end: usize,
    /// The trie node, for [`Lexicon::meanings`].
    node: u32,
    /// Whether a longer match covers it: then only its grammar counts.
    pub inner: bool,
}

impl Lexicon {
    /// Builds the lexicon of `lists`. Entries are folded and cut like any text.
    ///
    /// # Errors
    /// When an entry holds no word.
    pub fn build(lists: Vec<WordList>) -> Result<Lexicon> {
        let mut categories: Vec<String> = lists.iter().map(|list| list.category.clone()).collect();
        categories.sort_unstable();
        categories.dedup();
        let grammar = categories.iter().map(|name| GRAMMAR.contains(&name.as_str())).collect();
        let first = vec![0; 1 << (FIRST_BITS - 6)];
        let mut lexicon = Lexicon { categories, grammar, first, ..Lexicon::default() };
        // By node.
        let mut meanings: Vec<Vec<Meaning>> = vec![Vec::new()];
        let (mut folder, mut folded) = (Folder::default(), Folded::<()>::default());
        let mut tokens = Vec::new();
        for list in &lists {
            let category = lexicon.categories.binary_search(&list.category).unwrap_or_default();
            let meaning = Meaning { language: list.language, category: category as u16 };
            for entry in &list.entries {
                folder.fold(entry, &mut folded);
                tokenize(&folded.text, &mut tokens);
                let mut node = 0;
                for token in tokens.iter().filter(|token| token.kind != TokenKind::Joint) {
                    if node == 0 {
                        let (word, bit) = first_bit(token.hash);
                        lexicon.first[word] |= 1 << bit;
                    }
                    let next = meanings.len() as u32;
                    node = *lexicon.steps.entry(step(node, token.hash)).or_insert(next);
                    if node == next {
                        meanings.push(Vec::new());
                    }
                }
                if node == 0 {
                    return Err(list.error(format!("« {entry} » holds no word")));
                }
                let own = &mut meanings[node as usize];
                if !own.contains(&meaning) {
                    own.push(meaning);
                }
            }
        }
        let function = lexicon.category("function");
        for own in meanings {
            let start = lexicon.meanings.len() as u32;
            let grammar = own.iter().any(|meaning| lexicon.grammar[meaning.category as usize]);
            let functions = own.iter().filter(|meaning| Some(meaning.category) == function);
            let languages = functions.fold(0, |bits, meaning| bits | 1 << meaning.language.index());
            lexicon.meanings.extend(own);
            let end = lexicon.meanings.len() as u32;
            lexicon.nodes.push(Node { start, end, grammar, languages });
        }
        lexicon.lists = lists;
        Ok(lexicon)
    }

    /// The lists that it was built from.
    pub fn lists(&self) -> &[WordList] {
        &self.lists
    }

    /// Names of the categories, sorted.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// Index of a category, if any list bears it.
    pub fn category(&self, name: &str) -> Option<u16> {
        self.categories
            .binary_search_by(|category| category.as_str().cmp(name))
            .ok()
            .map(|at| at as u16)
    }

    /// What a match means: one meaning a list that holds the entry; inside a longer match only its grammar.
    pub fn meanings(&self, found: &Match) -> impl Iterator<Item = Meaning> + '_ {
        let inner = found.inner;
        let Node { start, end, .. } = self.nodes[found.node as usize];
        let meanings = self.meanings[start as usize..end as usize].iter().copied();
        meanings.filter(move |meaning| !inner || self.grammar[meaning.category as usize])
    }

    /// The languages whose function word a match is: bit `i` for [`Language::LISTED`]`[i]`.
    pub fn languages(&self, found: &Match) -> u8 {
        self.nodes[found.node as usize].languages
    }

    /// What a word of this hash means by itself, in whatever longer entry it stands.
    pub fn word(&self, hash: u64) -> impl Iterator<Item = Meaning> + '_ {
        let (word, bit) = first_bit(hash);
        let begins = self.first.get(word).is_some_and(|bits| bits >> bit & 1 == 1);
        let node = begins.then(|| self.steps.get(&step(0, hash))).flatten();
        let node = node.map_or(Node::default(), |&node| self.nodes[node as usize]);
        self.meanings[node.start as usize..node.end as usize].iter().copied()
    }

    /// Whether a word of this hash stands in some entry.
    pub fn knows(&self, word: u64) -> bool {
        self.vocabulary().knows(word)
    }

    /// The entry that a word with stars can be (`c*nnard`), as long as `hidden` and folded.
    pub fn unstar(&self, hidden: &str) -> Option<&str> {
        self.vocabulary().find(hidden)
    }

    fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| Vocabulary::of(&self.lists))
    }

    /// Whether a category's words are counted inside longer phrases too.
    pub fn counts_inside(&self, category: u16) -> bool {
        self.grammar[category as usize]
    }

    fn is_grammar(&self, node: u32) -> bool {
        self.nodes[node as usize].grammar
    }

    fn ends_phrase(&self, node: u32) -> bool {
        let Node { start, end, .. } = self.nodes[node as usize];
        start < end
    }

    /// Finds entries in `tokens`, replacing what `matches` held; in order of their first token.
    pub fn find(&self, tokens: &[Token], matches: &mut Vec<Match>) {
        matches.clear();
        let mut covered = 0;
        for start in 0..tokens.len() {
            if tokens[start].kind == TokenKind::Joint {
                continue;
            }
            let (word, bit) = first_bit(tokens[start].hash);
            if self.first.get(word).is_none_or(|bits| bits >> bit & 1 == 0) {
                continue;
            }
            let Some(&first) = self.steps.get(&step(0, tokens[start].hash)) else { continue };
            let mut longest = (start + 1, first);
            if start >= covered {
                let mut node = first;
                let mut at = start + 1;
                while at < tokens.len() {
                    if tokens[at].kind != TokenKind::Joint {
                        let Some(&next) = self.steps.get(&step(node, tokens[at].hash)) else {
                            break;
                        };
                        node = next;
                        if self.ends_phrase(node) {
                            longest = (at + 1, node);
                        }
                    }
                    at += 1;
                }
            }
            let (end, node) = longest;
            if node != first && self.is_grammar(first) {
                matches.push(Match { start, end: start + 1, node: first, inner: true });
            }
            let inner = start < covered;
            if self.ends_phrase(node) && (!inner || self.is_grammar(node)) {
                matches.push(Match { start, end, node, inner });
                covered = covered.max(end);
            }
        }
    }
}

/// 2 to this power bits for the tokens that begin an entry.
const FIRST_BITS: u32 = 18;

/// Where the bit of a token is: the word, and the bit in it.
fn first_bit(token: u64) -> (usize, u32) {
    let bit = token >> (64 - FIRST_BITS);
    ((bit / 64) as usize, (bit % 64) as u32)
}

fn step(node: u32, token: u64) -> u64 {
    mix(token ^ (u64::from(node) << 32 | u64::from(node)))
}

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are u64");
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(entries: &[(&str, &str)], text: &str) -> Vec<(String, String, bool)> {
        let list = |(category, entry): &(&str, &str)| WordList {
            language: Language::Fr,
            category: category.to_string(),
            entries: vec![entry.to_string()],
        };
        let lexicon = Lexicon::build(entries.iter().map(list).collect()).unwrap();
        let mut folded = Folded::<()>::default();
        Folder::default().fold(text, &mut folded);
        let (mut tokens, mut matches) = (Vec::new(), Vec::new());
        tokenize(&folded.text, &mut tokens);
        lexicon.find(&tokens, &mut matches);
        let show = |found: &Match| {
            let span = tokens[found.start].start as usize..tokens[found.end - 1].end as usize;
            let category = lexicon.meanings(found).next().unwrap().category as usize;
            (folded.text[span].to_string(), lexicon.categories()[category].clone(), found.inner)
        };
        matches.iter().map(show).collect()
    }

    #[test]
    fn the_longest_phrase_wins_and_words_are_whole() {
        let entries = [("mild", "con"), ("severe", "gros con"), ("mild", "bitte")];
        let spans = found(&entries, "Un gros con mange un concombre, con de bitume.");
        assert_eq!(
            spans,
            [("gros con".into(), "severe".into(), false), ("con".into(), "mild".into(), false)]
        );
    }

    #[test]
    fn grammar_counts_inside_phrases_and_joints_do_not_part_them() {
        let entries = [("dismissal", "va-t'en"), ("second_person", "t")];
        let spans = found(&entries, "VA T’EN");
        assert_eq!(
            spans,
            [
                ("va t'en".into(), "dismissal".into(), false),
                ("t".into(), "second_person".into(), true)
            ]
        );
    }

    #[test]
    fn signs_part_phrases() {
        assert!(found(&[("severe", "gros con")], "Trop gros. Con, peut-être.").is_empty());
    }
}
