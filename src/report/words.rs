//! Reads the words of the reports: everything that vigie says itself, in French and in English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::Probability;
use crate::triage::Advice;

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

impl Locale {
    /// ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Locale::Fr => "fr",
            Locale::En => "en",
        }
    }

    /// Its words.
    pub(super) fn words(self) -> &'static Words {
        static WORDS: LazyLock<Tongues> = LazyLock::new(|| {
            toml::from_str(include_str!("words.toml"))
                .expect("words.toml is in the binary and a test reads it")
        });
        match self {
            Locale::Fr => &WORDS.fr,
            Locale::En => &WORDS.en,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tongues {
    fr: Words,
    en: Words,
}

/// What vigie says, in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// What labels are called.
    labels: BTreeMap<String, String>,
    /// What an entry of a lexicon category is called.
    categories: BTreeMap<String, String>,
    /// What features are called, by their name or the beginning of it.
    features: BTreeMap<String, String>,
    /// How things are written.
    pub forms: Forms,
    /// What the terminal and the page say.
    pub phrases: Phrases,
    /// What charts say.
    #[cfg_attr(not(feature = "serve"), allow(dead_code, reason = "words are the same without it"))]
    pub chart: Chart,
    /// What a workbook says.
    #[cfg_attr(not(feature = "xlsx"), allow(dead_code, reason = "words are the same without it"))]
    pub sheet: Sheet,
    /// What a simulation says.
    pub simulation: Simulation,
    /// What is said of reading in some order, and what the orders are called.
    pub reading: BTreeMap<String, String>,
}

/// How things are written in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forms {
    /// A reason with the words that it is about.
    pub reason: String,
    /// Words of a comment.
    pub quote: String,
    /// A percentage.
    percent: String,
    /// Parts a whole number from its decimals.
    decimal: String,
    /// Parts thousands.
    thousands: String,
    /// A day and a time of day.
    pub moment: String,
    /// A day.
    pub day: String,
    /// The first day of a month.
    pub first: String,
    /// The months.
    pub months: [String; 12],
}

/// What the terminal and the page say, by what it is said of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrases {
    pub approve: String,
    pub review: String,
    pub reject: String,
    pub title: String,
    pub skip: String,
    pub motto: String,
    pub read: String,
    pub shown: String,
    pub nothing: String,
    pub how: String,
    pub how_order: String,
    pub how_marks: String,
    pub how_low: String,
    pub how_unseen: String,
    pub bands: String,
    pub label: String,
    pub review_from: String,
    pub reject_from: String,
    pub aside: String,
    pub model: String,
    pub low: String,
    pub nameless: String,
    pub reply: String,
    pub replies: String,
    pub depth: String,
    pub ranked: String,
    pub orphan: String,
    pub cycle: String,
    pub whole: String,
    pub fold: String,
    pub empty: String,
    pub reasons: String,
    pub reasonless: String,
    pub found: String,
}

/// What charts say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "serve"), allow(dead_code, reason = "the words are the same without it"))]
pub(super) struct Chart {
    pub approved: String,
    pub rejected: String,
    pub deferred: String,
    pub value: String,
    pub between: String,
    pub estimate: String,
    pub none: String,
    pub empty: String,
}

/// What stands over the columns of a workbook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "xlsx"), allow(dead_code, reason = "the words are the same without it"))]
pub(super) struct Sheet {
    pub name: String,
    pub rank: String,
    pub advice: String,
    pub probability: String,
    pub text: String,
    pub reasons: String,
    pub author: String,
    pub date: String,
    pub parent_author: String,
    pub parent_text: String,
    pub title: String,
    pub page: String,
    pub votes: String,
    pub status: String,
    pub id: String,
    pub parent: String,
    pub found: String,
    pub confidence: String,
    pub language: String,
    pub model: String,
}

/// What a simulation says, by what it is said of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Simulation {
    pub plan: String,
    pub against: String,
    pub days: String,
    pub undated: String,
    pub thresholds: String,
    pub promised: String,
    pub flagged: String,
    pub any: String,
    pub total: String,
    pub least: String,
    pub median: String,
    pub mean: String,
    pub most: String,
    pub minutes: String,
    pub short_minutes: String,
    pub missed: String,
    pub missed_exact: String,
    pub wrong_exact: String,
    pub missed_estimate: String,
    pub missed_rejected: String,
    pub flagged_published: String,
    pub share: String,
    pub estimate: String,
    pub how_estimate: String,
    pub by_day: String,
    pub busiest: String,
    pub read: String,
    pub gained: String,
    pub lost: String,
    pub nearest: String,
    pub labelled: String,
    pub fate: String,
}

impl Words {
    /// What a label is called: its own name when it is none of ours.
    pub fn label<'a>(&'a self, label: &'a str) -> &'a str {
        self.labels.get(label).map_or(label, String::as_str)
    }

    /// What an entry of a lexicon category is called.
    pub fn category(&self, category: &str) -> &str {
        self.categories.get(category).unwrap_or(&self.categories["other"])
    }

