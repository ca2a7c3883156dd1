//! Reads the body of a request: no more of it than is allowed, and not for longer.

use std::time::Duration;

use axum::body::Body;
use axum::body::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::fault::Fault;

/// The most bytes of a request: two entries of context of a megabyte each, and the rest.
pub(super) const LARGEST: usize = 3 << 20;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The whole body.
///
/// # Errors
/// When it is too large, too slow, or breaks off.
pub(super) async fn read(body: Body) -> Result<Bytes, Fault> {
    let whole = Limited::new(body, LARGEST).collect();
    match tokio::time::timeout(PATIENCE, whole).await {
        Err(_) => Err(Fault::Slow),
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Fault::Large),
        Ok(Err(_)) => Err(Fault::Json("The body ended early.".into())),
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
