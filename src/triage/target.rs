//! Defines what a newsroom may wish of a label, and finds the threshold that grants it.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};
use crate::evaluation::{Curve, Promise};
use crate::model::Probability;

/// What flags should be worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// At least this share of what is flagged is rightly so, above 0 and up to 1.
    Precision(f64),
    /// At least this share of what bears the label is flagged, above 0 and up to 1.
    Recall(f64),
}

/// Where review is wished to begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    /// At this probability.
    Threshold(Probability),
    /// Where the model's curve says that a target is met.
    Target(Target),
}

/// A threshold that grants a wish.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Granted {
    /// Where review begins.
    pub threshold: Probability,
    /// What the folds promise of it; none where the wish was a threshold.
    pub promise: Option<Promise>,
}

impl Wish {
    /// The threshold that grants it for the label with this curve.
    ///
    /// # Errors
    /// When it is a target, and the model has no curve or the curve does not reach it.
    pub fn grant(self, curve: Option<&Curve>) -> Result<Granted> {
        let target = match self {
            Wish::Threshold(threshold) => return Ok(Granted { threshold, promise: None }),
            Wish::Target(target) => target,
        };
        let curve = curve.ok_or_else(|| {
            Error::model(format!(
                "it has no operating curve on which {target} could be found: train it again"
            ))
        })?;
        let promise = match target {
            Target::Precision(precision) => curve.for_precision(precision),
            Target::Recall(recall) => curve.for_recall(recall),
        };
        let promise = promise.ok_or_else(|| {
            let best = curve.most_precise().map_or(String::new(), |best| {
                let Promise { threshold, precision, recall } = best;
                // Rounded down: what is told here must be within reach.
                let precision = (precision * 1000.0).floor() / 1000.0;
                format!("; the best is precision={precision:.3}, from {threshold:.4} on, with recall {recall:.2}")
            });
            Error::input(format!("{target} is out of reach in folds{best}"))
        })?;
        Ok(Granted { threshold: Probability::new(promise.threshold), promise: Some(promise) })
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Target, String> {
        let wrong = || {
            format!("expected precision=P or recall=R, each above 0 and up to 1, found \"{text}\"")
        };
        let (name, share) = text.split_once('=').ok_or_else(wrong)?;
        let share: f64 = share.trim().replace(',', ".").parse().map_err(|_| wrong())?;
        if !(share > 0.0 && share <= 1.0) {
            return Err(wrong());
        }
        match name.trim() {
            "precision" => Ok(Target::Precision(share)),
            "recall" => Ok(Target::Recall(share)),
            _ => Err(wrong()),
        }
    }
}

impl FromStr for Wish {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Wish, String> {
        if text.contains('=') {
            return text.parse().map(Wish::Target);
        }
        match text.trim().replace(',', ".").parse::<f64>() {
            Ok(value) if (0.0..=1.0).contains(&value) => {
                Ok(Wish::Threshold(Probability::new(value)))
            }
            _ => Err("expected a number from 0 to 1, precision=P or recall=R".into()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Precision(share) => write!(f, "precision={share}"),
            Target::Recall(share) => write!(f, "recall={share}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Pair;

    #[test]
    fn wishes_are_read_and_nonsense_is_refused() {
        assert_eq!("recall=0,95".parse(), Ok(Target::Recall(0.95)));
        assert_eq!("precision = 1".parse(), Ok(Target::Precision(1.0)));
        assert_eq!("0.3".parse(), Ok(Wish::Threshold(Probability::new(0.3))));
        assert_eq!("recall=0.5".parse(), Ok(Wish::Target(Target::Recall(0.5))));
        for wrong in ["recall", "recall=0", "recall=1.01", "recall=NaN", "f1=0.5", "precision="] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
        assert!("1.5".parse::<Wish>().is_err());
    }

    #[test]
    fn what_is_out_of_reach_is_told_with_the_best() {
        let pairs = [Pair::new(true, 0.8), Pair::new(false, 0.8), Pair::new(false, 0.1)];
        let curve = Curve::of(&pairs, 0.5).unwrap();
        let granted = Wish::Target(Target::Recall(0.9)).grant(Some(&curve)).unwrap();
        assert_eq!(granted.threshold, Probability::new(0.8));
        // 0.5 · 1 / (0.5 · 1 + 0.5 · 1/2)
        let error = Wish::Target(Target::Precision(0.9)).grant(Some(&curve)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "precision=0.9 is out of reach in folds; the best is precision=0.666, from 0.8000 on, with recall 1.00"
        );
        let error = Wish::Target(Target::Recall(0.9)).grant(None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "model: it has no operating curve on which recall=0.9 could be found: train it again"
        );
    }
}
