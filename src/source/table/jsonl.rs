//! Reads JSON Lines, and arrays of objects, as a table: the columns are the paths of the values in the first objects.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::objects::{Objects, Parsed};
use super::row::{Record, Row};
use super::window::Window;
use super::{MOST_COLUMNS, SAMPLE_BYTES, SAMPLE_ROWS};
use crate::error::{Error, Result};

pub(super) struct JsonReader {
    objects: Objects,
    header: Vec<String>,
    columns: HashMap<String, usize>,
    /// What was read to learn the columns, and is still to be given.
    ready: VecDeque<Parsed>,
    /// What stopped the learning; told after what was read before it.
    failure: Option<Error>,
    /// Reused from row to row: where each column's value begins and ends in `values`.
    spans: Vec<(u32, u32)>,
    values: String,
}

impl JsonReader {
    /// Reads the first objects, for the columns; `read` are those that were read already.
    pub fn open(objects: Objects, mut read: VecDeque<Parsed>) -> Result<JsonReader> {
        if objects.span_lines() {
            return Err(Error::table(
                "one JSON object over several lines; expected one object a line, or an array of objects",
            ));
        }
        let (header, columns) = (Vec::new(), HashMap::new());
        let (ready, spans, values) = (VecDeque::new(), Vec::new(), String::new());
        let mut reader =
            JsonReader { objects, header, columns, ready, failure: None, spans, values };
        let mut bytes = 0;
        while reader.ready.len() < SAMPLE_ROWS && bytes < SAMPLE_BYTES {
            let parsed = match read.pop_front() {
                Some(parsed) => parsed,
                None => match reader.objects.next() {
                    Ok(Some(parsed)) => parsed,
                    Ok(None) => break,
                    Err(error) => {
                        reader.failure = Some(error);
                        break;
                    }
                },
            };
            if let Parsed::Object { object, raw, .. } = &parsed {
                bytes += raw.len();
                walk(object, &mut |path, _| {
                    if !reader.columns.contains_key(path) && reader.header.len() < MOST_COLUMNS {
                        reader.columns.insert(path.to_owned(), reader.header.len());
                        reader.header.push(path.to_owned());
                    }
                });
            }
            reader.ready.push_back(parsed);
        }
        if reader.header.is_empty() {
            let reason = match reader.ready.pop_front() {
                Some(Parsed::Reject(first)) => {
                    let line = first.line.unwrap_or(1);
                    format!("expected JSON objects; line {line}: {}", first.reason)
                }
                _ => "expected JSON objects with fields, found none".to_owned(),
            };
            return Err(reader.failure.unwrap_or_else(|| Error::table(reason)));
        }
        reader.ready.extend(read);
        Ok(reader)
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn window(&self) -> &Window {
        self.objects.window()
    }

    pub fn next(&mut self) -> Result<Option<Record>> {
        let parsed = match self.ready.pop_front() {
            Some(parsed) => Some(parsed),
            None => match self.failure.take() {
                Some(error) => return Err(error),
                None => self.objects.next()?,
            },
        };
        Ok(parsed.map(|parsed| match parsed {
            Parsed::Reject(reject) => Record::Reject(reject),
            Parsed::Object { record, line, object, raw } => {
                Record::Row(self.row(record, line, &object, &raw))
            }
        }))
    }

    fn row(&mut self, record: u64, line: u64, object: &Map<String, Value>, raw: &str) -> Row {
        let (spans, values, columns) = (&mut self.spans, &mut self.values, &self.columns);
        values.clear();
        spans.clear();
        spans.resize(self.header.len(), (0, 0));
        walk(object, &mut |path, value| {
            // A column that the first objects did not have stands in the record's own text only.
            if let Some(&column) = columns.get(path) {
                let start = values.len() as u32;
                push(value, values);
                spans[column] = (start, values.len() as u32);
            }
        });
        let mut cells = String::with_capacity(values.len());
        let mut ends = Vec::with_capacity(spans.len());
        for &(start, end) in spans.iter() {
            cells.push_str(&values[start as usize..end as usize]);
            ends.push(cells.len());
        }
        Row::new(record, line, &cells, &ends, Some(raw))
    }
}

/// Calls `leaf` with the dotted path of each value that is no object. `serde_json` bounds the depth.
fn walk(object: &Map<String, Value>, leaf: &mut impl FnMut(&str, &Value)) {
    fn descend(
        object: &Map<String, Value>,
        path: &mut String,
        leaf: &mut impl FnMut(&str, &Value),
    ) {
        for (key, value) in object {
            let parent = path.len();
            if parent > 0 {
                path.push('.');
            }
            path.push_str(key);
            match value {
                Value::Object(inner) => descend(inner, path, leaf),
                value => leaf(path, value),
            }
            path.truncate(parent);
        }
    }
    descend(object, &mut String::new(), leaf);
}

fn push(value: &Value, cell: &mut String) {
    match value {
        Value::Null => {}
        Value::String(text) => cell.push_str(text),
        other => cell.push_str(&other.to_string()),
    }
}
