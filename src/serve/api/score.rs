//! Answers `/v1/score`: one comment, many, or a stream of lines, each answered in its place.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::Api;
use super::engine::{Engine, with_scratch};
use super::fault::Fault;
use super::include::Include;
use super::object::Object;
use crate::attribute::{Attribute, values};
use crate::feature::{Context, Places};
use crate::report::{Columns, explanation};

/// The most bytes of a line in a stream.
const LINE: usize = 1 << 20;

/// Answers that may wait for their client.
pub(super) const AHEAD: usize = 2;

/// A comment to be scored.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    text: String,
    /// Given back as it came.
    #[serde(default)]
    id: Value,
    /// The id of the comment that it answers.
    #[serde(default)]
    parent: Value,
    /// The page on which both stand.
    #[serde(default)]
    page: String,
}

/// What `/v1/score` is asked, where it is not asked in lines.
#[derive(Debug)]
pub(super) enum Question {
    Many(Vec<Object<Asked>>),
    One(Object<Asked>),
}

impl Asked {
    pub(super) fn place(&self, places: &mut Places) -> Context {
        let name = |id: &Value| match id {
            Value::Null => None,
            Value::String(id) => Some(id.clone()),
            id => Some(id.to_string()),
        };
        let parent = name(&self.parent).filter(|parent| !parent.is_empty());
        places.next(&self.page, &name(&self.id).unwrap_or_default(), parent.as_deref())
    }
}

/// What is told of one comment by itself.
pub(super) fn explain(engine: &Engine, text: String, include: Include) -> Value {
    let asked = Asked { text, id: Value::Null, parent: Value::Null, page: String::new() };
    Value::Object(one(engine, &asked, Context::default(), include))
}

/// Scores, and what else is asked for, of one comment.
pub(super) fn one(
    engine: &Engine,
    asked: &Asked,
    place: Context,
    include: Include,
) -> Map<String, Value> {
    let Engine { scorer, adviser } = engine;
    let text = asked.text.as_str();
    let model = engine.model();
    let mut told = Map::new();
    if !asked.id.is_null() {
        told.insert("id".into(), asked.id.clone());
    }
    with_scratch(|scratch| {
        let (scores, reasons) = match include.reasons {
            true => scorer.judge(text, place, scratch, |scores| adviser.flagged(scores)),
            false => (scorer.scores(text, place, scratch), Vec::new()),
        };
        let named = model.labels().zip(&scores.probabilities);
        let named = named.map(|(label, p)| (label.to_string(), json!(p.value())));
        told.insert("scores".into(), Value::Object(named.collect()));
        told.insert("language".into(), json!(scores.language.code()));
        told.insert("confidence".into(), json!(scores.confidence.name()));
        told.insert("model".into(), json!(model.id()));
        let advice = adviser.assess(&scores).advice();
        if include.advice {
            told.insert("advice".into(), json!(advice.name()));
        }
        if include.attributes {
            let values = values(model, &scores, scratch);
            let served = Attribute::ALL.into_iter().filter(|one| one.origin(model).is_some());
            let named = served.map(|one| (one.name().to_string(), json!(values.of(one))));
            told.insert("attributes".into(), Value::Object(named.collect()));
        }
        if include.reasons {
            let columns = Columns::new(adviser, include.locale, model.id());
            let mut object = columns.object(text, advice, &scores, &reasons);
            let reasons = object.remove("vigie_reasons").unwrap_or_default();
            told.insert("reasons".into(), reasons);
        }
        if include.contributions {
            let labels = model.labels().zip(&scores.probabilities).enumerate();
            let explained = labels.map(|(at, (label, p))| {
                explanation(text, label, *p, &model.explain(text, place, at, scratch))
            });
            told.insert("contributions".into(), explained.collect());
        }
    });
    told
}

/// Answers line by line, as lines come. Every line that says something is answered by one: a comment with scores, or what
/// was expected.
pub(super) fn stream(api: Arc<Api>, body: Body, include: Include) -> Body {
    let (sender, answers) = channel(AHEAD);
    tokio::spawn(async move {
        // Whoever no longer listens needs no more answers.
        let _ = follow(api, body, include, sender).await;
    });
    Body::from_stream(ReceiverStream::new(answers))
}

pub(super) type Answers = Sender<Result<Bytes, std::io::Error>>;

async fn follow(api: Arc<Api>, mut body: Body, include: Include, sender: Answers) -> Option<()> {
    let mut lines = Lines::default();
    let mut places = Places::default();
    loop {
        let frame = match body.frame().await {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => {
                // The client sees that its answer is not whole.
                return sender.send(Err(std::io::Error::other(error))).await.ok();
            }
            None => break,
        };
        if let Some(data) = frame.data_ref() {
            lines.feed(data);
            places = reply(&api, lines.whole(), places, include, &sender).await?;
        }
    }
    reply(&api, lines.rest(), places, include, &sender).await.map(drop)
}

