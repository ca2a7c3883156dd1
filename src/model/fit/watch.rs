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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Line;

    #[test]
    fn what_is_learned_outweighs_the_belief_as_it_is_seen_more() {
        let drawn = |seen: usize| {
            let line = Line { intercept: 0.0, weights: vec![0.0, -1.0], slope: 2.0, shift: 0.0 };
            let mut head = Head { lines: [(Language::Unknown, line)].into(), ..Head::default() };
            let rows = vec![[0.0, 1.0]; seen];
            draw(&mut head, 1, rows.iter().map(|row| row.as_slice()));
            head.line(Language::Fr).weights[1]
        };
        // By hand: 1 / ln 2 / slope 2 = 0.7213 where nothing was seen, half of the way to -1 after 20 comments.
        assert!((drawn(0) - 0.7213).abs() < 1e-4);
        assert!((drawn(20) - (0.7213 - 1.0) / 2.0).abs() < 1e-4);
        assert!(drawn(2000) < -0.98);
    }

    #[test]
    fn a_watched_phrase_also_means_what_is_in_it() {
        let list = |category: &str, entry: &str| WordList {
            language: Language::Fr,
            category: category.into(),
            entries: vec![entry.into()],
        };
        let lexicon =
            Lexicon::build(vec![list("function", "de"), list("insult_mild", "idiot")]).unwrap();
        let watched = watch(&lexicon, &["idiot de service".into(), "idiot".into()]).unwrap();
        let mut reading = Reading::<()>::default();
        Reader::default().read("un idiot de service", &watched, &mut reading);
        let outer = reading.matches.iter().find(|found| found.end - found.start > 1).unwrap();
        let names: Vec<&str> = watched
            .meanings(outer)
            .map(|meaning| watched.categories()[meaning.category as usize].as_str())
            .collect();
        assert_eq!(names, ["insult_mild", "watched"]);
    }
}
