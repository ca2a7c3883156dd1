//! Defines the word lists by which the parts of a comment are told apart, read once from `words.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use rustc_hash::FxHashSet;

/// The lists.
pub static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("words.toml")).expect("the embedded lists are tested")
});

/// The lists of `words.toml`, under the same names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Words {
    pub chrome: FxHashSet<String>,
    pub chrome_classes: FxHashSet<String>,
    pub foreign_classes: FxHashSet<String>,
    pub author_classes: FxHashSet<String>,
    pub name_classes: FxHashSet<String>,
    pub not_author_classes: FxHashSet<String>,
    pub author_links: Vec<String>,
    pub author_before: Vec<String>,
    pub author_after: Vec<String>,
    pub joints: FxHashSet<String>,
    pub body_classes: FxHashSet<String>,
    pub comment_cues: FxHashSet<String>,
    pub strong_cues: FxHashSet<String>,
    pub trap_cues: FxHashSet<String>,
    pub doubt_cues: FxHashSet<String>,
    pub other_date: Vec<String>,
    pub reply_containers: FxHashSet<String>,
    pub reply_before: Vec<String>,
    pub deleted: FxHashSet<String>,
}

/// Calls `with` on the parts of the names in a `class` or `id`: `commentBody-text_2` has `comment`, `body` and `text`;
/// a whole name is a part too.
pub fn parts(names: &str, mut with: impl FnMut(&str)) {
    let mut part = String::with_capacity(64);
    for name in names.split_ascii_whitespace().filter(|name| name.is_ascii()) {
        part.clear();
        part.push_str(name);
        part.make_ascii_lowercase();
        let (mut start, mut pieces, mut last_lower) = (0, 0, false);
        for (at, byte) in name.bytes().enumerate() {
            let letter = byte.is_ascii_alphabetic();
            if !letter || (byte.is_ascii_uppercase() && last_lower) {
                if start < at {
                    with(&part[start..at]);
                    pieces += 1;
                }
                start = at + usize::from(!letter);
            }
            last_lower = byte.is_ascii_lowercase();
        }
        if start < name.len() {
            with(&part[start..]);
        }
        if pieces > 0 {
            with(&part);
        }
    }
    part.clear();
    // Names in other alphabets are rare, and dearer to take apart.
    for name in names.split_ascii_whitespace().filter(|name| !name.is_ascii()) {
        let mut pieces = 0;
        let mut last_lower = false;
        for c in name.chars() {
            let breaks = !c.is_alphabetic() || (c.is_uppercase() && last_lower);
            if breaks && !part.is_empty() {
                with(&part);
                pieces += 1;
                part.clear();
            }
            if c.is_alphabetic() {
                part.extend(c.to_lowercase());
            }
            last_lower = c.is_lowercase();
        }
        end(name, &mut part, pieces, &mut with);
    }
}

/// The last part of a name; the whole name, where it has several.
fn end(name: &str, part: &mut String, pieces: usize, with: &mut impl FnMut(&str)) {
    if !part.is_empty() {
        with(part);
        part.clear();
    }
    if pieces > 0 {
        part.push_str(name);
        part.make_ascii_lowercase();
        with(part);
        part.clear();
    }
}

/// Whether a short text is the label of a link or button around a comment.
pub fn is_chrome(line: &str) -> bool {
    let line = line.trim_matches(|c: char| c.is_whitespace() || "|•·:()[]".contains(c));
    if line.len() > 40 {
        return false;
    }
    let lower = line.to_lowercase();
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || "() +".contains(c));
    line.is_empty() || WORDS.chrome.contains(bare) || WORDS.chrome.contains(&lower)
}

/// Whether a text is what is left of a comment that was taken away.
pub fn is_deleted(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let lower = text.to_lowercase().replace('’', "'");
    WORDS.deleted.contains(lower.trim().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let mut seen = Vec::new();
        parts("commentBody-text_2 fn", |part| seen.push(part.to_owned()));
        assert_eq!(seen, ["comment", "body", "text", "commentbody-text_2", "fn"]);
    }

    #[test]
    fn labels_may_be_counted() {
        assert!(is_chrome("Répondre") && is_chrome(" Like (3)") && is_chrome("•"));
        assert!(!is_chrome("Répondre à quoi ?"));
    }
}
