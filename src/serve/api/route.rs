//! Says what answers where.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Router, extract::DefaultBodyLimit};
use serde_json::json;
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use super::body::Whole;
use super::caller::Caller;
use super::fault::Fault;
use super::include::Include;
use super::metrics::Became;
use super::object::Object;
use super::request::{Analyze, Suggest};
use super::{Api, Event, about, analyze, batch, body, coral, discovery, feedback, reply, score};

type Routes = Vec<(&'static str, MethodRouter<Arc<Api>>)>;

/// What [`Caller`] is called once it is known: for the log.
#[derive(Clone)]
struct Named(Arc<str>);

/// All addresses: those of Perspective first, each also as clients write it who encode signs that need none.
fn routes() -> Routes {
    vec![
        ("/v1alpha1/comments:analyze", post(analyze)),
        ("/v1alpha1/comments%3Aanalyze", post(analyze)),
        ("/v1alpha1/comments%3aanalyze", post(analyze)),
        ("/v1alpha1/comments:suggestscore", post(suggest)),
        ("/v1alpha1/comments%3Asuggestscore", post(suggest)),
        ("/v1alpha1/comments%3asuggestscore", post(suggest)),
        ("/$discovery/rest", get(discover)),
        ("/%24discovery/rest", get(discover)),
        ("/v1/score", post(score)),
        ("/v1/model", get(model)),
        ("/coral", post(coral)),
        ("/healthz", get(health)),
        ("/metrics", get(metrics)),
        ("/openapi.json", get(openapi)),
    ]
}

pub(super) fn router(api: Arc<Api>) -> Router {
    let mut router = Router::new();
    for (path, method) in routes() {
        router = router.route(path, method);
    }
    // Browsers call it directly, as they called Perspective.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_headers(AllowHeaders::mirror_request())
        .allow_methods(AllowMethods::mirror_request());
    router
        .fallback(async || Fault::Nowhere)
        .layer(cors)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(Arc::clone(&api), watch))
        .with_state(api)
}

/// Counts and notes every answer.
async fn watch(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let noted = api.access.as_ref().map(|_| {
        let (method, path) = (request.method().to_string(), request.uri().path().to_string());
        (method, path)
    });
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let route = route.as_ref().map_or("none", MatchedPath::as_str).replace("%3A", ":");
    api.metrics.answered(&route.replace("%3a", ":"), status, took);
    if let (Some(access), Some((method, path))) = (&api.access, noted) {
        let name = response.extensions().get::<Named>().map(|named| named.0.to_string());
        access.note(method, path, status, took, name);
    }
    response
}

/// A request whose caller is known, with its body.
async fn enter(
    api: &Api,
    request: Request,
) -> Result<(Caller, axum::http::request::Parts, Whole), Fault> {
    let (parts, body) = request.into_parts();
    let keys = api.live.keys.load_full();
    let caller = match Caller::of(&parts.uri, &parts.headers, keys.as_deref()) {
        Ok(caller) => caller,
        Err(fault) => {
            body::refuse(&parts.headers, body).await;
            return Err(fault);
        }
    };
    let body = body::read(&parts.headers, body, &api.room).await?;
    Ok((caller, parts, body))
}

fn named(caller: &Caller, mut response: Response) -> Response {
    if let Some(name) = &caller.name {
        response.extensions_mut().insert(Named(Arc::clone(name)));
    }
    response
}

/// Answers what `answer` made, or why it made nothing; in either case, it is known who asked.
fn told(caller: &Caller, answer: Result<Response, Fault>) -> Response {
    named(caller, answer.unwrap_or_else(Fault::into_response))
}

async fn analyze(State(api): State<Arc<Api>>, request: Request) -> Response {
    let (caller, parts, mut body) = match enter(&api, request).await {
        Ok(entered) => entered,
        Err(fault) => return fault.into_response(),
    };
    let read = || {
        let Object::<Analyze>(asked) = body::json(&body)?;
        if let Some(limit) = &api.limit {
            limit.take(
                &caller,
                asked.requested_attributes.as_ref().map_or(1, |asked| asked.len()),
            )?;
        }
        let text = analyze::text(asked.comment.as_deref(), api.languages)?;
        Ok((asked, text))
    };
    let (asked, text) = match read() {
        Ok(read) => read,
        Err(fault) => return told(&caller, Err(fault)),
    };
    let long = analyze::is_long(&asked, &text);
    let place = match (body.place.take(), long) {
        (None, true) => match api.room.enter().await {
            Ok(place) => Some(place),
            Err(fault) => return told(&caller, Err(fault)),
        },
        (place, _) => place,
    };
    let explained = parts.headers.contains_key("x-vigie-explain");
    let own = Arc::clone(&api);
    let answer = move || {
        let engine = own.live.engine.load();
        let mut answer = analyze::analyze(&engine, own.languages, asked, &text)?;
        own.metrics.comments.inc();
        if explained {
            let include = Include { advice: true, reasons: true, ..Include::nothing(own.locale) };
            answer.vigie = Some(score::explain(&engine, text, include));
        }
        Ok(match place {
            Some(place) if long => reply::large(place, &answer),
            _ => reply::json(StatusCode::OK, &answer),
        })
    };
    if !long {
        return told(&caller, answer());
    }
    // Off the threads that answer others, and one at a time: they are nobody's everyday questions.
    let Ok(_turn) = api.aside.acquire().await else { return Fault::Busy.into_response() };
    let answer = tokio::task::spawn_blocking(answer).await.unwrap_or(Err(Fault::Busy));
    told(&caller, answer)
}

