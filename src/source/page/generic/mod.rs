//! Finds comments on pages that no profile covers: records that repeat around a pivot (a date, a numbered id, a name), each with
//! an author, a date and a text. Names of classes help; nothing depends on them.

mod judge;
mod pivot;
mod reading;
mod reply;
mod segment;
mod shape;

use rustc_hash::FxHashSet;

use super::author::Names;
use super::dom::{At, Dom};
use super::draft::{Draft, place};
use super::trace::{Attempt, Trace, Verdict};
use super::words::is_deleted;
use crate::comment::Status;
use judge::Evidence;
use pivot::{Group, Kind};
use reading::Reading;

/// How many groups of pivots are looked at.
const MOST_GROUPS: usize = 60;
/// So many pivots of a group tell whether they are comments; all are read then.
const MOST_RECORDS: usize = 5_000;

/// The comments of the page; none where nothing looks like comments.
pub fn read(dom: &Dom<'_>, trace: &mut Trace<'_>) -> Vec<Draft> {
    let shapes = shape::shapes(dom);
    let dates = pivot::dates(dom);
    let mut seen: FxHashSet<Vec<At>> = FxHashSet::default();
    let mut best: (f32, Vec<Reading>) = (0.0, Vec::new());
    let mut cut: Option<Group> = None;
    let mut names = Names::default();
    for mut group in pivot::groups(dom, &shapes, &dates).into_iter().take(MOST_GROUPS) {
        let rest = group.pivots.split_off(group.pivots.len().min(MOST_RECORDS));
        let list = segment::segment(dom, &shapes, &group);
        // Groups come from the largest to the smallest: none of the rest can tell as much.
        if group.pivots.len() as f32 * judge::MOST < best.0 {
            break;
        }
        let items: Vec<At> = list.iter().map(|record| record.item).collect();
        if !seen.insert(items) {
            continue;
        }
        let letters: u32 = list.iter().map(|record| record.letters(dom)).sum();
        if list.is_empty() || letters < 10 * list.len() as u32 {
            continue;
        }
        let readings = reading::read(dom, &shapes, &dates, &mut names, list);
        let evidence = judge::judge(dom, &group, &readings);
        let score: f32 = evidence.iter().map(|(_, value)| value).sum();
        let worth = worth(&readings) * score;
        let verdict = if score < judge::ENOUGH {
            Verdict::Refused { score, needed: judge::ENOUGH }
        } else {
            Verdict::Worth(worth.into())
        };
        trace.attempt(|| attempt(dom, &group, &readings, evidence, verdict));
        if score < judge::ENOUGH {
            continue;
        }
        if worth > best.0 {
            best = (worth, readings);
            cut = (!rest.is_empty()).then(|| {
                group.pivots.extend(rest);
                group
            });
        }
    }
    if let Some(group) = cut {
        let list = segment::segment(dom, &shapes, &group);
        best.1 = reading::read(dom, &shapes, &dates, &mut names, list);
    }
    drafts(dom, best.1)
}

fn attempt(
    dom: &Dom<'_>,
    group: &Group,
    readings: &[Reading],
    evidence: Evidence,
    verdict: Verdict,
) -> Attempt {
    let item = readings.first().map_or(0, |reading| reading.record.item);
    let mark = match group.kind {
        Kind::Number => "a numbered id",
        Kind::Date => "a date",
        Kind::Cue => "the name of a comment",
        Kind::Author => "the name of an author",
    };
    let sign = format!("{mark} repeats, first in {}", place(dom, item, 0));
    Attempt { by: "generic".to_owned(), sign, records: readings.len(), evidence, verdict }
}

/// How much the readings tell together. Records cut in two tell less than whole ones, though there are more of them.
fn worth(readings: &[Reading]) -> f32 {
    let told = |reading: &Reading| {
        let author = if reading.author.is_some() { 0.35 } else { 0.0 };
        let date = if reading.date.is_some() { 0.25 } else { 0.0 };
        if reading.text.is_empty() { -0.3 } else { 0.4 + author + date }
    };
    let sum: f32 = readings.iter().map(told).sum();
    let mean = sum / readings.len().max(1) as f32;
    sum * mean.max(0.0) * mean.max(0.0)
}

fn drafts(dom: &Dom<'_>, readings: Vec<Reading>) -> Vec<Draft> {
    let answered = reply::answered(dom, &readings);
    let mut drafts = Vec::with_capacity(readings.len());
    for (reading, parent) in readings.into_iter().zip(answered) {
        let item = reading.record.item;
        let named = reading
            .record
            .places()
            .take(12)
            .map(|at| if dom.id(at).is_empty() { dom.attr_if_anchor(at) } else { dom.id(at) });
        let id = named.into_iter().find(|id| id.ends_with(|c: char| c.is_ascii_digit()));
        drafts.push(Draft {
            item,
            id: id.map(str::to_owned),
            author: reading.author,
            date: reading.date,
            status: is_deleted(&reading.text).then_some(Status::Deleted),
            text: reading.text,
            parent,
            votes: None,
        });
    }
    drafts
}
