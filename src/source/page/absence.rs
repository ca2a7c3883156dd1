//! Tells why a page shows no comments: its own words, the mark of a system that loads them by script, a counter, or nothing.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::dom::{At, Dom};
use super::memo::Memo;
use crate::source::Absence;

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    toml::from_str(include_str!("absence.toml")).expect("the embedded markers are tested")
});

/// Any of the words that say that comments are closed.
static CLOSED: LazyLock<Regex> = LazyLock::new(|| {
    let signs = SIGNS.closed.iter().map(|sign| regex::escape(sign)).collect::<Vec<_>>();
    Regex::new(&signs.join("|")).expect("escaped words are a pattern")
});

/// « 745 commentaires », "Comments (12)", « Afficher tous les commentaires (745) ».
static COUNTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[^0-9]{0,40}?\(?([1-9][0-9]{0,5})\)?\s*(?:commentaires?|comments?|kommentare?|comentarios?|réactions|contributions)\b|^[^0-9]{0,30}\b(?:commentaires|comments|kommentare|comentarios|réactions)\s*[(:]\s*([1-9][0-9]{0,5})\)?$")
        .expect("the pattern is tested")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    none: Vec<String>,
    closed: Vec<String>,
    widget: Vec<Widget>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Widget {
    system: String,
    marks: Vec<String>,
    /// How a newsroom gets its comments out of the system, where that is known.
    #[serde(default)]
    export: String,
}

/// The systems that load comments by script: name, marks, and how to get the comments.
pub fn widgets() -> impl Iterator<Item = (&'static str, String, &'static str)> {
    SIGNS
        .widget
        .iter()
        .map(|widget| (widget.system.as_str(), widget.marks.join(", "), widget.export.as_str()))
}

/// Why the page shows no comments.
pub fn absence(dom: &Dom<'_>) -> Absence {
    let mut counter = None;
    let mut none = None;
    for at in 0..dom.len() {
        if dom.text(at).is_some()
            || dom.letters(at) == 0
            || dom.letters(at) > 140
            || is_title(dom, at)
        {
            continue;
        }
        // An element that only wraps another says nothing of its own.
        if dom
            .children(at)
            .any(|child| dom.element(child).is_some() && dom.letters(child) == dom.letters(at))
        {
            continue;
        }
        let words = dom.line(at);
        let mut lower = words.to_lowercase();
        if lower.contains('’') {
            lower = lower.replace('’', "'");
        }
        if CLOSED.is_match(&lower) {
            return Absence::Closed(words.into_owned());
        }
        if none.is_none() && SIGNS.none.iter().any(|sign| begins(&lower, sign)) {
            none = Some(words.into_owned());
        } else if counter.is_none()
            && words.len() < 60
            && words.bytes().any(|byte| byte.is_ascii_digit())
            && COUNTER.is_match(&words)
        {
            counter = Some(words.into_owned());
        }
    }
    if let Some(words) = none {
        return Absence::SaidNone(words);
    }
    if let Some((widget, sign)) = widget(dom) {
        let export = Some(widget.export.clone()).filter(|words| !words.is_empty());
        let system = Some(widget.system.clone());
        return Absence::Elsewhere { system, sign: sign.to_owned(), export };
    }
    match counter {
        Some(sign) => Absence::Elsewhere { system: None, sign, export: None },
        None => Absence::NoArea,
    }
}

fn is_title(dom: &Dom<'_>, at: At) -> bool {
    matches!(dom.tag(at), "title" | "h1" | "head")
}

/// Whether a line begins with a sign, and not with a longer word.
fn begins(line: &str, sign: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.strip_prefix(sign)
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) || sign.ends_with(' '))
}

/// The first widget whose mark the page bears.
fn widget(dom: &Dom<'_>) -> Option<(&'static Widget, &'static str)> {
    let marks = || SIGNS.widget.iter().flat_map(|widget| &widget.marks);
    let is_mark = |class: &str| marks().any(|mark| mark.strip_prefix('.') == Some(class));
    let mut known = Memo::new();
    for at in 0..dom.len() {
        let Some(element) = dom.element(at) else { continue };
        let tag = dom.tag(at);
        let src = if matches!(tag, "script" | "iframe") { element.attr("src") } else { None };
        let dashed = tag.contains(['-', ':']);
        let marked = known.get(dom.class(at), |names| names.split_ascii_whitespace().any(is_mark));
        if dom.id(at).is_empty() && !marked && src.is_none() && !dashed {
            let spot = element
                .value()
                .attrs()
                .any(|(name, _)| name.starts_with("data-spot") || name.starts_with("data-openweb"));
            if !spot {
                continue;
            }
        }
        for widget in &SIGNS.widget {
            let borne = |mark: &&String| match mark.split_at(1) {
                ("#", id) => dom.id(at) == id,
                (".", class) => dom.classes(at).any(|name| name == class),
                ("<", name) => tag == name,
                ("[", attribute) => element.attr(attribute).is_some(),
                _ => mark
                    .strip_prefix("src:")
                    .is_some_and(|part| src.is_some_and(|src| src.contains(part))),
            };
            if let Some(mark) = widget.marks.iter().find(borne) {
                return Some((widget, mark));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn why(page: &str) -> Absence {
        let html = Html::parse_document(page);
        absence(&Dom::new(&html))
    }

    #[test]
    fn the_words_of_the_page_are_told() {
        assert_eq!(
            why("<p>Aucun commentaire pour le moment</p>"),
            Absence::SaidNone("Aucun commentaire pour le moment".into())
        );
        assert_eq!(
            why("<p>Les commentaires sont fermés.</p>"),
            Absence::Closed("Les commentaires sont fermés.".into())
        );
    }

    #[test]
    fn a_shell_names_its_system() {
        let Absence::Elsewhere { system, sign, .. } = why("<div id=disqus_thread></div>") else {
            panic!()
        };
        assert_eq!((system.as_deref(), sign.as_str()), (Some("Disqus"), "#disqus_thread"));
    }

    #[test]
    fn a_counter_means_elsewhere_and_nothing_means_no_area() {
        assert!(matches!(
            why("<a>Afficher tous les commentaires (745)</a>"),
            Absence::Elsewhere { system: None, .. }
        ));
        assert_eq!(why("<p>Il a 3 enfants et un avis.</p>"), Absence::NoArea);
    }
}
