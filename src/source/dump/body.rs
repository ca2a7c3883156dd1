//! Reads an item's lines into a comment: author, date and number from its head, the text without what stands around it.

use std::collections::HashMap;
use std::ops::Range;

use super::area::Notice;
use super::cut::Item;
use super::date;
use super::head::{self, Shape};
use super::markers::MARKERS;
use super::name;
use super::phrase;
use super::sheet::{Sheet, Voice};
use crate::comment::Status;

/// What one item says, before ids and parents are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub author: Option<String>,
    pub date: Option<String>,
    pub text: String,
    pub status: Option<Status>,
    /// The author answered.
    pub answers: Option<String>,
    /// The dump's own number.
    pub number: Option<String>,
    /// The line where it begins, as an index.
    pub line: usize,
    /// The line by which it was found, as an index.
    pub anchor: usize,
}

/// Lines of the whole list that are the page's furniture, because they recur word for word.
pub(super) type Furniture<'a> = HashMap<&'a str, usize>;

/// The comment that `item` holds.
pub(super) fn read(sheet: &Sheet, item: &Item, furniture: &Furniture) -> Draft {
    let mut draft =
        Draft { line: item.head.start.min(item.anchor), anchor: item.anchor, ..Draft::default() };
    take_head(sheet, item.anchor, &mut draft);
    for at in item.head.clone().filter(|&at| at != item.anchor) {
        take_date(sheet, at, &mut draft);
    }
    let mut body = item.body.clone();
    skip_head(sheet, &mut body, &mut draft, furniture);
    if draft.author.is_none() {
        draft.author = author_before(sheet, item, furniture);
    }
    skip_tail(sheet, &mut body, &mut draft, furniture);
    draft.text = text(sheet, body, &mut draft, furniture);
    draft.status = status(&draft.text).or(draft.status);
    draft
}

/// What the anchor itself tells.
fn take_head(sheet: &Sheet, at: usize, draft: &mut Draft) {
    match &sheet.heads[at] {
        Some(head) => {
            draft.author = head.author.clone();
            draft.date = head.date.clone();
            draft.answers = head.answers.clone();
            draft.number = head.number.clone();
        }
        None => draft.author = name::author(sheet.lines[at].text),
    }
}

/// A date, a number, an answer on a line that holds little else.
fn take_date(sheet: &Sheet, at: usize, draft: &mut Draft) {
    let line = &sheet.lines[at];
    if let Some(head) = &sheet.heads[at] {
        if matches!(head.shape, Shape::Dated | Shape::Numbered) {
            draft.date = draft.date.take().or_else(|| head.date.clone());
            draft.number = draft.number.take().or_else(|| head.number.clone());
        }
        if head.shape == Shape::Answered {
            draft.author = draft.author.take().or_else(|| head.author.clone());
            draft.answers = draft.answers.take().or_else(|| head.answers.clone());
        }
    } else if let Some(whom) = answers(sheet, at) {
        draft.answers.get_or_insert(whom);
    } else if date::is_bare(line.text) && draft.date.is_none() {
        draft.date = Some(line.text.to_owned());
    }
}

/// The name in the lines before the anchor: behind a bullet the first, else the nearest.
fn author_before(sheet: &Sheet, item: &Item, furniture: &Furniture) -> Option<String> {
    let before = item.head.start..item.anchor.min(item.head.end);
    let is_name = |at: &usize| {
        sheet.is_text(*at) && !sheet.is_date(*at) && name::is_name(sheet.lines[*at].text)
    };
    let is_own = |at: &usize| is_name(at) && !furniture.contains_key(sheet.lines[*at].text);
    let bulleted = before.clone().next().is_some_and(|at| sheet.lines[at].bullet.is_some());
    let found =
        if bulleted { before.clone().find(is_own) } else { before.clone().rev().find(is_own) };
    // Where the date stands alone and the name behind it was cut with the head, the whole head is searched; and who
    // wrote half of the comments recurs like furniture.
    let mut head = item.head.clone().filter(|&at| at != item.anchor);
    let found =
        found.or_else(|| head.find(is_own)).or_else(|| before.clone().rev().find(is_name))?;
    let text = sheet.lines[found].text;
    sheet.heads[found].as_ref().and_then(|head| head.author.clone()).or_else(|| name::author(text))
}

