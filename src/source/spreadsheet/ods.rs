//! Reads the sheets of an OpenDocument spreadsheet as its XML streams by, however often rows and cells are said to repeat.

use std::io::BufReader;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::cell;
use super::sheet::Sheet;
use super::zip::Archive;
use crate::error::{Error, Result};

/// The most rows and columns, as in other spreadsheets.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// The sheets of the document.
pub(super) fn sheets(archive: &mut Archive<'_>) -> Result<Vec<Sheet>> {
    let content = archive.reader("content.xml").ok_or_else(|| {
        Error::input("the spreadsheet cannot be read: it has no content.xml, or that is encrypted")
    })?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    reader.config_mut().expand_empty_elements = true;
    let mut document = Document::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let read = reader.read_event_into(&mut buffer);
        let failure = match read {
            Ok(Event::Eof) if document.open => "its XML is cut short".to_owned(),
            Ok(Event::Eof) => return Ok(document.sheets),
            Ok(event) => {
                document.see(&event)?;
                continue;
            }
            Err(error) => error.to_string(),
        };
        let failure = format!("the spreadsheet cannot be read: {failure}");
        match document.sheets.last_mut() {
            Some(sheet) => sheet.failure = Some(failure),
            None => return Err(Error::input(failure)),
        }
        return Ok(document.sheets);
    }
}

/// What was read so far, and where in it the reading stands.
#[derive(Default)]
struct Document {
    sheets: Vec<Sheet>,
    /// Whether a sheet is open.
    open: bool,
    row: u32,
    rows: u32,
    /// The cells of the row: their columns, how often each repeats, their texts.
    cells: Vec<(u32, u32, String)>,
    column: u32,
    columns: u32,
    /// The value that an attribute tells.
    value: Option<String>,
    text: String,
    paragraphs: u32,
    /// How deep in what is no part of the cell's own text: a note, a drawing.
    aside: u32,
    in_text: bool,
}

impl Document {
    fn see(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::Start(start) => self.start(start),
            Event::End(end) => self.end(end.name().as_ref())?,
            Event::Text(text) if self.in_text && self.aside == 0 => self.text.push_str(text),
            Event::CData(text) if self.in_text && self.aside == 0 => self.text.push_str(text),
            Event::GeneralRef(name) if self.in_text && self.aside == 0 => {
                self.text.push_str(&unescaped(&format!("&{};", &**name)));
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>) {
        let times = |name: &str, most| {
            attribute(start, name).and_then(|times| times.parse().ok()).unwrap_or(1).min(most)
        };
        match start.name().as_ref() {
            "table:table" => {
                let name = attribute(start, "table:name").unwrap_or_default();
                self.sheets.push(Sheet::new(&name));
                (self.open, self.row) = (true, 0);
            }
            "table:table-row" => {
                (self.rows, self.column) = (times("table:number-rows-repeated", MOST_ROWS), 0);
                self.cells.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.columns = times("table:number-columns-repeated", MOST_COLUMNS);
                self.value = value(start);
                self.text.clear();
                self.paragraphs = 0;
            }
            "office:annotation" | "draw:frame" => self.aside += 1,
            "text:p" if self.aside == 0 => {
                if self.paragraphs > 0 {
                    self.text.push('\n');
                }
                (self.paragraphs, self.in_text) = (self.paragraphs + 1, true);
            }
            "text:line-break" if self.aside == 0 => self.text.push('\n'),
            "text:tab" if self.aside == 0 => self.text.push('\t'),
            "text:s" if self.aside == 0 => {
                let blanks = times("text:c", 1_000) as usize;
                self.text.extend(std::iter::repeat_n(' ', blanks));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<()> {
        match name {
            "table:table" => self.open = false,
            "table:table-row" => self.finish_row()?,
            "table:table-cell" | "table:covered-table-cell" => {
                let text = self.value.take().unwrap_or_else(|| std::mem::take(&mut self.text));
                let within = self.columns.min(MOST_COLUMNS.saturating_sub(self.column));
                if !text.trim().is_empty() {
                    self.cells.push((self.column, within, text));
                }
                self.column += within;
            }
            "office:annotation" | "draw:frame" => self.aside = self.aside.saturating_sub(1),
            "text:p" if self.aside == 0 => self.in_text = false,
            _ => {}
        }
        Ok(())
    }

    /// Gives the row to the sheet as often as it repeats; an empty one only counts.
    fn finish_row(&mut self) -> Result<()> {
        let rows = self.rows.min(MOST_ROWS.saturating_sub(self.row));
        if let Some(sheet) = self.sheets.last_mut()
            && !self.cells.is_empty()
        {
            for row in self.row..self.row + rows {
                for (column, columns, text) in &self.cells {
                    for column in *column..column + columns {
                        sheet.push(row, column, text)?;
                    }
                }
            }
        }
        self.row += rows;
        Ok(())
    }
}

/// The value of a cell that is no text.
fn value(start: &BytesStart<'_>) -> Option<String> {
    match attribute(start, "office:value-type")?.as_str() {
        "float" | "currency" | "percentage" => {
            attribute(start, "office:value")?.parse().ok().map(cell::number)
        }
        "date" => attribute(start, "office:date-value").map(|date| cell::iso(&date)),
        "boolean" => attribute(start, "office:boolean-value"),
        _ => attribute(start, "office:string-value"),
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(unescaped(&found.value))
}

/// The text with its entities read; what a document type declares is never looked up, and stays as it is written.
fn unescaped(text: &str) -> String {
    unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}
