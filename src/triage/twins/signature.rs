//! Defines the fingerprint of a comment's text, small enough to be kept with every comment.

use crate::text::{Folded, Folder, TokenKind, hash, mix, tokenize};

/// Smallest hashes that a sketch keeps. The standard error of a similarity of .7 is .04.
pub(super) const BINS: usize = 120;
/// Letters in a run. Eight, a byte each, fit a word of the machine, and are more than most words have: the order of
/// words counts.
const RUN: usize = 8;

/// The first byte of a stored signature. A change of what follows takes new ones, so that old ones are made again.
const WHOLE: u8 = 1;
const SKETCH: u8 = 2;

/// What a comment says, in 121 bytes at most; the same for ever and on every machine.
///
/// A long text becomes a one-permutation MinHash of its runs of eight letters (Li, Owen, Zhang: *One Permutation
/// Hashing*, 2012), empty bins filled from others (Shrivastava: *Optimal Densification for Fast and Accurate Minwise
/// Hashing*, 2017), of which eight bits a bin are kept (Li, König: *b-Bit Minwise Hashing*, 2010). A short one becomes
/// the hash of all its letters.
///
/// ```
/// use vigie::triage::Signature;
/// let one = Signature::of("Le maire ment comme il respire, votez contre lui.");
/// assert_eq!(one, Signature::of("LE MAIRE MENT comme il respire : v0tez contre lui !!!"));
/// assert_eq!(Signature::of("Merci !"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature(pub(super) Kind);

/// How texts of a length are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Short: the hash of all letters.
    Whole(u64),
    /// Long: eight bits of the smallest hash in each bin.
    Sketch([u8; BINS]),
}

impl Signature {
    /// Letters and digits that a text must have to be folded at all: about seven words. Most of what people write
    /// alike without knowing of each other is shorter.
    pub const LEAST: usize = 32;
    /// Letters and digits from which on a text may differ from another and be its copy: about 17 words. Below, one
    /// word put for another leaves 70 % of the runs, as much as a copy must share, and may turn the meaning round.
    pub const LONG: usize = 80;
    /// Bytes of a stored signature, at most.
    pub const MOST_BYTES: usize = 1 + BINS;

    /// The signature of a text; none where it has fewer than [`Signature::LEAST`] letters.
    pub fn of(text: &str) -> Option<Signature> {
        let letters = letters(text);
        let kind = match letters.len() {
            length if length < Self::LEAST => return None,
            length if length < Self::LONG => Kind::Whole(hash(&letters)),
            _ => Kind::Sketch(sketch(&letters)),
        };
        Some(Signature(kind))
    }

    /// What is stored of it.
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.0 {
            Kind::Whole(hash) => [&[WHOLE][..], &hash.to_le_bytes()].concat(),
            Kind::Sketch(bins) => [&[SKETCH][..], bins].concat(),
        }
    }

    /// The signature that was stored; none where the bytes are those of no version, or of another one. It is then to
    /// be made again from the text.
    pub fn from_bytes(bytes: &[u8]) -> Option<Signature> {
        let (&version, rest) = bytes.split_first()?;
        let kind = match version {
            WHOLE => Kind::Whole(u64::from_le_bytes(rest.try_into().ok()?)),
            SKETCH => Kind::Sketch(rest.try_into().ok()?),
            _ => return None,
        };
        Some(Signature(kind))
    }

    /// How alike two texts are, 0 to 1: the estimated share of runs that they have in common among those that either
    /// has (Jaccard). Short texts are the same, or not alike at all.
    pub fn similarity(&self, other: &Signature) -> f64 {
        match (&self.0, &other.0) {
            (Kind::Whole(one), Kind::Whole(other)) => f64::from(u8::from(one == other)),
            (Kind::Sketch(one), Kind::Sketch(other)) => estimate(agreeing(one, other)),
            _ => 0.0,
        }
    }
}

/// How many bins of two sketches hold the same.
pub(super) fn agreeing(one: &[u8; BINS], other: &[u8; BINS]) -> u8 {
    one.iter().zip(other).map(|(one, other)| u8::from(one == other)).sum()
}

