//! Finds out which column holds which field of a comment: by the user's word, by name, and by what the cells look like.

use super::aliases::{aliases, fold};
use super::field::{Field, Overrides};
use super::row::Row;
use super::sample::Sample;
use super::verdict::Verdict;
use crate::error::{Error, Result};

/// Which column holds which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    columns: [Option<usize>; Field::ALL.len()],
    header: Vec<String>,
    /// The file, for comments whose page no column tells.
    pub(super) path: String,
    /// Whether a parent `0` is a comment rather than nobody.
    pub(super) zero: Zero,
    /// The column of scores that a hosted service gave.
    pub(super) perspective: Option<usize>,
    /// What tells which comment is answered.
    pub(super) way: Way,
    /// How the table tells what became of a comment.
    pub(super) verdict: Verdict,
}

/// What tells which comment is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The parent column.
    Parent,
    /// The id itself, which counts from the article down (SOCC's `comment_counter`).
    Counter,
}

/// What `0` means in the parent column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Zero {
    /// Nobody, as most systems write it.
    Nobody,
    /// The comment of that id: the table counts from 0.
    Comment,
}

impl Mapping {
    /// The column that holds `field`.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns[field as usize]
    }

    /// The file, as the user named it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the table is a comment table, which this program wrote.
    pub fn is_own(&self) -> bool {
        is_our_own(&self.header)
    }

    /// The column of the text.
    pub fn text_column(&self) -> usize {
        self.column(Field::Text).expect("a mapping without a text column is refused")
    }

    /// The text of a row, as it stands in its cell.
    pub fn text<'a>(&self, row: &'a Row) -> &'a str {
        self.cell(row, Field::Text)
    }

    /// The cell that holds `field`; empty where no column does.
    pub(super) fn cell<'a>(&self, row: &'a Row, field: Field) -> &'a str {
        self.column(field).and_then(|column| row.cell(column)).unwrap_or_default()
    }

    /// The name of the column that holds `field`.
    fn column_name(&self, field: Field) -> &str {
        self.column(field).map_or("", |column| &self.header[column])
    }

    /// What was made of the columns, in a line: `text is "Commentaire", id is "N°"; no column for author`.
    pub fn describe(&self) -> String {
        let told = |field: &Field| self.column(*field).is_some();
        let (found, missing): (Vec<_>, Vec<_>) =
            Field::ALL.into_iter().filter(|field| *field != Field::Found).partition(told);
        let found: Vec<_> = found
            .iter()
            .map(|&field| format!("{field} is \"{}\"", self.column_name(field)))
            .collect();
        let missing: Vec<_> = missing.iter().map(|field| field.name()).collect();
        let end = if missing.is_empty() {
            String::new()
        } else {
            format!("; no column for {}", missing.join(", "))
        };
        format!("{}{end}", found.join(", "))
    }

    /// Maps `header`, looking at the cells of `rows` where names alone do not tell.
    pub(super) fn find(
        header: &[String],
        rows: &[&Row],
        overrides: &Overrides,
        path: &str,
    ) -> Result<Mapping> {
        let sample = Sample { header, rows };
        let mut columns = [None; Field::ALL.len()];
        for field in Field::ALL {
            if let Some(name) = overrides.column(field) {
                columns[field as usize] = Some(named(header, name)?);
            }
        }
        let ours = is_our_own(header);
        // The text first, because a wrong one costs most; then what tells the thread.
        for field in [
            Field::Text,
            Field::Id,
            Field::Parent,
            Field::Author,
            Field::Date,
            Field::Title,
            Field::Page,
            Field::Status,
            Field::Votes,
            Field::Found,
        ] {
            if columns[field as usize].is_none() {
                let free = candidates(field, header, &columns);
                columns[field as usize] = match field {
                    _ if ours => header.iter().position(|name| name == field.name()),
                    Field::Text => Some(text_column(&sample, free)?),
                    Field::Found => None,
                    _ => free.into_iter().find(|&column| sample.suits(field, column)),
                };
            }
        }
        if let Some(parent) = columns[Field::Parent as usize]
            && overrides.column(Field::Id).is_none()
        {
            let meant = |name: &String| aliases().is_id_of(name, &header[parent]);
            let id = &mut columns[Field::Id as usize];
            *id = header.iter().position(meant).or(*id);
        }
        let id = columns[Field::Id as usize];
        let zero = if id.is_some_and(|id| sample.cells(id).any(|cell| cell == "0")) {
            Zero::Comment
        } else {
            Zero::Nobody
        };
        let verdict = Verdict::find(&sample, columns[Field::Status as usize]);
        let counts = id.is_some_and(|id| fold(&header[id]) == "commentcounter");
        let way = if counts { Way::Counter } else { Way::Parent };
        let perspective = header.iter().position(|name| is_perspective(name));
        let (header, path) = (header.to_vec(), path.to_owned());
        Ok(Mapping { columns, header, path, zero, perspective, way, verdict })
    }
}

