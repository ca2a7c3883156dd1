//! Measures each corpus by itself: what is easy in one may be hard in another.

use super::second::told;
use crate::evaluation::{Pair, area_under_roc, average_precision};
use crate::model::{Card, InFolds};

/// Fills in the measures of the card's corpora, whose rows stand one after the other.
///
/// `out_of_fold` holds, by label, (row, gold and score) of rows that were scored before they had been seen.
pub(super) fn by_corpus(card: &mut Card, labels: &[String], out_of_fold: &[Vec<(usize, Pair)>]) {
    let mut first = 0;
    for corpus in &mut card.corpora {
        let range = first..first + corpus.rows;
        first = range.end;
        for (label, pairs) in labels.iter().zip(out_of_fold) {
            // Each counts once: a share of positives is a whole site's, not a file's.
            let own: Vec<Pair> = pairs
                .iter()
                .filter(|(row, _)| range.contains(row))
                .map(|&(_, pair)| Pair::new(pair.gold, pair.score))
                .collect();
            if let Some(auc) = area_under_roc(&own) {
                corpus.in_folds.push(InFolds {
                    label: label.clone(),
                    rows: own.len(),
                    positives: own.iter().filter(|pair| pair.gold).count(),
                    auc: told(Some(auc)),
                    average_precision: told(average_precision(&own)),
                });
            }
        }
    }
}
