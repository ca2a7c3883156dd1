//! Reads a row as a comment: what other systems write in an id, a parent, a fate or a count of votes.

use std::borrow::Cow;

use super::field::Field;
use super::mapping::{Mapping, Way, Zero};
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
        let parent = match mapping.way {
            // Our own table holds ids as they were found, Reddit's beside those that we gave.
            Way::Parent => parent_cell(mapping.cell(self, Field::Parent).trim(), &id, mapping.zero)
                .and_then(
                    |parent| if mapping.is_own() { Some(parent) } else { of_kind(parent, &id) },
                )
                .filter(|parent| !is_mangled(parent)),
            Way::Counter => above(mapping.cell(self, Field::Id).trim()),
        };
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
            perspective: mapping
                .perspective
                .and_then(|column| self.cell(column))
                .filter(|cell| !cell.trim().is_empty())
                .map(str::to_owned),
        }
    }
}

/// What a counter answers that tells the way from the article down: `source1_9_0` is what `source1_9_0_2` answers.
fn above(counter: &str) -> Option<&str> {
    let (above, _) = counter.rsplit_once('_')?;
    (above.matches('_').count() >= 2).then_some(above)
}

/// The id that a parent cell means, told by an export whose own ids look like `id`.
pub(in crate::source) fn parent_id<'a>(cell: &'a str, id: &str, zero: Zero) -> Option<&'a str> {
    parent_cell(cell, id, zero).and_then(|parent| of_kind(parent, id))
}

/// The id in a parent cell, as it is written.
fn parent_cell<'a>(cell: &'a str, id: &str, zero: Zero) -> Option<&'a str> {
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
pub(in crate::source) fn votes(cell: &str) -> Option<i64> {
    let plain: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    plain.parse().ok().or_else(|| plain.strip_suffix(".0")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_say_nobody_is_nobody() {
        for cell in ["", "0", "0.0", "root", "NULL", "\\N", "NaN", "t3_abc"] {
            assert_eq!(parent_id(cell, "7", Zero::Nobody), None, "{cell}");
        }
        assert_eq!(parent_id("0", "7", Zero::Comment), Some("0"));
    }

    #[test]
    fn parents_are_written_like_ids() {
        assert_eq!(parent_id("t1_abc", "def", Zero::Nobody), Some("abc"));
        assert_eq!(parent_id("t1_abc", "t1_def", Zero::Nobody), Some("t1_abc"));
        assert_eq!(parent_id("239607.0", "239608", Zero::Nobody), Some("239607"));
        assert_eq!(parent_id("é1", "é2", Zero::Nobody), Some("é1"));
    }

    #[test]
    fn votes_are_whole_numbers() {
        assert_eq!(votes(" 1\u{a0}234 "), Some(1234));
        assert_eq!(votes("-3"), Some(-3));
        assert_eq!(votes("5.0"), Some(5));
        assert_eq!(votes("beaucoup"), None);
    }
}
