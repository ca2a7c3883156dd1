//! Shows how pages are read: what was tried, what spoke for it, and what came of each record.

use std::fmt::Write as _;

use vigie::comment::Comment;
use vigie::source::page::{Attempt, Explanation, Seen, Verdict};
use vigie::source::{Explained, Extraction};

/// Letters shown of a comment's text.
const SHOWN: usize = 60;

/// What is told of one input, in lines.
pub fn text(name: &str, explained: &Explained) -> String {
    let mut out = format!("{name}\n");
    match explained {
        Explained::Page(explanation) => page(explanation, &mut out),
        Explained::Dump(extraction) => {
            line(&mut out, "  read as a text dump");
            matched(extraction, &mut out);
            extraction.comments.iter().for_each(|comment| kept(comment, &mut out));
        }
        Explained::Other(kind) => {
            line(&mut out, &format!("  {kind}: no page to explain; extract it without --explain"));
        }
    }
    out
}

fn page(explanation: &Explanation, out: &mut String) {
    line(out, "  tried");
    if explanation.attempts.is_empty() {
        line(out, "    nothing: no mark of a known system, and nothing repeats as comments do");
    }
    explanation.attempts.iter().for_each(|tried| attempt(tried, out));
    matched(&explanation.extraction, out);
    for seen in &explanation.records {
        match seen {
            Seen::Kept(comment) => kept(comment, out),
            Seen::Dropped { found, reason } => line(out, &format!("    - {found}: {reason}")),
        }
    }
}

fn attempt(attempt: &Attempt, out: &mut String) {
    let Attempt { by, sign, records, .. } = attempt;
    let verdict = match attempt.verdict {
        Verdict::Worth(worth) => format!("worth {worth:.1}"),
        Verdict::Refused { score, needed } => {
            format!("refused: {score:.1}, comments need {needed:.1}")
        }
        Verdict::Empty => "no text in them".to_owned(),
    };
    line(out, &format!("    {by} ({sign}): records: {records}; {verdict}"));
    let told: Vec<String> =
        attempt.evidence.iter().map(|(name, value)| format!("{name} {value:+.1}")).collect();
    if !told.is_empty() {
        line(out, &format!("      {}", told.join(", ")));
    }
}

fn matched(extraction: &Extraction, out: &mut String) {
    match &extraction.absence {
        Some(absence) => line(out, &format!("  no comments: {absence}")),
        None => {
            let (by, count) = (&extraction.matched, extraction.comments.len());
            line(out, &format!("  chosen: {by}; comments: {count}"));
        }
    }
}

fn kept(comment: &Comment, out: &mut String) {
    let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
    let mut excerpt: String = comment.text.chars().take(SHOWN).collect();
    if excerpt.len() < comment.text.len() {
        excerpt.push('…');
    }
    let parent = comment.parent.as_deref().map(|id| format!(" answers {id}")).unwrap_or_default();
    let status = comment.status.map(|status| format!(" [{}]", status.name())).unwrap_or_default();
    let (author, date) = (told(&comment.author), told(&comment.date));
    let excerpt = excerpt.split_whitespace().collect::<Vec<_>>().join(" ");
    let (found, id) = (&comment.found, &comment.id);
    line(out, &format!("    + {found}: {id}{parent}{status} | {author} | {date} | {excerpt}"));
}

/// Adds a line; control characters of a page stay off the terminal.
fn line(out: &mut String, words: &str) {
    let clean: String = words.chars().filter(|c| !c.is_control()).collect();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{clean}");
}
