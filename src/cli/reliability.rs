//! Tells whether a fitted model's probabilities mean what they say, language by language.

use std::io::Write;

use vigie::evaluation::Calibration;
use vigie::text::Language;

/// Writes, by label and language, what scores of ten bands were worth in folds, at the rate of the prior.
pub fn write_reliability<'l>(
    labels: impl Iterator<Item = &'l str>,
    reliability: &[Vec<(Language, Calibration)>],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if reliability.iter().all(Vec::is_empty) {
        return Ok(());
    }
    writeln!(
        out,
        "\nreliability        language  score from  mean score  share positive  share of all"
    )?;
    for (label, languages) in labels.zip(reliability) {
        for (language, calibration) in languages {
            let all: f64 = calibration.bins.iter().map(|bin| bin.pairs).sum();
            for bin in &calibration.bins {
                writeln!(
                    out,
                    "{label:<18} {:<8}         {:.1}       {:.3}           {:.3}         {:.4}",
                    language.code(),
                    bin.from,
                    bin.score,
                    bin.positives,
                    bin.pairs / all
                )?;
            }
            let (code, error) = (language.code(), calibration.error);
            writeln!(out, "{label:<18} {code:<8}  calibration error {error:.4}")?;
        }
    }
    Ok(())
}
