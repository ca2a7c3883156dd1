//! Measures how a comment is written: length, capitals, signs, emoji, links, disguises.

use super::{Reading, log_count};
use crate::text::TokenKind;

/// Names of the surface features. Counts are `ln(1 + n)`, shares are 0 to 1.
///
/// Look-alike letters are undone and not counted: labelled comments hold too few to tell what they mean.
pub(super) const NAMES: [&str; 17] = [
    "surface.words",
    "surface.word_length",
    "surface.capitals",
    "surface.capital_words",
    "surface.digits",
    "surface.exclamations",
    "surface.questions",
    "surface.ellipses",
    "surface.sign_runs",
    "surface.quotes",
    "surface.emoji",
    "surface.links",
    "surface.mentions",
    "surface.leet",
    "surface.spaced",
    "surface.stretched",
    "surface.starred",
];

/// Letters in a row that make a word in capitals.
const CAPITAL_WORD: u32 = 4;

/// Measures `original`, read as `reading`, into `values` (as long as [`NAMES`]).
pub(super) fn measure<O>(original: &str, reading: &Reading<O>, values: &mut [f64]) {
    let case = Case::of(original.as_bytes());
    let folded = &reading.folded;
    let mut letters = 0u32;
    let (mut exclamations, mut questions, mut ellipses, mut runs) = (0, 0, 0, 0);
    let (mut quotes, mut emoji, mut links, mut mentions) = (0, 0, 0, 0);
    for token in &reading.tokens {
        let length = token.end - token.start;
        match token.kind {
            TokenKind::Word => letters += length,
            TokenKind::Address => links += 1,
            TokenKind::Mention => mentions += 1,
            TokenKind::Joint => {}
            TokenKind::Sign => {
                runs += u32::from(length > 2);
                match folded.text.as_bytes()[token.start as usize] {
                    b'!' => exclamations += length,
                    b'?' => questions += length,
                    b'.' => ellipses += u32::from(length > 1),
                    b'"' => quotes += 1,
                    // Signs beyond ASCII are four bytes long when they are pictures.
                    0xF0.. => emoji += 1,
                    _ => {}
                }
            }
        }
    }
    let words = reading.words as f64;
    let disguises = folded.disguises;
    values.copy_from_slice(&[
        log_count(reading.words as u32),
        if reading.words == 0 { 0.0 } else { f64::from(letters) / words / 10.0 },
        share(case.capitals, case.letters),
        log_count(case.capital_words),
        share(case.digits, case.letters + case.digits),
        log_count(exclamations),
        log_count(questions),
        log_count(ellipses),
        log_count(runs),
        log_count(quotes),
        log_count(emoji),
        log_count(links),
        log_count(mentions),
        log_count(disguises.leet),
        log_count(disguises.spaced),
        log_count(disguises.stretched),
        log_count(disguises.starred),
    ]);
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

/// What folding forgets: capitals and digits, counted over ASCII.
#[derive(Default)]
struct Case {
    letters: u32,
    capitals: u32,
    capital_words: u32,
    digits: u32,
}

impl Case {
    fn of(bytes: &[u8]) -> Case {
        // One plain count after the other: the compiler turns each into wide instructions.
        let count = |is: fn(&u8) -> bool| bytes.iter().filter(|byte| is(byte)).count() as u32;
        let capitals = count(u8::is_ascii_uppercase);
        let mut capital_words = 0;
        if capitals >= CAPITAL_WORD {
            let mut run = 0;
            for byte in bytes {
                run = if byte.is_ascii_uppercase() { run + 1 } else { 0 };
                capital_words += u32::from(run == CAPITAL_WORD);
            }
        }
        Case {
            letters: count(u8::is_ascii_alphabetic),
            capitals,
            capital_words,
            digits: count(u8::is_ascii_digit),
        }
    }
}
