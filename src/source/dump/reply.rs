//! Tells whom a comment answers: by words, by numbers (`#1.1`), by a quoted author, by the indentation that was kept.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::body::Draft;
use super::line::Bullet;
use super::markers::{MARKERS, any_of};
use super::sheet::Sheet;
use crate::comment::parents_by_depth;

/// « Ada a écrit : » before a quotation.
static QUOTE: LazyLock<Regex> = LazyLock::new(|| {
    let quotes = any_of(&MARKERS.quotes);
    Regex::new(&format!(r"(?i)^\W*(?P<whom>.{{1,60}}?)\s+(?:{quotes})\s*:\s*[↑⬆]?\s*(?:\W.*)?$"))
        .expect("the pattern is built from tested lists")
});

/// The latest comment of each author and of each number so far. A page may hold a million answers: each is one look-up.
#[derive(Default)]
struct Latest<'a> {
    by_author: HashMap<String, usize>,
    by_number: HashMap<&'a str, usize>,
}

impl Latest<'_> {
    fn by(&self, author: &str) -> Option<usize> {
        self.by_author.get(&fold(author)).copied()
    }
}

/// Names are compared without case and outer blanks.
fn fold(author: &str) -> String {
    author.trim().to_lowercase()
}

/// The parents of `drafts`, as indices.
pub(super) fn parents(sheet: &Sheet, drafts: &[Draft]) -> Vec<Option<usize>> {
    let by_depth = depths(sheet, drafts).map(|depths| parents_by_depth(&depths));
    let mut latest = Latest::default();
    let mut parents = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        let parent = by_words(draft, &latest)
            .or_else(|| by_number(draft, &latest))
            .or_else(|| by_depth.as_ref().and_then(|parents| parents[index]))
            .or_else(|| by_quote(&draft.text, &latest));
        parents.push(parent);
        if let Some(author) = &draft.author {
            latest.by_author.insert(fold(author), index);
        }
        if let Some(number) = &draft.number {
            latest.by_number.insert(number, index);
        }
    }
    parents
}

fn by_words(draft: &Draft, latest: &Latest) -> Option<usize> {
    let whom = draft.answers.as_deref()?;
    latest.by(whom).or_else(|| {
        // « Antwort auf #2 von Ada » names both.
        let name = [" von ", " by ", " de ", " par "].iter().find_map(|by| whom.rsplit_once(by))?.1;
        latest.by(name)
    })
}

/// `#1.1` answers `#1`.
fn by_number(draft: &Draft, latest: &Latest) -> Option<usize> {
    let (above, _) = draft.number.as_deref()?.rsplit_once('.')?;
    latest.by_number.get(above).copied()
}

/// The text begins with the quotation of an earlier author.
fn by_quote(text: &str, latest: &Latest) -> Option<usize> {
    let first = text.lines().next().filter(|line| line.len() <= 120)?;
    latest.by(&QUOTE.captures(first)?["whom"])
}

/// How deep each comment stands: by columns where the dump kept them, else by the bullets of nested lists.
fn depths(sheet: &Sheet, drafts: &[Draft]) -> Option<Vec<u32>> {
    // One column more or less is the width of an ordinal, not a depth.
    let columns: Vec<u32> =
        drafts.iter().map(|draft| sheet.lines[draft.anchor].column / 2).collect();
    let varied = |depths: &[u32]| depths.iter().any(|&depth| depth != depths[0]);
    if varied(&columns) {
        return Some(columns);
    }
    let flat = drafts.iter().all(|draft| sheet.lines[draft.line].indent == 0);
    let bullets: Option<Vec<u32>> = drafts
        .iter()
        .map(|draft| sheet.lines[draft.line].bullet.filter(|_| flat).map(Bullet::depth))
        .collect();
    bullets.filter(|depths| varied(depths))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drafts(list: &[(&str, Option<&str>, Option<&str>, usize)]) -> Vec<Draft> {
        let draft =
            |(author, answers, number, anchor): &(&str, Option<&str>, Option<&str>, usize)| Draft {
                author: Some(author.to_string()),
                answers: answers.map(str::to_owned),
                number: number.map(str::to_owned),
                line: *anchor,
                anchor: *anchor,
                ..Draft::default()
            };
        list.iter().map(draft).collect()
    }

    #[test]
    fn words_go_before_indentation() {
        let sheet = Sheet::read("a\n    b\n    c\nd");
        let drafts = drafts(&[
            ("Ada", None, None, 0),
            ("Bob", None, None, 1),
            ("Eve", Some("bob"), None, 2),
            ("Ada", None, None, 3),
        ]);
        assert_eq!(parents(&sheet, &drafts), [None, Some(0), Some(1), None]);
    }

    #[test]
    fn numbers_and_bullets_tell_depth_where_columns_are_lost() {
        let sheet = Sheet::read("a\nb");
        let numbered = drafts(&[("Ada", None, Some("1"), 0), ("Bob", None, Some("1.1"), 1)]);
        assert_eq!(parents(&sheet, &numbered), [None, Some(0)]);
        let sheet = Sheet::read("* a\n+ b\n* c");
        let nested =
            drafts(&[("Ada", None, None, 0), ("Bob", None, None, 1), ("Eve", None, None, 2)]);
        assert_eq!(parents(&sheet, &nested), [None, Some(0), None]);
    }

    #[test]
    fn a_quoted_author_is_answered() {
        let mut earlier = Latest::default();
        earlier.by_author.insert("ada".into(), 0);
        assert_eq!(by_quote("Ada a écrit : « Non »\nSi.", &earlier), Some(0));
        assert_eq!(by_quote("Ada a raison", &earlier), None);
    }
}
