//! Words refusals as Perspective does: clients read the type of an error, and cut names out of its message.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::reply;

/// The most bytes of a comment.
pub(super) const LONGEST: usize = 20_480;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The comment holds nothing.
    Empty,
    /// The comment has this many bytes.
    TooLong(usize),
    /// No attribute is asked for.
    NoAttributes,
    /// An attribute that is not served in these languages, which the caller named or which were detected.
    Language { attribute: String, languages: Vec<String>, named: Named },
    /// The language cannot be told.
    Undetected,
    /// Something else in the request: the message says what.
    Invalid(String),
    /// The key is not on the list.
    Key,
    /// There is no key, and one is demanded.
    NoKey,
    /// The body is no JSON that the request could be read from: why.
    Json(String),
    /// The body has more bytes than are read.
    Large,
    /// The body did not come in time.
    Slow,
    /// Others ask for so much that there is no room for it.
    Busy,
    /// There is nothing at this address.
    Nowhere,
    /// The signature is none of those that are accepted.
    Unsigned,
    /// The key has used up what it may have a minute.
    Quota(Quota),
}

/// What a key may have, and when there is more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    /// Attributes a minute.
    pub limit: u32,
    /// Seconds until it is worth asking again.
    pub seconds: u64,
    /// Who has used it up, as far as that may be told.
    pub consumer: String,
}

/// Who named the languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The caller.
    Requested,
    /// The text.
    Detected,
}

impl Fault {
    /// The status of HTTP, and what Google calls it.
    fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Fault::Unsigned => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            Fault::NoKey => (StatusCode::FORBIDDEN, "PERMISSION_DENIED"),
            Fault::Large => (StatusCode::PAYLOAD_TOO_LARGE, "INVALID_ARGUMENT"),
            Fault::Slow => (StatusCode::REQUEST_TIMEOUT, "DEADLINE_EXCEEDED"),
            Fault::Busy => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
            Fault::Nowhere => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Fault::Quota(_) => (StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED"),
            _ => (StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
        }
    }

    /// The sentence.
    pub(super) fn message(&self) -> String {
        match self {
            Fault::Empty => "Comment must be non-empty.".into(),
            Fault::TooLong(bytes) => format!(
                "Comment text was too many bytes. Value ({bytes}) exceeded limit ({LONGEST})."
            ),
            Fault::NoAttributes => "Missing requested_attributes".into(),
            Fault::Language { attribute, languages, .. } => format!(
                "Attribute {attribute} does not support request languages: {}",
                languages.join(", ")
            ),
            Fault::Undetected => "Unable to detect language".into(),
            Fault::Invalid(message) => message.clone(),
            Fault::Key => "API key not valid. Please pass a valid API key.".into(),
            Fault::NoKey => "The request is missing a valid API key.".into(),
            Fault::Json(why) => format!("Invalid JSON payload received. {why}"),
            Fault::Large => "Request payload size exceeds the limit.".into(),
            Fault::Slow => "The request body did not arrive in time.".into(),
            Fault::Busy => "The service is currently unavailable.".into(),
            Fault::Nowhere => "Requested entity was not found.".into(),
            Fault::Unsigned => "The signature is missing or wrong.".into(),
            Fault::Quota(Quota { consumer, .. }) => format!(
                "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit 'Analysis requests \
                 (AnalyzeComment) per minute' of service 'commentanalyzer.googleapis.com' for consumer '{consumer}'."
            ),
        }
    }

    /// The body.
    fn body(&self) -> Value {
        let (code, status) = self.status();
        let mut error =
            json!({ "code": code.as_u16(), "message": self.message(), "status": status });
        let details = self.details();
        if !details.is_empty() {
            error["details"] = Value::Array(details);
        }
        json!({ "error": error })
    }

    fn details(&self) -> Vec<Value> {
        match self {
            Fault::Key => vec![json!({
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": { "service": "commentanalyzer.googleapis.com" },
            })],
            Fault::Quota(Quota { limit, consumer, .. }) => vec![
                json!({
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "RATE_LIMIT_EXCEEDED",
                    "domain": "googleapis.com",
                    "metadata": {
                        "service": "commentanalyzer.googleapis.com",
                        "consumer": consumer,
                        "quota_limit": "AnalyzeRequestsPerMinutePerProject",
                        "quota_limit_value": limit.to_string(),
                    },
                }),
                json!({ "@type": "type.googleapis.com/google.rpc.Help", "links": [] }),
            ],
            _ => self.own().into_iter().collect(),
        }
    }

    /// The detail in Perspective's own words, where it has some.
    fn own(&self) -> Option<Value> {
        let kind = match self {
            Fault::Empty => "COMMENT_EMPTY",
            Fault::TooLong(_) => "COMMENT_TOO_LONG",
            Fault::NoAttributes => "NO_REQUESTED_ATTRIBUTES",
            Fault::Language { .. } => "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
            Fault::Undetected => "LANGUAGE_DETECTION_FAILED",
            Fault::Invalid(_) => "INVALID_REQUEST",
            _ => return None,
        };
        let mut detail = json!({
            "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
            "errorType": kind,
        });
        if let Fault::Language { attribute, languages, named } = self {
            let who = match named {
                Named::Requested => "requestedLanguages",
                Named::Detected => "detectedLanguages",
            };
            detail["languageNotSupportedByAttributeError"] =
                json!({ who: languages, "attribute": attribute });
        }
        Some(detail)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = reply::json(self.status().0, &self.body());
        if let Fault::Quota(Quota { seconds, .. }) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
