//! Folds text: case, accents, look-alikes, leetspeak, s p a c e d letters and long repeats are undone.
//!
//! Folding must cost a few nanoseconds a byte, so plain words take a short road and only words with
//! something odd about them are rebuilt letter by letter.

use super::character::{Fate, fate, latin_twin, leet};
use super::folded::{Disguises, Folded, Offsets};

/// A run of one letter longer than this is cut to it (`connnnard` keeps two).
const LONGEST_RUN: usize = 2;
/// So many single letters in a row, parted by blanks, are one word (`c o n n a r d`).
const SPACED_LETTERS: usize = 4;
/// So many single letters, parted by the same sign, are one word (`c.o.n`, but also `U.S.A.`).
const SIGNED_LETTERS: usize = 3;

/// Folds texts one after the other, keeping its buffers.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    letters: Vec<Letter>,
}

/// One character of a word being rebuilt, with its place in the original.
#[derive(Clone, Copy, Debug)]
struct Letter {
    c: char,
    start: u32,
    end: u32,
}

impl Folder {
    /// Folds `original` into `out`, replacing what it held. Folding what was folded changes nothing.
    pub fn fold<O: Offsets>(&mut self, original: &str, out: &mut Folded<O>) {
        out.truncate(0);
        out.disguises = Disguises::default();
        out.stretches.clear();
        let mut words = Words { text: original, at: 0 };
        while let Some((start, end)) = words.next() {
            let before = out.text.len();
            if before > 0 {
                out.push(' ', start, start);
            }
            let written = out.text.len();
            if spaced_letters(&words, start, end) {
                self.letters.clear();
                let mut word = Some((start, end));
                while let Some((start, end)) = word.filter(|&(s, e)| one_letter(&original[s..e])) {
                    self.collect(original, start, end, &mut out.disguises);
                    words.at = end;
                    word = words.clone().next();
                }
                if let Some((start, end)) = word.filter(|&(s, e)| last_letter(&original[s..e])) {
                    self.collect(original, start, end, &mut out.disguises);
                    words.at = end;
                }
                out.disguises.spaced += 1;
                self.rebuild(&mut out.disguises);
                self.write(out);
            } else if !plain_word(&original.as_bytes()[start..end], start, out) {
                out.truncate(written);
                self.letters.clear();
                self.collect(original, start, end, &mut out.disguises);
                self.rebuild(&mut out.disguises);
                self.write(out);
            }
            if out.text.len() == written {
                out.truncate(before);
            }
        }
    }

    /// Takes the word apart into folded characters.
    fn collect(&mut self, original: &str, start: usize, end: usize, disguises: &mut Disguises) {
        for (offset, c) in original[start..end].char_indices() {
            let at = start + offset;
            match fate(c) {
                Fate::Gone => disguises.invisible += u32::from(!self.letters.is_empty()),
                Fate::Blank => {}
                Fate::Kept(parts) => {
                    let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
                    let parts = parts.into_iter().filter(|&part| part != '\0' && part != ' ');
                    self.letters.extend(parts.map(|c| Letter { c, start, end }));
                }
            }
        }
    }

    /// Undoes the disguises of one word.
    fn rebuild(&mut self, disguises: &mut Disguises) {
        if is_address(&self.letters) {
            return;
        }
        if self.letters.iter().any(|letter| letter.c.is_ascii_alphabetic()) {
            for letter in &mut self.letters {
                if let Some(latin) = latin_twin(letter.c) {
                    letter.c = latin;
                    disguises.twins += 1;
                }
            }
        }
        join_signed_letters(&mut self.letters, disguises);
        let alphabetic =
            self.letters.iter().filter(|letter| letter.c.is_ascii_alphabetic()).count();
        let digits = self.letters.iter().filter(|letter| letter.c.is_ascii_digit()).count();
        if alphabetic >= 2 && alphabetic > digits {
            let mut left_is_letter = false;
            for index in 0..self.letters.len() {
                let c = self.letters[index].c;
                let right_is_letter =
                    self.letters.get(index + 1).is_some_and(|right| right.c.is_ascii_alphabetic());
                if let (true, true, Some(letter)) = (left_is_letter, right_is_letter, leet(c)) {
                    self.letters[index].c = letter;
                    disguises.leet += 1;
                }
                left_is_letter = c.is_ascii_alphabetic();
            }
        }
    }

    /// Writes the word, long runs of a letter cut short.
    fn write<O: Offsets>(&mut self, out: &mut Folded<O>) {
        let mut run = 0;
        let mut last = None;
        for letter in &self.letters {
            run = if last == Some(letter.c) { run + 1 } else { 1 };
            last = Some(letter.c);
            if run <= LONGEST_RUN || !letter.c.is_alphabetic() {
                out.push(letter.c, letter.start as usize, letter.end as usize);
            } else if run == LONGEST_RUN + 1 {
                out.disguises.stretched += 1;
                out.stretches.push((out.text.len() - letter.c.len_utf8()) as u32);
            }
        }
    }
}

