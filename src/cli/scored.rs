//! Writes scored comments as they were read, with the `vigie_*` columns after their own.

use std::cell::RefCell;

use serde_json::{Map, Value};
use vigie::comment::COLUMNS;
use vigie::model::Scratch;
use vigie::report::Columns;
use vigie::scorer::{Reason, Scorer, Scores};
use vigie::source::table::neutralise;
use vigie::triage::{Advice, Adviser};

use super::batch::Line;

/// What the output looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Cells parted by a delimiter, under this header.
    Csv { delimiter: u8, header: Vec<String> },
    /// One JSON object a line.
    Jsonl,
}

impl Shape {
    /// Whether lines of `other` may follow lines of this shape.
    pub fn fits(&self, other: &Shape) -> bool {
        match (self, other) {
            (Shape::Csv { header, .. }, Shape::Csv { header: others, .. }) => header == others,
            (Shape::Csv { header, .. }, Shape::Jsonl) => {
                header.iter().map(String::as_str).eq(COLUMNS)
            }
            (Shape::Jsonl, _) => true,
        }
    }

    /// Writes the header, where there is one.
    pub fn write_header(
        &self,
        columns: &Columns,
        out: &mut dyn std::io::Write,
    ) -> anyhow::Result<()> {
        if let Shape::Csv { delimiter, header } = self {
            let own = header.iter().filter(|name| !is_ours(name)).cloned();
            let mut table = csv::WriterBuilder::new().delimiter(*delimiter).from_writer(out);
            table.write_record(own.chain(columns.names()))?;
            table.flush()?;
        }
        Ok(())
    }
}

/// Columns of an earlier scoring give way to those of this one.
fn is_ours(column: &str) -> bool {
    column.starts_with("vigie_")
}

/// Scores lines and writes them.
pub struct Writer<'a> {
    pub scorer: &'a Scorer,
    pub adviser: &'a Adviser,
    pub columns: &'a Columns<'a>,
    pub shape: &'a Shape,
}

thread_local! {
    static BUFFERS: RefCell<Scratch> = RefCell::default();
}

impl Writer<'_> {
    /// The bytes of `lines`, whose cells stand under `header`.
    pub fn write(&self, header: &[String], lines: &[Line]) -> Vec<u8> {
        match self.shape {
            Shape::Csv { delimiter, .. } => {
                let own: Vec<usize> =
                    (0..header.len()).filter(|&column| !is_ours(&header[column])).collect();
                let mut table =
                    csv::WriterBuilder::new().delimiter(*delimiter).from_writer(Vec::new());
                for line in lines {
                    let (scores, reasons) = self.score(line);
                    let added =
                        self.columns.cells(line.text(), self.advice(&scores), &scores, &reasons);
                    let written = line.write_cells(&own, &added, &mut table);
                    written.expect("writing to memory does not fail, and all rows are as long");
                }
                table.into_inner().expect("writing to memory does not fail")
            }
            Shape::Jsonl => {
                let mut out = Vec::new();
                for line in lines {
                    let (scores, reasons) = self.score(line);
                    let mut object = line.object(header);
                    object.retain(|name, _| !is_ours(name));
                    object.extend(self.columns.object(
                        line.text(),
                        self.advice(&scores),
                        &scores,
                        &reasons,
                    ));
                    serde_json::to_writer(&mut out, &object)
                        .expect("writing to memory does not fail");
                    out.push(b'\n');
                }
                out
            }
        }
    }

    fn advice(&self, scores: &Scores) -> Advice {
        self.adviser.assess(scores).advice()
    }

    /// Scores; reasons where a label is flagged.
    fn score(&self, line: &Line) -> (Scores, Vec<Reason>) {
        let (text, place) = (line.text(), line.place());
        BUFFERS.with_borrow_mut(|scratch| {
            self.scorer.judge(text, place, scratch, |scores| self.adviser.flagged(scores))
        })
    }
}

impl Line {
    fn write_cells(
        &self,
        own: &[usize],
        added: &[String],
        table: &mut csv::Writer<Vec<u8>>,
    ) -> csv::Result<()> {
        match self {
            Line::Row { row, .. } => {
                for &column in own {
                    table.write_field(neutralise(row.cell(column).unwrap_or_default()).as_ref())?;
                }
            }
            Line::Comment { comment, .. } => {
                for cell in comment.cells() {
                    table.write_field(neutralise(&cell).as_ref())?;
                }
            }
        }
        for cell in added {
            table.write_field(neutralise(cell).as_ref())?;
        }
        table.write_record(None::<&[u8]>)
    }

    fn object(&self, header: &[String]) -> Map<String, Value> {
        match self {
            Line::Row { row, .. } => {
                match row.json().and_then(|json| serde_json::from_str(json).ok()) {
                    Some(object) => object,
                    None => header.iter().cloned().zip(row.cells().map(Value::from)).collect(),
                }
            }
            Line::Comment { comment, .. } => match serde_json::to_value(comment) {
                Ok(Value::Object(object)) => object,
                _ => Map::new(),
            },
        }
    }
}