/// Answers `lines`, off the threads that answer others.
async fn reply(
    api: &Arc<Api>,
    lines: Vec<Line>,
    mut places: Places,
    include: Include,
    sender: &Answers,
) -> Option<Places> {
    if lines.is_empty() {
        return Some(places);
    }
    let turn = api.turns.acquire().await.ok()?;
    let own = Arc::clone(api);
    let (bytes, places) = tokio::task::spawn_blocking(move || {
        let engine = own.live.engine.load();
        let read: Vec<_> = lines
            .into_iter()
            .map(|line| {
                let asked = line.read();
                let place = asked
                    .as_ref()
                    .map_or_else(|_| Context::default(), |one| one.place(&mut places));
                (line.number, asked, place)
            })
            .collect();
        own.metrics
            .comments
            .inc_by(read.iter().filter(|(_, asked, _)| asked.is_ok()).count() as u64);
        let told = read.par_iter().map(|(number, asked, place)| {
            let value = match asked {
                Ok(asked) => Value::Object(one(&engine, asked, *place, include)),
                Err(expected) => json!({ "line": number, "error": expected }),
            };
            format!("{value}\n")
        });
        let told: Vec<String> = told.collect();
        (told.concat(), places)
    })
    .await
    .ok()?;
    // The client may take its time; the turn is the next one's meanwhile.
    drop(turn);
    sender.send(Ok(bytes.into())).await.ok()?;
    Some(places)
}

/// Cuts what comes into lines.
#[derive(Default)]
struct Lines {
    held: Vec<u8>,
    number: u64,
    /// Whether the line under way is longer than is read.
    long: bool,
    ready: Vec<Line>,
}

/// A line, and its number from 1 on; no bytes where it was too long.
struct Line {
    number: u64,
    bytes: Option<Vec<u8>>,
}

impl Lines {
    fn feed(&mut self, data: &[u8]) {
        let mut parts = data.split(|&byte| byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            if self.held.len() + part.len() > LINE {
                self.long = true;
                self.held.clear();
            } else if !self.long {
                self.held.extend_from_slice(part);
            }
            if parts.peek().is_some() {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        self.number += 1;
        let bytes = std::mem::take(&mut self.held);
        let bytes = (!std::mem::take(&mut self.long)).then_some(bytes);
        let says = bytes.as_ref().is_none_or(|bytes| !bytes.trim_ascii().is_empty());
        if says {
            self.ready.push(Line { number: self.number, bytes });
        }
    }

    /// The lines that are whole.
    fn whole(&mut self) -> Vec<Line> {
        std::mem::take(&mut self.ready)
    }

    /// The last line, which nothing ended.
    fn rest(mut self) -> Vec<Line> {
        self.end();
        self.ready
    }
}

impl Line {
    fn read(&self) -> Result<Object<Asked>, String> {
        let bytes = self.bytes.as_ref().ok_or_else(|| format!("expected at most {LINE} bytes"))?;
        serde_json::from_slice(bytes).map_err(|_| r#"expected {"text": "…"}"#.to_string())
    }
}

/// Whether a body of this type comes in lines.
pub(super) fn is_lines(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"]
        .contains(&kind.as_str())
}

/// Reads a question.
///
/// # Errors
/// When it is none.
pub(super) fn question(body: &[u8]) -> Result<Question, Fault> {
    let many = |list: Value| serde_json::from_value(list).map(Question::Many);
    let question = match super::body::json(body)? {
        Value::Object(mut asked) if asked.contains_key("comments") => {
            many(asked.remove("comments").unwrap_or_default())
        }
        list @ Value::Array(_) => many(list),
        one => serde_json::from_value(one).map(Question::One),
    };
    let expected = r#"Expected {"text": "…"}, a list of such, or {"comments": […]}"#;
    question.map_err(|_| Fault::Invalid(expected.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(parts: &[&[u8]]) -> Vec<(u64, Option<usize>)> {
        let mut lines = Lines::default();
        parts.iter().for_each(|part| lines.feed(part));
        let rest = lines.rest();
        rest.into_iter().map(|line| (line.number, line.bytes.map(|bytes| bytes.len()))).collect()
    }

    #[test]
    fn lines_are_cut_wherever_packets_end() {
        assert_eq!(
            cut(&[b"ab", b"c\n\n", b"d", b"\ne"]),
            [(1, Some(3)), (3, Some(1)), (4, Some(1))]
        );
        assert_eq!(cut(&[b""]), []);
    }

    #[test]
    fn a_line_too_long_is_told_and_the_next_is_read() {
        let long = vec![b'x'; LINE];
        assert_eq!(cut(&[&long, b"y\nz\n"]), [(1, None), (2, Some(1))]);
    }
}
