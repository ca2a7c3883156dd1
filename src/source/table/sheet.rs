//! Reads the rows of a spreadsheet as a table: finds the sheet and the row that is its header, whatever stands above it.

use super::field::Overrides;
use super::knows;
use super::mapping::Mapping;
use super::row::{Record, Reject, Row};
use super::{LIMIT, SAMPLE_ROWS};
use crate::error::{Error, Result};
use crate::source::spreadsheet::Sheet;

/// How many rows may stand above the header: a title, a filter, a note.
const ROWS_ABOVE: usize = 9;

pub(super) struct SheetReader {
    sheet: Sheet,
    shape: Shape,
    /// The first cell of the next row.
    at: usize,
    path: String,
    note: Option<String>,
}

/// Where a sheet's header is, and which columns hold something.
#[derive(Debug)]
struct Shape {
    /// The row of the header, counted from 1.
    row: u32,
    header: Vec<String>,
    /// The sheet's columns, in the header's order.
    columns: Vec<u32>,
    /// The first cell below the header.
    below: usize,
    /// How many rows above the header hold something.
    above: usize,
}

impl SheetReader {
    /// Takes the first sheet that has a header and a column for the text.
    pub fn open(sheets: Vec<Sheet>, overrides: &Overrides, path: &str) -> Result<SheetReader> {
        let mut filled: Vec<Sheet> = sheets.into_iter().filter(|sheet| !sheet.is_empty()).collect();
        let mut failure = None;
        for at in 0..filled.len() {
            match shape(&filled[at], overrides, path) {
                Ok(shape) => {
                    let sheet = filled.remove(at);
                    let note = note(&sheet, &shape, &filled);
                    let (path, below) = (path.to_owned(), shape.below);
                    return Ok(SheetReader { sheet, shape, at: below, path, note });
                }
                Err(error) => {
                    failure.get_or_insert_with(|| of_sheet(&filled[at], &error));
                }
            }
        }
        Err(failure.unwrap_or_else(|| Error::table("the spreadsheet holds no cells")))
    }

    pub fn header(&self) -> &[String] {
        &self.shape.header
    }

    /// What was left out, in a line.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    pub fn next(&mut self) -> Result<Option<Record>> {
        let Some((row, end)) = self.sheet.row(self.at) else {
            return self
                .sheet
                .failure
                .take()
                .map_or(Ok(None), |failure| Err(Error::input(failure)));
        };
        let (first, row) = (std::mem::replace(&mut self.at, end), u64::from(row));
        let read = self.shape.row(&self.sheet, first, end, row);
        Ok(Some(match read {
            Ok(row) => Record::Row(row),
            Err(reason) => {
                let raw: Vec<&str> = self.sheet.cells(first, end).map(|(_, cell)| cell).collect();
                Record::Reject(Reject {
                    path: self.path.clone(),
                    record: row,
                    line: None,
                    reason,
                    raw: Reject::excerpt(raw.join(";").as_bytes()),
                })
            }
        }))
    }
}

impl Shape {
    /// The row of the cells from `first` to `end`; it bears the sheet's own number, by which a person finds it.
    fn row(
        &self,
        sheet: &Sheet,
        first: usize,
        end: usize,
        number: u64,
    ) -> std::result::Result<Row, String> {
        let mut cells = vec![""; self.columns.len()];
        for (column, cell) in sheet.cells(first, end) {
            if let Ok(at) = self.columns.binary_search(&column) {
                cells[at] = cell;
            }
        }
        if cells.iter().map(|cell| cell.len()).sum::<usize>() > LIMIT {
            return Err(format!("longer than {} MB", LIMIT / 1_000_000));
        }
        if cells.iter().zip(&self.header).all(|(cell, name)| cell == name) {
            return Err("the header line again: were several exports joined?".to_owned());
        }
        let mut ends = Vec::with_capacity(cells.len());
        cells.iter().fold(0, |length, cell| {
            ends.push(length + cell.len());
            length + cell.len()
        });
        Ok(Row::new(number, number, &cells.concat(), &ends, None))
    }
}

/// The shape of a sheet: of its first rows, that is the header which names most and tells the text.
fn shape(sheet: &Sheet, overrides: &Overrides, path: &str) -> Result<Shape> {
    let (mut best, mut failure) = (None, None);
    let mut at = 0;
    for above in 0..=ROWS_ABOVE {
        let Some((row, below)) = sheet.row(at) else { break };
        let shape = shape_at(sheet, at, row, below, above);
        let known = shape.header.iter().filter(|name| knows(name)).count();
        at = below;
        match told(sheet, &shape, overrides, path) {
            Ok(()) if best.as_ref().is_none_or(|(most, _)| known > *most) => {
                best = Some((known, shape));
            }
            Err(error) if failure.as_ref().is_none_or(|(most, _)| known > *most) => {
                failure = Some((known, error));
            }
            _ => {}
        }
    }
    match (best, failure) {
        (Some((_, shape)), _) => Ok(shape),
        (None, Some((_, error))) => Err(error),
        (None, None) => Err(Error::table("the sheet holds no rows")),
    }
}

