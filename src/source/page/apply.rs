//! Reads the comments of a page by a profile. Where the profile's selectors find nothing, the generic finders help.

use super::author;
use super::body;
use super::dom::{At, Dom};
use super::draft::{Answered, Draft};
use super::picker::{self, Picker};
use super::profile::{BodySpan, ParentRule, Profile, Value, captured};
use super::record::{Record, records};
use super::text::line;
use super::words::is_deleted;
use crate::comment::{Status, parents_by_depth};
use crate::source::date::find_date;

/// The comments of a page, as the profile sees them.
pub fn apply(dom: &Dom<'_>, profile: &Profile) -> Vec<Draft> {
    let meant =
        |&at: &At| picker::any(&profile.item, dom, at) && !picker::any(&profile.except, dom, at);
    let items: Vec<At> = (0..dom.len()).filter(meant).collect();
    let records = records(dom, &items, profile.extent);
    let mut drafts: Vec<Draft> = records.iter().map(|record| draft(dom, profile, record)).collect();
    tie(dom, profile, &records, &mut drafts);
    drafts
}

fn draft(dom: &Dom<'_>, profile: &Profile, record: &Record) -> Draft {
    let own: Vec<At> = record.places().collect();
    let date_at = first(dom, &own, &profile.date);
    let date = date_at.and_then(|(at, picker)| shown_date(dom, at, picker, profile));
    let mut author_at = None;
    let mut author = None;
    for picker in &profile.author {
        let Some(&at) = own.iter().find(|&&at| picker.matches(dom, at)) else { continue };
        let raw = match &picker.attribute {
            Some(attribute) => dom.attr(at, attribute).map(|raw| raw.trim().to_owned()),
            None => captured(profile.author_pattern.as_ref(), &line(dom, at))
                .map(|raw| author::clean(&raw)),
        };
        if let Some(name) = raw.filter(|name| !name.is_empty() && name.chars().count() <= 100) {
            (author_at, author) = (Some(at), Some(name));
            break;
        }
    }
    let text = text(dom, profile, record, &own, author_at, date_at.map(|(at, _)| at));
    let status = status(dom, profile, &own, &text);
    let text = match status {
        // A pingback has no text element of its own.
        Some(Status::Pingback) if text.is_empty() => body::of_record(dom, record, &[], |_| false),
        _ => text,
    };
    Draft {
        item: record.item,
        id: id(dom, profile.id.as_ref(), record),
        author,
        date,
        text,
        parent: Answered::Nobody,
        status,
        votes: first(dom, &own, &profile.votes).and_then(|(at, picker)| votes(dom, at, picker)),
    }
}

fn id(dom: &Dom<'_>, value: Option<&Value>, record: &Record) -> Option<String> {
    match value {
        Some(value) => value.read(dom, record.item, record.places()),
        None => Some(dom.id(record.item).to_owned()).filter(|id| !id.is_empty()),
    }
}

fn first<'p>(dom: &Dom<'_>, own: &[At], pickers: &'p [Picker]) -> Option<(At, &'p Picker)> {
    pickers
        .iter()
        .find_map(|picker| own.iter().find(|&&at| picker.matches(dom, at)).map(|&at| (at, picker)))
}

/// The date as a reader sees it; its attributes only where nothing is seen.
fn shown_date(dom: &Dom<'_>, at: At, picker: &Picker, profile: &Profile) -> Option<String> {
    if let Some(attribute) = &picker.attribute {
        return dom.attr(at, attribute).map(str::to_owned);
    }
    let seen = line(dom, at);
    if let Some(pattern) = &profile.date_pattern {
        return pattern.captures(&seen)?.get(1).map(|date| date.as_str().trim().to_owned());
    }
    date_text(dom, at, &seen)
}

/// The date of an element that tells one: its span in the text seen, else the text, else its attributes.
pub fn date_text(dom: &Dom<'_>, at: At, seen: &str) -> Option<String> {
    if seen.is_empty() {
        return ["datetime", "title", "content"]
            .iter()
            .find_map(|name| dom.attr(at, name))
            .map(str::to_owned);
    }
    let span = find_date(seen).map(|span| seen[span].to_owned());
    span.or_else(|| (seen.chars().count() <= 40).then(|| seen.to_owned()))
}

