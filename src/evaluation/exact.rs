//! Tells how sure a rare share is: the exact interval, which holds its promise where the count is none, one or two.

use statrs::function::beta::beta_reg;

use super::Interval;

/// The share of cases left out on each side.
const TAIL: f64 = 0.025;
/// Halvings of 0 to 1, until neighbours of double precision are reached.
const HALVINGS: usize = 60;

impl Interval {
    /// The exact interval of a share, 0 to 1, of so many, above 0 (Clopper and Pearson, 1934). They need not be a whole
    /// number: what was drawn at unequal rates counts by its effective size (Korn and Graubard, 1998).
    ///
    /// Of none among n it reaches up to 3.7 / n: the rule of three, on two sides.
    pub fn exact(share: f64, of: f64) -> Interval {
        let (found, rest) = (share * of, (1.0 - share) * of);
        let low = if found > 0.0 { quantile(TAIL, found, rest + 1.0) } else { 0.0 };
        let high = if rest > 0.0 { quantile(1.0 - TAIL, found + 1.0, rest) } else { 1.0 };
        Interval { low, high }
    }
}

/// Below which value a beta distribution has this share.
fn quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if beta_reg(a, b, middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(count: f64, of: f64, low: f64, high: f64) {
        let found = Interval::exact(count / of, of);
        assert!((found.low - low).abs() < 5e-5, "{found:?}");
        assert!((found.high - high).abs() < 5e-5, "{found:?}");
    }

    // Oracle: Newcombe (1998), Statistics in Medicine 17: 857–872, table I, method 5.
    #[test]
    fn shares_have_the_exact_intervals_of_the_paper() {
        close(81.0, 263.0, 0.2527, 0.3676);
        close(15.0, 148.0, 0.0578, 0.1617);
        close(0.0, 20.0, 0.0, 0.1684);
        close(1.0, 29.0, 0.0009, 0.1776);
        close(29.0, 29.0, 0.8806, 1.0);
    }

    #[test]
    fn none_among_many_is_the_rule_of_three() {
        // Oracle: 0 of n reaches up to 1 - 0.025^(1/n).
        let high = Interval::exact(0.0, 60.0).high;
        assert!((high - (1.0 - 0.025_f64.powf(1.0 / 60.0))).abs() < 1e-9, "{high}");
    }
}