/// The words of a text: byte ranges between blanks.
#[derive(Clone)]
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl Words<'_> {
    fn next(&mut self) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let mut start = None;
        while self.at < bytes.len() {
            let byte = bytes[self.at];
            let (blank, length) = if byte < 0x80 {
                (byte <= b' ' || byte == 0x7F, 1)
            } else if byte == 0xC3 {
                // The accented letters of western Europe: never blank.
                (false, 2)
            } else {
                let c = self.text[self.at..].chars().next().expect("a word begins at a character");
                (fate(c) == Fate::Blank, c.len_utf8())
            };
            match (blank, start) {
                (true, Some(start)) => return Some((start, self.at)),
                (false, None) => start = Some(self.at),
                _ => {}
            }
            self.at += length;
        }
        start.map(|start| (start, bytes.len()))
    }
}

/// Whether the word is a single letter once folded.
fn one_letter(word: &str) -> bool {
    let mut letters = 0;
    for c in word.chars() {
        if let Fate::Kept(parts) = fate(c) {
            letters += 1;
            if letters > 1 || parts[1] != '\0' || !parts[0].is_alphabetic() {
                return false;
            }
        }
    }
    letters == 1
}

/// Whether the word is a single letter and signs after it, such as the last of `i d i o t !` without its blank.
fn last_letter(word: &str) -> bool {
    let Some((at, _)) = word.char_indices().nth(1) else { return false };
    let sign = |c: char| match fate(c) {
        Fate::Kept(parts) => parts.iter().all(|part| !part.is_alphanumeric()),
        Fate::Gone | Fate::Blank => true,
    };
    one_letter(&word[..at]) && word[at..].chars().all(sign)
}

/// Whether a run of words of one letter begins here that is long enough to be one spaced word.
fn spaced_letters(words: &Words, start: usize, end: usize) -> bool {
    // Most words are longer than any single letter with its accents: don't look closer.
    if end - start > 1 && words.text.as_bytes()[start..end].is_ascii() {
        return false;
    }
    let mut ahead = Words { text: words.text, at: start };
    (0..SPACED_LETTERS)
        .all(|_| ahead.next().is_some_and(|(start, end)| one_letter(&words.text[start..end])))
}

/// Writes a word that needs no rebuilding; false when it turns out to need it.
///
/// Plain words are ASCII letters and the accented ones of western Europe with at most one sign between
/// letters, or digits without letters.
fn plain_word<O: Offsets>(bytes: &[u8], start: usize, out: &mut Folded<O>) -> bool {
    let (mut letters, mut digits, mut inner_signs) = (false, false, 0);
    let (mut last, mut run) = (0u8, 0);
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let (folded, length) = match byte {
            b'A'..=b'Z' => (byte | 0x20, 1),
            0x21..=0x7E => (byte, 1),
            0xC3 => match LATIN_1.get((bytes[at + 1] | 0x20).wrapping_sub(0xA0) as usize) {
                Some(&letter) if letter != b'.' => (letter, 2),
                _ => return false,
            },
            0xE2 if bytes[at + 1] == 0x80 && bytes[at + 2] == 0x99 => (b'\'', 3),
            _ => return false,
        };
        if folded.is_ascii_lowercase() {
            letters = true;
            run = if folded == last { run + 1 } else { 1 };
            if run > LONGEST_RUN {
                return false;
            }
        } else if folded.is_ascii_digit() {
            digits = true;
        } else if last.is_ascii_alphanumeric() && at + length < bytes.len() {
            inner_signs += 1;
            if inner_signs > 1 || matches!(folded, b'@' | b'$') {
                return false;
            }
        }
        if letters && digits {
            return false;
        }
        last = folded;
        out.push(folded as char, start + at, start + at + length);
        at += length;
    }
    true
}

/// The letters U+00E0 to U+00FF without their accents; `.` where one letter is not enough or it is none.
const LATIN_1: [u8; 32] = *b"aaaaaa.ceeeeiiii.nooooo..uuuuy.y";

/// Web and mail addresses: they are full of signs that mean nothing.
fn is_address(letters: &[Letter]) -> bool {
    let starts = |prefix: &str| {
        letters.len() > prefix.len()
            && letters.iter().zip(prefix.chars()).all(|(letter, c)| letter.c == c)
    };
    let mail = letters.iter().position(|letter| letter.c == '@').is_some_and(|at| {
        at > 0
            && letters[at..].windows(2).any(|pair| pair[0].c == '.' && pair[1].c.is_alphanumeric())
    });
    mail || starts("http://") || starts("https://") || starts("www.")
}

