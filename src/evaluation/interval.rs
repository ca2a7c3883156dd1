//! Tells how sure a number is: intervals of 95 %.

use serde::Serialize;

/// Where a number lies, 95 times in 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether it holds no zero: a difference that chance alone seldom makes.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// The score interval of a share, 0 to 1, that so many witnesses tell (Wilson, 1927). Above 0; they need not be a whole
    /// number: those that say the same because they are copies count for fewer.
    pub fn score(share: f64, of: f64) -> Interval {
        let middle = share + Z * Z / (2.0 * of);
        let reach = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
        let whole = 1.0 + Z * Z / of;
        let low = ((middle - reach) / whole).max(0.0);
        Interval { low, high: ((middle + reach) / whole).min(1.0) }
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// Those that are so.
    pub count: usize,
    /// All of them.
    pub of: usize,
}

/// The normal quantile that leaves 2.5 % above.
pub(super) const Z: f64 = 1.959_963_984_540_054;

impl Rate {
    /// The share, 0 to 1; none of nothing.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }

    /// The score interval of the share: honest for few and for none. None of nothing.
    pub fn interval(self) -> Option<Interval> {
        self.share().map(|share| Interval::score(share, self.of as f64))
    }

    /// The interval of this share less that of `other`, for two sets that share no row: the hybrid of their score
    /// intervals (Newcombe, 1998, method 10). None when one of them is of nothing.
    pub fn less(self, other: Rate) -> Option<Interval> {
        let (a, b) = (self.share()?, other.share()?);
        let (ours, theirs) = (self.interval()?, other.interval()?);
        let below = libm::hypot(a - ours.low, theirs.high - b);
        let above = libm::hypot(ours.high - a, b - theirs.low);
        Some(Interval { low: a - b - below, high: a - b + above })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<Interval>, low: f64, high: f64) {
        let found = found.unwrap();
        assert!((found.low - low).abs() < 5e-5, "{found:?}");
        assert!((found.high - high).abs() < 5e-5, "{found:?}");
    }

    // Oracle: Newcombe (1998), Statistics in Medicine 17: 857–872 (table I) and 873–890 (table II, examples a, h).
    #[test]
    fn shares_have_the_intervals_of_the_paper() {
        close(Rate { count: 81, of: 263 }.interval(), 0.2553, 0.3662);
        close(Rate { count: 15, of: 148 }.interval(), 0.0624, 0.1605);
        close(Rate { count: 0, of: 20 }.interval(), 0.0, 0.1611);
        close(Rate { count: 56, of: 70 }.less(Rate { count: 48, of: 80 }), 0.0524, 0.3339);
        close(Rate { count: 10, of: 10 }.less(Rate { count: 0, of: 20 }), 0.6791, 1.0);
    }

    #[test]
    fn of_nothing_nothing_is_said() {
        assert_eq!(Rate::default().share(), None);
        assert_eq!(Rate { count: 1, of: 2 }.less(Rate::default()), None);
    }
}
