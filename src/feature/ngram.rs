//! Cuts folded text into n-grams, as hashes: words and pairs of words, and 2 to 5 letters inside words.

use std::ops::Range;

use crate::text::{Token, TokenKind, hash, mix};

/// Kinds of n-grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gram {
    /// A word, a pair of words, or a sign.
    Word,
    /// Letters within a word, its edges included.
    Letters,
}

/// Lengths of letter n-grams, in bytes of folded text (letters, for Latin script).
const LETTERS: Range<u32> = 2..6;
/// Longer words are no words: past it, letters are not looked at.
const LONGEST_WORD: usize = 64;
/// Runs of a sign longer than this are alike.
const LONGEST_SIGN: usize = 3;

/// Keeps words apart from pairs and letters.
const WORD: u64 = 0x51AF_D7ED_558C_CD00;
const PAIR: u64 = 0xC4CE_B9FE_1A85_EC00;

/// Emits the hash of every n-gram with its kind and the indices of its first and last token.
#[inline]
pub fn ngrams(folded: &str, tokens: &[Token], mut emit: impl FnMut(u64, Gram, usize, usize)) {
    let bytes = folded.as_bytes();
    let mut previous: Option<(u64, usize)> = None;
    for (index, token) in tokens.iter().enumerate() {
        let piece = &bytes[token.start as usize..token.end as usize];
        match token.kind {
            TokenKind::Word => {
                emit(mix(token.hash ^ WORD), Gram::Word, index, index);
                if let Some((before, first)) = previous {
                    emit(mix(before.rotate_left(23) ^ token.hash ^ PAIR), Gram::Word, first, index);
                }
                previous = Some((token.hash, index));
                letters(&piece[..piece.len().min(LONGEST_WORD)], |key| {
                    emit(mix(key), Gram::Letters, index, index);
                });
            }
            TokenKind::Mention => emit(mix(WORD ^ 1), Gram::Word, index, index),
            TokenKind::Address => emit(mix(WORD ^ 2), Gram::Word, index, index),
            TokenKind::Joint => {}
            TokenKind::Sign => {
                let same =
                    if piece[0] < 0x80 { piece.len().min(LONGEST_SIGN) } else { piece.len() };
                emit(mix(hash(&piece[..same]) ^ WORD), Gram::Word, index, index);
            }
        }
    }
}

/// Keys of the letter n-grams of one word between blanks: the letters in the low bytes, the length on top.
#[inline]
fn letters(word: &[u8], mut emit: impl FnMut(u64)) {
    let mut window = u64::from(b' ');
    let mut filled = 1;
    for &byte in word.iter().chain(b" ") {
        window = window << 8 | u64::from(byte);
        filled += 1;
        for length in LETTERS {
            if filled >= length {
                let mask = (1u64 << (8 * length)) - 1;
                emit(window & mask | u64::from(length) << 56);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    #[test]
    fn words_pairs_and_letters_are_emitted() {
        let mut tokens = Vec::new();
        tokenize("le con !", &mut tokens);
        let (mut words, mut letters) = (0, 0);
        ngrams("le con !", &tokens, |_, gram, _, _| match gram {
            Gram::Word => words += 1,
            Gram::Letters => letters += 1,
        });
        // Two words, a pair, a sign; " le " has 3 + 2 + 1 letter n-grams, " con " 4 + 3 + 2 + 1.
        assert_eq!((words, letters), (4, 16));
    }

    #[test]
    fn equal_pieces_have_equal_hashes_wherever_they_stand() {
        let all = |text: &str| {
            let mut tokens = Vec::new();
            tokenize(text, &mut tokens);
            let mut hashes = Vec::new();
            ngrams(text, &tokens, |hash, _, _, _| hashes.push(hash));
            hashes
        };
        let (one, two) = (all("chat"), all("un chat ici"));
        assert!(one.iter().all(|hash| two.contains(hash)));
    }
}
