//! Writes the log: a row a decision, with the comment that it is about.

use std::io::Write;

use serde_json::{Value, json};

use super::moment;
use super::rows::{Rows, Sheet};
use crate::comment::{COLUMNS, Comment};
use crate::error::Result;
use crate::store::{Decision, Record, Store};

/// The columns of the decision itself.
const OF_DECISION: [&str; 15] = [
    "decision",
    "decision_act",
    "decision_verdict",
    "decision_undoes",
    "decision_undone",
    "decision_reason",
    "decision_labels",
    "decision_note",
    "decision_moderator",
    "decision_made",
    "decision_model",
    "decision_scores",
    "decision_advice",
    "decision_sample",
    "decision_comment",
];

pub(super) fn write(store: &Store, rows: Rows, out: &mut dyn Write) -> Result<u64> {
    let header = OF_DECISION.iter().chain(&COLUMNS).map(|name| name.to_string()).collect();
    let mut sheet = Sheet::new(rows, header, out)?;
    store.each_record(|record| {
        let mut values = of_decision(&record);
        values.extend(of_comment(record.comment.as_ref()));
        sheet.row(values)
    })?;
    sheet.finish()
}

fn of_decision(record: &Record) -> Vec<Value> {
    let Decision { seq, act, uid, verdict, undoes, reason, labels, note, .. } = &record.decision;
    let Decision { moderator, made, model, scores, advice, sample, .. } = &record.decision;
    let told = |word: &str| if word.is_empty() { Value::Null } else { json!(word) };
    let name: String = uid.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![
        json!(seq),
        json!(act),
        json!(verdict.name()),
        json!(undoes),
        json!(u8::from(record.undone)),
        told(reason),
        json!(labels),
        json!(note),
        told(moderator),
        json!(moment::told(*made)),
        told(model),
        json!(scores),
        told(advice),
        json!(sample),
        json!(name),
    ]
}

/// The values of the comment table's columns; nothing of a comment that is gone.
pub(super) fn of_comment(comment: Option<&Comment>) -> Vec<Value> {
    let Some(comment) = comment else { return vec![Value::Null; COLUMNS.len()] };
    let Value::Object(mut fields) = json!(comment) else {
        unreachable!("a comment is written as an object")
    };
    COLUMNS.map(|name| fields.remove(name).unwrap_or_default()).into()
}