/// Whether a column holds scores of Perspective. Its attribute is written in capitals, with a version or not (`TOXICITY@6`);
/// in small letters it is what people said, in research corpora.
fn is_perspective(name: &str) -> bool {
    let leaf = name.rsplit('.').next().unwrap_or(name);
    let attribute = leaf.split_once('@').map_or(leaf, |(attribute, _)| attribute);
    attribute == "TOXICITY" || fold(name).starts_with("perspective")
}

/// Whether the table was written by this program: then no name is guessed at.
fn is_our_own(header: &[String]) -> bool {
    ["id", "text", "parent", "page", "found"]
        .iter()
        .all(|own| header.iter().any(|name| name == own))
        && !header.iter().any(|name| name == "parent_id")
}

/// The column that the user names: exactly, else without case, accents and punctuation, else by the last part of its path.
fn named(header: &[String], name: &str) -> Result<usize> {
    let exact = header.iter().position(|column| column == name);
    let folded = || header.iter().position(|column| fold(column) == fold(name));
    let leaf = || header.iter().position(|column| column.rsplit('.').next() == Some(name));
    exact.or_else(folded).or_else(leaf).ok_or_else(|| {
        Error::table(format!(
            "--map names the column \"{name}\", which is not there; the columns are {}",
            list(header)
        ))
    })
}

/// The columns not yet taken whose names may stand for `field`, the likeliest first.
fn candidates(field: Field, header: &[String], taken: &[Option<usize>]) -> Vec<usize> {
    let likelihood = |column: usize| {
        let name = &header[column];
        let priority = aliases().priority(field, name)?;
        let own = name.trim() == field.name()
            && !(field == Field::Parent && header.iter().any(|name| name == "parent_id"));
        // Of nested fields, the one nearest to the top: `id` before `author.id`.
        let depth = name.matches('.').count();
        Some((!own, if field == Field::Text { 0 } else { depth }, priority, column))
    };
    let mut found: Vec<_> = (0..header.len())
        .filter(|&column| !taken.contains(&Some(column)) && !header[column].starts_with("vigie_"))
        .filter_map(likelihood)
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(.., column)| column).collect()
}

/// The text column, or the question that only the user can answer.
fn text_column(sample: &Sample, candidates: Vec<usize>) -> Result<usize> {
    let header = sample.header;
    if let Some(&own) = candidates.iter().find(|&&column| header[column] == Field::Text.name()) {
        return Ok(own);
    }
    let rendered = |rich: usize| {
        candidates.iter().any(|&plain| aliases().is_rendering(&header[plain], &header[rich]))
    };
    let mut likely: Vec<usize> = candidates
        .iter()
        .copied()
        .filter(|&column| !rendered(column) && sample.suits(Field::Text, column))
        .collect();
    // Three times as much written is no tie: the other is a title, a note or a code.
    let length = |column: usize| sample.median_length(column);
    if let Some(longest) = likely.iter().map(|&column| length(column)).max() {
        likely.retain(|&column| length(column) * 3 >= longest);
    }
    match likely.as_slice() {
        [] => Err(no_text(header)),
        [column] => Ok(*column),
        [first, ..] => {
            let names: Vec<_> = likely.iter().map(|&column| quoted(&header[column])).collect();
            let count = match names.len() {
                2 => "two".to_owned(),
                3 => "three".to_owned(),
                more => more.to_string(),
            };
            let name = &header[*first];
            let quote =
                if name.contains(|c: char| !c.is_alphanumeric() && c != '_') { "\"" } else { "" };
            Err(Error::table(format!(
                "{count} columns could be the text: {}; say which with --map {quote}text={name}{quote}",
                names.join(", "),
            )))
        }
    }
}

