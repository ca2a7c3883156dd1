//! Adds a site's own words to a lexicon, and gives them a weight before there are labels that could.

use crate::error::Result;
use crate::feature::{Reader, Reading, Schema};
use crate::lexicon::{Lexicon, Match, WATCHED, WordList};
use crate::model::{Head, margin};
use crate::text::Language;

/// What one watched word adds to the log-odds, as far as nothing is known: the odds are multiplied by e.
const LOG_ODDS: f64 = 1.0;
/// How many comments that hold a watched word that belief is worth.
const COMMENTS: f64 = 20.0;

/// `lexicon` with `watched` entries as a category of their own, in any language.
///
/// The longest phrase hides those inside it: a watched phrase means what the entries in it mean, too.
///
/// # Errors
/// When an entry holds no word.
pub fn watch(lexicon: &Lexicon, watched: &[String]) -> Result<Lexicon> {
    let mut lists = lexicon.lists().to_vec();
    if watched.is_empty() {
        return Lexicon::build(lists);
    }
    let (mut reader, mut reading) = (Reader::default(), Reading::<()>::default());
    for entry in watched {
        reader.read(entry, lexicon, &mut reading);
        let whole = |found: &&Match| (found.start, found.end) == (0, reading.tokens.len());
        let inside = reading.matches.iter().filter(|found| !whole(found));
        for meaning in inside.flat_map(|found| lexicon.meanings(found)) {
            if !lexicon.counts_inside(meaning.category) {
                let category = lexicon.categories()[meaning.category as usize].clone();
                let entries = vec![entry.clone()];
                lists.push(WordList { language: meaning.language, category, entries });
            }
        }
    }
    lists.push(WordList {
        language: Language::Unknown,
        category: WATCHED.into(),
        entries: watched.to_vec(),
    });
    Lexicon::build(lists)
}

/// The feature (an index into the weights of lines, for this many labels) that counts watched words, if there are any.
pub(super) fn column(schema: &Schema, labels: usize) -> Option<usize> {
    let name = format!("lexicon.{WATCHED}");
    let column = schema.names().iter().position(|feature| *feature == name);
    column.map(|column| labels * margin::KINDS.len() + column)
}

/// What the feature weighs as far as nothing is known, in log-odds: one word counts as ln 2.
pub(super) fn weight() -> f64 {
    LOG_ODDS / std::f64::consts::LN_2
}

/// Draws what was learned of watched words (feature `column` of the lines) to that weight: the less, the more of
/// `rows` hold one.
pub(super) fn draw<'r>(head: &mut Head, column: usize, rows: impl Iterator<Item = &'r [f64]>) {
    let seen = rows.filter(|row| row[column] > 0.0).count() as f64;
    for line in head.lines.values_mut() {
        let own = &mut line.weights[column];
        *own = (seen * *own + COMMENTS * weight() / line.slope) / (seen + COMMENTS);
    }
}
