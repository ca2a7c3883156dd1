//! Reads author, date and text of every record of a group; what the records have in common tells which text is which.

use std::borrow::Cow;
use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::pivot::Date;
use super::shape::Shape;
use crate::source::date::find_date;
use crate::source::page::author::{self, Candidate, Names};
use crate::source::page::body::{self, Found};
use crate::source::page::dom::{At, Dom};
use crate::source::page::names::Name;
use crate::source::page::record::Record;
use crate::source::page::text::line;

/// What a record tells.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Where it stands.
    pub record: Record,
    /// Its author.
    pub author: Option<String>,
    /// How much speaks for the author.
    pub author_score: f32,
    /// Its date, as shown.
    pub date: Option<String>,
    /// Its text.
    pub text: String,
}

/// Reads the records of one group.
pub fn read(
    dom: &Dom<'_>,
    shapes: &[Shape],
    dates: &[Date],
    names: &mut Names,
    list: Vec<Record>,
) -> Vec<Reading> {
    let labels = labels(dom, &list);
    let date_of: Vec<Option<At>> = list.iter().map(|record| date(dom, dates, record)).collect();
    let candidates: Vec<Vec<Candidate>> = list
        .iter()
        .zip(&date_of)
        .map(|(record, &date)| author::candidates(dom, names, record, date))
        .collect();
    let weights = weights(dom, shapes, &candidates, &labels);
    let key = |candidate: &Candidate| {
        (kind_of(dom, shapes, candidate.at), around(dom, shapes, candidate.at))
    };
    let mut readings = Vec::with_capacity(list.len());
    let mut bodies: Vec<Found> = Vec::with_capacity(list.len());
    for ((record, date_at), candidates) in list.into_iter().zip(date_of).zip(candidates) {
        let bonus = |candidate: &Candidate| {
            let label = labels.get(candidate.name.as_str()).is_some_and(|&label| label);
            weights.get(&key(candidate)).copied().unwrap_or(0.0) - if label { 6.0 } else { 0.0 }
        };
        let chosen =
            author::best(&candidates, bonus).filter(|chosen| chosen.score + bonus(chosen) > 1.5);
        let author_at = chosen.map(|chosen| chosen.at);
        let heads: Vec<At> = author_at.into_iter().chain(date_at).collect();
        let constant = |at: At| is_label(dom, &labels, at);
        bodies.push(body::find(dom, &record, &heads, constant));
        let date = date_at.and_then(|at| shown(dom, at));
        let (author, author_score) =
            chosen.map_or((None, 0.0), |chosen| (Some(chosen.name.clone()), chosen.score));
        readings.push(Reading { record, author, author_score, date, text: String::new() });
    }
    let usual = usual(shapes, &bodies);
    for (reading, found) in readings.iter_mut().zip(&bodies) {
        // It goes before an element beside it, never before one around it.
        let beside = |at: At| found.main.is_none_or(|main| !dom.holds(main, at));
        let at_usual = |&at: &At| {
            Some(shapes[at]) == usual
                && dom.classed(at, Name::Body)
                && found.frees(dom, at)
                && beside(at)
        };
        let main =
            usual.and_then(|_| reading.record.places().skip(1).find(at_usual)).or(found.main);
        reading.text =
            body::text_of(dom, &reading.record, found, main, |at| is_label(dom, &labels, at));
    }
    readings
}

/// The shape of the element that holds the text in most records: a short text is found by it too.
fn usual(shapes: &[Shape], bodies: &[Found]) -> Option<Shape> {
    let mut counts: Vec<(Shape, usize)> = Vec::new();
    for main in bodies.iter().filter_map(|found| found.main) {
        match counts.iter().position(|&(shape, _)| shape == shapes[main]) {
            Some(known) => counts[known].1 += 1,
            None => counts.push((shapes[main], 1)),
        }
    }
    let (shape, count) = counts.into_iter().max_by_key(|&(shape, count)| (count, shape))?;
    (bodies.len() >= 4 && count * 10 >= bodies.len() * 6).then_some(shape)
}

