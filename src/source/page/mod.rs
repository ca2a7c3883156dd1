//! Reads the comments out of one saved HTML page: by the profile of its comment system, else by its structured data, else by
//! what comments look like anywhere; and tells why there are none. The only folder that parses HTML.

mod absence;
mod apply;
mod author;
mod body;
mod dom;
mod draft;
mod embedded;
mod generic;
mod names;
mod picker;
mod profile;
mod record;
mod structured;
mod text;
mod title;
mod words;

pub use profile::{Profile, Profiles};

use scraper::Html;

use super::Extraction;
use dom::Dom;
use draft::Draft;

/// By which means a page is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The profiles first, then structured data, then the generic extractor.
    #[default]
    WithProfiles,
    /// The generic extractor alone.
    GenericOnly,
}

/// Reads the comments of a page. `page` is the name that they will bear.
pub fn extract(html: &str, page: &str, profiles: &Profiles, mode: Mode) -> Extraction {
    let parsed = Html::parse_document(html);
    let dom = Dom::new(&parsed);
    let (drafts, matched) = read(&dom, profiles, mode);
    if drafts.is_empty() {
        return Extraction { absence: Some(absence::absence(&dom)), ..Extraction::default() };
    }
    let title = title::title(&dom);
    Extraction {
        comments: draft::comments(&dom, page, title.as_deref(), drafts),
        matched,
        absence: None,
    }
}

fn read<'d>(dom: &Dom<'d>, profiles: &Profiles, mode: Mode) -> (Vec<Draft>, String) {
    if mode == Mode::WithProfiles {
        let mut best: (f64, Vec<Draft>, String) = (0.0, Vec::new(), String::new());
        for profile in profiles.detect(dom) {
            let drafts = apply::apply(dom, profile);
            let worth = worth(&drafts);
            if worth > best.0 {
                best = (worth, drafts, profile.name.clone());
            }
        }
        if best.0 > 0.0 {
            return (best.1, best.2);
        }
        if let Some((drafts, matched)) = structured::read(dom) {
            return (drafts, matched);
        }
    }
    let drafts = generic::read(dom);
    let matched = if drafts.is_empty() { String::new() } else { "generic".to_owned() };
    (drafts, matched)
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
