//! Judges whether the records of a group are readers' comments, or teasers, menus, live reports and other repeated things.

use std::collections::HashSet;

use super::pivot::{Group, Kind};
use super::reading::Reading;
use crate::source::page::dom::{At, Dom};
use crate::source::page::names::Name;
use crate::source::page::words::is_chrome;

/// A group needs this much to be comments.
pub const ENOUGH: f32 = 2.5;
/// No group gets more.
pub const MOST: f32 = 12.0;

/// What speaks for comments (above 0) and against them.
pub type Evidence = Vec<(&'static str, f32)>;

/// What speaks for the records of a group and against them; when the sum is above [`ENOUGH`], they are comments.
pub fn judge(dom: &Dom<'_>, group: &Group, readings: &[Reading]) -> Evidence {
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

    let named = share(&|reading| reading.author_score >= 5.0);

    let mut evidence: Evidence = vec![
        ("anything may repeat", -4.0),
        ("authors", 2.0 * authors),
        ("dates", 1.5 * dates),
        ("texts", 2.0 * texts),
        ("authors named as such", named),
        (
            "named as comments",
            if strong {
                3.0
            } else if weak {
                1.0
            } else {
                0.0
            },
        ),
        ("labels of a comment (reply, like)", 1.5 * labels),
        ("numbered", if group.kind == Kind::Number { 0.5 } else { 0.0 }),
        ("many of them", count.min(8.0).log2() * 0.3),
        ("headlines", -3.0 * headlines),
        ("links", -5.0 * (links - 0.25).max(0.0)),
        ("texts cut short", -2.0 * cut),
    ];
    let mut speak = |holds: bool, name: &'static str, value: f32| {
        evidence.push((name, if holds { value } else { 0.0 }));
    };
    // Whole texts by many hands are no list of teasers, whatever it is called.
    let many_hands =
        authors > 0.8 && dates > 0.8 && mean >= 100.0 && count >= 5.0 && names.len() >= 3;
    let doubtful = many_hands && headlines < 0.2 && links < 0.15 && cut < 0.3;
    let trap = if doubtful { trap * 0.4 } else { trap };
    speak(true, "in a margin, a menu or a list of teasers", -trap);
    speak(mean < 25.0, "texts very short", -2.0);
    speak(mean > 4000.0, "texts very long", -1.0);
    speak(texts < 0.75, "records without text", -1.5);
    // One name under everything is an editor's, unless readers' words are announced.
    let one_hand = names.len() <= 1 && count >= 3.0 && !strong;
    let many = names.len() * 3 > readings.len() && authors > 0.8 && count >= 3.0;
    speak(one_hand, "one hand", -2.0);
    speak(!one_hand && many, "many hands", 0.5);
    speak(authors < 0.5 && dates < 0.5, "neither authors nor dates", -3.0);
    // Two or three things of a page look alike by chance.
    speak(count < 4.0 && !strong && !weak && labels < 0.5, "few and unnamed", -1.5);
    speak(readings.len() == 1 && !is_sure(dom, &readings[0]), "one alone", -6.0);
    evidence.retain(|(_, value)| *value != 0.0);
    evidence
}

/// Whether a record that stands alone is a comment and not the whole area, or a form.
fn is_sure(dom: &Dom<'_>, reading: &Reading) -> bool {
    let item = reading.record.item;
    let named = dom.marked(item, Name::Strong);
    let area = dom
        .ancestors(item)
        .take(12)
        .any(|up| !matches!(dom.tag(up), "body" | "html") && dom.marked(up, Name::Strong));
    let form =
        reading.record.places().any(|at| matches!(dom.tag(at), "textarea" | "input" | "h1" | "h2"));
    named
        && area
        && !form
        && reading.author_score >= 4.0
        && reading.date.is_some()
        && !reading.text.is_empty()
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
            let inside = (at..dom.end(at)).find_map(|at| dom.attr(at, "href"));
            // A post's own title leads to the post itself.
            if (linked && !inside.is_some_and(|href| href.contains('#'))) || in_link {
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
            && is_chrome(&dom.line(at))
    })
}

/// Whether names of comments, of posts, or of traps stand on the records or around them.
fn surroundings(dom: &Dom<'_>, readings: &[Reading]) -> (bool, bool, f32) {
    let (mut strong, mut weak, mut trap, mut doubt) = (0, 0, 0, 0);
    for reading in readings.iter().take(20) {
        let chain: Vec<At> = std::iter::once(reading.record.item)
            .chain(dom.ancestors(reading.record.item))
            .take(24)
            .collect();
        let around = chain.iter().copied().filter(|&at| !matches!(dom.tag(at), "body" | "html"));
        let any =
            |name: Name, reach: usize| around.clone().take(reach).any(|at| dom.marked(at, name));
        let is_strong =
            any(Name::Strong, 8) || dom.attr(reading.record.item, "itemprop") == Some("comment");
        strong += usize::from(is_strong);
        weak += usize::from(any(Name::Comment, 8));
        let margin =
            chain.iter().any(|&at| matches!(dom.tag(at), "nav" | "aside" | "footer" | "header"));
        trap += usize::from(margin || any(Name::Trap, if is_strong { 3 } else { 5 }));
        doubt += usize::from(any(Name::Doubt, 3));
    }
    let half = readings.len().min(20).div_ceil(2);
    let against = if trap >= half {
        3.5
    } else if doubt >= half {
        1.5
    } else {
        0.0
    };
    (strong >= half, weak >= half, against)
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