/// Whether a short text stands in most records.
fn is_label(dom: &Dom<'_>, labels: &Labels<'_>, at: At) -> bool {
    (1..=40).contains(&dom.letters(at)) && labels.get(&*dom.line(at)).is_some_and(|&label| label)
}

/// The date of a record: the first that stands alone, else the first.
fn date(dom: &Dom<'_>, dates: &[Date], record: &Record) -> Option<At> {
    let mut loose = None;
    for range in &record.ranges {
        let first = dates.partition_point(|date| date.at < range.start);
        for date in dates[first..].iter().take_while(|date| date.at < range.end) {
            // A date in a paragraph is somebody's words.
            let said = !date.alone
                && dom.tag(dom.node(date.at).parent) == "p"
                && dom.letters(dom.node(date.at).parent) > 60;
            if date.alone {
                return Some(date.at);
            }
            if loose.is_none() && !said {
                loose = Some(date.at);
            }
        }
    }
    loose
}

fn shown(dom: &Dom<'_>, at: At) -> Option<String> {
    // « 21/04/2013 » and « à 10:12 » may be two texts of one element.
    let seen = line(dom, at);
    if dom.text(at).is_some() {
        let up = dom.node(at).parent;
        let whole = if dom.letters(up) <= 40 { line(dom, up) } else { seen.clone() };
        return find_date(&whole)
            .map(|span| whole[span].to_owned())
            .or_else(|| Some(seen.trim().to_owned()));
    }
    crate::source::page::apply::date_text(dom, at, &seen)
}

/// Short texts, and which of them are labels.
type Labels<'d> = HashMap<Cow<'d, str>, bool>;

/// Short texts of the records, and which of them stand in most records: labels such as « Répondre ».
fn labels<'d>(dom: &'d Dom<'_>, list: &[Record]) -> Labels<'d> {
    let mut counts: HashMap<Cow<'d, str>, usize> = HashMap::new();
    if list.len() < 3 {
        return HashMap::new();
    }
    for record in list.iter().take(200) {
        let mut seen = std::collections::HashSet::new();
        for at in record.places() {
            if dom.text(at).is_some() && (1..=40).contains(&dom.letters(at)) {
                let line = dom.line(at);
                if seen.insert(line.clone()) {
                    *counts.entry(line).or_default() += 1;
                }
            }
        }
    }
    let enough = (list.len().min(200) * 6 / 10).max(3);
    counts.into_iter().map(|(line, count)| (line, count >= enough)).collect()
}

fn kind_of(dom: &Dom<'_>, shapes: &[Shape], at: At) -> Shape {
    if shapes[at] == 0 { shapes[dom.node(at).parent].wrapping_add(2) } else { shapes[at] }
}

fn around(dom: &Dom<'_>, shapes: &[Shape], at: At) -> Shape {
    shapes[dom.node(at).parent]
}

/// How often a kind of candidate is there, and how good: an author stands in every record at the same place.
fn weights(
    dom: &Dom<'_>,
    shapes: &[Shape],
    all: &[Vec<Candidate>],
    labels: &Labels<'_>,
) -> FxHashMap<(Shape, Shape), f32> {
    let mut weights: FxHashMap<(Shape, Shape), f32> = FxHashMap::default();
    for candidates in all {
        let mut seen: Vec<(Shape, Shape)> = Vec::new();
        for candidate in candidates {
            let key = (kind_of(dom, shapes, candidate.at), around(dom, shapes, candidate.at));
            if !seen.contains(&key)
                && !labels.get(candidate.name.as_str()).is_some_and(|&label| label)
            {
                seen.push(key);
                *weights.entry(key).or_default() += 2.0 + candidate.score.min(6.0) * 0.3;
            }
        }
    }
    let count = all.len().max(1) as f32;
    weights.values_mut().for_each(|weight| *weight /= count);
    weights
}
