//! Notices what spreadsheets, joined exports and wrong charsets did to the cells of a table, and undoes it where the user
//! asks for that: never silently.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memmem;

use super::aliases::aliases;
use super::field::{Field, Repair};
use super::mapping::Mapping;
use super::row::Row;

/// What can have befallen a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trap {
    /// UTF-8 read as Windows-1252 and written again.
    Mojibake,
    /// Entities encoded as entities.
    Entities,
    /// An id that a spreadsheet took for a number.
    MangledId,
    /// A text as long as a spreadsheet's cell can be.
    FullCell,
    /// A text that ends where a page folds it.
    Folded,
    /// An error of a spreadsheet where a text that begins with `=` was.
    Formula,
    /// A date that only makes sense day first, only month first, or both ways.
    DayFirst,
    MonthFirst,
    EitherFirst,
}

const TRAPS: usize = Trap::EitherFirst as usize + 1;

/// The most UTF-16 units that a cell of Excel holds.
const FULL_CELL: usize = 32_767;

/// How often what was met, and in which record first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Traps {
    met: [(u64, u64); TRAPS],
}

impl Traps {
    /// Looks at a row before anything is undone.
    pub fn look(&mut self, row: &Row, mapping: &Mapping) {
        let text = mapping.text(row);
        let mut met = |trap: Trap, is: bool| {
            let (count, first) = &mut self.met[trap as usize];
            if is {
                *first = if *count == 0 { row.record } else { *first };
                *count += 1;
            }
        };
        met(Trap::Mojibake, mojibake(text).is_some());
        met(Trap::Entities, twice_encoded(text));
        met(Trap::FullCell, text.len() >= FULL_CELL && text.encode_utf16().count() == FULL_CELL);
        met(Trap::Folded, is_folded(text));
        met(Trap::Formula, matches!(text.trim(), "#NAME?" | "#NOM?"));
        let ids = [Field::Id, Field::Parent].map(|field| mapping.cell(row, field));
        met(Trap::MangledId, ids.into_iter().any(is_mangled));
        if let Some(order) = order(mapping.cell(row, Field::Date)) {
            met(order, true);
        }
    }

