//! Translates a threshold on one score into the threshold on another that flags as many of the same comments.

use serde::Serialize;

/// Two thresholds on two scores of the same comments.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Translation {
    /// On the first score: what reaches it is flagged.
    pub from: f64,
    /// Comments that the first flags.
    pub flagged: usize,
    /// On the second score: flags as many, as nearly as ties allow; none where the first flags nothing.
    pub to: Option<f64>,
    /// Comments that the second flags from there on.
    pub flagged_by_second: usize,
    /// Comments that both flag.
    pub both: usize,
}

/// The threshold on the second of two scores of each comment that flags as many as `from` does on the first
/// (equipercentile linking).
///
/// Needs no labels: it keeps the size of the queue, and says with `both` how far the two agree on what is in it.
pub fn translate(scores: &[[f64; 2]], from: f64) -> Translation {
    let flagged = scores.iter().filter(|pair| pair[0] >= from).count();
    let mut second: Vec<f64> = scores.iter().map(|pair| pair[1]).collect();
    second.sort_by(|a, b| b.total_cmp(a));
    let to = flagged.checked_sub(1).map(|last| {
        let tied = second[last];
        // Of a tie at the edge all or none are flagged: whichever comes nearer.
        let before = second.partition_point(|&score| score > tied);
        let after = second.partition_point(|&score| score >= tied);
        if before > 0 && flagged - before < after - flagged { second[before - 1] } else { tied }
    });
    let flags = |pair: &&[f64; 2]| to.is_some_and(|to| pair[1] >= to);
    Translation {
        from,
        flagged,
        to,
        flagged_by_second: scores.iter().filter(flags).count(),
        both: scores.iter().filter(|pair| pair[0] >= from).filter(flags).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Oracle: by hand.
    #[test]
    fn as_many_are_flagged_as_before() {
        let scores = [[0.9, 0.6], [0.8, 0.3], [0.7, 0.5], [0.2, 0.4], [0.1, 0.1]];
        let found = translate(&scores, 0.7);
        assert_eq!((found.flagged, found.to, found.flagged_by_second), (3, Some(0.4), 3));
        assert_eq!(found.both, 2);
        assert_eq!(translate(&scores, 0.95).to, None);
        assert_eq!(translate(&scores, 0.0).to, Some(0.1));
        assert_eq!(translate(&[], 0.5).flagged_by_second, 0);
    }

    #[test]
    fn a_tie_at_the_edge_goes_to_the_nearer_count() {
        let scores = [[0.9, 0.8], [0.8, 0.2], [0.1, 0.2], [0.1, 0.2], [0.1, 0.2]];
        assert_eq!(translate(&scores, 0.8).to, Some(0.8));
        let scores = [[0.9, 0.8], [0.8, 0.2], [0.8, 0.2], [0.1, 0.2]];
        assert_eq!(translate(&scores, 0.8).to, Some(0.2));
    }
}
