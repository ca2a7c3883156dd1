//! Writes rows of named values as CSV or as JSON Lines.

use std::io::Write;

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::report::{Mark, ascii_unseen};
use crate::source::table::neutralise;

/// What rows are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// A table for spreadsheets.
    Csv(Mark),
    /// One JSON object a line: every key stands in every object.
    Jsonl,
}

/// Rows under a header.
pub(super) struct Sheet<'o> {
    header: Vec<String>,
    out: Out<'o>,
    written: u64,
}

enum Out<'o> {
    Csv(Box<csv::Writer<&'o mut dyn Write>>),
    Jsonl(&'o mut dyn Write),
}

impl<'o> Sheet<'o> {
    /// Begins with the header.
    pub fn new(rows: Rows, header: Vec<String>, out: &'o mut dyn Write) -> Result<Sheet<'o>> {
        let out = match rows {
            Rows::Jsonl => Out::Jsonl(out),
            Rows::Csv(mark) => {
                if mark == Mark::ByteOrder {
                    out.write_all("\u{FEFF}".as_bytes())?;
                }
                let mut table = csv::Writer::from_writer(out);
                let names = header.iter().map(|name| neutralise(name).into_owned());
                table.write_record(names).map_err(unwritten)?;
                Out::Csv(Box::new(table))
            }
        };
        Ok(Sheet { header, out, written: 0 })
    }

    /// Writes a row: as many values as there are columns.
    pub fn row(&mut self, values: Vec<Value>) -> Result<()> {
        debug_assert_eq!(values.len(), self.header.len());
        match &mut self.out {
            Out::Csv(table) => {
                let cells = values.into_iter().map(|value| neutralise(&cell(value)).into_owned());
                table.write_record(cells).map_err(unwritten)?;
            }
            Out::Jsonl(out) => {
                let object: Map<String, Value> = self.header.iter().cloned().zip(values).collect();
                let line = ascii_unseen(&Value::Object(object).to_string());
                writeln!(out, "{line}")?;
            }
        }
        self.written += 1;
        Ok(())
    }

    /// Writes out what is left; how many rows there are.
    pub fn finish(self) -> Result<u64> {
        match self.out {
            Out::Csv(mut table) => table.flush()?,
            Out::Jsonl(out) => out.flush()?,
        }
        Ok(self.written)
    }
}

/// A value as a cell: what is not known, and an object without keys, is empty.
fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Object(object) if object.is_empty() => String::new(),
        other => other.to_string(),
    }
}

fn unwritten(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Error::table(format!("cannot write a record: {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(rows: Rows) -> String {
        let mut out = Vec::new();
        let mut sheet = Sheet::new(rows, ["a", "b"].map(str::to_string).into(), &mut out).unwrap();
        sheet.row(vec![json!("=1+1"), json!({"x": true})]).unwrap();
        sheet.row(vec![json!("\u{202E}"), json!({})]).unwrap();
        assert_eq!(sheet.finish().unwrap(), 2);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_would_run_is_neutralised_where_it_would_run() {
        let csv = written(Rows::Csv(Mark::None));
        assert_eq!(csv, "a,b\n'=1+1,\"{\"\"x\"\":true}\"\n\u{202E},\n");
        let jsonl = written(Rows::Jsonl);
        assert_eq!(jsonl, "{\"a\":\"=1+1\",\"b\":{\"x\":true}}\n{\"a\":\"\\u202e\",\"b\":{}}\n");
    }
}
