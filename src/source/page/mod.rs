//! Reads the comments out of one saved HTML page: by the profile of its comment system, else by its structured data, else by
//! what comments look like anywhere; and tells why there are none. The only folder that parses HTML.

mod absence;
mod apply;
mod author;
mod body;
mod depth;
mod dom;
mod draft;
mod embedded;
mod excess;
mod generic;
mod memo;
mod names;
mod parse;
mod picker;
mod profile;
mod record;
mod slim;
mod structured;
mod text;
mod title;
mod trace;
mod words;

pub use absence::widgets;
pub use excess::{DEEPEST, MOST_ATTRIBUTES, MOST_TAGS};
pub use profile::{Profile, Profiles};
pub use trace::{Attempt, Explanation, Seen, Verdict};
pub use words::is_deleted;

use std::borrow::Cow;

use scraper::Html;

use super::Extraction;
use dom::Dom;
use draft::Draft;
use excess::Excess;
use trace::Trace;

/// Shorter frames, and texts for readers without scripts, hold no comments.
const SHORTEST_INNER: usize = 2_000;

/// By which means a page is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The profiles first, then structured data, then the generic extractor.
    #[default]
    WithProfiles,
    /// The generic extractor alone.
    GenericOnly,
}

/// Reads the comments of a page. `page` is the name that they will bear. What nests deeper than [`DEEPEST`], has
/// more than [`MOST_TAGS`] tags or an element of more than [`MOST_ATTRIBUTES`] is left out from there on.
pub fn extract(html: &str, page: &str, profiles: &Profiles, mode: Mode) -> Extraction {
    traced(&bounded(html).0, page, profiles, mode, &mut Trace::Off)
}

/// As [`extract`], of a page that has nothing too much.
pub(super) fn extract_whole(
    html: &str,
    page: &str,
    profiles: &Profiles,
    mode: Mode,
) -> Result<Extraction, Excess> {
    let html = whole(html)?;
    Ok(traced(&html, page, profiles, mode, &mut Trace::Off))
}

/// As [`extract_whole`], and tells what was tried and why each record was kept or dropped.
pub(super) fn explain(
    html: &str,
    page: &str,
    profiles: &Profiles,
    mode: Mode,
) -> Result<Explanation, Excess> {
    let html = whole(html)?;
    let mut explanation = Explanation::default();
    let extraction = traced(&html, page, profiles, mode, &mut Trace::On(&mut explanation));
    Ok(Explanation { extraction, ..explanation })
}

/// What of a page is parsed, unless it has too much of something.
fn whole(html: &str) -> Result<String, Excess> {
    match bounded(html) {
        (html, None) => Ok(html),
        (_, Some(excess)) => Err(excess),
    }
}

/// What of a page is parsed, up to where it has too much of something.
fn bounded(html: &str) -> (String, Option<Excess>) {
    let (mut slim, many) = slim::slim(html);
    match depth::excess(&slim) {
        Some((at, excess)) => {
            slim.truncate(at);
            (slim, Some(excess))
        }
        None => (slim, many.then_some(Excess::Attributes)),
    }
}

fn traced(
    html: &str,
    page: &str,
    profiles: &Profiles,
    mode: Mode,
    trace: &mut Trace<'_>,
) -> Extraction {
    let parsed = parse::document(html);
    let dom = Dom::new(&parsed);
    let title = title::title(&dom);
    let found = read(&dom, page, title.as_deref(), profiles, mode, trace);
    if let Some(found) = found {
        return found;
    }
    // Some systems (Discourse) write their comments for readers without scripts only, and who saves a page whole
    // (SingleFile) keeps its frames in attributes.
    for at in 0..dom.len() {
        let Some(inner) = inner(&dom, at).filter(|inner| inner.len() >= SHORTEST_INNER) else {
            continue;
        };
        let parsed = parse::document(&bounded(&inner).0);
        let found = read(&Dom::new(&parsed), page, title.as_deref(), profiles, mode, trace);
        if let Some(found) = found {
            return found;
        }
    }
    Extraction { absence: Some(absence::absence(&dom)), ..Extraction::default() }
}

/// The page that an element holds as text.
fn inner<'a>(dom: &Dom<'a>, at: dom::At) -> Option<Cow<'a, str>> {
    match dom.tag(at) {
        "noscript" => Some(Cow::Owned(dom.element(at)?.text().collect())),
        "iframe" => dom.attr(at, "srcdoc").map(Cow::Borrowed),
        _ => None,
    }
}

/// The plain text of a piece of markup, paragraphs parted by newlines.
pub(super) fn plain(html: &str) -> String {
    let parsed = Html::parse_fragment(&bounded(html).0);
    let dom = Dom::new(&parsed);
    text::plain(&dom, 0, dom.len(), |_| false)
}

/// The comments of a document; none where there are none.
fn read(
    dom: &Dom<'_>,
    page: &str,
    title: Option<&str>,
    profiles: &Profiles,
    mode: Mode,
    trace: &mut Trace<'_>,
) -> Option<Extraction> {
    let (drafts, matched) = drafts(dom, profiles, mode, trace);
    let comments = draft::comments(dom, page, title, drafts, trace);
    (!comments.is_empty()).then_some(Extraction { comments, matched, absence: None })
}

fn drafts(
    dom: &Dom<'_>,
    profiles: &Profiles,
    mode: Mode,
    trace: &mut Trace<'_>,
) -> (Vec<Draft>, String) {
    let mut best = Best::default();
    if mode == Mode::WithProfiles {
        let (own, shipped): (Vec<_>, Vec<_>) =
            profiles.detect(dom).into_iter().partition(|profile| profile.own);
        // What the user's own profiles find is not weighed against what others would.
        for profiles in [own, shipped] {
            for profile in profiles {
                let drafts = apply::apply(dom, profile);
                trace.attempt(|| attempt(&profile.name, profile.detect.join(", "), &drafts));
                best.offer(drafts, &profile.name);
            }
            if best.worth > 0.0 {
                break;
            }
        }
    }
    // What the markup of a known system tells is never doubted; what a page tells to search engines may be cut short.
    if best.worth > 0.0 {
        return (best.drafts, best.matched);
    }
    if mode == Mode::WithProfiles
        && let Some((drafts, matched)) = structured::read(dom)
    {
        trace.attempt(|| attempt(&matched, "structured data".to_owned(), &drafts));
        best.offer(drafts, &matched);
    }
    best.offer(generic::read(dom, trace), "generic");
    (best.drafts, best.matched)
}

fn attempt(by: &str, sign: String, drafts: &[Draft]) -> Attempt {
    let verdict = match worth(drafts) {
        0.0 => Verdict::Empty,
        worth => Verdict::Worth(worth),
    };
    let (by, records) = (by.to_owned(), drafts.len());
    Attempt { by, sign, records, evidence: Vec::new(), verdict }
}

/// The reading that tells most so far; of equals, the first.
#[derive(Default)]
struct Best {
    worth: f64,
    drafts: Vec<Draft>,
    matched: String,
}

impl Best {
    fn offer(&mut self, drafts: Vec<Draft>, matched: &str) {
        let worth = worth(&drafts);
        if worth > self.worth {
            *self = Best { worth, drafts, matched: matched.to_owned() };
        }
    }
}

/// How much a reading tells: texts first, then authors and dates.
fn worth(drafts: &[Draft]) -> f64 {
    let told = drafts.iter().filter(|draft| !draft.text.is_empty());
    told.map(|draft| {
        1.0 + 0.5 * f64::from(u8::from(draft.author.is_some()))
            + 0.25 * f64::from(u8::from(draft.date.is_some()))
    })
    .sum()
}
