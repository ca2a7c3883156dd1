//! Writes answers: JSON, as Google's clients expect it.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::body::Place;

/// What answers in JSON are called.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");

/// The bytes of a large answer that are handed over at a time.
const PIECE: usize = 64 << 10;

/// A value, with a status.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => bytes(status, JSON, body),
        Err(_) => bytes(StatusCode::INTERNAL_SERVER_ERROR, JSON, "{}"),
    }
}

/// A large value, which keeps `place` until all but the last of its pieces are with the client.
///
/// In one piece, it would be out of our hands at once, and still in memory for as long as a slow client likes.
pub(super) fn large(place: Place, value: &impl Serialize) -> Response {
    let Ok(body) = serde_json::to_vec(value).map(Bytes::from) else {
        return bytes(StatusCode::INTERNAL_SERVER_ERROR, JSON, "{}");
    };
    let pieces = (0..body.len()).step_by(PIECE).map(move |at| {
        let _ = &place;
        Ok::<_, Infallible>(body.slice(at..body.len().min(at + PIECE)))
    });
    bytes(StatusCode::OK, JSON, Body::from_stream(tokio_stream::iter(pieces)))
}

/// Bytes, with a status and what they are.
pub(super) fn bytes(status: StatusCode, kind: HeaderValue, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
