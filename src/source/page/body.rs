//! Finds what was written in a record once its author and date are known, and cuts the chrome out of it.

use super::dom::{At, Dom};
use super::names::Name;
use super::record::Record;
use super::text::{self, Writer};
use super::words::{WORDS, is_chrome};
use crate::source::date::find_date;

/// Longest chrome, in letters and digits.
const LONGEST_CHROME: u32 = 60;

/// Whether a node inside a comment is not of its text: a reply link, a like widget, a signature.
pub fn is_foreign(dom: &Dom<'_>, at: At) -> bool {
    dom.foreign(at, || find_foreign(dom, at))
}

fn find_foreign(dom: &Dom<'_>, at: At) -> bool {
    let Some(element) = dom.element(at) else {
        let text = dom.text(at).unwrap_or_default();
        return text.len() < 40 && dom.letters(at) > 0 && is_chrome(text);
    };
    match dom.tag(at) {
        "button" | "nav" | "input" | "label" | "dialog" | "audio" | "video" => return true,
        "div" | "span" | "p" | "a" | "ul" | "ol" | "li" | "small" | "em" | "footer" | "aside"
        | "section" | "td" | "i" | "dl" => {}
        _ => return false,
    }
    let letters = dom.letters(at);
    let chrome = dom.classed(at, Name::Chrome) && letters <= LONGEST_CHROME;
    if dom.classed(at, Name::Foreign) || (chrome && is_label(dom, at, letters)) {
        return true;
    }
    if element.attr("style").is_some_and(hides) || element.attr("hidden").is_some() {
        return true;
    }
    letters > 0
        && letters <= 30
        && matches!(dom.tag(at), "a" | "span" | "li" | "small")
        && is_chrome(&dom.line(at))
}

/// Whether a short thing is links, numbers or labels: a comment may be as short, but it has words of its own.
fn is_label(dom: &Dom<'_>, at: At, letters: u32) -> bool {
    if dom.linked_between(at, dom.end(at)) * 2 >= letters {
        return true;
    }
    let line = dom.line(at);
    is_chrome(&line) || !line.chars().any(char::is_alphabetic)
}

fn hides(style: &str) -> bool {
    let mut rules = style.split(';').filter_map(|rule| rule.split_once(':'));
    rules.any(|(name, value)| name.trim() == "display" && value.trim().starts_with("none"))
}

/// The text of these elements, without the chrome.
pub fn of_elements(dom: &Dom<'_>, elements: &[At], cut: impl Fn(At) -> bool) -> String {
    let mut writer = Writer::default();
    for &at in elements {
        let inside = |node: At| node != at && (is_foreign(dom, node) || cut(node));
        text::write(dom, at, dom.end(at), inside, &mut writer);
    }
    writer.finish()
}

/// The text of a record whose author and date are known.
pub fn of_record(
    dom: &Dom<'_>,
    record: &Record,
    heads: &[At],
    constant: impl Fn(At) -> bool,
) -> String {
    let found = find(dom, record, heads, &constant);
    text_of(dom, record, &found, found.main, constant)
}

/// Where the text of a record stands.
pub struct Found {
    heads: Vec<At>,
    /// The element that holds most of what is neither author nor date nor chrome.
    pub main: Option<At>,
}

impl Found {
    /// Whether the element holds neither author nor date.
    pub fn frees(&self, dom: &Dom<'_>, at: At) -> bool {
        !self.heads.iter().any(|&head| dom.holds(at, head) || dom.holds(head, at))
    }
}

/// Finds where the text of a record stands. `constant` tells texts that stand in most records of the group alike: labels.
pub fn find(dom: &Dom<'_>, record: &Record, heads: &[At], constant: impl Fn(At) -> bool) -> Found {
    let heads: Vec<At> =
        heads.iter().map(|&head| whole_head(dom, record, head, heads, &constant)).collect();
    let cut = |at: At| heads.contains(&at) || is_foreign(dom, at) || constant(at);
    let mut kept: Vec<(At, u32)> = Vec::new();
    let mut all = 0;
    for range in &record.ranges {
        let mut at = range.start;
        while at < range.end {
            let around_head = || heads.iter().any(|&head| head > at && dom.holds(at, head));
            if at != record.item && cut(at) && !around_head() {
                at = dom.end(at);
                continue;
            }
            if dom.text(at).is_some() {
                all += dom.letters(at);
                kept.push((at, dom.letters(at)));
            }
            at += 1;
        }
    }
    let main = main_element(dom, record, &heads, &kept, all);
    Found { heads, main }
}

