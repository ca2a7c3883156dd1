//! Defines the bands of a label's probabilities, the advice that each stands for, and how far up in them one stands.

use crate::model::Probability;

/// What vigie proposes to do with a comment. A moderator decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Advice {
    /// Nothing was seen that a moderator should look at.
    Approve,
    /// A moderator should read it.
    Review,
    /// A moderator should read it first, and will likely take it down.
    Reject,
}

impl Advice {
    /// The word in the `vigie_advice` column.
    pub fn name(self) -> &'static str {
        match self {
            Advice::Approve => "approve",
            Advice::Review => "review",
            Advice::Reject => "reject",
        }
    }
}

/// Where the bands of one label begin: approve below `review`, review below `reject`, reject from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// The lowest probability at which a moderator should read the comment.
    pub review: Probability,
    /// The lowest probability at which rejection is advised; not below `review`.
    pub reject: Probability,
}

/// How urgent a comment is for one label: its band first, then how far up in that band it stands.
///
/// Labels have bands of their own, so their probabilities do not compare; their urgencies do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Urgency {
    /// The advice of the band.
    pub advice: Advice,
    /// Millionths of the band below the probability; beyond [`Urgency::BAND`] for what low confidence
    /// held back from the band above.
    pub height: u32,
}

impl Urgency {
    /// The height of a whole band.
    pub const BAND: u32 = 1_000_000;

    /// The urgency of a score that cannot be trusted: never reject, but at the head of review, in the same order.
    #[must_use]
    pub fn with_low_confidence(self) -> Urgency {
        match self.advice {
            Advice::Reject => {
                Urgency { advice: Advice::Review, height: Urgency::BAND + self.height }
            }
            Advice::Approve | Advice::Review => self,
        }
    }
}

impl Bands {
    /// The band of a probability.
    pub fn advice(self, probability: Probability) -> Advice {
        if probability < self.review {
            Advice::Approve
        } else if probability < self.reject {
            Advice::Review
        } else {
            Advice::Reject
        }
    }

    /// The band of a probability and the height in it.
    pub fn urgency(self, probability: Probability) -> Urgency {
        let advice = self.advice(probability);
        let (floor, ceiling) = match advice {
            Advice::Approve => (Probability::default(), self.review),
            Advice::Review => (self.review, self.reject),
            Advice::Reject => (self.reject.max(self.review), Probability::new(1.0)),
        };
        let width = ceiling.value() - floor.value();
        let above = probability.value() - floor.value();
        let share = if width > 0.0 { above / width } else { 1.0 };
        Urgency { advice, height: (share * f64::from(Urgency::BAND)).round() as u32 }
    }

    /// The lowest probability that is at least as urgent as `urgency`; 1 where none is.
    pub fn lowest(self, urgency: Urgency) -> Probability {
        let all = (0..=Probability::PARTS).map(Probability::from_parts);
        // Urgency grows with the probability: the first that reaches it is the lowest.
        all.into_iter().find(|&p| self.urgency(p) >= urgency).unwrap_or(Probability::new(1.0))
    }

    /// The same bands with review beginning at `threshold`; reject begins there too where it would begin below.
    #[must_use]
    pub fn review_at(self, threshold: Probability) -> Bands {
        Bands { review: threshold, reject: self.reject.max(threshold) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands(review: f64, reject: f64) -> Bands {
        Bands { review: Probability::new(review), reject: Probability::new(reject) }
    }

    fn urgency(bands: Bands, probability: f64) -> (Advice, u32) {
        let Urgency { advice, height } = bands.urgency(Probability::new(probability));
        (advice, height)
    }

    #[test]
    fn a_band_begins_at_its_threshold() {
        let bands = bands(0.4, 0.8);
        assert_eq!(urgency(bands, 0.3999), (Advice::Approve, 999_750));
        assert_eq!(urgency(bands, 0.4), (Advice::Review, 0));
        assert_eq!(urgency(bands, 0.6), (Advice::Review, 500_000));
        assert_eq!(urgency(bands, 0.8), (Advice::Reject, 0));
        assert_eq!(urgency(bands, 1.0), (Advice::Reject, 1_000_000));
    }

    #[test]
    fn bands_without_width_are_skipped() {
        assert_eq!(bands(0.5, 0.5).advice(Probability::new(0.5)), Advice::Reject);
        assert_eq!(urgency(bands(0.0, 1.0), 0.0), (Advice::Review, 0));
        assert_eq!(urgency(bands(1.0, 1.0), 1.0), (Advice::Reject, 1_000_000));
    }

    #[test]
    fn a_threshold_above_reject_takes_reject_along() {
        assert_eq!(bands(0.4, 0.8).review_at(Probability::new(0.9)), bands(0.9, 0.9));
        assert_eq!(bands(0.4, 0.8).review_at(Probability::new(0.1)), bands(0.1, 0.8));
    }

    #[test]
    fn the_lowest_probability_of_an_urgency_is_found() {
        let bands = bands(0.4, 0.8);
        for value in [0.0, 0.1234, 0.4, 0.5999, 0.8, 1.0] {
            let probability = Probability::new(value);
            assert_eq!(bands.lowest(bands.urgency(probability)), probability, "{value}");
        }
        let held = bands.urgency(Probability::new(0.9)).with_low_confidence();
        assert_eq!(bands.lowest(held), Probability::new(0.8));
    }

    #[test]
    fn low_confidence_stands_between_review_and_reject() {
        let held = bands(0.4, 0.8).urgency(Probability::new(0.9)).with_low_confidence();
        assert_eq!(held.advice, Advice::Review);
        assert!(held > bands(0.4, 0.8).urgency(Probability::new(0.7999)));
        assert!(held < bands(0.4, 0.8).urgency(Probability::new(0.8)));
    }
}
