//! Hands out what was decided, as files: the log, the labels, the counts, the queue.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::address::{self, Asked};
use super::frame::{self, Here};
use super::visitor::Visitor;
use super::{Desk, answer};
use crate::error::Result;
use crate::export::{Rows, write_counts, write_decisions, write_labels, write_queue};
use crate::report::{Format, Locale, Mark, Style};
use crate::store::{Head, Verified, View};

/// What can be had, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Decisions(Rows),
    Labels(Rows),
    Counts(Rows),
    Queue(Format),
}

/// The files, with the media type of each.
const FILES: &[(&str, What, &str)] = &[
    ("decisions.csv", What::Decisions(Rows::Csv(Mark::ByteOrder)), CSV),
    ("decisions.jsonl", What::Decisions(Rows::Jsonl), JSONL),
    ("labels.csv", What::Labels(Rows::Csv(Mark::ByteOrder)), CSV),
    ("labels.jsonl", What::Labels(Rows::Jsonl), JSONL),
    ("counts.csv", What::Counts(Rows::Csv(Mark::ByteOrder)), CSV),
    ("counts.jsonl", What::Counts(Rows::Jsonl), JSONL),
    ("queue.csv", What::Queue(Format::Csv), CSV),
    #[cfg(feature = "xlsx")]
    ("queue.xlsx", What::Queue(Format::Xlsx), XLSX),
    ("queue.html", What::Queue(Format::Html), "text/html; charset=utf-8"),
];
const CSV: &str = "text/csv; charset=utf-8";
const JSONL: &str = "application/jsonl; charset=utf-8";
#[cfg(feature = "xlsx")]
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The page that offers the files.
pub(super) async fn get(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    match desk.ask(|desk| desk.store.verify()).await {
        Ok(verified) => page(&visitor, &verified).into_response(),
        Err(error) => answer::failed(&visitor, &error),
    }
}

/// One of the files; of the queue, the view in the address.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(&(name, what, kind)) = FILES.iter().find(|(known, ..)| *known == name) else {
        return answer::missing(&visitor);
    };
    let view = Asked::parse(&query.unwrap_or_default()).view;
    let locale = visitor.locale;
    match desk.ask(move |desk| write(desk, what, &view, locale)).await {
        Ok(bytes) => {
            let saved = format!("attachment; filename=\"{name}\"");
            let headers =
                [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, saved.as_str())];
            (headers, bytes).into_response()
        }
        Err(error) => answer::failed(&visitor, &error),
    }
}

fn write(desk: &Desk, what: What, view: &View, locale: Locale) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let store = &desk.store;
    match what {
        What::Decisions(rows) => write_decisions(store, rows, &mut bytes)?,
        What::Labels(rows) => write_labels(store, rows, &mut bytes)?,
        What::Counts(rows) => write_counts(store, rows, &mut bytes)?,
        What::Queue(format) => {
            let judge = desk.judge();
            let model = judge.scorer().model().id().to_string();
            let style = Style { locale, model, ..Style::default() };
            write_queue(store, &judge, view, format, &style, &mut bytes)?
        }
    };
    Ok(bytes)
}

fn page(visitor: &Visitor, verified: &Verified) -> Markup {
    let words = &visitor.words().export;
    let files = |of: &'static str| {
        FILES.iter().map(|(name, ..)| *name).filter(move |name| name.starts_with(of))
    };
    let offers = [
        ("labels.", &words.labels, &words.labels_told),
        ("decisions.", &words.decisions, &words.decisions_told),
        ("counts.", &words.counts, &words.counts_told),
        ("queue.", &words.queue, &words.queue_told),
    ];
    let main = html! {
        h1 { (words.title) }
        p.lead { (words.told) }
        @for (of, title, told) in offers {
            section.offer {
                h2 { (title) }
                p { (told) }
                ul.files {
                    @for name in files(of) {
                        li { a.button href={ "/export/" (name) } download=(name) { (name) } }
                    }
                }
            }
        }
        section.chain {
            h2 { (words.chain) }
            @match verified {
                Verified::Whole(Head { seq, hash }) => {
                    p { (crate::report::fragment::filled(&words.whole, &[("n", &seq.to_string())])) }
                    p.quiet { code { (hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()) } }
                }
                Verified::Broken { seq, .. } => {
                    p.problem role="alert" { (crate::report::fragment::filled(&words.broken, &[("n", &seq.to_string())])) }
                }
            }
        }
    };
    frame::page(visitor, Here::Export, &words.title, &main)
}

/// The address of the queue of a view as a workbook, where it can be written.
pub(super) fn workbook(view: &View) -> Option<String> {
    cfg!(feature = "xlsx").then(|| format!("/export/queue.xlsx?{}", address::query(view)))
}