/// Joins single letters parted by one same sign: `c.o.n`, `c-o-n`, `c🤬o🤬n`.
fn join_signed_letters(letters: &mut Vec<Letter>, disguises: &mut Disguises) {
    let mut index = 0;
    while index < letters.len() {
        let single = letters[index].c.is_alphanumeric()
            && (index == 0 || !letters[index - 1].c.is_alphanumeric());
        let sign = letters.get(index + 1).map(|letter| letter.c);
        let Some(sign) = sign.filter(|&sign| single && !sign.is_alphanumeric() && sign != '\'')
        else {
            index += 1;
            continue;
        };
        let mut end = index + 1;
        while letters.get(end).is_some_and(|letter| letter.c == sign)
            && letters.get(end + 1).is_some_and(|letter| letter.c.is_alphanumeric())
            && !letters.get(end + 2).is_some_and(|letter| letter.c.is_alphanumeric())
        {
            end += 2;
        }
        let joined = &letters[index..end];
        let alphabetic = joined.iter().filter(|letter| letter.c.is_alphabetic()).count();
        let singles = joined.len().div_ceil(2);
        if singles >= SIGNED_LETTERS && alphabetic > singles / 2 {
            let mut kept = 0;
            letters.retain(|letter| {
                kept += 1;
                kept - 1 < index || kept > end || letter.c != sign
            });
            disguises.spaced += 1;
            index += singles;
        } else {
            index = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fold(text: &str) -> Folded {
        let mut folded = Folded::default();
        Folder::default().fold(text, &mut folded);
        folded
    }

    #[test]
    fn disguises_fall() {
        for disguised in [
            "connard",
            "CONNARD",
            "c0nnard",
            "c.o.n.n.a.r.d",
            "c o n n a r d",
            "connnnard",
            "СОNNARD",
            "con\u{200B}nard",
            "c🤬o🤬n🤬n🤬a🤬r🤬d",
            "𝒸𝑜𝓃𝓃𝒶𝓇𝒹",
            "c0nn@rd",
            "cônnàrd",
            "c_0_n_n_a_r_d",
        ] {
            assert_eq!(fold(disguised).text, "connard", "{disguised}");
        }
        assert_eq!(fold("c o n n a r d, va").text, "connard, va");
    }

    #[test]
    fn innocent_text_stays() {
        for (text, folded) in [
            ("L’été, c'est 2024 !", "l'ete, c'est 2024 !"),
            ("Il y a 5G et covid19, à 18h30.", "il y a 5g et covid19, a 18h30."),
            ("h1n1 b2b 4x4 1.2.3.4", "h1n1 b2b 4x4 1.2.3.4"),
            ("jean.dupont@poste.fr https://a.b.c/d0e", "jean.dupont@poste.fr https://a.b.c/d0e"),
            ("Это сон", "это сон"),
            ("ne t'en va-t-il pas", "ne t'en va-t-il pas"),
        ] {
            assert_eq!(fold(text).text, folded);
        }
    }

    #[test]
    fn what_was_undone_is_counted() {
        let disguises = fold("c0nnard СОN c.o.n coooon").disguises;
        assert_eq!(
            disguises,
            Disguises { leet: 1, twins: 2, spaced: 1, stretched: 1, ..Disguises::default() }
        );
    }

    #[test]
    fn the_map_leads_back_to_the_original() {
        let text = "Quel C.0.N.N.A.R.D, œuf";
        let folded = fold(text);
        let at = folded.text.find("connard").unwrap();
        assert_eq!(&text[folded.offsets.original(at, at + 7)], "C.0.N.N.A.R.D");
        assert_eq!(fold("ah connaaaard").stretches, [8]);
        let at = folded.text.find("oeuf").unwrap();
        assert_eq!(&text[folded.offsets.original(at, at + 4)], "œuf");
    }

    proptest! {
        #[test]
        fn folding_is_idempotent_and_maps_back(text in "[a-dA-D0-4.@$ \\-*éÉœ’\u{200B}\u{301}СОас🤬\u{A0}\n]{0,24}") {
            let folded = fold(&text);
            prop_assert_eq!(&fold(&folded.text).text, &folded.text);
            prop_assert_eq!(folded.offsets.0.len(), folded.text.len());
            let mut last = 0;
            for &(start, end) in &folded.offsets.0 {
                prop_assert!(start >= last && start <= end);
                prop_assert!(text.is_char_boundary(start as usize) && text.is_char_boundary(end as usize));
                last = start;
            }
        }

        #[test]
        fn any_text_folds(text in "\\PC{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(&fold(&folded.text).text, &folded.text);
        }
    }
}
