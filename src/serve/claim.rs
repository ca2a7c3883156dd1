//! Remembers who is looking at what, for a minute, so that two moderators do not read the same comment.
//!
//! It binds nobody: what keeps decisions apart is the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::visitor::Visitor;
use super::{Desk, answer};
use crate::report::fragment;

/// How long a look lasts that is not renewed.
const LASTS: Duration = Duration::from_secs(60);
/// The most items asked about at once.
const ASKED: usize = 200;

/// Who looks at which item.
#[derive(Debug, Default)]
pub(super) struct Claims(Mutex<HashMap<i64, (String, Instant)>>);

impl Claims {
    /// Somebody looks at an item, and at no other; whoever looked first stays.
    pub fn look(&self, item: i64, name: &str) {
        let mut claims = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        claims.retain(|_, (by, since)| by != name && since.elapsed() < LASTS);
        claims.entry(item).or_insert_with(|| (name.to_string(), Instant::now()));
    }

    /// Somebody wants to look at an item: whether nobody else does.
    pub fn take(&self, item: i64, name: &str) -> bool {
        self.look(item, name);
        // Whoever came first holds it, so of two who ask at once one is told no.
        self.other(item, name).is_none()
    }

    /// Who else looks at an item.
    pub fn other(&self, item: i64, name: &str) -> Option<String> {
        let claims = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (by, since) = claims.get(&item)?;
        (by != name && since.elapsed() < LASTS).then(|| by.clone())
    }
}

/// What somebody looks at, and which items they want to know about.
#[derive(Debug, Deserialize)]
pub(super) struct Look {
    item: Option<i64>,
    #[serde(default)]
    items: String,
}

/// Takes note of a look, and tells who looks at the items asked about.
pub(super) async fn look(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Form(look): Form<Look>,
) -> Response {
    if let Some(item) = look.item {
        desk.claims.look(item, &visitor.name);
    }
    let items = look.items.split(',').filter_map(|item| item.parse::<i64>().ok()).take(ASKED);
    let others: HashMap<String, String> = items
        .filter_map(|item| Some((item, desk.claims.other(item, &visitor.name)?)))
        .map(|(item, name)| (item.to_string(), fragment::plain(&name)))
        .collect();
    answer::json(axum::http::StatusCode::OK, &json!(others))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_looks_first_is_told_to_the_others() {
        let claims = Claims::default();
        claims.look(7, "Camille");
        claims.look(7, "Noé");
        assert_eq!(claims.other(7, "Noé").as_deref(), Some("Camille"));
        assert_eq!(claims.other(7, "Camille"), None);
        claims.look(8, "Camille");
        assert_eq!(claims.other(7, "Noé"), None);
        claims.look(7, "Noé");
        assert_eq!(claims.other(7, "Camille").as_deref(), Some("Noé"));
        assert_eq!([claims.take(7, "Rita"), claims.take(7, "Noé")], [false, true]);
    }
}
