//! Decides on many comments at once: a fold, or all that wait in a view. First a preview with a sample, then one act
//! that is undone as one.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::decide::{self, Fields};
use super::frame::{self, Here};
use super::visitor::Visitor;
use super::{Desk, address, answer, card, filter, form};
use crate::error::Result;
use crate::report::fragment::{self, filled};
use crate::store::{Kept, Order, State as Fate, Target, To, View};

/// Comments of the sample.
const SAMPLE: usize = 10;

/// What is to be decided on.
#[derive(Clone, Debug, PartialEq)]
enum Whole {
    Fold(i64),
    View(View),
}

impl Whole {
    fn of(fields: &Fields) -> Whole {
        match fields.number("item") {
            Some(item) => Whole::Fold(item),
            None => {
                let query = fields.get("view").unwrap_or_default();
                Whole::View(address::Asked::parse(query).view)
            }
        }
    }
}

/// What a decision would be about.
struct Preview {
    whole: Whole,
    /// Comments that wait.
    count: u64,
    /// The number of the last comment when it was counted.
    last: i64,
    /// The last decision then.
    seen: i64,
    sample: Vec<Kept>,
    flagged: Vec<String>,
}

/// Shows what a decision would be about.
pub(super) async fn preview(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let whole = Whole::of(&fields);
    match desk.ask(move |desk| read(desk, whole)).await {
        Ok(preview) => page(&visitor, &preview, &desk.labels(), fields.back()).into_response(),
        Err(error) => answer::failed(&visitor, &error),
    }
}

/// Takes the decision.
pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let ruling = fields.ruling(&desk.labels(), &visitor.name);
    let (Some(ruling), Some(seen), Some(last)) =
        (ruling, fields.number("seen"), fields.number("last"))
    else {
        return answer::bad(&visitor);
    };
    let to = match Whole::of(&fields) {
        Whole::Fold(item) => To::Item(item),
        Whole::View(view) => To::View(view, last),
    };
    let target = Target { to, seen };
    let made = desk.ask(move |desk| desk.store.decide(&target, &ruling)).await;
    decide::done(&desk, &visitor, &fields, made).await
}

fn read(desk: &Desk, whole: Whole) -> Result<Preview> {
    // Before the comments are read: what is decided in between shows as a conflict, never the other way round.
    let seen = desk.store.head()?.seq;
    let (count, last, sample) = match &whole {
        Whole::View(view) => {
            let (count, last) = desk.store.waiting(view)?;
            let drawn = View { order: Order::Random, ..view.clone() };
            let listing = desk.store.list(&drawn, None, SAMPLE)?;
            (count, last, listing.cards.into_iter().map(|card| card.lead).collect())
        }
        Whole::Fold(item) => {
            let mut members = desk.store.members(*item)?;
            if members.iter().any(waits) {
                members.retain(waits);
            } else {
                members.retain(|kept| kept.state != Fate::Out);
            }
            let (count, step) = (members.len(), members.len().div_ceil(SAMPLE).max(1));
            (count as u64, 0, members.into_iter().step_by(step).collect::<Vec<Kept>>())
        }
    };
    let judge = desk.judge();
    let labels = judge.adviser().labels().iter().enumerate();
    let often = |label: usize| {
        let flagged = sample.iter().filter(|kept| judge.adviser().flags(label, &kept.scores));
        2 * flagged.count() > sample.len()
    };
    let flagged = labels.filter(|(label, _)| often(*label)).map(|(_, name)| name.clone()).collect();
    Ok(Preview { whole, count, last, seen, sample, flagged })
}

fn waits(kept: &Kept) -> bool {
    matches!(kept.state, Fate::Open | Fate::Deferred)
}

fn page(visitor: &Visitor, preview: &Preview, labels: &[String], back: &str) -> Markup {
    let all = visitor.words();
    let words = &all.bulk;
    let n = fragment::number(visitor.locale, preview.count as usize);
    let told = match preview.count {
        0 => words.none.clone(),
        1 => words.told_one.clone(),
        _ => filled(&words.told_many, &[("n", &n)]),
    };
    let decide = &all.decide;
    let verdicts =
        [("reject", &decide.reject), ("approve", &decide.approve), ("defer", &decide.defer)];
    let main = html! {
        p.way { a href=(back) { "← " (words.cancel) } }
        h1 { (words.title) }
        p.lead { strong { (told) } " " @if preview.count > 1 { (words.warning) } }
        @if let Whole::View(view) = &preview.whole {
            p.quiet { (words.of_view) }
            (filter::tags(visitor, view))
        }
        @if preview.count > 0 {
            section.sample {
                h2 { (words.sample) }
                ol.comments {
                    @for kept in &preview.sample {
                        li {
                            p.who { (card::author(visitor, &kept.comment)) }
                            div.words dir="auto" { (card::quoted(visitor, &kept.comment.text)) }
                        }
                    }
                }
            }
            form.bulk method="post" action="/bulk" {
                @match &preview.whole {
                    Whole::Fold(item) => { input type="hidden" name="item" value=(item); }
                    Whole::View(view) => { input type="hidden" name="view" value=(address::query(view)); }
                }
                input type="hidden" name="last" value=(preview.last);
                input type="hidden" name="seen" value=(preview.seen);
                input type="hidden" name="back" value=(back);
                fieldset.choice {
                    legend { (words.verdict) }
                    @for (value, told) in verdicts {
                        label {
                            input type="radio" name="verdict" value=(value) required;
                            span { (told) }
                        }
                    }
                }
                (form::grounds(visitor, "bulk", &preview.flagged, labels))
                p.quiet { (words.labels_told) }
                p {
                    button.main { (words.confirm) } " "
                    a.button href=(back) { (words.cancel) }
                }
            }
        }
    };
    frame::page(visitor, Here::Queue, &words.title, &main)
}
