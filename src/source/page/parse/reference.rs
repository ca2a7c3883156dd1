//! Decodes character references: `&amp;`, `&#233;`, and the old ones without a semicolon.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use html5ever::tendril::StrTendril;

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Between tags.
    Text,
    /// In a tag.
    Attribute,
    /// Where there are no references.
    Raw,
}

/// The text with its references replaced.
pub fn decoded(text: &str, within: Within) -> StrTendril {
    let mut out = StrTendril::with_capacity(text.len() as u32);
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let told = if rest.starts_with('#') { numbered(rest) } else { named(rest, within) };
        match told {
            Some((first, second, length)) => {
                out.push_char(first);
                second.into_iter().for_each(|second| out.push_char(second));
                rest = &rest[length..];
            }
            None => out.push_char('&'),
        }
    }
    out.push_slice(rest);
    out
}

/// What a reference stands for, and how long it is behind its `&`.
type Told = (char, Option<char>, usize);

/// `#233;`, `#xe9`
fn numbered(text: &str) -> Option<Told> {
    let (base, start) = if text[1..].starts_with(['x', 'X']) { (16, 2) } else { (10, 1) };
    let digits = text[start..].chars().take_while(|c| c.is_digit(base)).count();
    if digits == 0 {
        return None;
    }
    let end = start + digits;
    let values = text[start..end].chars().filter_map(|c| c.to_digit(base));
    let value = values.fold(0u32, |sum, digit| sum.saturating_mul(base).saturating_add(digit));
    let c = match value {
        0 => '\u{fffd}',
        0x80..=0x9f => {
            let meant = C1_REPLACEMENTS[value as usize - 0x80];
            meant.unwrap_or(char::from_u32(value)?)
        }
        value => char::from_u32(value).unwrap_or('\u{fffd}'),
    };
    Some((c, None, end + usize::from(text[end..].starts_with(';'))))
}

/// `eacute;`, `amp`: the longest name that is one.
fn named(text: &str, within: Within) -> Option<Told> {
    let longest = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let known = |end: usize| {
        let &(first, second) = NAMED_ENTITIES.get(&text[..end])?;
        Some((char::from_u32(first)?, char::from_u32(second).filter(|&c| c != '\0')))
            .filter(|_| first != 0)
    };
    if text[longest..].starts_with(';')
        && let Some((first, second)) = known(longest + 1)
    {
        return Some((first, second, longest + 1));
    }
    // Names without a semicolon are old, and short.
    let end = (1..=longest.min(LONGEST_OLD)).rev().find(|&end| known(end).is_some())?;
    let next = text[end..].chars().next();
    if within == Within::Attribute && next.is_some_and(|c| c == '=' || c.is_ascii_alphanumeric()) {
        return None;
    }
    let (first, second) = known(end)?;
    Some((first, second, end))
}

/// The longest of the old names, `frac12` and the like, has so many letters.
const LONGEST_OLD: usize = 6;
