//! Finds pivots: marks of which every comment bears one, such as its date. Pivots of one shape are a group, and every group
//! may be the comments of the page.

use std::collections::BTreeMap;

use super::shape::Shape;
use crate::source::date::{find_date, looks_like_date};
use crate::source::page::dom::{At, Dom};
use crate::source::page::names::Name;
use crate::source::page::words::WORDS;

/// What kind of mark the pivots of a group are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A numbered id or anchor.
    Number,
    /// A date.
    Date,
    /// An element with the name of a comment.
    Cue,
    /// An element with the name of an author.
    Author,
}

/// Pivots that look alike, in order.
#[derive(Clone, Debug)]
pub struct Group {
    /// What kind of mark they are.
    pub kind: Kind,
    /// Where they stand.
    pub pivots: Vec<At>,
}

/// A date in the page.
#[derive(Clone, Copy, Debug)]
pub struct Date {
    /// The text, or the element where no text tells it.
    pub at: At,
    /// Whether the text around tells nothing else.
    pub alone: bool,
}

/// All the dates of the page, in order.
pub fn dates(dom: &Dom<'_>) -> Vec<Date> {
    let mut dates = Vec::new();
    let mut done = 0;
    for at in 0..dom.len() {
        if at < done {
            continue;
        }
        let Some(text) = dom.text(at) else {
            let tag = dom.tag(at);
            let timed = matches!(tag, "time" | "relative-time" | "time-ago" | "abbr");
            let told = timed
                && (dom.attr(at, "datetime").is_some()
                    || dom.attr(at, "title").is_some_and(looks_like_date));
            if (tag == "time" || told) && dom.letters(at) <= 60 {
                dates.push(Date { at, alone: true });
                done = dom.end(at);
            }
            continue;
        };
        let text = text.trim();
        if text.len() < 2 || text.len() > 160 {
            continue;
        }
        if let Some(span) = find_date(text) {
            let rest = text.len() - span.len();
            if (rest <= 60 || rest * 3 < text.len()) && !is_other(dom, at, &text[..span.start]) {
                dates.push(Date { at, alone: rest <= 24 });
            }
        } else if text.len() <= 12
            && dom.classed(dom.node(at).parent, Name::NotAuthor)
            && looks_like_date(text)
        {
            dates.push(Date { at, alone: true });
        }
    }
    dates
}

/// « Inscrit le … », "Last edited …": the date of something else.
fn is_other(dom: &Dom<'_>, at: At, before: &str) -> bool {
    let says = |text: &str| {
        let lower = text.to_lowercase();
        WORDS.other_date.iter().any(|word| lower.contains(word.as_str()))
    };
    if says(before) {
        return true;
    }
    // The label may be an element or a line before: « <b>Joined:</b> … ».
    let mut back = at;
    for _ in 0..6 {
        back = match back.checked_sub(1) {
            Some(back) => back,
            None => return false,
        };
        if let Some(text) = dom.text(back).filter(|text| text.chars().any(char::is_alphanumeric)) {
            return text.len() < 40 && says(text);
        }
    }
    false
}

/// The groups of pivots, the largest first of each kind.
pub fn groups(dom: &Dom<'_>, shapes: &[Shape], dates: &[Date]) -> Vec<Group> {
    let mut groups: BTreeMap<(Kind, u64, u64), Vec<At>> = BTreeMap::new();
    let shape_of = |at: At| if shapes[at] == 0 { shapes[dom.node(at).parent] } else { shapes[at] };
    let mut add = |kind: Kind, first: u64, second: u64, at: At| {
        groups.entry((kind, first, second)).or_default().push(at)
    };
    for date in dates {
        let element = if shapes[date.at] == 0 { dom.node(date.at).parent } else { date.at };
        let around = dom.parent(element).unwrap_or(0);
        add(Kind::Date, shape_of(date.at), shapes[around], date.at);
        add(Kind::Date, shape_of(date.at), 0, date.at);
        // All dates inside one area of comments, whatever their shape.
        let area =
            dom.ancestors(date.at).take(40).filter(|&up| dom.marked(up, Name::Strong)).last();
        if let Some(area) = area {
            add(Kind::Date, 0, area as u64 + 1, date.at);
        }
    }
    for at in 0..dom.len() {
        // Icons bear the names of what they stand beside.
        if matches!(dom.tag(at), "" | "i" | "img" | "svg" | "input") {
            continue;
        }
        let named = if dom.id(at).is_empty() { dom.attr_if_anchor(at) } else { dom.id(at) };
        if let Some(prefix) = numbered(named) {
            let hash = prefix
                .bytes()
                .fold(7u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
            add(Kind::Number, shapes[at], hash, at);
        }
        if dom.class(at).is_empty() {
            let marked = dom.attr(at, "itemprop") == Some("comment");
            if marked {
                add(Kind::Cue, shapes[at], 0, at);
            }
            continue;
        }
        let (cue, author) = (dom.classed(at, Name::Comment), dom.classed(at, Name::Author));
        if cue && dom.letters(at) >= 3 {
            add(Kind::Cue, shapes[at], 0, at);
        }
        if author && (1..60).contains(&dom.letters(at)) {
            let around = dom.parent(at).unwrap_or(0);
            add(Kind::Author, shapes[at], shapes[around], at);
        }
    }
    distinct(groups)
}

/// `comment-` of `comment-123`; ids of menus and the like are none.
fn numbered(id: &str) -> Option<&str> {
    let prefix = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = id.len() - prefix.len();
    let none = ["menu", "nav", "widget", "ad-", "slide", "tab", "img", "image"];
    (digits > 0
        && digits <= 20
        && prefix.len() <= 40
        && !prefix.is_empty()
        && !none.iter().any(|word| prefix.contains(word)))
    .then_some(prefix)
}

/// The groups without repetitions.
fn distinct(groups: BTreeMap<(Kind, u64, u64), Vec<At>>) -> Vec<Group> {
    let mut list: Vec<Group> = Vec::new();
    let mut seen = rustc_hash::FxHashSet::default();
    for ((kind, _, _), mut pivots) in groups {
        pivots.dedup();
        if seen.insert(pivots.clone()) {
            list.push(Group { kind, pivots });
        }
    }
    list.sort_by_key(|group| (std::cmp::Reverse(group.pivots.len()), group.kind, group.pivots[0]));
    list
}
