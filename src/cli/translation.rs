//! Tells which threshold of the second score keeps what a threshold of the first did: for who changes services.

use std::io::Write;

use vigie::evaluation::{Translation, translate};

/// Thresholds that sites use, to be told beside the one that is asked for.
const USUAL: [f64; 5] = [0.5, 0.6, 0.7, 0.8, 0.9];

/// The usual thresholds and `from`, translated, in order.
pub fn translations(scores: &[[f64; 2]], from: f64) -> Vec<Translation> {
    let mut thresholds = USUAL.to_vec();
    thresholds.push(from);
    thresholds.sort_by(f64::total_cmp);
    thresholds.dedup();
    thresholds.into_iter().map(|from| translate(scores, from)).collect()
}

/// Prints them as a table.
pub fn text(rows: usize, translations: &[Translation], out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "\nto flag as many as A of {rows} comments")?;
    writeln!(out, "  A from   flags    B from   flags   both")?;
    for Translation { from, flagged, to, flagged_by_second, both } in translations {
        let to = to.map_or("     -".to_owned(), |to| format!("{to:.4}"));
        writeln!(out, "  {from:.4} {flagged:>7}    {to} {flagged_by_second:>7} {both:>6}")?;
    }
    Ok(())
}
