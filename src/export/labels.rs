//! Writes labelled comments: a row for each that is approved or rejected.

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::{Value, json};

use super::decisions::of_comment;
use super::moment;
use super::rows::{Rows, Sheet};
use crate::comment::COLUMNS;
use crate::error::Result;
use crate::store::Store;

/// The columns that tell where the labels come from.
const ORIGIN: [&str; 6] = [
    "decision_verdict",
    "decision_reason",
    "decision_moderator",
    "decision_made",
    "decision_model",
    "decision_advice",
];

pub(super) fn write(store: &Store, rows: Rows, out: &mut dyn Write) -> Result<u64> {
    let model = store.labels()?;
    let mut decided = Vec::new();
    store.each_decided(|decision, comment| {
        decided.push((decision, comment));
        Ok(())
    })?;
    // Those of the model, then what moderators said of others, by name.
    let said = decided.iter().flat_map(|(decision, _)| decision.labels.keys());
    let others: BTreeSet<&String> = said.filter(|label| !model.contains(label)).collect();
    let labels: Vec<&String> = model.iter().chain(others).collect();
    let columns = COLUMNS.iter().map(|name| name.to_string());
    let origin = ORIGIN.iter().map(|name| name.to_string());
    let header = columns.chain(labels.iter().map(|label| label.to_string())).chain(origin);
    let mut sheet = Sheet::new(rows, header.collect(), out)?;
    for (decision, comment) in &decided {
        let mut values = of_comment(Some(comment));
        values.extend(labels.iter().map(|label| {
            // Of a label that the model does not know, only what was said is known.
            let known = model.contains(label) || decision.labels.contains_key(*label);
            json!(decision.says(label).filter(|_| known).map(u8::from))
        }));
        let told = |word: &str| if word.is_empty() { Value::Null } else { json!(word) };
        values.extend([
            json!(decision.verdict.name()),
            told(&decision.reason),
            told(&decision.moderator),
            json!(moment::told(decision.made)),
            told(&decision.model),
            told(&decision.advice),
        ]);
        sheet.row(values)?;
    }
    sheet.finish()
}
