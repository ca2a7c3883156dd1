//! Draws the queue: the items of a view, a page of them at a time.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};

use super::address::{self, Asked};
use super::card::{self, Drawn, Stand};
use super::frame::{self, Here};
use super::visitor::Visitor;
use super::{Desk, answer, export, filter, keys, outcome};
use crate::model::Scratch;
use crate::report::fragment::{self, filled, shown};
use crate::store::{Band, Cursor, Decision, Matching, Scope, View};

/// Items on a page.
const PAGE: usize = 30;

/// What a page of the queue is made of.
struct Found {
    drawn: Vec<Drawn>,
    next: Option<Cursor>,
    matching: Matching,
    did: Vec<Decision>,
}

/// The queue.
pub(super) async fn get(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = Asked::parse(query.as_deref().unwrap_or_default());
    let (view, after, did) = (asked.view.clone(), asked.after, asked.did);
    let asker = visitor.clone();
    let found = desk.ask(move |desk| {
        let listing = desk.store.list(&view, after, PAGE)?;
        let mut scratch = Scratch::default();
        let draw = |card| Drawn::of(card, desk, &asker, &mut scratch);
        let drawn = listing.cards.into_iter().map(draw).collect();
        let did = did.map(|act| desk.store.act(act)).transpose()?.unwrap_or_default();
        Ok(Found { drawn, next: listing.next, matching: listing.matching, did })
    });
    match found.await {
        Ok(found) => page(&visitor, &asked, &found, &desk.labels()).into_response(),
        Err(error) => answer::failed(&visitor, &error),
    }
}

fn page(visitor: &Visitor, asked: &Asked, found: &Found, labels: &[String]) -> Markup {
    let words = &visitor.words().queue;
    let (view, cards) = (&asked.view, &found.drawn);
    let title = match &view.author {
        Some(author) => filled(&words.of_author, &[("author", author)]),
        None => words.title.clone(),
    };
    let main = html! {
        (outcome::notice(visitor, &found.did))
        div.over {
            h1 { (PreEscaped(shown(&title))) }
            (count(visitor, view, found.matching))
        }
        (filter::form(visitor, view, labels))
        div #cards {
            @for drawn in cards { (card::draw(visitor, drawn, labels, Stand::InQueue)) }
        }
        @if cards.is_empty() {
            div.empty {
                p { (words.nothing) }
                p.quiet { (words.nothing_told) }
                p {
                    @if *view != View::default() || asked.after.is_some() {
                        a.button href="/" { (words.whole) } " "
                    }
                    @if view.band != Band::All {
                        @let all = View { band: Band::All, ..view.clone() };
                        a.button href=(address::of(&all)) { (words.audit) }
                    }
                }
            }
        }
        div.after {
            @if let Some(next) = found.next {
                @let on = Asked { view: view.clone(), after: Some(next), did: None };
                a.button #next rel="next" href=(on.path()) { (words.next) }
            }
            @if asked.after.is_some() { a.button href=(address::of(view)) { (words.first) } }
            @if let Some(file) = export::workbook(view).filter(|_| !cards.is_empty()) {
                a.button.quiet href=(file) { (words.workbook) }
            }
            @if !cards.is_empty() && waits(view) {
                form method="post" action="/bulk/preview" {
                    input type="hidden" name="view" value=(address::query(view));
                    input type="hidden" name="back" value=(address::of(view));
                    button.quiet { (words.bulk) }
                }
            }
        }
        (keys::dialog(visitor))
    };
    frame::page(visitor, Here::Queue, &title, &main)
}

/// Whether a view may hold what waits for a decision.
fn waits(view: &View) -> bool {
    matches!(view.state, Scope::Open | Scope::Deferred | Scope::All)
}

/// How many items the view holds. The script counts on from there.
fn count(visitor: &Visitor, view: &View, matching: Matching) -> Markup {
    let words = &visitor.words().queue;
    let number = |count: u64| fragment::number(visitor.locale, count as usize);
    let filled = |phrase: &str, count: u64| filled(phrase, &[("n", &number(count))]);
    html! {
        @match matching {
            Matching::MoreThan(count) => { p.count { (filled(&words.more_than, count)) } }
            Matching::Exactly(count) if view.state != Scope::Open => {
                p.count { (filled(&words.rest, count)) }
            }
            Matching::Exactly(count) => {
                p.count data-left=(count) data-one=(words.one) data-many=(words.many) {
                    @if count == 1 { (words.one) } @else { (filled(&words.many, count)) }
                }
            }
        }
    }
}
