//! Answers comments that come all at once: a few in one piece, many piece by piece, as their client takes them.

use std::sync::Arc;

use axum::body::Body;
use rayon::prelude::*;
use serde_json::Value;
use tokio::sync::mpsc::channel;
use tokio_stream::wrappers::ReceiverStream;

use super::Api;
use super::body::Whole;
use super::engine::Engine;
use super::fault::Fault;
use super::include::Include;
use super::object::Object;
use super::score::{AHEAD, Answers, Asked, Question, one, question};
use crate::feature::{Context, Places};

/// Comments from which on it is worth to share the work.
const FEW: usize = 16;

/// Comments that are answered in one piece. With contributions, an answer takes a hundred times the memory of its question.
const PIECE: usize = 256;

type Placed = Vec<(Object<Asked>, Context)>;

/// Answers a question that came as a whole.
///
/// # Errors
/// When it is none.
pub(super) async fn answer(
    api: &Arc<Api>,
    mut body: Whole,
    include: Include,
) -> Result<Body, Fault> {
    let place = body.place.take();
    // Reading is work too, and takes ten times the memory of what is read.
    let turn = api.turns.acquire().await.map_err(|_| Fault::Busy)?;
    let own = Arc::clone(api);
    let begun = tokio::task::spawn_blocking(move || {
        let question = question(&body)?;
        drop(body);
        let engine = own.live.engine.load_full();
        Ok(begin(&own, engine, question, include))
    });
    let (engine, first, rest) = begun.await.map_err(|_| Fault::Busy)??;
    drop(turn);
    if rest.is_empty() {
        return Ok(Body::from(first));
    }
    let (sender, pieces) = channel(AHEAD);
    let api = Arc::clone(api);
    tokio::spawn(async move {
        // Whoever no longer listens needs no more answers.
        let _ = go_on(api, engine, first, rest, include, sender).await;
        drop(place);
    });
    Ok(Body::from_stream(ReceiverStream::new(pieces)))
}

/// The first piece of the answer, or all of it, and what is still to be answered.
fn begin(
    api: &Api,
    engine: Arc<Engine>,
    question: Question,
    include: Include,
) -> (Arc<Engine>, String, Placed) {
    let mut places = Places::default();
    let comments = match question {
        Question::One(asked) => {
            let place = asked.place(&mut places);
            api.metrics.comments.inc();
            let told = Value::Object(one(&engine, &asked, place, include)).to_string();
            return (engine, told, Vec::new());
        }
        Question::Many(comments) => comments,
    };
    let placed = comments.into_iter().map(|asked| {
        let place = asked.place(&mut places);
        (asked, place)
    });
    let mut first: Placed = placed.collect();
    let rest = first.split_off(first.len().min(PIECE));
    let mut told = String::from("{\"comments\":[");
    told.push_str(&piece(api, &engine, &first, include));
    if rest.is_empty() {
        told.push_str("]}");
    }
    (engine, told, rest)
}

/// Answers the rest, all by the same model.
async fn go_on(
    api: Arc<Api>,
    engine: Arc<Engine>,
    first: String,
    rest: Placed,
    include: Include,
    sender: Answers,
) -> Option<()> {
    sender.send(Ok(first.into())).await.ok()?;
    let mut rest = rest.into_iter();
    while rest.len() > 0 {
        let next: Placed = rest.by_ref().take(PIECE).collect();
        let end = if rest.len() == 0 { "]}" } else { "" };
        let turn = api.turns.acquire().await.ok()?;
        let (own, engine) = (Arc::clone(&api), Arc::clone(&engine));
        let told = tokio::task::spawn_blocking(move || {
            let told = piece(&own, &engine, &next, include);
            format!(",{told}{end}")
        });
        let told = told.await.ok()?;
        // The client may take its time; the turn is the next one's meanwhile.
        drop(turn);
        sender.send(Ok(told.into())).await.ok()?;
    }
    Some(())
}

/// Answers, parted by commas.
fn piece(
    api: &Api,
    engine: &Engine,
    asked: &[(Object<Asked>, Context)],
    include: Include,
) -> String {
    api.metrics.comments.inc_by(asked.len() as u64);
    let score = |(asked, place): &(Object<Asked>, Context)| {
        Value::Object(one(engine, asked, *place, include)).to_string()
    };
    let told: Vec<String> = match asked.len() < FEW {
        true => asked.iter().map(score).collect(),
        false => asked.par_iter().map(score).collect(),
    };
    told.join(",")
}