/// The text of the main element; without one, of all that is neither head nor chrome.
pub fn text_of(
    dom: &Dom<'_>,
    record: &Record,
    found: &Found,
    main: Option<At>,
    constant: impl Fn(At) -> bool,
) -> String {
    if let Some(main) = main {
        // Inside the text, words that many use are words; labels are links and the like.
        let label = |at: At| matches!(dom.tag(at), "a" | "span" | "li" | "small") && constant(at);
        return of_elements(dom, &[main], |at| label(at) || record_ends(record, at));
    }
    let cut = |at: At| found.heads.contains(&at) || is_foreign(dom, at) || constant(at);
    let mut writer = Writer::default();
    for range in &record.ranges {
        text::write(dom, range.start, range.end, |at| at != record.item && cut(at), &mut writer);
    }
    writer.finish()
}

fn record_ends(record: &Record, at: At) -> bool {
    !record.owns(at)
}

/// The element named like a text, else the highest one free of heads, that holds nearly all that is kept.
fn main_element(
    dom: &Dom<'_>,
    record: &Record,
    heads: &[At],
    kept: &[(At, u32)],
    all: u32,
) -> Option<At> {
    let mut sums: Vec<(At, u32)> = Vec::new();
    let mut open: Vec<(At, u32)> = Vec::new();
    for &(at, letters) in kept {
        let chain: Vec<At> = dom
            .ancestors(at)
            .take_while(|&up| up != record.item && record.owns(up))
            .take(24)
            .collect();
        for &up in chain.iter().rev() {
            match open.iter_mut().find(|(known, _)| *known == up) {
                Some((_, sum)) => *sum += letters,
                None => open.push((up, letters)),
            }
        }
        let (still, done): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|&(up, _)| dom.end(up) > at);
        sums.extend(done);
        open = still;
    }
    sums.extend(open);
    let free = |at: At| !heads.iter().any(|&head| dom.holds(at, head));
    let enough = |share: f32| {
        move |&&(at, sum): &&(At, u32)| sum as f32 >= share * all as f32 && free(at) && sum > 0
    };
    let named = sums.iter().filter(enough(0.5)).filter(|&&(at, _)| {
        dom.classed(at, Name::Body)
            || dom
                .attr(at, "itemprop")
                .is_some_and(|value| value == "text" || value == "commentText")
    });
    let by_sum = |&&(at, sum): &&(At, u32)| (sum, std::cmp::Reverse(at));
    let named = named.max_by_key(by_sum).map(|&(at, _)| at);
    named.or_else(|| sums.iter().filter(enough(0.85)).max_by_key(by_sum).map(|&(at, _)| at))
}

/// The element around an author or date that tells nothing else: « Posté par X le … | Répondre ».
fn whole_head(
    dom: &Dom<'_>,
    record: &Record,
    head: At,
    heads: &[At],
    constant: impl Fn(At) -> bool,
) -> At {
    let mut whole = head;
    for up in dom.ancestors(head).take(6) {
        if up == record.item || !record.owns(up) || dom.end(up) - up > 80 {
            break;
        }
        let mut at = up;
        while at < dom.end(up) {
            if heads.contains(&at) || is_foreign(dom, at) {
                at = dom.end(at);
                continue;
            }
            if let Some(text) = dom.text(at)
                && !is_between(dom, at, text)
                && !constant(at)
            {
                return whole;
            }
            at += 1;
        }
        whole = up;
    }
    whole
}

/// Whether a text only joins a name and a date: « dit : », "at", « Le … ».
fn is_between(dom: &Dom<'_>, at: At, text: &str) -> bool {
    let letters = dom.letters(at);
    if letters <= 3 {
        return true;
    }
    if letters > 40 {
        return false;
    }
    let lower = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let joins =
        |words: &[String]| words.iter().any(|word| word.trim_end_matches([' ', ':']) == lower);
    joins(&WORDS.author_after)
        || joins(&WORDS.author_before)
        || find_date(text).is_some()
        || is_chrome(text)
}