    /// What was met, a line each kind.
    pub fn told(&self, repairs: &[Repair]) -> Vec<String> {
        let line = |trap: Trap, words: &str| {
            let (count, first) = self.met[trap as usize];
            (count > 0).then(|| format!("{words}: {count} (the first: record {first})"))
        };
        let repair = |repair: Repair, trap, what: &str| {
            let end = if repairs.contains(&repair) {
                ", repaired".to_owned()
            } else {
                format!(", left as it is; --repair {} undoes it", repair.name())
            };
            line(trap, &format!("{what}{end}"))
        };
        let months = self.met[Trap::MonthFirst as usize].0;
        let days = self.met[Trap::DayFirst as usize].0;
        let dates = match (months, days) {
            (0, 0) => line(
                Trap::EitherFirst,
                "dates that could be day first or month first, and none that tells; read day first",
            ),
            (0, _) => None,
            (_, 0) => line(
                Trap::EitherFirst,
                "dates that could be day first, in a table that seems to write the month first; read day first",
            ),
            _ => line(
                Trap::MonthFirst,
                "dates that only make sense month first, among others that are day first",
            ),
        };
        [
            repair(Repair::Mojibake, Trap::Mojibake, "texts like \"Ã©\", UTF-8 read as Windows-1252"),
            repair(Repair::Entities, Trap::Entities, "texts like \"&amp;eacute;\", entities encoded twice"),
            line(
                Trap::MangledId,
                "ids like \"1,23E+17\", which a spreadsheet took for numbers: several comments may share one, so records \
                 get their number for an id and replies are not linked; export again with ids as text",
            ),
            line(Trap::FullCell, "texts of exactly 32767 characters, which a spreadsheet seems to have cut"),
            line(Trap::Folded, "texts that end in \"Lire la suite\" or the like, and seem cut"),
            line(
                Trap::Formula,
                "texts that a spreadsheet took for formulas (\"#NAME?\"), and that are lost; export again",
            ),
            dates,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The row with its cells mended as the user asks.
pub(super) fn mend(row: Row, repairs: &[Repair]) -> Row {
    if repairs.is_empty() {
        return row;
    }
    let (mut cells, mut ends, mut changed) = (String::new(), Vec::new(), false);
    for cell in row.cells() {
        let mut cell = Cow::Borrowed(cell);
        if repairs.contains(&Repair::Mojibake)
            && let Some(mended) = mojibake(&cell)
        {
            cell = Cow::Owned(mended);
            changed = true;
        }
        if repairs.contains(&Repair::Entities) && twice_encoded(&cell) {
            cell = Cow::Owned(decoded_twice(&cell));
            changed = true;
        }
        cells.push_str(&cell);
        ends.push(cells.len());
    }
    if changed { Row::new(row.record, row.line, &cells, &ends, row.json()) } else { row }
}

/// What the text was before it was read as Windows-1252, where all of it can be read back.
fn mojibake(text: &str) -> Option<String> {
    // The first halves of what UTF-8 makes of é, à, «, …, ’ and the like.
    let signs = ["Ã", "Â", "â€", "ð\u{178}"];
    if text.is_ascii()
        || !signs.iter().any(|sign| memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
    {
        return None;
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
    if unmappable {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok().filter(|mended| mended != text)
}

/// Whether an entity is encoded as an entity: `&amp;eacute;`, `&amp;#39;`.
fn twice_encoded(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), "&amp;")
        .any(|at| entity(&text[at + "&amp;".len()..]).is_some())
}

/// The length of an entity's name and its semicolon, where `text` begins with one.
fn entity(text: &str) -> Option<usize> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text[..end].strip_prefix('#').unwrap_or(&text[..end]);
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(end + 1)
}

/// The text with its entities read, the twice encoded ones twice; tags are left as they are.
fn decoded_twice(text: &str) -> String {
    let once = text.replace("&amp;", "&");
    let mut out = String::with_capacity(once.len());
    let mut rest = once.as_str();
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = entity(&rest[1..]).map_or(1, |length| length + 1);
        match length {
            1 => out.push('&'),
            _ => match crate::source::markup::plain(&rest[..length]).as_str() {
                // A blank of some kind.
                "" => out.push(' '),
                read => out.push_str(read),
            },
        }
        rest = &rest[length..];
    }
    out + rest
}

/// Whether a spreadsheet wrote an id as a number with an exponent.
pub(super) fn is_mangled(id: &str) -> bool {
    let Some((digits, exponent)) = id.trim().split_once(['E', 'e']) else { return false };
    let figures = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = digits
        .split_once([',', '.'])
        .map_or(figures(digits), |(whole, part)| figures(whole) && figures(part));
    digits && exponent.strip_prefix('+').is_some_and(figures)
}

fn is_folded(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || ".…»>)]".contains(c));
    aliases().ends_folded(text)
}

/// In which order a date of figures has its day and its month; none where it is no such date or begins with its year.
fn order(date: &str) -> Option<Trap> {
    let day = date.split([' ', 'T', ',']).next()?;
    let mut parts = day.split(['/', '.', '-']);
    let mut part = || parts.next().filter(|part| part.len() <= 4)?.parse::<u16>().ok();
    let (first, second, _) = (part()?, part()?, part()?);
    match (first, second) {
        (13..=31, 1..=12) => Some(Trap::DayFirst),
        (1..=12, 13..=31) => Some(Trap::MonthFirst),
        (1..=12, 1..=12) if first != second => Some(Trap::EitherFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mojibake_is_undone_where_all_of_it_can_be() {
        assert_eq!(mojibake("DÃ©jÃ\u{a0} l’été").as_deref(), None);
        assert_eq!(mojibake("DÃ©jÃ\u{a0} câ€™est l").as_deref(), Some("Déjà c’est l"));
        assert_eq!(mojibake("Âge, Ãle"), None);
        assert_eq!(mojibake("déjà"), None);
    }

    #[cfg(feature = "html")]
    #[test]
    fn entities_are_read_twice_where_they_were_written_twice() {
        assert!(twice_encoded("l&amp;eacute;t&amp;#233;"));
        assert!(!twice_encoded("A &amp; B; &eacute;"));
        assert_eq!(decoded_twice("l&amp;eacute;t&amp;#233; &amp; R&D"), "lété & R&D");
    }

    #[test]
    fn ids_with_an_exponent_are_mangled() {
        for id in ["1,23E+17", "1.23e+17", "1E+10"] {
            assert!(is_mangled(id), "{id}");
        }
        for id in ["", "E+1", "12E17", "abcE+1", "1234"] {
            assert!(!is_mangled(id), "{id}");
        }
    }

    #[test]
    fn dates_tell_their_order_or_not() {
        assert_eq!(order("21/04/2013 02:20"), Some(Trap::DayFirst));
        assert_eq!(order("12/29/14"), Some(Trap::MonthFirst));
        assert_eq!(order("03/04/2024"), Some(Trap::EitherFirst));
        assert_eq!(order("2024-03-04"), None);
        assert_eq!(order("04/04/2024"), None);
    }
}
