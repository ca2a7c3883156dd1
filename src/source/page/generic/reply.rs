//! Ties the records of a page without a profile to the comments they answer, by what markup commonly tells.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::Reading;
use crate::comment::parents_by_depth;
use crate::source::page::dom::{At, Dom};
use crate::source::page::draft::Answered;
use crate::source::page::names::Name;
use crate::source::page::words::WORDS;

static DEPTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:depth|level|indent|lvl|niveau|ebene|offset)[-_]*(?:md|sm|lg|xs)?[-_]*([0-9]{1,3})(?-u:\b)",
    )
    .expect("the pattern is tested")
});
static MARGIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:margin|padding)-left\s*:\s*([0-9]{1,4})").expect("the pattern is tested")
});

/// Whom each record answers.
pub fn answered(dom: &Dom<'_>, readings: &[Reading]) -> Vec<Answered> {
    let told = by_id(dom, readings);
    if told.iter().any(|answered| *answered != Answered::Nobody) {
        return told;
    }
    for depths in [nested(dom, readings), contained(dom, readings), classed(dom, readings)] {
        let first = depths.first().copied().unwrap_or(0);
        if depths.iter().any(|&depth| depth > first) {
            let parents = parents_by_depth(&depths);
            return parents
                .into_iter()
                .map(|parent| parent.map_or(Answered::Nobody, Answered::Record))
                .collect();
        }
    }
    readings.iter().map(|reading| by_words(dom, reading)).collect()
}

/// Depth by nesting: how many records there are around a record.
fn nested(dom: &Dom<'_>, readings: &[Reading]) -> Vec<u32> {
    let mut open: Vec<At> = Vec::new();
    let mut depths = Vec::with_capacity(readings.len());
    for reading in readings {
        let item = reading.record.item;
        open.retain(|&outer| dom.holds(outer, item));
        depths.push(open.len() as u32);
        open.push(item);
    }
    depths
}

/// Depth by containers of replies, which follow the comment answered.
fn contained(dom: &Dom<'_>, readings: &[Reading]) -> Vec<u32> {
    let depth = |reading: &Reading| {
        let up = dom.ancestors(reading.record.item).take(40);
        up.filter(|&up| dom.classed(up, Name::Container)).count() as u32
    };
    readings.iter().map(depth).collect()
}

/// Depth by a number in a class, an attribute or a style, or by the width of what stands before.
fn classed(dom: &Dom<'_>, readings: &[Reading]) -> Vec<u32> {
    let depth = |reading: &Reading| {
        let item = reading.record.item;
        let chain = std::iter::once(item).chain(dom.ancestors(item).take(2));
        let inside = reading.record.places().skip(1).take(6);
        for at in chain.chain(inside) {
            let told = ["data-depth", "data-level", "data-indent", "aria-level", "indent", "depth"]
                .iter()
                .find_map(|name| dom.attr(at, name)?.parse().ok());
            let classed = || {
                // Most classes hold no number, which is soon seen.
                let class = dom.class(at);
                let numbered = class.bytes().any(|byte| byte.is_ascii_digit());
                let found = if numbered { DEPTH.captures(class) } else { None };
                found.and_then(|found| found[1].parse().ok())
            };
            let styled = || {
                let style = dom.attr(at, "style").filter(|style| style.contains("-left"))?;
                MARGIN.captures(style).and_then(|found| found[1].parse().ok())
            };
            if let Some(depth) = told.or_else(classed).or_else(styled) {
                return depth;
            }
            // Bootstrap's columns push replies to the right.
        }
        let reply = dom.classed(item, Name::Container)
            || dom.classes(item).any(|class| {
                class.contains("-reply") || class.contains("offset") || class.starts_with("reply")
            });
        u32::from(reply)
    };
    readings.iter().map(depth).collect()
}

fn by_id(dom: &Dom<'_>, readings: &[Reading]) -> Vec<Answered> {
    let told = |reading: &Reading| {
        let names = [
            "data-parent-id",
            "data-parentid",
            "data-parent",
            "data-reply-to",
            "data-topid",
            "data-in-reply-to",
            "data-parent-comment-id",
        ];
        let value = names.iter().find_map(|name| dom.attr(reading.record.item, name));
        value
            .filter(|value| !matches!(*value, "" | "0" | "null"))
            .map_or(Answered::Nobody, |value| Answered::Id(value.to_owned()))
    };
    readings.iter().map(told).collect()
}

/// « en réponse à X » in the head of the record.
fn by_words(dom: &Dom<'_>, reading: &Reading) -> Answered {
    for at in reading
        .record
        .places()
        .filter(|&at| dom.element(at).is_some() && (5..=60).contains(&dom.letters(at)))
    {
        let line = dom.line(at);
        let lower = line.to_lowercase();
        if lower.len() != line.len() {
            continue;
        }
        for words in &WORDS.reply_before {
            if let Some(start) = lower.find(words.as_str()) {
                let name = line[start + words.len()..]
                    .trim_matches(|c: char| c.is_whitespace() || ":,.".contains(c));
                let known = !name.is_empty()
                    && name.split(' ').count() <= 4
                    && Some(name) != reading.author.as_deref();
                if known && start <= 40 {
                    return Answered::Author(name.to_owned());
                }
            }
        }
    }
    Answered::Nobody
}
