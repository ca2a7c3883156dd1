//! Reads comments out of plain-text dumps of pages: what web crawls hold, and what inscriptis or html2text write.
//!
//! A dump has no markup. Comments are told by what recurs (one head per item, one row of buttons), by where it stands
//! (under an opening, before an end), and by words; the words are data, one file a language. Indentation may be kept or
//! lost. Where nothing recurs clearly there are no comments, and the reason is told.

mod anchor;
mod area;
mod body;
mod candidate;
mod cut;
mod date;
mod head;
mod line;
mod markers;
mod name;
mod phrase;
mod reply;
mod sheet;
mod title;

use std::collections::HashSet;

use super::{Absence, Extraction};
use crate::comment::Comment;
use area::Notice;
use body::Draft;
use candidate::Candidate;
use sheet::Sheet;

/// The comments of the dump `text`; `page` is its name.
pub fn extract(text: &str, page: &str) -> Extraction {
    let sheet = Sheet::read(text);
    match candidate::best(&sheet) {
        Some(found) => Extraction {
            comments: comments(&sheet, &found, page),
            matched: found.way.name().to_owned(),
            absence: None,
        },
        None => Extraction { absence: Some(absence(&sheet)), ..Extraction::default() },
    }
}

fn comments(sheet: &Sheet, found: &Candidate, page: &str) -> Vec<Comment> {
    let first = found.drafts.first().map_or(0, |draft| draft.line);
    let title = title::title(sheet, found.opening.map_or(first, |opening| opening.line));
    let ids = ids(&found.drafts);
    let mut comments: Vec<Comment> = found
        .drafts
        .iter()
        .zip(&ids)
        .map(|(draft, id)| Comment {
            id: id.clone(),
            author: draft.author.clone(),
            date: draft.date.clone(),
            text: draft.text.clone(),
            parent: None,
            page: page.to_owned(),
            title: title.clone(),
            status: draft.status,
            votes: None,
            found: format!("line {}", sheet.lines[draft.line].number),
            perspective: None,
        })
        .collect();
    let parents = reply::parents(sheet, &found.drafts);
    for (comment, parent) in comments.iter_mut().zip(parents) {
        comment.parent = parent.map(|parent| ids[parent].clone());
    }
    comments
}

/// The dump's own numbers where every comment has one of its own, else `c1`, `c2` ….
fn ids(drafts: &[Draft]) -> Vec<String> {
    let own: Vec<String> = drafts.iter().filter_map(|draft| draft.number.clone()).collect();
    let unique = own.iter().collect::<HashSet<_>>().len();
    if unique == drafts.len() {
        own
    } else {
        (1..=drafts.len()).map(|number| format!("c{number}")).collect()
    }
}

/// Why there are none, in the page's words.
fn absence(sheet: &Sheet) -> Absence {
    let find = |wanted: fn(&Notice) -> bool| {
        sheet
            .notices
            .iter()
            .rposition(|notice| notice.as_ref().is_some_and(wanted))
            .map(|at| sheet.lines[at].text.to_owned())
    };
    if let Some(words) = find(|notice| *notice == Notice::None) {
        return Absence::SaidNone(words);
    }
    if let Some(words) = find(|notice| *notice == Notice::Closed) {
        return Absence::Closed(words);
    }
    let counted = |notice: &Notice| matches!(notice, Notice::Elsewhere | Notice::Opening(Some(_)));
    match find(counted) {
        Some(sign) => Absence::Elsewhere { system: None, sign, export: None },
        None => Absence::NoArea,
    }
}
