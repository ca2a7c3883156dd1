//! Reads which words name which people: a table with the columns `term`, `group` and, if it likes, `lang`.

use std::io::Read;

use crate::error::{Error, Result};
use crate::text::{Folded, Folder, Language};

/// A word or phrase that names people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As people write it.
    pub term: String,
    /// Whom it names; empty in a change that takes the term out of every group.
    pub group: String,
    /// In which language; unknown for all.
    pub language: Language,
}

/// The terms that ship with the program.
///
/// # Errors
/// Never in a released program: the tests read them.
pub fn shipped() -> Result<Vec<Term>> {
    let mut terms = Vec::new();
    for (language, table) in [
        (Language::Fr, include_str!("../../training/identity/fr.csv")),
        (Language::En, include_str!("../../training/identity/en.csv")),
    ] {
        let own = Term::read(table.as_bytes())?;
        terms.extend(own.into_iter().map(|term| Term { language, ..term }));
    }
    Ok(terms)
}

impl Term {
    /// Reads a table of terms (CSV).
    ///
    /// # Errors
    /// When it is no such table, or a row has no term.
    pub fn read(table: impl Read) -> Result<Vec<Term>> {
        let refused = |error: csv::Error| Error::table(error.to_string());
        let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table);
        let header = table.headers().map_err(refused)?.clone();
        let column = |wanted: &str| {
            header.iter().position(|name| name.trim_start_matches('\u{FEFF}') == wanted)
        };
        let (Some(term), Some(group)) = (column("term"), column("group")) else {
            let found: Vec<&str> = header.iter().collect();
            let found = found.join(", ");
            let message = format!("expected the columns term and group; the columns are {found}");
            return Err(Error::table(message));
        };
        let lang = column("lang");
        let mut terms = Vec::new();
        for (row, record) in table.records().enumerate() {
            let record = record.map_err(refused)?;
            let cell = |column: usize| record.get(column).unwrap_or_default().to_string();
            if cell(term).is_empty() {
                let error = Error::table("expected a term");
                return Err(error.at_record(row as u64 + 1));
            }
            let language = lang.map(|lang| Language::from_code(&cell(lang))).unwrap_or_default();
            terms.push(Term { term: cell(term), group: cell(group), language });
        }
        Ok(terms)
    }

    /// `terms` with `changes`: a term with a group joins it, which may be new; one without leaves every group of its
    /// language, or of all languages where it has none.
    pub fn change(terms: Vec<Term>, changes: Vec<Term>) -> Vec<Term> {
        let mut folder = Folder::default();
        let mut fold = |term: &Term| {
            let mut folded = Folded::<()>::default();
            folder.fold(&term.term, &mut folded);
            folded.text
        };
        let (gone, new): (Vec<Term>, Vec<Term>) =
            changes.into_iter().partition(|change| change.group.is_empty());
        let gone: Vec<(String, Language)> =
            gone.iter().map(|gone| (fold(gone), gone.language)).collect();
        let mut kept = terms;
        kept.retain(|term| {
            let own = fold(term);
            !gone.iter().any(|(gone, language)| {
                *gone == own && [Language::Unknown, term.language].contains(language)
            })
        });
        kept.extend(new);
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &str) -> Result<Vec<Term>> {
        Term::read(table.as_bytes())
    }

    #[test]
    fn terms_are_read_by_the_names_of_their_columns() {
        let terms = read("group,term,lang\nBretons, Bigouden ,fr\nBretons,breizh,\n").unwrap();
        assert_eq!(terms[0].term, "Bigouden");
        assert_eq!((terms[0].language, terms[1].language), (Language::Fr, Language::Unknown));
        let told = |table: &str| read(table).unwrap_err().to_string();
        assert_eq!(
            told("mot,groupe\na,b\n"),
            "expected the columns term and group; the columns are mot, groupe"
        );
        assert_eq!(told("term,group\na,b\n,c\n"), "record 2: expected a term");
    }

    #[test]
    fn changes_add_and_take_away() {
        let shipped = read("term,group,lang\nrom,Roma,fr\nrom,disks,en\nroms,Roma,fr\n").unwrap();
        let changed = |changes: &str| -> Vec<String> {
            let changed = Term::change(shipped.clone(), read(changes).unwrap());
            changed.into_iter().map(|term| format!("{} {}", term.term, term.group)).collect()
        };
        assert_eq!(changed("term,group\nRom,\n"), ["roms Roma"]);
        assert_eq!(changed("term,group,lang\nrom,,en\n"), ["rom Roma", "roms Roma"]);
        assert_eq!(changed("term,group\nrom,\nrom,new\n"), ["roms Roma", "rom new"]);
    }
}