    /// What a feature is called: by its name, or the part of it before the last dots.
    pub fn feature(&self, name: &str) -> &str {
        if let Some(known) =
            name.strip_prefix("lexicon.").and_then(|category| self.categories.get(category))
        {
            return known;
        }
        let shorter = |part: &&str| part.rfind('.').map(|dot| &name[..dot]);
        let mut parts = std::iter::successors(Some(name), shorter);
        parts.find_map(|part| self.features.get(part)).unwrap_or(&self.features["other"])
    }

    /// What words that the model learned are called.
    pub fn learned(&self) -> &str {
        &self.categories["learned"]
    }

    /// What an advice is called.
    pub fn advice(&self, advice: Advice) -> &str {
        match advice {
            Advice::Approve => &self.phrases.approve,
            Advice::Review => &self.phrases.review,
            Advice::Reject => &self.phrases.reject,
        }
    }

    /// A probability in whole percent, never rounded up: 99.99 % is not certain, and 49.9 % not yet 50 %.
    pub fn percent(&self, probability: Probability) -> String {
        let hundredths = (probability.value() * 10_000.0).round() as u32;
        fill(&self.forms.percent, &[("n", &(hundredths / 100).to_string())])
    }

    /// A threshold in percent, as exact as it is.
    pub fn exact(&self, threshold: Probability) -> String {
        let hundredths = (threshold.value() * 10_000.0).round() as u32;
        let mut digits = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        digits.truncate(digits.trim_end_matches('0').trim_end_matches('.').len());
        fill(&self.forms.percent, &[("n", &digits.replace('.', &self.forms.decimal))])
    }

    /// A share, from 0 to 1, in percent with one decimal.
    pub fn share(&self, share: f64) -> String {
        fill(&self.forms.percent, &[("n", &self.decimal(share * 100.0))])
    }

    /// A number with one decimal.
    pub fn decimal(&self, number: f64) -> String {
        format!("{number:.1}").replace('.', &self.forms.decimal)
    }

    /// A number with two decimals.
    #[cfg(feature = "serve")]
    pub fn hundredths(&self, number: f64) -> String {
        format!("{number:.2}").replace('.', &self.forms.decimal).replace('-', "\u{2212}")
    }

    /// A sum of fractions: with a decimal where it is small.
    pub fn about(&self, number: f64) -> String {
        if number < 99.95 { self.decimal(number) } else { self.number(number.round() as usize) }
    }

    /// A number with its thousands parted.
    pub fn number(&self, number: usize) -> String {
        let digits = number.to_string();
        let mut parted = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                parted.push_str(&self.forms.thousands);
            }
            parted.push(digit);
        }
        parted
    }
}

/// Fills `{name}`s of a phrase. Values are never read again: a comment may say `{name}` too.
pub(super) fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(phrase.len() + 32);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        let both: toml::Table = include_str!("words.toml").parse().unwrap();
        let parts = |code: &str| both[code].as_table().unwrap().clone();
        let (fr, en) = (parts("fr"), parts("en"));
        for (part, words) in &fr {
            let (words, others) = (words.as_table().unwrap(), en[part].as_table().unwrap());
            assert!(words.keys().eq(others.keys()), "{part}");
            for (key, phrase) in words {
                let blanks = |phrase: &toml::Value| phrase.to_string().matches('{').count();
                assert_eq!(blanks(phrase), blanks(&others[key]), "{key}");
            }
        }
        assert_eq!(Locale::En.words().label("insult"), "insult");
    }

    #[test]
    fn features_fall_back_to_the_beginning_of_their_name() {
        let words = Locale::En.words();
        assert_eq!(words.feature("surface.capitals"), "Many capitals");
        assert_eq!(words.feature("surface.capitals.run"), "Many capitals");
        assert_eq!(words.feature("surface.new"), words.feature("surface"));
        assert_eq!(words.feature("lexicon.slur"), words.category("slur"));
        assert_eq!(words.feature("?"), words.feature("other"));
    }

    #[test]
    fn values_are_not_filled_again() {
        assert_eq!(fill("{a}, {b}", &[("a", "{b}"), ("b", "x")]), "{b}, x");
        assert_eq!(fill("{a", &[("a", "x")]), "x");
    }

    #[test]
    fn numbers_are_written_for_people() {
        let words = Locale::En.words();
        assert_eq!(words.number(1_234_567), "1,234,567");
        assert_eq!(
            (words.decimal(2.25), Locale::Fr.words().decimal(0.7)),
            ("2.2".into(), "0,7".into())
        );
        assert_eq!([99.9, 99.96, 1234.5].map(|sum| words.about(sum)), ["99.9", "100", "1,235"]);
        assert_eq!(words.percent(Probability::new(0.9999)), "99%");
        assert_eq!(words.exact(Probability::new(0.4567)), "45.67%");
        assert_eq!(words.exact(Probability::new(0.3)), "30%");
        assert_eq!(Locale::Fr.words().percent(Probability::new(0.5)), "50\u{a0}%");
    }
}
