//! Judges whether the records of a group are readers' comments, or teasers, menus, live reports and other repeated things.

use std::collections::HashSet;

use super::pivot::{Group, Kind};
use super::reading::Reading;
use crate::source::page::dom::{At, Dom};
use crate::source::page::text::line;
use crate::source::page::words::{WORDS, cue_in, is_chrome};

/// A group needs this much to be comments.
pub const ENOUGH: f32 = 3.0;

/// What speaks for the records of a group and against them; above [`ENOUGH`], they are comments.
pub fn judge(dom: &Dom<'_>, group: &Group, readings: &[Reading]) -> f32 {
    let count = readings.len() as f32;
    let share = |told: &dyn Fn(&Reading) -> bool| {
        readings.iter().filter(|reading| told(reading)).count() as f32 / count
    };
    let authors = share(&|reading| reading.author.is_some() && reading.author_score >= 2.0);
    let dates = share(&|reading| reading.date.is_some());
    let texts = share(&|reading| reading.text.chars().filter(|c| c.is_alphanumeric()).count() >= 2);
    let headlines = share(&|reading| has_headline(dom, reading));
    let labels = share(&|reading| has_label(dom, reading));
    let cut = share(&|reading| reading.text.ends_with(['…']) || reading.text.ends_with("..."));
    let (strong, weak, trap) = surroundings(dom, readings);
    let links = link_density(dom, readings);
    let names: HashSet<&str> =
        readings.iter().filter_map(|reading| reading.author.as_deref()).collect();
    let letters: usize = readings.iter().map(|reading| reading.text.len()).sum();
    let mean = letters as f32 / count;

    let mut score = -3.0;
    score += 2.0 * authors + 1.5 * dates + texts;
    score += if strong {
        3.0
    } else if weak {
        1.0
    } else {
        0.0
    };
    score += 1.5 * labels;
    score += if group.kind == Kind::Number { 0.5 } else { 0.0 };
    score += (count.min(8.0)).log2() * 0.3;
    score -= 3.0 * headlines;
    score -= 5.0 * (links - 0.25).max(0.0);
    score -= if trap { 3.5 } else { 0.0 };
    score -= 2.0 * cut;
    if mean < 25.0 {
        score -= 2.0;
    }
    if mean > 3000.0 {
        score -= 2.0;
    }
    // One name under everything is an editor's, unless readers' words are announced.
    if names.len() <= 1 && count >= 3.0 && !strong {
        score -= 2.0;
    }
    if authors < 0.5 && dates < 0.5 {
        score -= 3.0;
    }
    if readings.len() == 1 && !(strong && authors > 0.0 && (dates > 0.0 || labels > 0.0)) {
        score -= 5.0;
    }
    score
}

/// A heading that is a link, or a long link before the text: a teaser of another page.
fn has_headline(dom: &Dom<'_>, reading: &Reading) -> bool {
    for at in reading.record.places() {
        let tag = dom.tag(at);
        if tag == "h1" {
            return true;
        }
        if matches!(tag, "h2" | "h3" | "h4") && dom.letters(at) >= 18 {
            let linked = dom.linked_between(at, dom.end(at)) * 2 > dom.letters(at);
            let in_link = dom.ancestors(at).take(4).any(|up| dom.tag(up) == "a");
            if linked || in_link {
                return true;
            }
        }
    }
    false
}

fn has_label(dom: &Dom<'_>, reading: &Reading) -> bool {
    reading.record.places().any(|at| {
        matches!(dom.tag(at), "a" | "button" | "span" | "li")
            && (3..=24).contains(&dom.letters(at))
            && is_chrome(&line(dom, at))
    })
}

/// Whether names of comments, of posts, or of traps stand on the records or around them.
fn surroundings(dom: &Dom<'_>, readings: &[Reading]) -> (bool, bool, bool) {
    let (mut strong, mut weak, mut trap) = (0, 0, 0);
    for reading in readings.iter().take(20) {
        let chain: Vec<At> = std::iter::once(reading.record.item)
            .chain(dom.ancestors(reading.record.item))
            .take(24)
            .collect();
        let around = chain.iter().copied().filter(|&at| !matches!(dom.tag(at), "body" | "html"));
        let any = |list: &HashSet<String>, reach: usize| {
            around.clone().take(reach).any(|at| cue_in(dom, at, list))
        };
        let is_strong = any(&WORDS.strong_cues, 8)
            || dom.attr(reading.record.item, "itemprop") == Some("comment");
        strong += usize::from(is_strong);
        weak += usize::from(any(&WORDS.comment_cues, 8));
        let margin =
            chain.iter().any(|&at| matches!(dom.tag(at), "nav" | "aside" | "footer" | "header"));
        trap += usize::from(
            (any(&WORDS.trap_cues, 5) || margin)
                && !(is_strong && !margin && !any(&WORDS.trap_cues, 3)),
        );
    }
    let half = readings.len().min(20).div_ceil(2);
    (strong >= half, weak >= half, trap >= half)
}

fn link_density(dom: &Dom<'_>, readings: &[Reading]) -> f32 {
    let (mut letters, mut linked) = (0u32, 0u32);
    for reading in readings {
        for range in &reading.record.ranges {
            letters += dom.letters_between(range.start, range.end);
            linked += dom.linked_between(range.start, range.end);
        }
    }
    linked as f32 / letters.max(1) as f32
}
