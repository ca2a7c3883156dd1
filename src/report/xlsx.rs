//! Writes the queue as an Excel workbook: one sheet to read, filter and sort, with what people wrote kept as text.
//!
//! The workbook crate is rust_xlsxwriter: kept up, without `unsafe`, and its files open in Excel without a word.

use std::borrow::Cow;
use std::io::Write;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook,
    Worksheet, XlsxError,
};

use super::visible::visible_in_xml;
use super::words::{Words, fill};
use super::{Columns, Style, excerpt};
use crate::error::{Error, Result};
use crate::scorer::Confidence;
use crate::triage::{Advice, Entry, Queue};

/// The rows of a sheet below its header: <https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3>.
const MOST_ROWS: usize = 1_048_575;
/// What a cell can hold, in UTF-16 units.
const LONGEST: usize = 32_767;
/// Cells of this format stay text, also once somebody has edited them.
const TEXT: &str = "@";

/// One row an entry, in the queue's order: rank, advice, a probability a label, text, reasons, then the rest of the
/// comment table in an order to read it in. Numbers are numbers; ids and everything that a reader wrote are text,
/// whatever it begins with. The same queue gives the same bytes.
pub(super) fn write(queue: &Queue, style: &Style, out: &mut dyn Write) -> Result<()> {
    if queue.entries.len() > MOST_ROWS {
        return Err(Error::table(format!(
            "{} comments, and a sheet has {MOST_ROWS} rows: write fewer (--top) or CSV",
            queue.entries.len()
        )));
    }
    let bytes = book(queue, style).and_then(|mut book| book.save_to_buffer());
    out.write_all(&bytes.map_err(|error| Error::table(format!("workbook: {error}")))?)?;
    out.flush()?;
    Ok(())
}

fn book(queue: &Queue, style: &Style) -> std::result::Result<Workbook, XlsxError> {
    let words = style.locale.words();
    let mut book = Workbook::new();
    // A day of its own: with the clock's, the same queue would never give the same bytes.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(&words.phrases.title);
    book.set_properties(&properties.set_creation_datetime(&day));
    let sheet = book.add_worksheet().set_name(&words.sheet.name)?;
    head(sheet, queue, words)?;
    let columns = Columns::new(&queue.adviser, style.locale, &style.model);
    let formats = [Advice::Approve, Advice::Review, Advice::Reject].map(Formats::new);
    for (row, entry) in (1..).zip(&queue.entries) {
        let formats = &formats[entry.advice as usize];
        for (column, cell) in (0..).zip(cells(queue, entry, &columns, words)) {
            let banded = column < 2;
            match cell {
                Cell::Number(value) => {
                    let format = if banded { &formats.rank } else { &formats.number };
                    sheet.write_number_with_format(row, column, value, format)?;
                }
                Cell::Share(value) => {
                    sheet.write_number_with_format(row, column, value, &formats.share)?;
                }
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    let format = if banded { &formats.advice } else { &formats.text };
                    sheet.write_string_with_format(row, column, held(&text), format)?;
                }
            }
        }
    }
    Ok(book)
}

