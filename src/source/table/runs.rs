//! Reads a text that stands in its cell as runs of JSON, as Google Takeout writes YouTube comments: `{"text":"…"},{"text":"…"}`.

use serde::Deserialize;

use super::row::Row;

/// A piece of a text. What else it says (a mention's channel, a link) is left out.
#[derive(Deserialize)]
struct Run {
    text: String,
}

/// Whether every text among these is written so.
pub(super) fn are_runs<'a>(mut cells: impl Iterator<Item = &'a str>) -> bool {
    cells
        .next()
        .is_some_and(|first| joined(first).is_some() && cells.all(|cell| joined(cell).is_some()))
}

/// The row with the text of this column in one piece; a cell that holds no runs stays as it is.
pub(super) fn join(row: Row, column: usize) -> Row {
    let Some(text) = row.cell(column).and_then(joined) else { return row };
    let (mut cells, mut ends) = (String::new(), Vec::new());
    for (at, cell) in row.cells().enumerate() {
        cells.push_str(if at == column { &text } else { cell });
        ends.push(cells.len());
    }
    Row::new(row.record, row.line, &cells, &ends, row.json())
}

fn joined(cell: &str) -> Option<String> {
    if !cell.starts_with("{\"") {
        return None;
    }
    let runs: Vec<Run> = serde_json::from_str(&format!("[{cell}]")).ok()?;
    Some(runs.iter().map(|run| run.text.as_str()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined() {
        let cell = r#"{"text":"Toujours "},{"text":"@ada","mention":{"id":"U"}},{"text":"\nrien"}"#;
        assert_eq!(joined(cell).as_deref(), Some("Toujours @ada\nrien"));
        assert_eq!(joined(r#"{"texte":"non"}"#), None);
        assert_eq!(joined("{\"accolades\" comprises}"), None);
        assert!(are_runs([cell, cell].into_iter()));
        assert!(!are_runs([cell, "un mot"].into_iter()));
        let row =
            Row::new(1, 2, &format!("7{cell}fin"), &[1, 1 + cell.len(), 4 + cell.len()], None);
        let joined = join(row, 1);
        assert_eq!(joined.cells().collect::<Vec<_>>(), ["7", "Toujours @ada\nrien", "fin"]);
    }
}
