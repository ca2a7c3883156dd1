//! Writes the queue for a terminal: an entry in two or three lines, none wider than the terminal.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::excerpt::{fit, one_line};
use super::sentence::sentences;
use super::visible::visible;
use super::words::Words;
use super::{Colour, Style};
use crate::error::Result;
use crate::scorer::Confidence;
use crate::triage::{Advice, Entry, Queue};

/// Narrower than this nothing can be read.
const NARROWEST: usize = 24;

/// First how many comments got which advice, then for each entry its rank, advice, label, probability and author;
/// the first line of its text; and its reasons.
pub(super) fn write(queue: &Queue, style: &Style, out: &mut dyn Write) -> Result<()> {
    let words = style.locale.words();
    let width = style.width.max(NARROWEST);
    writeln!(out, "{}", paint(style.colour, BOLD, &summary(queue, words, width)))?;
    let digits = queue.entries.iter().map(|entry| entry.rank).max().unwrap_or(0).to_string().len();
    let indent = " ".repeat(digits + 2);
    let room = width - indent.len();
    for entry in &queue.entries {
        let head = format!("{:>digits$}  {}", entry.rank, head(queue, entry, words));
        let hue = match entry.advice {
            Advice::Reject => RED,
            Advice::Review => YELLOW,
            Advice::Approve => DIM,
        };
        writeln!(out, "{}", paint(style.colour, hue, &fit(&head, width)))?;
        let comment = queue.comment(entry);
        writeln!(out, "{indent}{}", fit(&first_line(&comment.text, words), room))?;
        let told = sentences(style.locale, &comment.text, &entry.reasons);
        if !told.is_empty() {
            let told: Vec<&str> = told.iter().map(|one| one.text.as_str()).collect();
            let told = fit(&format!("↳ {}", told.join(" · ")), room);
            writeln!(out, "{indent}{}", paint(style.colour, DIM, &told))?;
        }
    }
    if queue.entries.is_empty() {
        writeln!(out, "{}", words.phrases.nothing)?;
    }
    out.flush()?;
    Ok(())
}

/// The counts in one line, or one a line where that is too wide: no number may be cut.
fn summary(queue: &Queue, words: &Words, width: usize) -> String {
    let counts = queue.counts;
    let parts = [
        (&words.phrases.read, counts.read),
        (&words.phrases.reject, counts.reject),
        (&words.phrases.review, counts.review),
        (&words.phrases.approve, counts.approve),
    ];
    let parts = parts.map(|(what, number)| format!("{what} {}", words.number(number)));
    let line = parts.join(" · ");
    if line.width() <= width { line } else { parts.join("\n") }
}

fn head(queue: &Queue, entry: &Entry, words: &Words) -> String {
    let leading = entry.assessment.leading;
    let label = words.label(&queue.adviser.labels()[leading]);
    let probability = entry.scores.probabilities.get(leading).copied().unwrap_or_default();
    let author = queue.comment(entry).author.as_deref().map(one_line).unwrap_or_default();
    let author = if author.is_empty() { &words.phrases.nameless } else { &author };
    let mut head = format!(
        "{} · {} {} · {}",
        words.advice(entry.advice),
        visible(label),
        words.percent(probability),
        visible(author),
    );
    if entry.scores.confidence == Confidence::Low {
        head.push_str(" · ");
        head.push_str(&words.phrases.low.to_lowercase());
    }
    head
}

/// The first line with something in it, its hostile characters shown.
fn first_line(text: &str, words: &Words) -> String {
    let line = text.lines().map(one_line).find(|line| !line.is_empty());
    line.map_or_else(|| words.phrases.empty.clone(), |line| visible(&line).into_owned())
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "1;31";
const YELLOW: &str = "33";

fn paint(colour: Colour, code: &str, text: &str) -> String {
    match colour {
        Colour::Plain => text.to_string(),
        Colour::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
    }
}
