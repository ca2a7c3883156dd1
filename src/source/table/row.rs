//! Defines what a table yields: rows, and the records that could not be read, each with its reason.

/// One record of a table, read or refused. Together they are every record of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A record that fits the header.
    Row(Row),
    /// A record that does not.
    Reject(Reject),
}

/// One record that fits the header: as many cells as columns, side by side in one string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The record in the file, counted from 1 without the header.
    pub record: u64,
    /// The line on which it begins, counted from 1.
    pub line: u64,
    cells: Box<str>,
    ends: Box<[u32]>,
    json: Option<Box<str>>,
}

impl Row {
    pub(super) fn new(
        record: u64,
        line: u64,
        cells: &str,
        ends: &[usize],
        json: Option<&str>,
    ) -> Row {
        let ends = ends.iter().map(|&end| end as u32).collect();
        Row { record, line, cells: cells.into(), ends, json: json.map(Into::into) }
    }

    /// The cell in this column. An absent or `null` JSON value is an empty cell.
    pub fn cell(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)? as usize;
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Some(&self.cells[start..end])
    }

    /// The cells, in the header's order.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.ends.len()).map(|column| self.cell(column).expect("a column of this row"))
    }

    /// The record as it stands in the file, where that is JSON.
    pub fn json(&self) -> Option<&str> {
        self.json.as_deref()
    }
}

/// A record that could not be read as a row: where it is, why, and how it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file, as the user named it, or `-`.
    pub path: String,
    /// The record in the file, counted from 1 without the header.
    pub record: u64,
    /// The line on which it begins, counted from 1; none in files that have no lines of their own (XML, databases).
    pub line: Option<u64>,
    /// Why it was refused.
    pub reason: String,
    /// How it begins, at most [`Reject::EXCERPT`] bytes of it.
    pub raw: String,
}

impl Reject {
    /// The most that is kept of a refused record: enough to find it again, and bounded.
    pub const EXCERPT: usize = 2000;

    /// `raw` without its line end, cut at [`Reject::EXCERPT`].
    pub(in crate::source) fn excerpt(raw: &[u8]) -> String {
        let cut = &raw[..raw.len().min(Reject::EXCERPT)];
        let text = match std::str::from_utf8(cut) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&cut[..error.valid_up_to()]).unwrap_or_default(),
        };
        text.trim_end_matches(['\r', '\n']).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_side_by_side() {
        let row = Row::new(1, 2, "abcé", &[1, 1, 5], None);
        assert_eq!(row.cells().collect::<Vec<_>>(), ["a", "", "bcé"]);
        assert_eq!(row.cell(3), None);
    }

    #[test]
    fn an_excerpt_is_bounded_and_whole_characters() {
        assert_eq!(Reject::excerpt(b"1;a\r\n"), "1;a");
        assert_eq!(Reject::excerpt("é".repeat(2000).as_bytes()).len(), Reject::EXCERPT);
        assert_eq!(
            Reject::excerpt(format!("x{}", "é".repeat(2000)).as_bytes()).len(),
            Reject::EXCERPT - 1
        );
    }
}