/// Steps over what still belongs to the head: badges, votes, the second half of a date, « En réponse à Ada ».
fn skip_head(sheet: &Sheet, body: &mut Range<usize>, draft: &mut Draft, furniture: &Furniture) {
    while body.start < body.end {
        let at = body.start;
        let line = &sheet.lines[at];
        if date::is_time(line.text) && body.start == draft.anchor + 1 {
            if let Some(date) = draft.date.as_mut().filter(|date| date::is_bare_day(date)) {
                date.push(' ');
                date.push_str(line.text);
            }
        } else if sheet.is_date(at) && draft.date.is_none() {
            take_date(sheet, at, draft);
        } else if let Some(whom) = answers(sheet, at) {
            draft.answers.get_or_insert(whom);
        } else if !(sheet.voices[at] != Voice::Text || furniture.contains_key(line.text)) {
            return;
        }
        note(sheet, at, draft);
        body.start += 1;
    }
}

/// Steps back over what stands behind the text: buttons, votes, a date at the foot.
fn skip_tail(sheet: &Sheet, body: &mut Range<usize>, draft: &mut Draft, furniture: &Furniture) {
    while body.end > body.start {
        let at = body.end - 1;
        let line = &sheet.lines[at];
        if sheet.is_date(at) && draft.date.is_none() {
            take_date(sheet, at, draft);
        } else if let Some(whom) = answers(sheet, at) {
            draft.answers.get_or_insert(whom);
        } else if !(sheet.voices[at] != Voice::Text
            || furniture.contains_key(line.text)
            || matches!(sheet.notices[at], Some(Notice::End | Notice::Form | Notice::Opening(_))))
        {
            return;
        }
        note(sheet, at, draft);
        body.end -= 1;
    }
}

/// Waiting for a moderator is said beside the text, not in it.
fn note(sheet: &Sheet, at: usize, draft: &mut Draft) {
    if MARKERS.pending.has(&phrase::words(sheet.lines[at].text)) {
        draft.status = Some(Status::Pending);
    }
}

fn answers(sheet: &Sheet, at: usize) -> Option<String> {
    sheet.lines[at].is_short().then(|| head::answers(sheet.lines[at].text)).flatten()
}

/// The lines as paragraphs, without furniture.
fn text(sheet: &Sheet, body: Range<usize>, draft: &mut Draft, furniture: &Furniture) -> String {
    let mut text = String::new();
    for at in body {
        let line = &sheet.lines[at];
        if furniture.contains_key(line.text) {
            continue;
        }
        if line.is_short() && MARKERS.pending.has(&phrase::words(line.text)) {
            draft.status = Some(Status::Pending);
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.extend(line.raw.chars().filter(|character| !character.is_control()));
    }
    text
}

/// Told by a text that stands in the place of the comment.
fn status(text: &str) -> Option<Status> {
    if text.len() > 160 {
        return None;
    }
    let words = phrase::words(text);
    let stands = |phrases: &phrase::Phrases| {
        phrases.has(&words) || phrases.at_head(&words).is_some_and(|length| length >= 3)
    };
    // « Entfernt. Bitte bleiben Sie beim Thema »: one word and the reason.
    let alone = text.split_once(". ").map(|(first, _)| phrase::words(first));
    let deleted =
        stands(&MARKERS.deleted) || alone.is_some_and(|words| MARKERS.deleted.has(&words));
    if deleted {
        Some(Status::Deleted)
    } else if stands(&MARKERS.hidden) {
        Some(Status::Hidden)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str, anchor: usize) -> Draft {
        let sheet = Sheet::read(text);
        let item = Item { anchor, head: 0..anchor + 1, body: anchor + 1..sheet.lines.len() };
        read(&sheet, &item, &Furniture::new())
    }

    #[test]
    fn the_text_loses_what_stands_around_it() {
        let draft = draft(
            "• Ada\n24 janvier 2017\n12h10\nEn réponse à Bob\n\nBonjour.\n\n12 fois merci.\n3\nRépondre Signaler",
            1,
        );
        assert_eq!(draft.author.as_deref(), Some("Ada"));
        assert_eq!(draft.date.as_deref(), Some("24 janvier 2017 12h10"));
        assert_eq!(draft.answers.as_deref(), Some("Bob"));
        assert_eq!(draft.text, "Bonjour.\n12 fois merci.");
    }

    #[test]
    fn the_status_is_told_by_the_text_in_its_place() {
        assert_eq!(
            draft("Ada dit :\nCe commentaire a été supprimé.", 0).status,
            Some(Status::Deleted)
        );
        assert_eq!(
            draft("Ada sagt:\nEntfernt. Bitte sachlich bleiben.", 0).status,
            Some(Status::Deleted)
        );
        let waiting = draft("Ada says:\nYour comment is awaiting moderation.\nHello there.", 0);
        assert_eq!(
            (waiting.status, waiting.text.as_str()),
            (Some(Status::Pending), "Hello there.")
        );
    }
}
