//! Defines what a newsroom settles once for all its runs: bands, a budget, the time that reading takes.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::{Deserialize, Deserializer, de};

use super::{Target, Wish};
use crate::error::{Error, Result};
use crate::model::Probability;

/// A newsroom's settings. What is absent is left to the model and the program.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Bands by label.
    pub bands: BTreeMap<String, Wished>,
    /// How many comments a run of triage leaves to read.
    pub budget: Option<NonZeroUsize>,
    /// Seconds that a moderator spends on a comment, above 0.
    #[serde(deserialize_with = "seconds")]
    pub seconds: Option<f64>,
}

/// The bands wished for one label.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wished {
    /// From here on a moderator should look.
    #[serde(deserialize_with = "threshold")]
    pub review: Option<Probability>,
    /// In place of `review`: what it should be worth.
    #[serde(deserialize_with = "target")]
    pub target: Option<Target>,
    /// From here on rejecting is advised.
    #[serde(deserialize_with = "threshold")]
    pub reject: Option<Probability>,
}

impl Settings {
    /// Checks what no single value tells.
    ///
    /// # Errors
    /// Where two values contradict each other.
    pub fn check(&self) -> Result<()> {
        for (label, wished) in &self.bands {
            let at = |message: String| Err(Error::input(message).at_element(key(label, "review")));
            match (wished.review, wished.target, wished.reject) {
                (Some(_), Some(target), _) => {
                    return at(format!("settled twice, the other time by target = \"{target}\""));
                }
                (Some(review), _, Some(reject)) if reject < review => {
                    return at(format!("expected at most reject = {reject}, found {review}"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Wished {
    /// Where review is wished to begin, and the key that says so.
    pub fn wish(&self) -> Option<(Wish, &'static str)> {
        let review = self.review.map(|threshold| (Wish::Threshold(threshold), "review"));
        review.or_else(|| self.target.map(|target| (Wish::Target(target), "target")))
    }
}

/// The name of a value in the file.
pub(super) fn key(label: &str, value: &str) -> String {
    format!("bands.{label}.{value}")
}

fn threshold<'de, D: Deserializer<'de>>(
    from: D,
) -> std::result::Result<Option<Probability>, D::Error> {
    let value = f64::deserialize(from)?;
    if !(0.0..=1.0).contains(&value) {
        return Err(de::Error::custom(format!("expected a number from 0 to 1, found {value}")));
    }
    Ok(Some(Probability::new(value)))
}

fn target<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Target>, D::Error> {
    String::deserialize(from)?.parse().map(Some).map_err(de::Error::custom)
}

fn seconds<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<f64>, D::Error> {
    let value = f64::deserialize(from)?;
    if !(value.is_finite() && value > 0.0) {
        return Err(de::Error::custom(format!("expected seconds above 0, found {value}")));
    }
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn whole_and_broken_numbers_are_read() {
        let settings = settings(
            "budget = 200\nseconds = 15\n[bands.insult]\nreview = 0.3\nreject = 1\n\
             [bands.conspiracy]\ntarget = \"recall=0.95\"",
        );
        settings.check().unwrap();
        assert_eq!((settings.budget, settings.seconds), (NonZeroUsize::new(200), Some(15.0)));
        let insult = &settings.bands["insult"];
        assert_eq!(insult.wish(), Some((Wish::Threshold(Probability::new(0.3)), "review")));
        assert_eq!(insult.reject, Some(Probability::new(1.0)));
        let wish = settings.bands["conspiracy"].wish();
        assert_eq!(wish, Some((Wish::Target(Target::Recall(0.95)), "target")));
        assert_eq!(toml::from_str(""), Ok(Settings::default()));
    }

    #[test]
    fn contradictions_are_refused_with_their_key() {
        let error = settings("[bands.insult]\nreview = 0.9\nreject = 0.5").check().unwrap_err();
        assert_eq!(
            error.to_string(),
            "bands.insult.review: expected at most reject = 0.5000, found 0.9000"
        );
        let twice = "[bands.insult]\nreview = 0.9\ntarget = \"precision=0.5\"";
        let error = settings(twice).check().unwrap_err();
        assert_eq!(
            error.to_string(),
            "bands.insult.review: settled twice, the other time by target = \"precision=0.5\""
        );
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for wrong in [
            "budget = 0",
            "budget = -1",
            "seconds = 0",
            "seconds = inf",
            "second = 1",
            "[bands.insult]\nreview = 1.5",
            "[bands.insult]\nreview = nan",
            "[bands.insult]\ntarget = \"f1=0.5\"",
            "[bands.insult]\nreviews = 0.5",
        ] {
            assert!(toml::from_str::<Settings>(wrong).is_err(), "{wrong}");
        }
    }
}
