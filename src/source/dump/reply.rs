//! Tells whom a comment answers: by words, by numbers (`#1.1`), by a quoted author, by the indentation that was kept.

use std::sync::LazyLock;

use regex::Regex;

use super::body::Draft;
use super::line::Bullet;
use super::markers::{MARKERS, any_of};
use super::sheet::Sheet;
use crate::comment::{Comment, latest_by, parents_by_depth};

/// « Ada a écrit : » before a quotation.
static QUOTE: LazyLock<Regex> = LazyLock::new(|| {
    let quotes = any_of(&MARKERS.quotes);
    Regex::new(&format!(r"(?i)^\W*(?P<whom>.{{1,60}}?)\s+(?:{quotes})\s*:\s*[↑⬆]?\s*(?:\W.*)?$"))
        .expect("the pattern is built from tested lists")
});

/// The parents of `comments`, as indices.
pub(super) fn parents(sheet: &Sheet, drafts: &[Draft], comments: &[Comment]) -> Vec<Option<usize>> {
    let by_depth = depths(sheet, drafts).map(|depths| parents_by_depth(&depths));
    (0..drafts.len())
        .map(|index| {
            by_words(&drafts[index], &comments[..index])
                .or_else(|| by_number(drafts, index))
                .or_else(|| by_depth.as_ref().and_then(|parents| parents[index]))
                .or_else(|| by_quote(&drafts[index].text, &comments[..index]))
        })
        .collect()
}

fn by_words(draft: &Draft, earlier: &[Comment]) -> Option<usize> {
    let whom = draft.answers.as_deref()?;
    latest_by(earlier, whom).or_else(|| {
        // « Antwort auf #2 von Ada » names both.
        let name = [" von ", " by ", " de ", " par "].iter().find_map(|by| whom.rsplit_once(by))?.1;
        latest_by(earlier, name)
    })
}

/// `#1.1` answers `#1`.
fn by_number(drafts: &[Draft], index: usize) -> Option<usize> {
    let (above, _) = drafts[index].number.as_deref()?.rsplit_once('.')?;
    drafts[..index].iter().rposition(|draft| draft.number.as_deref() == Some(above))
}

/// The text begins with the quotation of an earlier author.
fn by_quote(text: &str, earlier: &[Comment]) -> Option<usize> {
    let first = text.lines().next().filter(|line| line.len() <= 120)?;
    latest_by(earlier, &QUOTE.captures(first)?["whom"])
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

    fn drafts(list: &[(&str, Option<&str>, Option<&str>, usize)]) -> (Vec<Draft>, Vec<Comment>) {
        let draft =
            |(author, answers, number, anchor): &(&str, Option<&str>, Option<&str>, usize)| Draft {
                author: Some(author.to_string()),
                answers: answers.map(str::to_owned),
                number: number.map(str::to_owned),
                line: *anchor,
                anchor: *anchor,
                ..Draft::default()
            };
        let drafts: Vec<Draft> = list.iter().map(draft).collect();
        let comments = drafts
            .iter()
            .map(|draft| Comment { author: draft.author.clone(), ..Comment::default() })
            .collect();
        (drafts, comments)
    }

    #[test]
    fn words_go_before_indentation() {
        let sheet = Sheet::read("a\n    b\n    c\nd");
        let (drafts, comments) = drafts(&[
            ("Ada", None, None, 0),
            ("Bob", None, None, 1),
            ("Eve", Some("bob"), None, 2),
            ("Ada", None, None, 3),
        ]);
        assert_eq!(parents(&sheet, &drafts, &comments), [None, Some(0), Some(1), None]);
    }

    #[test]
    fn numbers_and_bullets_tell_depth_where_columns_are_lost() {
        let sheet = Sheet::read("a\nb");
        let (numbered, comments) =
            drafts(&[("Ada", None, Some("1"), 0), ("Bob", None, Some("1.1"), 1)]);
        assert_eq!(parents(&sheet, &numbered, &comments), [None, Some(0)]);
        let sheet = Sheet::read("* a\n+ b\n* c");
        let (nested, comments) =
            drafts(&[("Ada", None, None, 0), ("Bob", None, None, 1), ("Eve", None, None, 2)]);
        assert_eq!(parents(&sheet, &nested, &comments), [None, Some(0), None]);
    }

    #[test]
    fn a_quoted_author_is_answered() {
        let earlier = [Comment { author: Some("Ada".into()), ..Comment::default() }];
        assert_eq!(by_quote("Ada a écrit : « Non »\nSi.", &earlier), Some(0));
        assert_eq!(by_quote("Ada a raison", &earlier), None);
    }
}
