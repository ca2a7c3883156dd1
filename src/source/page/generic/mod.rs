//! Finds comments on pages that no profile covers: records that repeat around a pivot (a date, a numbered id, a name), each with
//! an author, a date and a text. Names of classes help; nothing depends on them.

mod judge;
mod pivot;
mod reading;
mod reply;
mod segment;
mod shape;

use super::dom::Dom;
use super::draft::Draft;
use super::words::is_deleted;
use crate::comment::Status;
use reading::Reading;

/// How many groups of pivots are looked at.
const MOST_GROUPS: usize = 60;
/// Groups of more pivots are cut short: no page shows more comments.
const MOST_RECORDS: usize = 5_000;

/// The comments of the page; none where nothing looks like comments.
pub fn read(dom: &Dom<'_>) -> Vec<Draft> {
    let shapes = shape::shapes(dom);
    let dates = pivot::dates(dom);
    let mut best: (f32, Vec<Reading>) = (0.0, Vec::new());
    for mut group in pivot::groups(dom, &shapes, &dates).into_iter().take(MOST_GROUPS) {
        group.pivots.truncate(MOST_RECORDS);
        let list = segment::segment(dom, &shapes, &group);
        let letters: u32 = list.iter().map(|record| record.letters(dom)).sum();
        if list.is_empty() || letters < 10 * list.len() as u32 {
            continue;
        }
        let readings = reading::read(dom, &shapes, &dates, list);
        let score = judge::judge(dom, &group, &readings);
        if std::env::var("VDBG").is_ok() { eprintln!("DBG {:?} n={} score={score:.2} worth={:.1} first={:?}", group.kind, readings.len(), worth(&readings), readings.iter().take(2).map(|r| (dom.tag(r.record.item), dom.class(r.record.item), dom.id(r.record.item), r.author.clone(), r.date.clone(), r.text.chars().take(40).collect::<String>())).collect::<Vec<_>>()); }
        if score < judge::ENOUGH {
            continue;
        }
        let worth = worth(&readings) * score;
        if worth > best.0 {
            best = (worth, readings);
        }
    }
    drafts(dom, best.1)
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
