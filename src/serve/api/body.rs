//! Reads the body of a request: no more of it than is allowed, and not for longer.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::fault::Fault;

/// The most bytes of a request: two entries of context of a megabyte each, and the rest.
const LARGEST: usize = 3 << 20;

/// The most bytes of a request that anybody may send at any time. What is larger waits for a place, so that many who send a
/// lot, slowly, cannot take all memory.
const SMALL: usize = 32 << 10;

/// The most bytes of what is too large that are read, and forgotten, before it is refused: who is still sending would not
/// see the answer.
const THROWN: usize = 64 << 20;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Room for what takes much memory, a request or its answer: so many at once, the others wait.
#[derive(Clone)]
pub(super) struct Room(Arc<Semaphore>);

/// A place in it, until it is dropped.
pub(super) type Place = OwnedSemaphorePermit;

impl Room {
    pub(super) fn new(places: usize) -> Room {
        Room(Arc::new(Semaphore::new(places)))
    }

    /// A place, once there is one.
    ///
    /// # Errors
    /// When it takes too long.
    pub(super) async fn enter(&self) -> Result<Place, Fault> {
        match timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Fault::Busy),
        }
    }
}

/// A whole body, with the place that it takes where it is large.
pub(super) struct Whole {
    bytes: Vec<u8>,
    pub place: Option<Place>,
}

impl Deref for Whole {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The whole body.
///
/// # Errors
/// When it is too large, too slow, or breaks off.
pub(super) async fn read(headers: &HeaderMap, body: Body, room: &Room) -> Result<Whole, Fault> {
    // Who asks first whether they should send it is told at once.
    if headers.contains_key(header::EXPECT) && body.size_hint().lower() > LARGEST as u64 {
        return Err(Fault::Large);
    }
    timeout(PATIENCE, collect(body, room)).await.unwrap_or(Err(Fault::Slow))
}

async fn collect(mut body: Body, room: &Room) -> Result<Whole, Fault> {
    let told = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut whole = Whole { bytes: Vec::with_capacity(told.min(SMALL)), place: None };
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Fault::Json("The body ended early.".into()))?;
        let Some(data) = frame.data_ref() else { continue };
        let size = whole.bytes.len() + data.len();
        if size > LARGEST {
            drop(whole);
            throw(body, THROWN).await;
            return Err(Fault::Large);
        }
        if size > SMALL && whole.place.is_none() {
            whole.place = Some(room.enter().await?);
        }
        whole.bytes.extend_from_slice(data);
    }
    Ok(whole)
}

/// Reads what will not be used, so that the answer is seen by who is still sending.
pub(super) async fn refuse(headers: &HeaderMap, body: Body) {
    if !headers.contains_key(header::EXPECT) {
        let _ = timeout(PATIENCE, throw(body, LARGEST)).await;
    }
}

async fn throw(mut body: Body, most: usize) {
    let mut thrown = 0;
    while let Some(Ok(frame)) = body.frame().await {
        thrown += frame.data_ref().map_or(0, |data| data.len());
        if thrown > most {
            return;
        }
    }
}

/// What a body says, whatever its type is said to be: browsers send text.
///
/// # Errors
/// When it is no JSON, or other JSON than is asked for. The message tells where, and nothing of what is there.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = match error.classify() {
            serde_json::error::Category::Data => "Unexpected kind of value",
            serde_json::error::Category::Eof => "Unexpected end",
            _ => "Unexpected token",
        };
        Fault::Json(format!("{what} at line {line}, column {column}."))
    })
}
