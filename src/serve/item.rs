//! Draws one item with everything around it: its thread, those that say nearly the same, and what was decided so far.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};

use super::address::Asked;
use super::card::{self, Drawn, Stand};
use super::frame::{self, Here};
use super::visitor::Visitor;
use super::{Desk, answer, keys, moment, outcome};
use crate::model::Scratch;
use crate::report::fragment::{self, filled, shown};
use crate::store::{Around, Decision, Kept, State as Fate};

/// What the page of an item is made of.
struct Found {
    drawn: Drawn,
    around: Around,
    members: Vec<Kept>,
    log: Vec<Decision>,
    did: Vec<Decision>,
}

/// Members of a fold that are shown with their whole text.
const MEMBERS: usize = 100;

/// The page of an item; with `part=thread` only the thread, for the script to put into the queue.
pub(super) async fn get(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Path(item): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let Ok(item) = item.parse::<i64>() else { return answer::missing(&visitor) };
    let query = query.unwrap_or_default();
    let did = Asked::parse(&query).did;
    desk.claims.look(item, &visitor.name);
    let asker = visitor.clone();
    let found = desk.ask(move |desk| {
        let Some(card) = desk.store.card(item)? else { return Ok(None) };
        let around = desk.store.around(&card.lead)?;
        let members = desk.store.members(item)?;
        let log = desk.store.decisions_on(card.lead.number)?;
        let did = did.map(|act| desk.store.act(act)).transpose()?.unwrap_or_default();
        let drawn = Drawn::of(card, desk, &asker, &mut Scratch::default());
        Ok(Some(Found { drawn, around, members, log, did }))
    });
    match found.await {
        Ok(Some(found)) if query.split('&').any(|pair| pair == "part=thread") => {
            thread(&visitor, &found.around, None, item).into_response()
        }
        Ok(Some(found)) => page(&visitor, &found, &desk.labels()).into_response(),
        Ok(None) => answer::missing(&visitor),
        Err(error) => answer::failed(&visitor, &error),
    }
}

fn page(visitor: &Visitor, found: &Found, labels: &[String]) -> Markup {
    let words = &visitor.words().item;
    let item = found.drawn.card.item;
    let card = card::draw(visitor, &found.drawn, labels, Stand::Alone);
    let main = html! {
        (outcome::notice(visitor, &found.did))
        p.way { a href="/" { "← " (words.back) } }
        h1.unheard { (words.title) }
        div.alone { (thread(visitor, &found.around, Some(&card), item)) }
        @if found.members.len() > 1 { (members(visitor, item, &found.members)) }
        (log(visitor, &found.log))
        (keys::dialog(visitor))
    };
    frame::page(visitor, Here::Beside, &words.title, &main)
}

/// What is above, beside and below a comment; between them the comment itself, where it is not on the page already.
fn thread(visitor: &Visitor, around: &Around, card: Option<&Markup>, here: i64) -> Markup {
    let words = &visitor.words().item;
    let (beside, more_beside) = (&around.beside.0, around.beside.1);
    let (below, more_below) = (&around.below.0, around.below.1);
    html! {
        @if !around.above.is_empty() {
            section.above { h2 { (words.above) } (comments(visitor, &around.above, 0, here)) }
        }
        @if let Some(card) = card { (card) }
        @if !below.is_empty() {
            section.below { h2 { (words.below) } (comments(visitor, below, more_below, here)) }
        }
        @if !beside.is_empty() {
            section.beside { h2 { (words.beside) } (comments(visitor, beside, more_beside, here)) }
        }
        @if card.is_none() && around.above.is_empty() && below.is_empty() && beside.is_empty() {
            p.quiet { (words.alone) }
        }
    }
}

/// Comments around one, small; `all` says how many there are where not all are shown. Those of the item `here` need
/// no link to it.
fn comments(visitor: &Visitor, comments: &[Kept], all: u64, here: i64) -> Markup {
    let words = &visitor.words().item;
    let more = (all as usize).saturating_sub(comments.len());
    html! {
        ol.comments {
            @for kept in comments { li { (small(visitor, kept, here)) } }
            @if more > 0 {
                @let n = fragment::number(visitor.locale, more);
                li.quiet { (filled(&words.more, &[("n", &n)])) }
            }
        }
    }
}

/// A comment beside the one to decide on.
fn small(visitor: &Visitor, kept: &Kept, here: i64) -> Markup {
    let words = visitor.words();
    html! {
        p.who {
            (card::author(visitor, &kept.comment))
            @if let Some(date) = &kept.comment.date {
                " · " (PreEscaped(fragment::date(visitor.locale, date)))
            }
            @match kept.state {
                Fate::Open => {}
                Fate::Out => { " · " span.fate { (words.item.removed) } }
                state => { " · " span.fate { (card::state(visitor, state)) } }
            }
            @if kept.item != here { " · " a href={ "/item/" (kept.item) } { (words.item.look) } }
        }
        div.words dir="auto" { (card::quoted(visitor, &kept.comment.text)) }
    }
}

/// The comments folded into one item: deciding on it decides on all of them that wait.
fn members(visitor: &Visitor, item: i64, members: &[Kept]) -> Markup {
    let words = visitor.words();
    let n = fragment::number(visitor.locale, members.len());
    html! {
        section #members {
            h2 { (filled(&words.item.members, &[("n", &n)])) }
            (comments(visitor, &members[..members.len().min(MEMBERS)], members.len() as u64, item))
            form method="post" action="/bulk/preview" {
                input type="hidden" name="item" value=(item);
                input type="hidden" name="back" value={ "/item/" (item) };
                button { (words.queue.bulk) }
            }
        }
    }
}

/// What was decided so far: by whom, when, on which advice.
fn log(visitor: &Visitor, log: &[Decision]) -> Markup {
    let words = visitor.words();
    html! {
        section.log {
            h2 { (words.item.log) }
            @if log.is_empty() { p.quiet { (words.item.no_log) } }
            ol {
                @for one in log {
                    li {
                        strong { (outcome::verdict(visitor, one)) }
                        " · " (PreEscaped(shown(&one.moderator)))
                        " · " (PreEscaped(moment::told(visitor.locale, one.made)))
                        " · " span.quiet { (outcome::basis(visitor, one)) }
                        @if let Some(note) = &one.note {
                            blockquote.said { (PreEscaped(shown(note))) }
                        }
                    }
                }
            }
        }
    }
}
