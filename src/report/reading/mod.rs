//! Writes how soon reading in several orders finds what bears a label: a table, a CSV of every point, a drawing.

mod curve;
#[cfg(feature = "serve")]
mod drawing;
mod text;

#[cfg(feature = "serve")]
pub use drawing::draw_readings;

use std::io::Write;

use super::Locale;
use super::words::Words;
use crate::error::Result;
use crate::evaluation::Discovery;
use crate::triage::Sequence;

/// The labelled comments of one file, read in several orders.
#[derive(Clone, Debug)]
pub struct Readings {
    /// The file's name.
    pub file: String,
    /// What was looked for.
    pub label: String,
    /// What reading found, by order.
    pub by: Vec<(Sequence, Discovery)>,
}

/// Writes the share of `readings` that was read until each of `targets` (shares, 0 to 1) was found, as a table for people.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_readings(
    readings: &[Readings],
    targets: &[f64],
    locale: Locale,
    out: &mut dyn Write,
) -> Result<()> {
    text::write(readings, targets, locale.words(), out)
}

/// Writes how many comments had been read when each one was found, as CSV.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_curve(readings: &[Readings], out: &mut dyn Write) -> Result<()> {
    curve::write(readings, out)
}

impl Words {
    /// What an order is called.
    fn sequence(&self, sequence: Sequence) -> &str {
        self.reading.get(sequence.name()).map_or(sequence.name(), String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Strategy;

    pub(super) fn readings() -> Vec<Readings> {
        let gold = [false, false, true, true];
        let by = [
            (Sequence::File, Discovery::of(&[0, 1, 2, 3], &gold)),
            (Sequence::Strategy(Strategy::Risk), Discovery::of(&[3, 1, 2], &gold)),
            (Sequence::Strategy(Strategy::Random), Discovery::of(&[2], &gold)),
        ];
        vec![Readings { file: "a.csv".into(), label: "insult".into(), by: by.into() }]
    }

    #[test]
    fn every_order_has_a_name_in_both_languages() {
        for words in [Locale::Fr, Locale::En].map(Locale::words) {
            for sequence in Sequence::all() {
                assert!(words.reading.contains_key(sequence.name()), "{sequence:?}");
            }
        }
    }

    #[test]
    fn a_table_tells_the_share_read() {
        let mut out = Vec::new();
        write_readings(&readings(), &[0.5, 1.0], Locale::En, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let rows: Vec<Vec<&str>> =
            text.lines().map(|row| row.split_whitespace().collect()).collect();
        assert_eq!(text.lines().next(), Some("a.csv: 4 comments, 2 with insult (50.0%)"), "{text}");
        assert_eq!(rows[1][rows[1].len() - 2..], ["50%", "100%"]);
        assert_eq!(rows[2][2..], ["75.0%", "100.0%"], "{text}");
        assert_eq!(rows[3][1..], ["25.0%", "75.0%"], "{text}");
        assert_eq!(rows[4][1..], ["25.0%", "-"], "{text}");
        assert!(rows[5].ends_with(&["25.0%", "50.0%"]), "{text}");
    }

    #[test]
    fn a_curve_has_a_row_for_each_comment_found() {
        let mut out = Vec::new();
        write_curve(&readings(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let expected = [
            "file,label,order,comments,positives,found,read",
            "a.csv,insult,file order,4,2,1,3",
            "a.csv,insult,file order,4,2,2,4",
            "a.csv,insult,risk,4,2,1,1",
            "a.csv,insult,risk,4,2,2,3",
            "a.csv,insult,random,4,2,1,1",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }
}
