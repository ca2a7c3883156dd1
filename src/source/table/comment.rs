//! Reads a row as a comment: what other systems write in an id, a parent, a fate or a count of votes.

use std::borrow::Cow;

use super::field::Field;
use super::mapping::{Mapping, Zero};
use super::row::Row;
use super::traps::is_mangled;
use crate::comment::Comment;

impl Row {
    /// The page, the id and the parent's id of the comment that this row tells.
    pub fn place<'a>(&'a self, mapping: &'a Mapping) -> (&'a str, Cow<'a, str>, Option<&'a str>) {
        let id = match mapping.cell(self, Field::Id).trim() {
            // Several comments may share what a spreadsheet made of their ids.
            id if id.is_empty() || is_mangled(id) => Cow::Owned(format!("r{}", self.record)),
            id => Cow::Borrowed(id),
        };
        let page = match mapping.cell(self, Field::Page) {
            page if page.trim().is_empty() => &mapping.path,
            page => page,
        };
        let parent = parent(mapping.cell(self, Field::Parent).trim(), &id, mapping.zero)
            // Our own table holds ids as they were found, Reddit's beside those that we gave.
            .and_then(|parent| if mapping.is_own() { Some(parent) } else { of_kind(parent, &id) })
            .filter(|parent| !is_mangled(parent));
        (page, id, parent)
    }

    /// The comment that this row tells.
    pub fn comment(&self, mapping: &Mapping) -> Comment {
        let cell = |field| mapping.cell(self, field);
        let told =
            |field| Some(cell(field)).filter(|cell| !cell.trim().is_empty()).map(str::to_owned);
        let (page, id, parent) = self.place(mapping);
        let found = told(Field::Found).unwrap_or_else(|| match told(Field::Page) {
            Some(_) => format!("{} record {}", mapping.path, self.record),
            None => format!("record {}", self.record),
        });
        Comment {
            parent: parent.map(str::to_owned),
            id: id.into_owned(),
            author: told(Field::Author),
            date: told(Field::Date),
            text: cell(Field::Text).to_owned(),
            page: page.to_owned(),
            title: told(Field::Title),
            status: mapping.verdict.read(self, mapping),
            votes: votes(cell(Field::Votes)),
            found,
        }
    }
}

/// The id that a parent cell means, told by an export whose own ids look like `id`.
fn parent<'a>(cell: &'a str, id: &str, zero: Zero) -> Option<&'a str> {
    // Tools that read numbers with gaps write them with a decimal point.
    let cell = match cell.strip_suffix(".0") {
        Some(whole) if !id.contains('.') && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            whole
        }
        _ => cell,
    };
    let nobody = ["", "root", "null", "none", "nan", "\\n", "-1"];
    if nobody.iter().any(|word| cell.eq_ignore_ascii_case(word))
        || (cell == "0" && zero == Zero::Nobody)
    {
        return None;
    }
    Some(cell)
}

/// The comment that a parent's id means: Reddit says of what kind the parent is, a post or a comment.
fn of_kind<'a>(parent: &'a str, id: &str) -> Option<&'a str> {
    match (parent.get(..3), id.get(..3)) {
        (Some("t3_"), _) => None,
        (Some("t1_"), own) if own != Some("t1_") => Some(&parent[3..]),
        _ => Some(parent),
    }
}

/// A count of votes: `12`, `-3`, `1 234`, `5.0`.
fn votes(cell: &str) -> Option<i64> {
    let plain: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    plain.parse().ok().or_else(|| plain.strip_suffix(".0")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_say_nobody_is_nobody() {
        for cell in ["", "0", "0.0", "root", "NULL", "\\N", "NaN"] {
            assert_eq!(parent(cell, "7", Zero::Nobody), None, "{cell}");
        }
        assert_eq!(parent("0", "7", Zero::Comment), Some("0"));
        assert_eq!(of_kind("t3_abc", "7"), None);
    }

    #[test]
    fn parents_are_written_like_ids() {
        assert_eq!(of_kind("t1_abc", "def"), Some("abc"));
        assert_eq!(of_kind("t1_abc", "t1_def"), Some("t1_abc"));
        assert_eq!(of_kind("é1", "é2"), Some("é1"));
        assert_eq!(parent("239607.0", "239608", Zero::Nobody), Some("239607"));
        assert_eq!(parent("é1", "é2", Zero::Nobody), Some("é1"));
    }

    #[test]
    fn votes_are_whole_numbers() {
        assert_eq!(votes(" 1\u{a0}234 "), Some(1234));
        assert_eq!(votes("-3"), Some(-3));
        assert_eq!(votes("5.0"), Some(5));
        assert_eq!(votes("beaucoup"), None);
    }
}
