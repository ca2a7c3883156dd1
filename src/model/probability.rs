//! Defines a probability that prints and compares the same everywhere.

use std::fmt;

/// A probability, kept to one part in ten thousand: finer digits would promise more than a model knows,
/// and what is compared is then exactly what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(u16);

impl Probability {
    /// Parts in one.
    pub const PARTS: u16 = 10_000;

    /// So many ten thousandths, at most all of them.
    pub fn from_parts(parts: u16) -> Probability {
        Probability(parts.min(Self::PARTS))
    }

    /// How many ten thousandths it is.
    pub fn parts(self) -> u16 {
        self.0
    }

    /// The nearest probability to `value`; what lies outside 0 to 1, or is no number, goes to the nearer end.
    pub fn new(value: f64) -> Probability {
        let parts = f64::from(Self::PARTS);
        Probability((value * parts).round().clamp(0.0, parts) as u16)
    }

    /// The probability of `log_odds` (natural logarithm).
    pub fn from_log_odds(log_odds: f64) -> Probability {
        Probability::new(1.0 / (1.0 + libm::exp(-log_odds)))
    }

    /// Its value, 0 to 1.
    pub fn value(self) -> f64 {
        f64::from(self.0) / f64::from(Self::PARTS)
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:04}", self.0 / Self::PARTS, self.0 % Self::PARTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_four_digits_and_stays_between_0_and_1() {
        assert_eq!(Probability::new(0.12345).to_string(), "0.1235");
        assert_eq!(Probability::new(7.0).to_string(), "1.0000");
        assert_eq!(Probability::new(f64::NAN).to_string(), "0.0000");
        assert_eq!(Probability::from_log_odds(0.0).value(), 0.5);
    }
}
