//! Cuts folded text into tokens whose spans, with the blanks between them, tile it.

/// A piece of folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the folded text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What kind of piece.
    pub kind: TokenKind,
    /// Hash of the piece; the same for equal pieces of any text, for ever (models depend on it).
    pub hash: u64,
}

/// Kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, digits, and `*` between them.
    Word,
    /// `@somebody`.
    Mention,
    /// A web or mail address.
    Address,
    /// An apostrophe or hyphen: parts words, but not phrases.
    Joint,
    /// A run of one same sign, or one symbol or emoji.
    Sign,
}

impl Token {
    /// The token's piece of the folded text.
    pub fn of<'t>(&self, folded: &'t str) -> &'t str {
        &folded[self.start as usize..self.end as usize]
    }
}

/// Hash of a piece of text; never changes, because models are built on it.
///
/// Multiply and fold, eight bytes at a time (after wyhash's mixing step).
pub fn hash(piece: &[u8]) -> u64 {
    let mut hash = 0x9E37_79B9_7F4A_7C15 ^ piece.len() as u64;
    for chunk in piece.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = mix(hash ^ u64::from_le_bytes(word));
    }
    hash
}

/// Spreads every bit of `key` over all bits.
#[inline]
pub fn mix(key: u64) -> u64 {
    let wide = u128::from(key ^ 0x2D35_8DCC_AA6C_78A5) * 0x8BB8_4B93_962E_ACC9_u128;
    wide as u64 ^ (wide >> 64) as u64
}

/// Cuts `folded` into `tokens`, replacing what it held.
pub fn tokenize(folded: &str, tokens: &mut Vec<Token>) {
    tokens.clear();
    let bytes = folded.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b' ' {
            at += 1;
            continue;
        }
        let (end, kind) = if word_length(folded, at) > 0 {
            word_or_address(folded, at)
        } else if bytes[at] == b'@' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) {
            (mention_end(bytes, at + 1), TokenKind::Mention)
        } else {
            let end = sign_end(folded, at);
            let joint = end - at == 1 && matches!(bytes[at], b'\'' | b'-');
            (end, if joint { TokenKind::Joint } else { TokenKind::Sign })
        };
        let hash = hash(&bytes[at..end]);
        tokens.push(Token { start: at as u32, end: end as u32, kind, hash });
        at = end;
    }
}

/// The length in bytes of the letter or digit at `at`, 0 when there is none.
fn word_length(folded: &str, at: usize) -> usize {
    let byte = folded.as_bytes()[at];
    if byte < 0x80 {
        usize::from(byte.is_ascii_alphanumeric())
    } else {
        let c = folded[at..].chars().next().expect("tokens begin at characters");
        if c.is_alphanumeric() { c.len_utf8() } else { 0 }
    }
}

fn word_or_address(folded: &str, start: usize) -> (usize, TokenKind) {
    let bytes = folded.as_bytes();
    if matches!(bytes[start], b'h' | b'w') {
        let rest = &folded[start..];
        if rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.") {
            let length = rest.find(' ').unwrap_or(rest.len());
            return (start + length, TokenKind::Address);
        }
    }
    let mut at = start;
    while at < bytes.len() {
        let length = match hidden_letters(&bytes[at..]) {
            0 => word_length(folded, at),
            stars => stars,
        };
        if length == 0 {
            break;
        }
        at += length;
    }
    (at, TokenKind::Word)
}

/// How many stars begin `bytes` that hide letters inside a word: they belong to it.
fn hidden_letters(bytes: &[u8]) -> usize {
    let stars = bytes.iter().take(MOST_HIDDEN + 1).take_while(|&&byte| byte == b'*').count();
    let inside = bytes.get(stars).is_some_and(u8::is_ascii_alphanumeric);
    if inside && stars <= MOST_HIDDEN { stars } else { 0 }
}

/// More stars in a row hide a whole word, or are decoration.
const MOST_HIDDEN: usize = 4;

fn mention_end(bytes: &[u8], start: usize) -> usize {
    let named = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    start + bytes[start..].iter().take_while(|byte| named(byte)).count()
}

fn sign_end(folded: &str, start: usize) -> usize {
    let c = folded[start..].chars().next().expect("tokens begin at characters");
    if !c.is_ascii() {
        return start + c.len_utf8();
    }
    start + folded.as_bytes()[start..].iter().take_while(|&&byte| byte == c as u8).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(folded: &str) -> Vec<(&str, TokenKind)> {
        let mut tokens = Vec::new();
        tokenize(folded, &mut tokens);
        tokens.iter().map(|token| (token.of(folded), token.kind)).collect()
    }

    #[test]
    fn elisions_and_hyphens_part_words() {
        let words: Vec<&str> = tokens("l'ete va-t'en").iter().map(|token| token.0).collect();
        assert_eq!(words, ["l", "'", "ete", "va", "-", "t", "'", "en"]);
    }

    #[test]
    fn kinds_are_told() {
        use TokenKind::{Address, Mention, Sign, Word};
        assert_eq!(
            tokens("@ada_l: c*n p**e * !!! 🤬 https://a.b/c"),
            [
                ("@ada_l", Mention),
                (":", Sign),
                ("c*n", Word),
                ("p**e", Word),
                ("*", Sign),
                ("!!!", Sign),
                ("🤬", Sign),
                ("https://a.b/c", Address)
            ]
        );
    }

    proptest! {
        #[test]
        fn spans_and_blanks_tile_the_text(text in "\\PC{0,40}") {
            let mut tokens = Vec::new();
            tokenize(&text, &mut tokens);
            let mut at = 0;
            for token in &tokens {
                prop_assert!(text[at..token.start as usize].bytes().all(|byte| byte == b' '));
                prop_assert!(token.end > token.start);
                at = token.end as usize;
            }
            prop_assert!(text[at..].bytes().all(|byte| byte == b' '));
        }
    }
}
