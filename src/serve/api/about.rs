//! Tells about the model: what it predicts, where its bands begin, and what every attribute is made of.

use serde_json::{Value, json};

use super::analyze::SERVED;
use super::engine::Engine;
use crate::attribute::Attribute;

/// What `/v1/model` tells.
pub(super) fn model(engine: &Engine) -> Value {
    let Engine { adviser, .. } = engine;
    let model = engine.model();
    let labels: Vec<Value> = adviser
        .labels()
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let bands = adviser.bands(at);
            let (review, reject) = (bands.review.value(), bands.reject.value());
            json!({ "label": label, "review": review, "reject": reject })
        })
        .collect();
    let attributes: Vec<Value> = Attribute::ALL
        .into_iter()
        .filter_map(|attribute| {
            let mut told = json!({ "name": attribute.name() });
            if let (Value::Object(told), Value::Object(origin)) =
                (&mut told, serde_json::to_value(attribute.origin(model)?).ok()?)
            {
                told.extend(origin);
            }
            told["statement"] = json!(attribute.statement(model)?);
            Some(told)
        })
        .collect();
    json!({
        "id": model.id(),
        "version": env!("CARGO_PKG_VERSION"),
        "labels": labels,
        "attributes": attributes,
        "languages": SERVED.map(|language| language.code()),
    })
}