/// The header and everything that holds for whole columns.
fn head(sheet: &mut Worksheet, queue: &Queue, words: &Words) -> std::result::Result<(), XlsxError> {
    let format =
        top().set_bold().set_background_color(0xEC_EA_E4).set_border_bottom(FormatBorder::Thin);
    let headings = headings(queue, words);
    for (column, (heading, width)) in (0..).zip(&headings) {
        sheet.write_string_with_format(0, column, held(heading), &format)?;
        sheet.set_column_width(column, *width)?;
    }
    let (rows, columns) = (queue.entries.len() as u32, headings.len() as u16 - 1);
    sheet.set_freeze_panes(1, 2)?.autofilter(0, 0, rows, columns)?;
    // Ids look like numbers; that they are kept as text is meant.
    sheet.ignore_error_range(0, 0, rows, columns, IgnoreError::NumberStoredAsText)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// The headings, each with the width of its column in digits.
fn headings(queue: &Queue, words: &Words) -> Vec<(String, f64)> {
    let sheet = &words.sheet;
    let probability =
        |label: &String| (fill(&sheet.probability, &[("label", words.label(label))]), 14.0);
    let mut headings = vec![(sheet.rank.clone(), 7.0), (sheet.advice.clone(), 16.0)];
    headings.extend(queue.adviser.labels().iter().map(probability));
    let rest: [(&String, f64); 16] = [
        (&sheet.text, 70.0),
        (&sheet.reasons, 45.0),
        (&sheet.author, 18.0),
        (&sheet.date, 20.0),
        (&sheet.parent_author, 18.0),
        (&sheet.parent_text, 40.0),
        (&sheet.title, 28.0),
        (&sheet.page, 28.0),
        (&sheet.votes, 8.0),
        (&sheet.status, 11.0),
        (&sheet.id, 14.0),
        (&sheet.parent, 14.0),
        (&sheet.found, 24.0),
        (&sheet.confidence, 12.0),
        (&sheet.language, 9.0),
        (&sheet.model, 16.0),
    ];
    headings.extend(rest.map(|(heading, width)| (heading.clone(), width)));
    headings
}

/// What a cell holds.
enum Cell {
    Number(f64),
    /// Of one, to be shown in percent.
    Share(f64),
    Text(String),
}

/// The cells of an entry, in the order of [`headings`].
fn cells(queue: &Queue, entry: &Entry, columns: &Columns, words: &Words) -> Vec<Cell> {
    let comment = queue.comment(entry);
    let parent = queue.parent(entry);
    let told = |value: &Option<String>| Cell::Text(value.clone().unwrap_or_default());
    let confidence = match entry.scores.confidence {
        Confidence::Low => words.phrases.low.clone(),
        Confidence::Normal => String::new(),
    };
    let mut cells =
        vec![Cell::Number(entry.rank as f64), Cell::Text(words.advice(entry.advice).to_string())];
    cells.extend(columns.probabilities(&entry.scores).map(|p| Cell::Share(p.value())));
    cells.extend([
        Cell::Text(comment.text.clone()),
        Cell::Text(columns.reasons(&comment.text, &entry.scores, &entry.reasons)),
        told(&comment.author),
        told(&comment.date),
        Cell::Text(parent.and_then(|parent| parent.author.clone()).unwrap_or_default()),
        Cell::Text(parent.map(|p| excerpt::first(&p.text, excerpt::QUOTED)).unwrap_or_default()),
        told(&comment.title),
        Cell::Text(comment.page.clone()),
        comment.votes.map_or(Cell::Text(String::new()), |votes| Cell::Number(votes as f64)),
        Cell::Text(comment.status.map(|status| status.name().to_string()).unwrap_or_default()),
        Cell::Text(comment.id.clone()),
        told(&comment.parent),
        Cell::Text(comment.found.clone()),
        Cell::Text(confidence),
        Cell::Text(entry.scores.language.code().to_string()),
        Cell::Text(columns.model().to_string()),
    ]);
    cells
}

/// How the cells of a row look, by what they hold.
struct Formats {
    rank: Format,
    advice: Format,
    number: Format,
    share: Format,
    text: Format,
}

impl Formats {
    /// The row of an entry with this advice: its first two cells are tinted as on the page.
    fn new(advice: Advice) -> Formats {
        let tinted = |format: Format| match advice {
            Advice::Approve => format,
            Advice::Review => {
                format.set_background_color(0xFB_F0_DA).set_font_color(Color::RGB(0x75_48_0A))
            }
            Advice::Reject => {
                format.set_background_color(0xF9_E9_E7).set_font_color(Color::RGB(0x93_26_26))
            }
        };
        Formats {
            rank: tinted(top().set_num_format("0")),
            advice: tinted(top().set_num_format(TEXT)),
            number: top().set_num_format("0"),
            share: top().set_num_format("0.00%"),
            text: top().set_num_format(TEXT),
        }
    }
}

/// A cell whose lines are wrapped and begin at its top.
fn top() -> Format {
    Format::new().set_align(FormatAlign::Top).set_text_wrap()
}

/// The text as a cell can hold it: line ends made one, what XML cannot hold shown, cut where it is too long.
fn held(text: &str) -> Cow<'_, str> {
    let mut held = visible_in_xml(text);
    if held.contains('\r') {
        held = Cow::Owned(held.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if held.len() > LONGEST && held.encode_utf16().count() > LONGEST {
        let mut units = 0;
        let kept = held.chars().take_while(|c| {
            units += c.len_utf16();
            // One is for the sign that more followed.
            units < LONGEST
        });
        let kept: String = kept.collect();
        held = Cow::Owned(kept + "…");
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_what_it_can() {
        assert_eq!(held("=1+1\r\nb\rc\u{0}\u{FFFF}"), "=1+1\nb\nc⟨U+0000⟩⟨U+FFFF⟩");
        assert_eq!(held(&"é".repeat(LONGEST)).encode_utf16().count(), LONGEST);
        let cut = held(&"👩".repeat(LONGEST)).into_owned();
        assert_eq!((cut.encode_utf16().count(), cut.ends_with("👩…")), (LONGEST, true));
    }
}