/// The shape of a sheet whose header begins with the cell `first`.
fn shape_at(sheet: &Sheet, first: usize, row: u32, below: usize, above: usize) -> Shape {
    let mut used = std::collections::BTreeMap::new();
    for (column, cell) in sheet.cells(first, below) {
        used.insert(column, cell.trim().to_owned());
    }
    for (column, _) in sheet.cells(below, sheet.len()) {
        // A column without a name bears the letters that it has on the screen.
        used.entry(column).or_insert_with(|| letters(column));
    }
    let (columns, header) = used.into_iter().unzip();
    Shape { row, header, columns, below, above }
}

/// Whether the columns can be told apart.
fn told(sheet: &Sheet, shape: &Shape, overrides: &Overrides, path: &str) -> Result<()> {
    let (mut rows, mut at) = (Vec::new(), shape.below);
    while let Some((number, end)) = sheet.row(at).filter(|_| rows.len() < SAMPLE_ROWS) {
        rows.extend(shape.row(sheet, at, end, u64::from(number)).ok());
        at = end;
    }
    let rows: Vec<&Row> = rows.iter().collect();
    Mapping::find(&shape.header, &rows, overrides, path).map(|_| ())
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
fn letters(column: u32) -> String {
    let (mut rest, mut letters) = (column + 1, Vec::new());
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// What is left out beside `sheet`.
fn note(sheet: &Sheet, shape: &Shape, others: &[Sheet]) -> Option<String> {
    let header = match shape.above {
        0 => None,
        _ => Some(format!("the header is on row {}, what stands above it is left out", shape.row)),
    };
    let names: Vec<String> =
        others.iter().take(12).map(|other| format!("\"{}\"", on_a_line(&other.name))).collect();
    let sheets = match others.len() {
        0 => None,
        more => Some(format!(
            "only the sheet \"{}\" is read; {} more with cells: {}{}",
            on_a_line(&sheet.name),
            more,
            names.join(", "),
            if more > names.len() { " …" } else { "" }
        )),
    };
    let told: Vec<String> = [sheets, header].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn of_sheet(sheet: &Sheet, error: &Error) -> Error {
    Error::table(format!("sheet \"{}\": {}", on_a_line(&sheet.name), error.kind()))
}

fn on_a_line(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
        let mut sheet = Sheet::new(name);
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.push(row as u32, column as u32, cell).unwrap();
            }
        }
        sheet
    }

    fn texts(sheets: Vec<Sheet>) -> (Vec<String>, Option<String>) {
        let mut reader = SheetReader::open(sheets, &Overrides::default(), "a.xlsx").unwrap();
        let mut told = vec![reader.header().join("|")];
        while let Some(record) = reader.next().unwrap() {
            told.push(match record {
                Record::Row(row) => {
                    format!("{} {}", row.record, row.cells().collect::<Vec<_>>().join("|"))
                }
                Record::Reject(reject) => format!("! {} {}", reject.record, reject.reason),
            });
        }
        (told, reader.note().map(str::to_owned))
    }

    #[test]
    fn a_header_is_found_below_a_title_and_columns_without_a_name_are_kept() {
        let rows: &[&[&str]] = &[
            &["Commentaires"],
            &[],
            &["Date", "Pseudo", "", "Commentaire"],
            &["2024", "Ada", "", "Le pont tient.", "vu"],
            &["Date", "Pseudo", "", "Commentaire"],
            &["2025", "Bob", "", "Non."],
        ];
        let (told, note) = texts(vec![sheet("Mars", rows)]);
        assert_eq!(
            told,
            [
                "Date|Pseudo|Commentaire|E",
                "4 2024|Ada|Le pont tient.|vu",
                "5 Date|Pseudo|Commentaire|",
                "6 2025|Bob|Non.|"
            ]
        );
        assert_eq!(note.unwrap(), "the header is on row 3, what stands above it is left out");
    }

    #[test]
    fn the_first_sheet_with_a_text_is_read_and_others_are_named() {
        let sheets = || {
            vec![
                sheet("Vide", &[]),
                sheet("Bilan", &[&["Total", "12"]]),
                sheet("Avril", &[&["id", "texte"], &["1", "oui"]]),
                sheet("Mai", &[&["id", "texte"], &["2", "non"]]),
            ]
        };
        let (told, note) = texts(sheets());
        assert_eq!(told, ["id|texte", "2 1|oui"]);
        assert_eq!(
            note.unwrap(),
            "only the sheet \"Avril\" is read; 2 more with cells: \"Bilan\", \"Mai\""
        );
        let refused = SheetReader::open(sheets()[..2].to_vec(), &Overrides::default(), "a.xlsx");
        assert!(refused.err().unwrap().to_string().contains("sheet \"Bilan\": no text column"));
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
