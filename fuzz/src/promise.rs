//! The promises.

use std::collections::HashSet;

use vigie::comment::{Comment, Thread};
use vigie::source::table::{neutralise, restore};
use vigie::source::{Extraction, Item};

use crate::{Reading, read_bytes};

/// Holds what came of some bytes to what is promised of every input.
pub fn check(reading: &Reading) {
    if let Some(error) = &reading.error {
        one_line(error);
        assert!(error.contains(&reading.name), "names the file: {error:?}");
    }
    let nothing = reading.items.is_empty() && reading.error.is_none();
    assert!(!nothing || reading.is_table, "an input without comments says why");
    let mut comments = Vec::new();
    for item in &reading.items {
        match item {
            // A service's score is no part of the table.
            Item::Comment(comment) => {
                comments.push(Comment { perspective: None, ..comment.clone() });
            }
            Item::Reject(reject) => {
                one_line(&reject.reason);
                assert!(reject.record > 0, "records are counted from 1: {reject:?}");
                assert!(reject.line != Some(0), "lines are counted from 1: {reject:?}");
                assert!(reject.raw.len() < 100_000, "an excerpt, not the record");
            }
            Item::Absent { page, absence } => {
                one_line(&absence.to_string());
                assert!(!page.is_empty(), "{absence}");
            }
            Item::Remark { page, told } => {
                one_line(told);
                assert!(!page.is_empty(), "{told}");
            }
        }
    }
    check_comments(&comments);
    check_table(&comments);
}

/// Holds the comment table to be read as it was written: the commands hand it on to each other.
fn check_table(comments: &[Comment]) {
    if comments.is_empty() {
        return;
    }
    let line = |comment| serde_json::to_string(comment).expect("every comment can be written");
    let table: Vec<String> = comments.iter().map(line).collect();
    let again = read_bytes((table.join("\n") + "\n").as_bytes(), "-");
    assert_eq!(again.error, None);
    let again: Vec<&Comment> = again
        .items
        .iter()
        .map(|item| match item {
            Item::Comment(comment) => comment,
            other => panic!("in a comment table: {other:?}"),
        })
        .collect();
    assert_eq!(again, comments.iter().collect::<Vec<_>>(), "written and read");
}

/// Holds what came of one page to what is promised of pages beyond that: nothing is a comment that says nothing, and replies
/// are to comments of the page.
pub fn check_extraction(extraction: &Extraction) {
    let Extraction { comments, matched, absence } = extraction;
    assert_eq!(comments.is_empty(), absence.is_some(), "comments, or why there are none");
    assert_eq!(comments.is_empty(), matched.is_empty(), "what found them is told");
    if let Some(absence) = absence {
        one_line(&absence.to_string());
    }
    let ids: HashSet<&str> = comments.iter().map(|comment| comment.id.as_str()).collect();
    for comment in comments {
        assert!(!comment.text.trim().is_empty() || comment.status.is_some(), "{comment:?}");
        if let Some(parent) = &comment.parent {
            assert!(ids.contains(parent.as_str()), "answers nobody: {comment:?}");
            assert_ne!(parent, &comment.id, "answers itself: {comment:?}");
        }
    }
    check_comments(comments);
    check_table(comments);
}

fn check_comments(comments: &[Comment]) {
    for comment in comments {
        assert!(!comment.id.is_empty(), "{comment:?}");
        assert!(!comment.found.is_empty(), "{comment:?}");
        assert!(!comment.page.is_empty(), "{comment:?}");
        for told in [&comment.author, &comment.date, &comment.parent, &comment.title] {
            assert!(told.as_deref() != Some(""), "empty is not known: {comment:?}");
        }
        let line = serde_json::to_string(comment).expect("every comment can be written");
        assert_eq!(serde_json::from_str::<Comment>(&line).ok().as_ref(), Some(comment));
        for cell in comment.cells() {
            assert_eq!(restore(&neutralise(&cell)), cell.as_str(), "harmless cells come back");
        }
    }
    // However the parents point, every chain of replies ends.
    let thread = Thread::build(comments);
    for index in (0..comments.len()).take(200) {
        assert!(thread.ancestors(index).count() < comments.len());
    }
}

fn one_line(told: &str) {
    assert!(!told.trim().is_empty(), "a reason is told");
    assert_eq!(told.lines().count(), 1, "in one line: {told:?}");
}
