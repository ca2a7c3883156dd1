//! Measures how far two who judge the same comments agree, and how far beyond chance.

use super::interval::Z;
use super::{Confusion, Estimate, Interval};

/// How far a model and people agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The share on which they agree, with its score interval.
    pub share: Estimate,
    /// Cohen's kappa (1960): 1 where they agree on everything, 0 where they agree as often as chance would have it. None
    /// where one of them only ever says one thing.
    pub kappa: Option<Estimate>,
}

impl Agreement {
    /// Of the four counts, which may be weighted, when they are worth `size` independent ones. None without any.
    ///
    /// The interval of kappa is that of its large-sample variance (Fleiss, Cohen and Everitt, 1969).
    pub fn of(counts: &Confusion, size: f64) -> Option<Agreement> {
        let Confusion { caught, disturbed, missed, passed } = *counts;
        let sum = caught + disturbed + missed + passed;
        if sum <= 0.0 || size <= 0.0 {
            return None;
        }
        // Rows: what people say. Columns: what the model says.
        let cells = [[caught / sum, missed / sum], [disturbed / sum, passed / sum]];
        let row = |at: usize| cells[at][0] + cells[at][1];
        let column = |at: usize| cells[0][at] + cells[1][at];
        let observed = cells[0][0] + cells[1][1];
        let share = Estimate { value: observed, interval: Some(Interval::score(observed, size)) };
        let chance = row(0) * column(0) + row(1) * column(1);
        let varied = [row(0), row(1), column(0), column(1)].iter().all(|margin| *margin > 0.0);
        let kappa = varied.then(|| {
            let kappa = (observed - chance) / (1.0 - chance);
            let mut variance = -(kappa - chance * (1.0 - kappa)).powi(2);
            for (one, cells) in cells.iter().enumerate() {
                for (other, cell) in cells.iter().enumerate() {
                    let margins = (column(one) + row(other)) * (1.0 - kappa);
                    let part = if one == other { 1.0 - margins } else { margins };
                    variance += cell * part * part;
                }
            }
            let reach = Z * variance.max(0.0).sqrt() / (1.0 - chance) / size.sqrt();
            let interval =
                Interval { low: (kappa - reach).max(-1.0), high: (kappa + reach).min(1.0) };
            Estimate { value: kappa, interval: Some(interval) }
        });
        Some(Agreement { share, kappa })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_and_its_interval_are_those_of_the_delta_method() {
        // Oracle: kappa of [[40, 9], [6, 45]] and the numeric gradient of kappa over the multinomial's covariance.
        let counts = Confusion { caught: 40.0, missed: 9.0, disturbed: 6.0, passed: 45.0 };
        let Agreement { share, kappa } = Agreement::of(&counts, 100.0).unwrap();
        assert!((share.value - 0.85).abs() < 1e-12);
        let Estimate { value, interval } = kappa.unwrap();
        let Interval { low, high } = interval.unwrap();
        assert!((value - 0.699_519).abs() < 1e-6, "{value}");
        assert!((low - 0.559_590).abs() < 1e-6 && (high - 0.839_448).abs() < 1e-6, "{low} {high}");
    }

    #[test]
    fn who_always_says_the_same_has_no_kappa() {
        let counts = Confusion { caught: 3.0, disturbed: 1.0, ..Confusion::default() };
        assert_eq!(Agreement::of(&counts, 4.0).unwrap().kappa, None);
        assert_eq!(Agreement::of(&Confusion::default(), 4.0), None);
    }
}
