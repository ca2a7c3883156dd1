//! Reads JSON objects one after the other: one a line, in one array, or over any number of lines.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::json::{Found, Layout, newlines, next_in_array, next_line, next_value, skip_value};
use super::row::Reject;
use super::window::Window;
use crate::error::Result;
use crate::source::decoder::Decoder;

/// A stream of objects. What is none of them is refused with its reason, and reading goes on.
pub(in crate::source) struct Objects {
    window: Window,
    layout: Layout,
    path: String,
    record: u64,
    line: u64,
    /// The most bytes of one object; what is longer is refused.
    limit: usize,
}

/// A record as it was found: an object with its own text, or what is wrong with it.
pub(in crate::source) enum Parsed {
    Object { record: u64, line: u64, object: Map<String, Value>, raw: Box<str> },
    Reject(Reject),
}

impl Objects {
    /// Looks at how the objects stand in a file.
    pub fn open(decoder: Decoder, path: &str, limit: usize) -> Result<Objects> {
        let mut window = Window::new(decoder);
        window.fill()?;
        let blanks = window.bytes().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let line = 1 + newlines(&window.bytes()[..blanks]);
        window.take(blanks);
        let layout = if window.bytes().first() == Some(&b'[') {
            window.take(1);
            Layout::Array
        } else if spans_lines(window.bytes()) {
            Layout::Values
        } else {
            Layout::Lines
        };
        Ok(Objects { window, layout, path: path.to_owned(), record: 0, line, limit })
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether an object may span lines without standing in an array.
    pub fn span_lines(&self) -> bool {
        self.layout == Layout::Values
    }

    pub(super) fn window(&self) -> &Window {
        &self.window
    }

    /// From now on refuses objects of more bytes than this.
    pub fn refuse_above(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Reads one record; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Parsed>> {
        let (window, line, limit) = (&mut self.window, &mut self.line, self.limit);
        let found = match self.layout {
            Layout::Lines => next_line(window, line, limit)?,
            Layout::Array => next_in_array(window, line, limit)?,
            Layout::Values => next_value(window, line, limit)?,
        };
        let Some(found) = found else { return Ok(None) };
        self.record += 1;
        let (record, line) = (self.record, self.line);
        let (Found::Value { length } | Found::TooLong { length }) = found;
        let bytes = &self.window.bytes()[..length];
        let reason = match found {
            Found::TooLong { .. } => format!("longer than {} MB", self.limit / 1_000_000),
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
            Layout::Array | Layout::Values => skip_value(&mut self.window, &mut self.line)?,
        }
        let path = self.path.clone();
        Ok(Some(Parsed::Reject(Reject { path, record, line: Some(line), reason, raw })))
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

/// Whether the first line opens an object and does not close it. What follows tells an object over several lines from a
/// damaged first line: in a damaged one, the next object does not fit.
fn spans_lines(bytes: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let cut =
        serde_json::from_slice::<IgnoredAny>(&bytes[..end]).is_err_and(|error| error.is_eof());
    let more = !bytes[end..].trim_ascii().is_empty();
    let fits = || {
        let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
        values.next().is_some_and(|value| value.map_or_else(|error| error.is_eof(), |_| true))
    };
    bytes.first() == Some(&b'{') && cut && more && fits()
}
