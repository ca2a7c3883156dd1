//! Stands at the door: every request passes the guard and, where tokens are asked for, shows its session; every answer
//! leaves with the headers that keep hostile text harmless.

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;

use super::cookie::{self, Lasting};
use super::guard::{self, Refusal};
use super::visitor::{Visitor, place};
use super::{Desk, frame};

/// How long an answer may take, its request's body included.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a wrong token keeps its sender waiting.
const WRONG: Duration = Duration::from_millis(500);

/// Bytes of a request that is too large that are read and dropped before it is refused.
const READ_OUT: usize = 4 * guard::BODY;

/// Nothing runs but our script, nothing is drawn but with our style sheet, nothing is loaded from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer says. A browser leaves `Origin` out of a form's request under `no-referrer`, and the guard would
/// not know our own pages; `same-origin` tells other sites no more.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

/// Lets a request through or answers it here.
pub(super) async fn keep(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let admitted = desk.guard.admit(request.method(), request.uri(), request.headers());
    let mut response = match admitted {
        Err(refusal) => {
            if refusal == Refusal::Size {
                // Whoever is still sending when the connection closes does not get to read why.
                let sent = axum::body::to_bytes(request.into_body(), READ_OUT);
                let _ = tokio::time::timeout(WRONG, sent).await;
            }
            (refusal.status(), refusal.line()).into_response()
        }
        Ok(()) => {
            let answer = enter(&desk, request, next);
            match tokio::time::timeout(PATIENCE, answer).await {
                Ok(response) => response,
                Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
            }
        }
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let unsaid = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(unsaid);
    response
}

async fn enter(desk: &Desk, mut request: Request, next: Next) -> Response {
    let Some(entrance) = &desk.entrance else { return next.run(request).await };
    let session = cookie::get(request.headers(), &desk.session());
    if let Some(holder) = session.and_then(|value| entrance.session(&value)) {
        request.extensions_mut().insert(holder);
        return next.run(request).await;
    }
    let path = request.uri().path();
    if path == "/login" || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let visits = request.method().is_safe();
    if visits && !wants_json(request.headers()) {
        let back = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let back: String = form_urlencoded::byte_serialize(place(back).as_bytes()).collect();
        return Redirect::to(&format!("/login?back={back}")).into_response();
    }
    StatusCode::UNAUTHORIZED.into_response()
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("application/json"))
}

/// A token, and where to go with it.
#[derive(Debug, Deserialize)]
pub(super) struct Knock {
    #[serde(default)]
    token: String,
    #[serde(default)]
    back: String,
}

/// The page that asks for a token.
pub(super) async fn ask(
    visitor: Visitor,
    axum::extract::Query(asked): axum::extract::Query<Knock>,
) -> Response {
    asking(&visitor, &asked.back, None)
}

/// Takes a token: opens a session, or says that it is not known.
pub(super) async fn knock(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Form(asked): Form<Knock>,
) -> Response {
    let back = place(&asked.back);
    let Some(entrance) = &desk.entrance else { return Redirect::to(back).into_response() };
    match entrance.open(&asked.token) {
        Ok(Some(session)) => {
            let cookie = cookie::set(&desk.session(), &session, Lasting::Session);
            ([(header::SET_COOKIE, cookie)], Redirect::to(back)).into_response()
        }
        Ok(None) => {
            tokio::time::sleep(WRONG).await;
            asking(&visitor, back, Some(&visitor.words().login.wrong))
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Ends the session.
pub(super) async fn leave(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if let (Some(entrance), Some(value)) = (&desk.entrance, cookie::get(&headers, &desk.session()))
    {
        entrance.close(&value);
    }
    let gone = cookie::set(&desk.session(), "", Lasting::Gone);
    ([(header::SET_COOKIE, gone)], Redirect::to("/login")).into_response()
}

fn asking(visitor: &Visitor, back: &str, wrong: Option<&str>) -> Response {
    let words = &visitor.words().login;
    let page = html! {
        (frame::head(visitor.locale, &words.title))
        body.door {
            main {
                h1 { "vigie" }
                p { (words.told) }
                form method="post" action="/login" {
                    input type="hidden" name="back" value=(place(back));
                    label for="token" { (words.token) }
                    input #token type="password" name="token" autocomplete="current-password" required autofocus
                        aria-describedby=[wrong.map(|_| "wrong")];
                    @if let Some(wrong) = wrong { p #wrong .wrong role="alert" { (wrong) } }
                    button.main { (words.enter) }
                }
            }
        }
    };
    let status = if wrong.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    (status, page).into_response()
}