fn no_text(header: &[String]) -> Error {
    let has = |wanted: &str| header.iter().any(|name| fold(name) == wanted);
    if has("commentid") && has("commentpostid") && has("commentapproved") {
        return Error::table(
            "no text column: `wp comment list` leaves it out unless it is named; export again with \
             wp comment list --format=csv --fields=comment_ID,comment_post_ID,comment_parent,comment_date_gmt,\
             comment_approved,comment_author,comment_content,comment_type",
        );
    }
    Error::table(format!("no text column among {}; name it with --map text=COLUMN", list(header)))
}

/// The columns for an error: the first twenty, long names cut.
fn list(header: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut names: Vec<_> = header.iter().take(SHOWN).map(|name| quoted(name)).collect();
    if header.len() > SHOWN {
        names.push(format!("and {} more", header.len() - SHOWN));
    }
    names.join(", ")
}

/// A name for an error: on one line, and bounded.
fn quoted(name: &str) -> String {
    let short: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    format!("\"{short}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(
        header: &[&str],
        rows: &[&[&str]],
        overrides: &str,
    ) -> std::result::Result<Vec<(Field, String)>, String> {
        let header: Vec<String> = header.iter().map(|name| name.to_string()).collect();
        let row = |cells: &&[&str]| {
            let mut ends = Vec::new();
            let all = cells.iter().fold(String::new(), |all, cell| {
                ends.push(all.len() + cell.len());
                all + cell
            });
            Row::new(1, 1, &all, &ends, None)
        };
        let rows: Vec<Row> = rows.iter().map(row).collect();
        let rows: Vec<&Row> = rows.iter().collect();
        let overrides = if overrides.is_empty() {
            Overrides::default()
        } else {
            Overrides::parse(overrides).unwrap()
        };
        let mapping = Mapping::find(&header, &rows, &overrides, "a.csv")
            .map_err(|error| error.to_string())?;
        let told =
            |field| Some((field, mapping.column(field).map(|column| header[column].clone())?));
        Ok(Field::ALL.into_iter().filter_map(told).collect())
    }

    fn named(pairs: &[(Field, &str)]) -> std::result::Result<Vec<(Field, String)>, String> {
        Ok(pairs.iter().map(|(field, name)| (*field, name.to_string())).collect())
    }

    #[test]
    fn names_are_taken_by_priority_and_once() {
        let header = [
            "comment_ID",
            "comment_date",
            "comment_date_gmt",
            "Nom",
            "pseudo",
            "Contenu",
            "vigie_text",
        ];
        let expected = [
            (Field::Id, "comment_ID"),
            (Field::Author, "pseudo"),
            (Field::Date, "comment_date_gmt"),
            (Field::Text, "Contenu"),
        ];
        assert_eq!(find(&header, &[], ""), named(&expected));
    }

    #[test]
    fn cells_may_contradict_a_name() {
        let rows: &[&[&str]] = &[&["12", "3", "deux mots"], &["12", "4", "trois petits mots"]];
        assert_eq!(
            find(&["post", "numero", "avis"], rows, ""),
            named(&[(Field::Id, "numero"), (Field::Text, "avis")])
        );
    }

    #[test]
    fn the_parents_text_is_no_parent() {
        let rows: &[&[&str]] = &[&["1", "oui", "", ""], &["2", "non", "1", "il a dit oui"]];
        let expected = [(Field::Id, "id"), (Field::Text, "text"), (Field::Parent, "parent_id")];
        assert_eq!(find(&["id", "text", "parent_id", "parent"], rows, ""), named(&expected));
    }

    #[test]
    fn the_user_has_the_last_word() {
        let header = ["commentaire", "message", "n"];
        assert!(
            find(&header, &[], "").unwrap_err().ends_with("say which with --map text=commentaire")
        );
        let expected = [(Field::Id, "n"), (Field::Text, "message")];
        assert_eq!(find(&header, &[], "text=message,id=N"), named(&expected));
        assert!(
            find(&header, &[], "text=avis")
                .unwrap_err()
                .contains("the columns are \"commentaire\"")
        );
    }
}
