//! Reads JSON Lines, and arrays of objects, as a table: the columns are the paths of the values in the first objects.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::json::{Found, Layout, newlines, next_in_array, next_line, skip_value};
use super::row::{Record, Reject, Row};
use super::window::Window;
use super::{LIMIT, MOST_COLUMNS, SAMPLE_BYTES, SAMPLE_ROWS};
use crate::error::{Error, Result};

pub(super) struct JsonReader {
    window: Window,
    layout: Layout,
    header: Vec<String>,
    columns: HashMap<String, usize>,
    path: String,
    record: u64,
    line: u64,
    /// What was read to learn the columns, and is still to be given.
    ready: VecDeque<Parsed>,
    /// What stopped the learning; told after what was read before it.
    failure: Option<Error>,
    /// Reused from row to row: where each column's value begins and ends in `values`.
    spans: Vec<(u32, u32)>,
    values: String,
}

/// A record as it was found: an object with its own text, or what is wrong with it.
enum Parsed {
    Object { record: u64, line: u64, object: Map<String, Value>, raw: Box<str> },
    Reject(Reject),
}

impl JsonReader {
    /// Reads the first objects, for the columns.
    pub fn open(mut window: Window, path: &str) -> Result<JsonReader> {
        let mut line = 1;
        let blanks = window.bytes().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        line += newlines(&window.bytes()[..blanks]);
        window.take(blanks);
        let layout =
            if window.bytes().first() == Some(&b'[') { Layout::Array } else { Layout::Lines };
        if layout == Layout::Array {
            window.take(1);
        } else if spans_lines(window.bytes()) {
            return Err(Error::table(
                "one JSON object over several lines; expected one object a line, or an array of objects",
            ));
        }
        let (header, columns) = (Vec::new(), HashMap::new());
        let (ready, spans, values) = (VecDeque::new(), Vec::new(), String::new());
        let path = path.to_owned();
        let mut reader = JsonReader {
            window,
            layout,
            header,
            columns,
            path,
            record: 0,
            line,
            ready,
            failure: None,
            spans,
            values,
        };
        let mut bytes = 0;
        while reader.ready.len() < SAMPLE_ROWS && bytes < SAMPLE_BYTES {
            let parsed = match reader.parse() {
                Ok(Some(parsed)) => parsed,
                Ok(None) => break,
                Err(error) => {
                    reader.failure = Some(error);
                    break;
                }
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
        Ok(reader)
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn window(&self) -> &Window {
        &self.window
    }

    pub fn next(&mut self) -> Result<Option<Record>> {
        let parsed = match self.ready.pop_front() {
            Some(parsed) => Some(parsed),
            None => match self.failure.take() {
                Some(error) => return Err(error),
                None => self.parse()?,
            },
        };
        Ok(parsed.map(|parsed| match parsed {
            Parsed::Reject(reject) => Record::Reject(reject),
            Parsed::Object { record, line, object, raw } => {
                Record::Row(self.row(record, line, &object, &raw))
            }
        }))
    }

    /// Reads one record; `None` at the end.
    fn parse(&mut self) -> Result<Option<Parsed>> {
        let found = match self.layout {
            Layout::Lines => next_line(&mut self.window, &mut self.line)?,
            Layout::Array => next_in_array(&mut self.window, &mut self.line)?,
        };
        let Some(found) = found else { return Ok(None) };
        self.record += 1;
        let (record, line) = (self.record, self.line);
        let (Found::Value { length } | Found::TooLong { length }) = found;
        let bytes = &self.window.bytes()[..length];
        let reason = match found {
            Found::TooLong { .. } => format!("longer than {} MB", LIMIT / 1_000_000),
            Found::Value { .. } => match parse_object(bytes) {
                Ok((object, raw)) => {
                    self.line += newlines(bytes) + u64::from(self.layout == Layout::Lines);
                    let raw = raw.into();
                    self.window.take(length);
                    if self.layout == Layout::Lines {
                        self.window.take(usize::from(!self.window.bytes().is_empty()));
                    }
                    return Ok(Some(Parsed::Object { record, line, object, raw }));
                }
                Err(reason) => reason,
            },
        };
        let raw = Reject::excerpt(bytes);
        match self.layout {
            Layout::Lines => {
                self.window.skip_line(b'\n')?;
                self.line += 1;
            }
            Layout::Array => skip_value(&mut self.window, &mut self.line)?,
        }
        Ok(Some(Parsed::Reject(Reject {
            path: self.path.clone(),
            record,
            line: Some(line),
            reason,
            raw,
        })))
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

fn parse_object(bytes: &[u8]) -> std::result::Result<(Map<String, Value>, &str), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "expected UTF-8".to_owned())?.trim();
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok((object, text)),
        Ok(_) => Err("expected a JSON object".to_owned()),
        Err(error) => Err(format!("expected a JSON object: {error}")),
    }
}

/// Whether the first line opens an object and does not close it.
fn spans_lines(bytes: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let more = bytes[end..].trim_ascii();
    let cut = serde_json::from_slice::<Value>(&bytes[..end]).is_err_and(|error| error.is_eof());
    // The line after it tells an indented object from a damaged first line.
    bytes.first() == Some(&b'{') && cut && !more.is_empty() && more[0] != b'{'
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
