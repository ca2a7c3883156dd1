//! Writes the queue as JSON Lines for programs: one object an entry, with the names of the CSV's columns.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::{Columns, Style, excerpt, visible};
use crate::comment::Comment;
use crate::error::Result;
use crate::triage::Queue;

/// Every key stands in every object, with null for what is not known. The text is as it was written,
/// not neutralised.
pub(super) fn write(queue: &Queue, style: &Style, out: &mut dyn Write) -> Result<()> {
    let columns = Columns::new(&queue.adviser, style.locale, &style.model);
    for entry in &queue.entries {
        let comment = queue.comment(entry);
        let parent = queue.parent(entry);
        let quoted = parent.map(|parent| excerpt::first(&parent.text, excerpt::QUOTED));
        let mut object = Map::from_iter([("vigie_rank".to_string(), json!(entry.rank))]);
        object.extend(fields(comment));
        object.extend(columns.object(&comment.text, entry.advice, &entry.scores, &entry.reasons));
        object.insert("parent_author".into(), json!(parent.and_then(|one| one.author.as_ref())));
        object.insert("parent_text".into(), json!(quoted));
        let mut line = visible::ascii_unseen(&Value::Object(object).to_string());
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    out.flush()?;
    Ok(())
}

/// The columns of the comment table, as the comment itself names them.
fn fields(comment: &Comment) -> Map<String, Value> {
    match json!(comment) {
        Value::Object(fields) => fields,
        other => unreachable!("a comment is written as an object, not as {other}"),
    }
}