async fn suggest(State(api): State<Arc<Api>>, request: Request) -> Response {
    let (caller, _, body) = match enter(&api, request).await {
        Ok(entered) => entered,
        Err(fault) => return fault.into_response(),
    };
    let read = || {
        let Object::<Suggest>(asked) = body::json(&body)?;
        let text = analyze::text(asked.comment.as_deref(), api.languages)?;
        let row = feedback::row(&asked, &text)?;
        let detected = api.live.engine.load().values(&text, Default::default()).0.language;
        Ok((asked, row, detected))
    };
    let (asked, row, detected) = match read() {
        Ok(read) => read,
        Err(fault) => return told(&caller, Err(fault)),
    };
    let became = match &api.feedback {
        None => Became::DISCARDED,
        Some(_) => {
            let own = Arc::clone(&api);
            // One after the other, and so on one thread: the others are for questions.
            let _turn = api.pen.acquire().await;
            let keep = move || own.feedback.as_ref().map_or(Ok(()), |file| file.append(&row));
            match tokio::task::spawn_blocking(keep).await {
                Ok(Ok(())) => Became::DONE,
                Ok(Err(error)) => {
                    (api.tell)(Event::Lost(error));
                    Became::FAILED
                }
                Err(_) => Became::FAILED,
            }
        }
    };
    api.metrics.suggestions.get_or_create(&became).inc();
    let answer = json!({
        "clientToken": asked.client_token.unwrap_or_default(),
        "detectedLanguages": [detected.code()],
        "requestedLanguages": asked.languages.unwrap_or_default(),
    });
    named(&caller, reply::json(StatusCode::OK, &answer))
}

async fn score(State(api): State<Arc<Api>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let keys = api.live.keys.load_full();
    let caller = Caller::of(&parts.uri, &parts.headers, keys.as_deref());
    let (caller, include) = match (caller, Include::of(&parts.uri, api.locale)) {
        (Ok(caller), Ok(include)) => (caller, include),
        (Err(fault), _) | (_, Err(fault)) => {
            body::refuse(&parts.headers, body).await;
            return fault.into_response();
        }
    };
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(score::is_lines) {
        let lines = HeaderValue::from_static("application/x-ndjson; charset=UTF-8");
        let body = score::stream(Arc::clone(&api), body, include);
        return named(&caller, reply::bytes(StatusCode::OK, lines, body));
    }
    let answer = match body::read(&parts.headers, body, &api.room).await {
        Ok(body) => batch::answer(&api, body, include).await,
        Err(fault) => Err(fault),
    };
    told(&caller, answer.map(|body| reply::bytes(StatusCode::OK, reply::JSON, body)))
}

async fn coral(State(api): State<Arc<Api>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let secrets = api.live.secrets.load_full();
    let Some(secrets) = secrets.as_deref() else { return Fault::Nowhere.into_response() };
    let body = match body::read(&parts.headers, body, &api.room).await {
        Ok(body) => body,
        Err(fault) => return fault.into_response(),
    };
    let signature = parts.headers.get("x-coral-signature").and_then(|one| one.to_str().ok());
    if !secrets.signed(&body, signature.unwrap_or_default()) {
        return Fault::Unsigned.into_response();
    }
    let flag = body::json(&body)
        .and_then(|Object(phase)| coral::flag(&api.live.engine.load(), &phase, api.locale));
    match flag {
        Ok(flag) => {
            api.metrics.comments.inc();
            match flag {
                Some(flag) => reply::json(StatusCode::OK, &flag),
                None => StatusCode::NO_CONTENT.into_response(),
            }
        }
        Err(fault) => fault.into_response(),
    }
}

async fn discover(State(api): State<Arc<Api>>, request: Request) -> Response {
    reply::json(StatusCode::OK, &discovery::document(request.headers(), api.scheme))
}

async fn model(State(api): State<Arc<Api>>) -> Response {
    reply::json(StatusCode::OK, &about::model(&api.live.engine.load()))
}

async fn health(State(api): State<Arc<Api>>) -> Response {
    let model = api.live.engine.load().model().id().to_string();
    reply::json(StatusCode::OK, &json!({ "status": "ok", "model": model }))
}

async fn metrics(State(api): State<Arc<Api>>) -> Response {
    let kind =
        HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    reply::bytes(StatusCode::OK, kind, api.metrics.text())
}

async fn openapi() -> Response {
    let kind = HeaderValue::from_static("application/json; charset=UTF-8");
    reply::bytes(StatusCode::OK, kind, include_str!("openapi.json"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_document_names_the_routes_that_there_are() {
        let document: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
        let told: Vec<&str> =
            document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        let routes = routes();
        let own: Vec<&str> =
            routes.iter().map(|(path, _)| *path).filter(|path| !path.contains('%')).collect();
        assert_eq!(told, own);
    }
}
