//! Defines the fields of a comment that a column can hold, and what the user says of them with `--map`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::comment::COLUMNS;
use crate::error::{Error, Result};

/// A field of a comment, in the order of [`COLUMNS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are the fields of `Comment`, told there")]
pub enum Field {
    Id,
    Author,
    Date,
    Text,
    Parent,
    Page,
    Title,
    Status,
    Votes,
    Found,
}

impl Field {
    /// Every field, in the order of [`COLUMNS`].
    pub const ALL: [Field; COLUMNS.len()] = [
        Field::Id,
        Field::Author,
        Field::Date,
        Field::Text,
        Field::Parent,
        Field::Page,
        Field::Title,
        Field::Status,
        Field::Votes,
        Field::Found,
    ];

    /// Its column in the comment table.
    pub fn name(self) -> &'static str {
        COLUMNS[self as usize]
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What of a table's cells can be undone, where the user asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// UTF-8 that was read as Windows-1252 (`Ã©`), in cells that can be read back as a whole.
    Mojibake,
    /// Entities that were encoded twice (`&amp;eacute;`).
    Entities,
}

impl Repair {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Repair::Mojibake => "mojibake",
            Repair::Entities => "entities",
        }
    }
}

/// What the user says of a table: its columns (`text=message,id=num`), and what is to be undone in its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pairs: Vec<(Field, String)>,
    /// What is undone in cells.
    pub repairs: Vec<Repair>,
}

impl Overrides {
    /// Reads `field=column`, several parted by commas. A part without `=` belongs to the column before it, whose name
    /// holds a comma.
    ///
    /// ```
    /// use vigie::source::table::Overrides;
    /// assert!(Overrides::parse("text=message,id=num").is_ok());
    /// assert!(Overrides::parse("texte=message").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Overrides> {
        let mut overrides = Overrides::default();
        for part in text.split(',') {
            match part.split_once('=') {
                Some((field, column)) => overrides.add(field.trim(), column.trim())?,
                None => match overrides.pairs.last_mut() {
                    Some((_, column)) => *column = format!("{column},{part}"),
                    None => return Err(wrong(format!("expected field=column, found \"{part}\""))),
                },
            }
        }
        Ok(overrides)
    }

    /// Adds what another `--map` says.
    pub fn merge(mut self, other: Overrides) -> Result<Overrides> {
        for (field, column) in other.pairs {
            self.add(field.name(), &column)?;
        }
        Ok(self)
    }

    /// The column that the user names for `field`.
    pub fn column(&self, field: Field) -> Option<&str> {
        self.pairs.iter().find(|(named, _)| *named == field).map(|(_, column)| column.as_str())
    }

    fn add(&mut self, field: &str, column: &str) -> Result<()> {
        let Some(known) = Field::ALL.into_iter().find(|known| known.name() == field) else {
            return Err(wrong(format!(
                "unknown field \"{field}\", expected one of {}",
                COLUMNS.join(", ")
            )));
        };
        if column.is_empty() {
            return Err(wrong(format!("expected a column after \"{field}=\"")));
        }
        if self.column(known).is_some() {
            return Err(wrong(format!("{field} is named twice")));
        }
        self.pairs.push((known, column.to_owned()));
        Ok(())
    }
}

fn wrong(message: String) -> Error {
    Error::table(format!("--map: {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_in_the_order_of_the_columns() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, index);
            assert_eq!(format!("{field:?}").to_lowercase(), field.name());
        }
    }

    #[test]
    fn overrides_name_columns() {
        let overrides = Overrides::parse("text=Votre avis, en bref,id=a=b").unwrap();
        assert_eq!(overrides.column(Field::Text), Some("Votre avis, en bref"));
        assert_eq!(overrides.column(Field::Id), Some("a=b"));
        assert_eq!(overrides.column(Field::Date), None);
    }

    #[test]
    fn overrides_that_make_no_sense_are_refused() {
        for wrong in ["", "text", "texte=a", "text=", "text=a,text=b"] {
            assert!(Overrides::parse(wrong).is_err(), "{wrong}");
        }
        let one = Overrides::parse("text=a").unwrap();
        assert!(one.clone().merge(Overrides::parse("id=b").unwrap()).is_ok());
        assert!(one.clone().merge(one).is_err());
    }
}
