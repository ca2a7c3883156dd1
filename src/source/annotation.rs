//! Reads what labelling tools write: doccano's, Prodigy's and Label Studio's JSON, told by its fields.

use std::io::Read;

use serde_json::{Map, Value};

use super::decoder::Decoder;
use super::table::{LIMIT, Objects, Parsed, Reject};
use crate::error::Result;

/// What one annotator said of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The text's id, where the tool gives one.
    pub id: Option<String>,
    /// The text.
    pub text: String,
    /// Labels that it has.
    pub yes: Vec<String>,
    /// Labels that it has not.
    pub no: No,
}

/// Labels that a text has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum No {
    /// All others: the annotator chose among them.
    Others,
    /// These only: of others nothing was asked.
    These(Vec<String>),
}

/// One record of a labelling tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Annotation {
    /// What an annotator said; a record may hold what several did.
    Judged(Vec<Judgement>),
    /// A record that could not be read.
    Reject(Reject),
}

/// The records of a labelling tool's JSON or JSON Lines; `name` is the file as the user named it.
///
/// # Errors
/// When the file cannot be read, or is cut.
pub fn annotations(
    reader: Box<dyn Read + Send>,
    name: &str,
) -> Result<impl Iterator<Item = Result<Annotation>>> {
    let mut objects = Objects::open(Decoder::new(reader)?, name, LIMIT)?;
    let path = name.to_owned();
    Ok(std::iter::from_fn(move || {
        let parsed = objects.next().map_err(|error| error.at_path(&path)).transpose()?;
        Some(parsed.map(|parsed| match parsed {
            Parsed::Reject(reject) => Annotation::Reject(reject),
            Parsed::Object { record, line, object, raw } => match judgements(&object) {
                Ok(judged) => Annotation::Judged(judged),
                Err(reason) => Annotation::Reject(Reject {
                    path: path.clone(),
                    record,
                    line: Some(line),
                    reason: reason.to_owned(),
                    raw: Reject::excerpt(raw.as_bytes()),
                }),
            },
        }))
    }))
}

fn judgements(object: &Map<String, Value>) -> std::result::Result<Vec<Judgement>, &'static str> {
    let data = object.get("data").and_then(Value::as_object);
    let text = [Some(object), data].into_iter().flatten().find_map(text);
    let text = text.ok_or("expected a text: a field text, or data.text")?;
    let id = object.get("id").or_else(|| object.get("_input_hash"));
    let id = id.and_then(|id| match id {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    });
    let said = if let Some(annotations) = object.get("annotations").filter(|_| data.is_some()) {
        chosen(annotations)
    } else if let Some(answer) = object.get("answer") {
        answered(object, answer)
    } else {
        let list = ["label", "labels"].into_iter().find_map(|name| object.get(name));
        vec![(names(list.ok_or("expected label, answer or annotations")?), No::Others)]
    };
    Ok(said
        .into_iter()
        .map(|(yes, no)| Judgement { id: id.clone(), text: text.to_owned(), yes, no })
        .collect())
}

fn text(object: &Map<String, Value>) -> Option<&str> {
    ["text", "texte", "comment", "commentaire", "comment_text", "content"]
        .into_iter()
        .find_map(|name| object.get(name)?.as_str())
}

/// Names in a list or alone; in doccano's and Label Studio's longer forms, the last of a span and the choices.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => vec![name.clone()],
        Value::Array(list) => list.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// Label Studio: what each annotator chose; annotations given up say nothing.
fn chosen(annotations: &Value) -> Vec<(Vec<String>, No)> {
    let given_up =
        |one: &&Value| one.get("was_cancelled").and_then(Value::as_bool).unwrap_or_default();
    let list = annotations.as_array().into_iter().flatten().filter(|one| !given_up(one));
    list.map(|one| {
        let results = one.get("result").and_then(Value::as_array).into_iter().flatten();
        let choices = results.filter_map(|result| result.get("value")?.get("choices"));
        (choices.flat_map(names).collect(), No::Others)
    })
    .collect()
}

/// Prodigy: one label that is accepted or rejected, or choices among options; an answer that is ignored says nothing.
fn answered(object: &Map<String, Value>, answer: &Value) -> Vec<(Vec<String>, No)> {
    let label = object.get("label").map(names).unwrap_or_default();
    let options = object.get("options").and_then(Value::as_array).into_iter().flatten();
    let options: Vec<String> =
        options.filter_map(|option| option.get("id").map(names)).flatten().collect();
    match (answer.as_str(), options.is_empty()) {
        (Some("accept"), true) => vec![(label, No::These(Vec::new()))],
        (Some("reject"), true) => vec![(Vec::new(), No::These(label))],
        (Some("accept"), false) => {
            let yes = object.get("accept").map(names).unwrap_or_default();
            let no = options.into_iter().filter(|option| !yes.contains(option)).collect();
            vec![(yes, No::These(no))]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<(Vec<String>, No)> {
        let object = serde_json::from_str(json).unwrap();
        let judged = judgements(&object).unwrap().into_iter();
        judged.map(|judgement| (judgement.yes, judgement.no)).collect()
    }

    fn these(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn every_tool_says_it_in_its_own_way() {
        assert_eq!(read(r#"{"text":"a","label":["x"]}"#), [(these(&["x"]), No::Others)]);
        assert_eq!(
            read(r#"{"text":"a","label":"x","answer":"reject"}"#),
            [(vec![], No::These(these(&["x"])))]
        );
        assert_eq!(read(r#"{"text":"a","label":"x","answer":"ignore"}"#), []);
        assert_eq!(
            read(
                r#"{"text":"a","options":[{"id":"x"},{"id":"y"}],"accept":["y"],"answer":"accept"}"#
            ),
            [(these(&["y"]), No::These(these(&["x"])))]
        );
        let studio = r#"{"data":{"text":"a"},"annotations":[
            {"result":[{"value":{"choices":["x"]}}]}, {"was_cancelled":true,"result":[]}, {"result":[]}]}"#;
        assert_eq!(read(studio), [(these(&["x"]), No::Others), (vec![], No::Others)]);
    }
}