/// The similarity that so many agreeing bins tell: one in 256 of the others agrees by chance.
pub(super) fn estimate(agreeing: u8) -> f64 {
    let chance = 1.0 / 256.0;
    let share = f64::from(agreeing) / BINS as f64;
    ((share - chance) / (1.0 - chance)).max(0.0)
}

/// The letters and digits of the words of a text once folded, a byte each (exact for Latin letters), runs of a letter
/// cut to one.
fn letters(text: &str) -> Vec<u8> {
    let mut folded = Folded::<()>::default();
    let mut tokens = Vec::new();
    Folder::default().fold(text, &mut folded);
    tokenize(&folded.text, &mut tokens);
    let mut letters: Vec<u8> = Vec::with_capacity(folded.text.len());
    for token in tokens.iter().filter(|token| token.kind == TokenKind::Word) {
        for c in token.of(&folded.text).chars().filter(|&c| c != '*') {
            let code = u32::from(c);
            let byte = (code ^ code >> 8) as u8;
            if !(c.is_alphabetic() && letters.last() == Some(&byte)) {
                letters.push(byte);
            }
        }
    }
    letters
}

/// The sketch of a text of eight letters at least.
fn sketch(letters: &[u8]) -> [u8; BINS] {
    let mut smallest = [None; BINS];
    let mut run = 0u64;
    for (index, &letter) in letters.iter().enumerate() {
        run = run << 8 | u64::from(letter);
        if index + 1 >= RUN {
            // One round leaves runs that differ by the same letter hashes that differ by the same.
            let hash = mix(mix(run));
            let least = &mut smallest[bin(hash)];
            let value = hash as u32;
            *least = Some(least.map_or(value, |least: u32| least.min(value)));
        }
    }
    std::array::from_fn(|bin| kept(&smallest, bin) as u8)
}

/// The value of a bin; of an empty one, that of the first other one in an order of its own that is not empty.
fn kept(smallest: &[Option<u32>; BINS], bin: usize) -> u32 {
    let mut at = bin;
    let mut attempt = 0;
    loop {
        if let Some(value) = smallest[at] {
            return value;
        }
        attempt += 1;
        at = self::bin(mix((bin as u64) << 32 | attempt));
    }
}

/// The bin of a hash: its upper half, spread evenly over all bins.
fn bin(hash: u64) -> usize {
    (((hash >> 32) * BINS as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_the_same_for_ever() {
        let short = Signature::of("Le maire ment comme il respire, votez contre lui.").unwrap();
        let long = "L’été, la rocade défigure la vallée ; ".repeat(3) + "100 camions par heure !";
        let long = Signature::of(&long).unwrap().to_bytes();
        assert_eq!(short.to_bytes(), [1, 243, 144, 179, 35, 129, 144, 190, 222]);
        assert_eq!(long.len(), Signature::MOST_BYTES);
        assert_eq!(
            (hash(&long), &long[..8]),
            (0x6F33_2A4B_9898_4FDF, &[2, 173, 213, 54, 250, 147, 204, 78][..])
        );
    }

    #[test]
    fn bytes_of_no_signature_are_refused() {
        for bytes in [&[][..], &[0], &[1; 8], &[2; 120], &[2; 122], &[3; 121]] {
            assert_eq!(Signature::from_bytes(bytes), None);
        }
    }

    #[test]
    fn a_text_without_variety_has_a_sketch_too() {
        for bin in 0..BINS {
            let mut smallest = [None; BINS];
            smallest[bin] = Some(5);
            assert!((0..BINS).all(|empty| kept(&smallest, empty) == 5));
        }
        assert!(Signature::of(&"ha".repeat(500)).is_some());
    }

    #[test]
    fn the_estimate_is_near_the_truth() {
        // 600 runs, of which the second text has the first half: Jaccard is about a third.
        let word = |index: u64| format!("{:x} ", mix(index));
        let text = |range: std::ops::Range<u64>| range.map(word).collect::<String>();
        let of = |range| Signature::of(&text(range)).unwrap();
        let (one, same, half) = (of(0..40), of(0..40), of(20..60));
        assert_eq!(one.similarity(&same), 1.0);
        assert!((one.similarity(&half) - 1.0 / 3.0).abs() < 0.13);
        assert!(one.similarity(&of(100..140)) < 0.05);
    }
}
