//! Reads a comment's text once: folded, cut, its lexicon entries found, its language guessed.

use crate::lexicon::{Lexicon, Match};
use crate::text::{
    Folded, Folder, Language, LanguageVotes, OffsetMap, Offsets, Token, TokenKind, hash, tokenize,
};

/// A comment's text as the features see it.
///
/// `O` is [`OffsetMap`] where the way back to the original is wanted, `()` where only the score is.
#[derive(Clone, Debug, Default)]
pub struct Reading<O = OffsetMap> {
    /// The folded text.
    pub folded: Folded<O>,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The lexicon's entries in it.
    pub matches: Vec<Match>,
    /// How many of the tokens are words.
    pub words: usize,
    /// The language that its function words tell.
    pub language: Language,
}

/// Reads texts one after the other, keeping its buffers.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    folder: Folder,
}

impl Reader {
    /// Reads `text` into `reading`, replacing what it held.
    pub fn read<O: Offsets>(&mut self, text: &str, lexicon: &Lexicon, reading: &mut Reading<O>) {
        self.folder.fold(text, &mut reading.folded);
        tokenize(&reading.folded.text, &mut reading.tokens);
        unstar(reading, lexicon);
        unstretch(reading, lexicon);
        lexicon.find(&reading.tokens, &mut reading.matches);
        reading.words = reading.tokens.iter().filter(|token| token.kind == TokenKind::Word).count();
        reading.language = guess(reading, lexicon);
    }

    /// Folds `text` with the way back: the same folded text as in its reading.
    pub fn map(&mut self, text: &str, mapped: &mut Folded<OffsetMap>) {
        self.folder.fold(text, mapped);
    }
}

/// Puts letters for the stars of words that the lexicon knows.
fn unstar<O>(reading: &mut Reading<O>, lexicon: &Lexicon) {
    let Reading { folded, tokens, .. } = reading;
    if !folded.text.contains('*') {
        return;
    }
    for token in tokens.iter_mut().filter(|token| token.kind == TokenKind::Word) {
        let hidden = token.of(&folded.text);
        if !hidden.contains('*') {
            continue;
        }
        folded.disguises.starred += 1;
        if let Some(word) = lexicon.unstar(hidden) {
            token.hash = hash(word.as_bytes());
            // As long as before, so that every other span and offset stays true.
            folded.text.replace_range(token.start as usize..token.end as usize, word);
        }
    }
}

/// Runs of one word that are looked at: each doubles the words that it can be.
const STRETCHES: usize = 3;

/// Takes a stretched word for the one that the lexicon knows, with one letter for two; its text stays.
fn unstretch<O>(reading: &mut Reading<O>, lexicon: &Lexicon) {
    let Reading { folded, tokens, .. } = reading;
    if folded.stretches.is_empty() {
        return;
    }
    // Both stand in order of the text: one walk over the two, however many there are.
    let mut ahead = &folded.stretches[..];
    for token in tokens.iter_mut() {
        ahead = &ahead[ahead.partition_point(|&at| at < token.start)..];
        let (inside, rest) = ahead.split_at(ahead.partition_point(|&at| at < token.end));
        ahead = rest;
        if token.kind != TokenKind::Word {
            continue;
        }
        let inside = inside.iter().take(STRETCHES);
        let runs: Vec<usize> = inside.map(|at| (at - token.start) as usize).collect();
        if runs.is_empty() || lexicon.knows(token.hash) {
            continue;
        }
        let bytes = token.of(&folded.text).as_bytes();
        // All runs shortened first: it is the likeliest.
        for shortened in (1..1u32 << runs.len()).rev() {
            let dropped = |at: usize| {
                runs.iter().position(|&run| run == at).is_some_and(|run| shortened >> run & 1 == 1)
            };
            let word: Vec<u8> =
                (0..bytes.len()).filter(|&at| !dropped(at)).map(|at| bytes[at]).collect();
            let hash = hash(&word);
            if lexicon.knows(hash) {
                token.hash = hash;
                break;
            }
        }
    }
}

fn guess<O>(reading: &Reading<O>, lexicon: &Lexicon) -> Language {
    let mut votes = LanguageVotes::default();
    reading.matches.iter().for_each(|found| votes.add(lexicon.languages(found)));
    votes.winner(reading.words)
}
