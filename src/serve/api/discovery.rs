//! Describes the contract to Google's clients, which build themselves from it.

use std::sync::LazyLock;

use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("discovery.json"))
        .expect("discovery.json is part of the program and tested")
});

/// The document, with the address under which it was asked for: that is where the client's calls go.
pub(super) fn document(headers: &HeaderMap, scheme: &str) -> Value {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("x-forwarded-host").or_else(|| text(header::HOST.as_str()));
    let host = host.unwrap_or("localhost");
    let scheme = text("x-forwarded-proto").unwrap_or(scheme);
    let root = format!("{scheme}://{host}/");
    let mut document = DOCUMENT.clone();
    document["rootUrl"] = json!(root);
    document["baseUrl"] = json!(root);
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_that_is_named_is_there() {
        fn names(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(map) => {
                    let name = map.get("$ref").and_then(Value::as_str);
                    found.extend(name.map(str::to_string));
                    map.values().for_each(|value| names(value, found));
                }
                Value::Array(values) => values.iter().for_each(|value| names(value, found)),
                _ => {}
            }
        }
        let (document, mut found) = (document(&HeaderMap::new(), "http"), Vec::new());
        names(&document, &mut found);
        assert!(found.len() > 8);
        for name in found {
            assert!(document["schemas"][&name].is_object(), "{name}");
        }
        assert_eq!(document["rootUrl"], "http://localhost/");
    }
}
