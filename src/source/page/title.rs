//! Reads what article the comments of a page are about.

use super::dom::{At, Dom};
use super::text::line;

/// The title that the page gives to those who link to it, else its `h1`, else its window's title.
pub fn title(dom: &Dom<'_>) -> Option<String> {
    let mut heading: Option<At> = None;
    let mut window: Option<At> = None;
    for at in 0..dom.len() {
        match dom.tag(at) {
            "meta" if dom.attr(at, "property") == Some("og:title") => {
                let told = dom.attr(at, "content").map(str::trim).filter(|told| !told.is_empty());
                if let Some(told) = told {
                    return Some(told.split_whitespace().collect::<Vec<_>>().join(" "));
                }
            }
            "h1" if heading.is_none() && dom.letters(at) > 0 => heading = Some(at),
            "title" if window.is_none() && dom.letters(at) > 0 => window = Some(at),
            _ => {}
        }
    }
    heading.or(window).map(|at| line(dom, at))
}
