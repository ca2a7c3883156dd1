//! Maps single characters: case, accents, compatibility forms, look-alikes of Latin letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What folding makes of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Dropped: it has no width, or only decorates its neighbour.
    Gone,
    /// Parts words.
    Blank,
    /// One to four characters, in lower case and without accents; unused ones are `\0`.
    Kept([char; 4]),
}

/// What folding makes of `c`, seen alone.
pub(super) fn fate(c: char) -> Fate {
    if blank(c) {
        return Fate::Blank;
    }
    if invisible(c) || is_combining_mark(c) {
        return Fate::Gone;
    }
    let mut kept = ['\0'; 4];
    let mut length = 0;
    let lowered = c.nfkd().filter(|&part| !is_combining_mark(part)).flat_map(char::to_lowercase);
    // Lower-casing may bring a combining mark back (İ): the second filter takes it away again.
    for part in lowered.filter(|&part| !is_combining_mark(part)) {
        let latin = ligature(part);
        let one = [if blank(part) { ' ' } else { part }];
        let parts: &[char] = if latin.is_empty() { &one } else { latin };
        for &part in parts {
            if length < kept.len() {
                kept[length] = part;
                length += 1;
            }
        }
    }
    if length == 0 || kept[0] == ' ' { Fate::Blank } else { Fate::Kept(kept) }
}

/// Blanks of all scripts, control characters, and letters that are drawn as nothing.
fn blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{2800}' | '\u{3164}' | '\u{115F}' | '\u{1160}' | '\u{FFA0}')
}

/// Zero-width and direction marks, soft hyphen, variation selectors, tags.
fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E01EF}'
    )
}

/// Letters and marks that compatibility decomposition leaves whole.
fn ligature(c: char) -> &'static [char] {
    match c {
        'œ' => &['o', 'e'],
        'æ' => &['a', 'e'],
        'ß' => &['s', 's'],
        'þ' => &['t', 'h'],
        'ø' => &['o'],
        'ł' => &['l'],
        'đ' | 'ð' => &['d'],
        'ħ' => &['h'],
        'ı' => &['i'],
        'ŧ' => &['t'],
        '‘' | '’' | 'ʼ' | '`' | '´' | '′' | '‛' => &['\''],
        '“' | '”' | '„' | '«' | '»' | '‟' => &['"'],
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => &['-'],
        _ => &[],
    }
}

/// The Latin letter that a Greek or Cyrillic (lower-case) letter is drawn like.
///
/// From the shapes listed in Unicode Technical Standard 39 (confusables), the lower-case ones in common use.
pub(super) fn latin_twin(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' | 'ё' => 'e',
        'г' => 'r',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ї' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'п' | 'η' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ц' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

/// The letter that a digit or sign stands for when it is written between letters.
pub(super) fn leet(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(c: char) -> String {
        match fate(c) {
            Fate::Kept(parts) => parts.iter().filter(|&&part| part != '\0').collect(),
            Fate::Blank => " ".into(),
            Fate::Gone => String::new(),
        }
    }

    #[test]
    fn accents_case_and_compatibility_forms_fold() {
        let folded: String = "ÉçŒﬁＡ𝓬🅲…’ Ⅷ".chars().map(kept).collect();
        assert_eq!(folded, "ecoefiac🅲...' viii");
    }

    #[test]
    fn what_has_no_width_is_gone() {
        assert_eq!("a\u{200B}\u{301}\u{FE0F}b".chars().map(kept).collect::<String>(), "ab");
    }

    #[test]
    fn every_result_folds_to_itself() {
        for c in ('\0'..'\u{30000}').filter(|c| c.is_alphanumeric()) {
            for part in kept(c).chars() {
                assert_eq!(kept(part), part.to_string(), "{c} gives {part}");
            }
        }
    }
}
