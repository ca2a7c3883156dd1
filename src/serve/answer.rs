//! Answers what is no page of its own: values for the script, and what went wrong for people.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::{Value, json};

use super::frame::{self, Here};
use super::visitor::{Visitor, Wants};
use crate::error::Error;

/// A value for the script.
pub(super) fn json(status: StatusCode, value: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, kind, value.to_string()).into_response()
}

/// There is no such page.
pub(super) fn nowhere(visitor: &Visitor) -> Response {
    told(visitor, StatusCode::NOT_FOUND, &visitor.words().wrong.missing, None)
}

/// There is no such comment, or none any more.
pub(super) fn missing(visitor: &Visitor) -> Response {
    let words = &visitor.words().wrong;
    told(visitor, StatusCode::NOT_FOUND, &words.missing, Some(&words.missing_told))
}

/// The request cannot be understood.
pub(super) fn bad(visitor: &Visitor) -> Response {
    told(visitor, StatusCode::BAD_REQUEST, &visitor.words().wrong.bad, None)
}

/// The database failed. Its errors name files and reasons, never a comment.
pub(super) fn failed(visitor: &Visitor, error: &Error) -> Response {
    let error = error.to_string();
    told(visitor, StatusCode::SERVICE_UNAVAILABLE, &visitor.words().wrong.failed, Some(&error))
}

fn told(visitor: &Visitor, status: StatusCode, what: &str, more: Option<&str>) -> Response {
    if visitor.wants == Wants::Json {
        return json(status, &json!({ "error": what, "more": more }));
    }
    let words = &visitor.words().wrong;
    let main = html! {
        div.message {
            h1 { (words.title) }
            p { (what) }
            @if let Some(more) = more { p.quiet { (more) } }
            p { a.button href="/" { (words.back) } }
        }
    };
    (status, frame::page(visitor, Here::Beside, &words.title, &main)).into_response()
}
