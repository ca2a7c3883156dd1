//! Writes the queue as one page that needs nothing else: no script, no font, no network.
//!
//! No template crate: what takes care here are the passages marked inside hostile text, which a template cannot do, and
//! little would be left for it.

mod article;
pub(super) mod escape;
mod mark;
mod moment;

use std::collections::HashMap;
use std::io::Write;

use super::Style;
use super::words::Words;
use crate::error::Result;
use crate::triage::{Adviser, Queue};
use article::Articles;
#[cfg(feature = "serve")]
pub(super) use {
    escape::{address, text},
    mark::marked,
    moment::time,
};

/// Nothing may be loaded, run, sent or framed; the style sheet in the page is all that there is.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(super) fn write(queue: &Queue, style: &Style, out: &mut dyn Write) -> Result<()> {
    let words = style.locale.words();
    let phrases = &words.phrases;
    let language = style.locale.code();
    let title = &phrases.title;
    write!(
        out,
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>{title} · vigie</title>\n<style>\n{}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#queue\">{}</a>\n",
        include_str!("style.css"),
        phrases.skip,
    )?;
    write!(
        out,
        "<header class=\"top\">\n<h1>{title}</h1>\n<p class=\"motto\">{}</p>\n\
         {}{}{}</header>\n",
        phrases.motto,
        counts(queue, words),
        origin(&queue.adviser, &style.model, words),
        guide(words),
    )?;
    writeln!(out, "<main id=\"queue\" tabindex=\"-1\">")?;
    let ranks = queue.entries.iter().map(|entry| (entry.index, entry.rank)).collect();
    let articles = Articles { queue, locale: style.locale, words, ranks };
    let (flagged, calm) = queue.parted();
    for entry in &flagged {
        out.write_all(articles.article(entry).as_bytes())?;
    }
    if flagged.is_empty() {
        writeln!(out, "<p class=\"nothing\">{}</p>", phrases.nothing)?;
    }
    if !calm.is_empty() {
        let count = words.number(calm.len());
        writeln!(
            out,
            "<details class=\"calm\">\n<summary>{} ({count})</summary>",
            phrases.approve
        )?;
        for entry in &calm {
            out.write_all(articles.article(entry).as_bytes())?;
        }
        writeln!(out, "</details>")?;
    }
    write!(out, "</main>\n</body>\n</html>\n")?;
    out.flush()?;
    Ok(())
}

/// How many comments got which advice.
fn counts(queue: &Queue, words: &Words) -> String {
    let (phrases, counts) = (&words.phrases, queue.counts);
    let mut parts = vec![
        ("", &phrases.read, counts.read),
        ("reject", &phrases.reject, counts.reject),
        ("review", &phrases.review, counts.review),
        ("", &phrases.approve, counts.approve),
    ];
    let shown = queue.parted().0.len();
    if shown < counts.review + counts.reject {
        parts.push(("", &phrases.shown, shown));
    }
    let part = |(class, what, number): (&str, &String, usize)| {
        format!("<div class=\"{class}\"><dt>{what}</dt><dd>{}</dd></div>\n", words.number(number))
    };
    format!("<dl class=\"counts\">\n{}</dl>\n", parts.into_iter().map(part).collect::<String>())
}

/// From what thresholds on comments are shown, and what scored them.
fn origin(adviser: &Adviser, model: &str, words: &Words) -> String {
    let phrases = &words.phrases;
    let mut page = format!(
        "<div class=\"origin\">\n<table>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        phrases.bands, phrases.label, phrases.review_from, phrases.reject_from,
    );
    for (index, label) in adviser.labels().iter().enumerate() {
        let name = escape::text(words.label(label));
        let bands = adviser.bands(index);
        let cells = if adviser.counts(index) {
            format!("<td>{}</td><td>{}</td>", words.exact(bands.review), words.exact(bands.reject))
        } else {
            format!("<td colspan=\"2\">{}</td>", phrases.aside)
        };
        page.push_str(&format!("<tr><th scope=\"row\">{name}</th>{cells}</tr>\n"));
    }
    page.push_str("</tbody>\n</table>\n");
    let (what, model) = (&phrases.model, escape::text(model));
    page.push_str(&format!("<p class=\"model\">{what} <code>{model}</code></p>\n</div>\n"));
    page
}

/// How to read the page.
fn guide(words: &Words) -> String {
    let phrases = &words.phrases;
    let told = [&phrases.how_order, &phrases.how_marks, &phrases.how_low, &phrases.how_unseen];
    let told: String = told.iter().map(|told| format!("<p>{told}</p>\n")).collect();
    format!("<details class=\"guide\">\n<summary>{}</summary>\n{told}</details>\n", phrases.how)
}

/// The ranks of the entries by the index of their comment.
type Ranks = HashMap<usize, usize>;
