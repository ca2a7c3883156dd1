//! Writes answers: JSON, as Google's clients expect it.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use serde::Serialize;

use super::body::Place;

/// What answers in JSON are called.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");

/// A value, with a status.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => bytes(status, JSON, body),
        Err(_) => bytes(StatusCode::INTERNAL_SERVER_ERROR, JSON, "{}"),
    }
}

/// The same, keeping `place` until it is sent.
pub(super) fn holding(place: Place, response: Response) -> Response {
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &place;
            frame
        }))
    })
}

/// Bytes, with a status and what they are.
pub(super) fn bytes(status: StatusCode, kind: HeaderValue, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