fn text(
    dom: &Dom<'_>,
    profile: &Profile,
    record: &Record,
    own: &[At],
    author: Option<At>,
    date: Option<At>,
) -> String {
    let cut = |at: At| picker::any(&profile.drop, dom, at) || !record.owns(at);
    for picker in &profile.body {
        if profile.body_span == BodySpan::First {
            if let Some(&at) = own.iter().find(|&&at| picker.matches(dom, at)) {
                return body::of_elements(dom, &[at], cut);
            }
            continue;
        }
        let mut outermost: Vec<At> = Vec::new();
        for &at in own.iter().filter(|&&at| picker.matches(dom, at)) {
            if outermost.last().is_none_or(|&last| !dom.holds(last, at)) {
                outermost.push(at);
            }
        }
        if !outermost.is_empty() {
            return body::of_elements(dom, &outermost, cut);
        }
    }
    if !profile.body.is_empty() {
        return String::new();
    }
    let heads: Vec<At> = author.into_iter().chain(date).collect();
    body::of_record(dom, record, &heads, |at| picker::any(&profile.drop, dom, at))
}

fn status(dom: &Dom<'_>, profile: &Profile, own: &[At], text: &str) -> Option<Status> {
    let marks = &profile.status;
    let told = [
        (Status::Deleted, &marks.deleted),
        (Status::Pingback, &marks.pingback),
        (Status::Pending, &marks.pending),
        (Status::Hidden, &marks.hidden),
        (Status::Pinned, &marks.pinned),
    ];
    if is_deleted(text) {
        return Some(Status::Deleted);
    }
    let told = told.into_iter().find(|(_, pickers)| first(dom, own, pickers).is_some());
    told.map(|(status, _)| status)
}

fn votes(dom: &Dom<'_>, at: At, picker: &Picker) -> Option<i64> {
    let shown = match &picker.attribute {
        Some(attribute) => dom.attr(at, attribute)?.to_owned(),
        None => line(dom, at),
    };
    number(&shown)
}

/// The first whole number of a short text, with its sign: « +12 », "−3 points".
pub fn number(shown: &str) -> Option<i64> {
    let start = shown.find(|c: char| c.is_ascii_digit())?;
    let digits: String = shown[start..].chars().take_while(char::is_ascii_digit).take(9).collect();
    let value: i64 = digits.parse().ok()?;
    let negative = shown[..start].trim_end().ends_with(['-', '−', '–']);
    Some(if negative { -value } else { value })
}

/// Ties replies to the comments they answer, by the profile's rule.
fn tie(dom: &Dom<'_>, profile: &Profile, records: &[Record], drafts: &mut [Draft]) {
    match &profile.parent {
        ParentRule::Flat => {}
        ParentRule::Nesting => {
            for (draft, parent) in drafts.iter_mut().zip(nesting(dom, records)) {
                draft.parent = parent.map_or(Answered::Nobody, Answered::Record);
            }
        }
        ParentRule::Indented { container } => {
            let depth = |record: &Record| {
                dom.ancestors(record.item)
                    .take(200)
                    .filter(|&up| picker::any(container, dom, up))
                    .count() as u32
            };
            by_depth(records.iter().map(depth).collect(), drafts);
        }
        ParentRule::Depth { value, step } => {
            let depth = |record: &Record| {
                let told =
                    value.read(dom, record.item, record.places()).and_then(|told| number(&told));
                told.map_or(0, |told| told.max(0) as u32 / (*step).max(1))
            };
            by_depth(records.iter().map(depth).collect(), drafts);
        }
        ParentRule::Id { value } => {
            for (record, draft) in records.iter().zip(drafts) {
                let told = value.read(dom, record.item, record.places());
                draft.parent =
                    told.filter(|told| !told.is_empty()).map_or(Answered::Nobody, Answered::Id);
            }
        }
        ParentRule::Words { value } => {
            for (record, draft) in records.iter().zip(drafts) {
                let told = value.read(dom, record.item, record.places());
                draft.parent = told
                    .map(|told| author::clean(&told))
                    .map_or(Answered::Nobody, Answered::Author);
            }
        }
    }
}

fn by_depth(depths: Vec<u32>, drafts: &mut [Draft]) {
    for (draft, parent) in drafts.iter_mut().zip(parents_by_depth(&depths)) {
        draft.parent = parent.map_or(Answered::Nobody, Answered::Record);
    }
}

/// The innermost record around each record.
fn nesting(dom: &Dom<'_>, records: &[Record]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        while open.last().is_some_and(|&last| !dom.holds(records[last].item, record.item)) {
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(index);
    }
    parents
}
