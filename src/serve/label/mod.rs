//! Asks about one comment after the other, the one whose answer finds or teaches the most, and learns from each answer.
//!
//! Answers are decisions like all others: the form goes to the same place, so do undoing and what keeps two apart.

mod asked;
mod board;
mod coach;
mod draw;

pub(super) use coach::Coach;

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::visitor::Visitor;
use super::{Desk, answer};
use crate::error::Result;
use crate::store::{Band, Card, Decision, Order, Round, Verdict, View};
use crate::triage::Strategy;
use asked::Asked;
use board::Board;

/// Items tried before anything is learned.
const FIRST: usize = 200;

/// What the page is made of.
struct Found {
    asked: Asked,
    /// What to ask about; none where nothing is left.
    card: Option<Card>,
    round: Round,
    did: Vec<Decision>,
    board: Option<Arc<Board>>,
    /// The last decision in the log.
    head: i64,
}

/// The page that asks.
pub(super) async fn get(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let labels = desk.labels();
    let Some(asked) = Asked::parse(query.as_deref().unwrap_or_default(), &labels) else {
        return answer::nowhere(&visitor);
    };
    let board = desk.coach.board(&desk, &asked.label);
    let asker = visitor.clone();
    match desk.ask(move |desk| find(desk, &asker, asked, board)).await {
        Ok(found) => draw::page(&visitor, &found, &labels).into_response(),
        Err(error) => answer::failed(&visitor, &error),
    }
}

fn find(
    desk: &Desk,
    visitor: &Visitor,
    mut asked: Asked,
    board: Option<Arc<Board>>,
) -> Result<Found> {
    let head = desk.store.head()?.seq;
    let since = *asked.since.get_or_insert(head);
    let round = desk.store.round(&visitor.name, &asked.label, since)?;
    let did = asked.did.map(|act| desk.store.act(act)).transpose()?.unwrap_or_default();
    let turn = asked.strategy.turn(round.answers.len() + round.skipped);
    let items = match &board {
        Some(board) => board.items(turn).collect(),
        None => first(desk, &asked.label, turn)?,
    };
    // Whoever takes an answer back is asked again.
    let again = again(desk, &did)?;
    let mut card = None;
    for item in again.into_iter().chain(items) {
        if desk.claims.take(item, &visitor.name) && desk.store.waits(item)? {
            card = desk.store.card(item)?;
            break;
        }
    }
    Ok(Found { asked, card, round, did, board, head })
}

/// What the queue has to offer, as long as nothing is learned.
fn first(desk: &Desk, label: &str, turn: Strategy) -> Result<Vec<i64>> {
    let order = match turn {
        Strategy::Uncertain => Order::Uncertain,
        Strategy::Random => Order::Random,
        Strategy::Risk | Strategy::Mix => Order::Harm,
    };
    let all = View { band: Band::All, order, ..View::default() };
    let mut items = Vec::new();
    if order == Order::Harm {
        let of_label = View { label: Some(label.to_string()), ..all.clone() };
        items = desk.store.first(&of_label, FIRST)?;
    }
    items.extend(desk.store.first(&all, FIRST)?);
    Ok(items)
}

/// The item whose decision was just taken back.
fn again(desk: &Desk, did: &[Decision]) -> Result<Option<i64>> {
    match did.first() {
        Some(undo) if undo.verdict == Verdict::Undo => {
            Ok(desk.store.comment(undo.comment)?.map(|kept| kept.item))
        }
        _ => Ok(None),
    }
}
