//! Measures each corpus by itself, and together those that share a name: what is easy in one may be hard in another.

use std::collections::BTreeMap;
use std::ops::Range;

use super::second::told;
use crate::evaluation::{Pair, area_under_roc, average_precision};
use crate::model::{Card, InFolds};

/// Fills in the measures of the card's corpora, whose rows stand one after the other.
///
/// `out_of_fold` holds, by label, (row, gold and score) of rows that were scored before they had been seen.
pub(super) fn by_corpus(card: &mut Card, labels: &[String], out_of_fold: &[Vec<(usize, Pair)>]) {
    let mut first = 0;
    let mut shared: BTreeMap<String, Vec<Range<usize>>> = BTreeMap::new();
    for corpus in &mut card.corpora {
        let range = first..first + corpus.rows;
        first = range.end;
        corpus.in_folds = measured(std::slice::from_ref(&range), labels, out_of_fold);
        if let Some(name) = &corpus.together {
            shared.entry(name.clone()).or_default().push(range);
        }
    }
    let together = shared.into_iter().map(|(name, ranges)| {
        let measures = measured(&ranges, labels, out_of_fold);
        (name, measures)
    });
    card.together = together.collect();
}

fn measured(
    ranges: &[Range<usize>],
    labels: &[String],
    out_of_fold: &[Vec<(usize, Pair)>],
) -> Vec<InFolds> {
    let of = |(label, pairs): (&String, &Vec<(usize, Pair)>)| {
        // Each counts once: a share of positives is a whole site's, not a file's.
        let own: Vec<Pair> = pairs
            .iter()
            .filter(|(row, _)| ranges.iter().any(|range| range.contains(row)))
            .map(|&(_, pair)| Pair::new(pair.gold, pair.score))
            .collect();
        let auc = area_under_roc(&own)?;
        Some(InFolds {
            label: label.clone(),
            rows: own.len(),
            positives: own.iter().filter(|pair| pair.gold).count(),
            auc: told(Some(auc)),
            average_precision: told(average_precision(&own)),
        })
    };
    labels.iter().zip(out_of_fold).filter_map(of).collect()
}
