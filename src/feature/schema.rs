//! Names the features and their order, and measures them.

use super::{Context, Reading, context, lexical, surface};
use crate::lexicon::{Lexicon, Meaning};
use crate::text::Language;

/// The features of the second layer, in order: how it is written, what the lexicon finds, where it stands,
/// its language. The margins of the n-gram layer stand before them in the model.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    names: Vec<String>,
    roles: lexical::Roles,
    /// How many of the features are the lexicon's.
    lexical: usize,
}

/// Languages with a feature of their own; the others share one.
const LANGUAGES: [&str; 4] = ["language.fr", "language.en", "language.other", "language.unknown"];

impl Schema {
    /// The features that `lexicon` allows.
    pub fn new(lexicon: &Lexicon) -> Schema {
        let fixed = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let mut names = fixed(&surface::NAMES);
        let roles = lexical::Roles::of(lexicon);
        let counted = roles.names(lexicon);
        let lexical = counted.len();
        names.extend(counted);
        names.extend(fixed(&context::NAMES));
        names.extend(fixed(&LANGUAGES));
        Schema { names, roles, lexical }
    }

    /// Names of the features, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Measures a comment into `values`, which must be as long as [`Schema::names`].
    pub fn measure<O>(
        &self,
        original: &str,
        reading: &Reading<O>,
        lexicon: &Lexicon,
        place: Context,
        values: &mut [f64],
    ) {
        let (surface, rest) = values.split_at_mut(surface::NAMES.len());
        let (lexical, rest) = rest.split_at_mut(self.lexical);
        let (context, language) = rest.split_at_mut(context::NAMES.len());
        surface::measure(original, reading, surface);
        lexical::measure(lexicon, &self.roles, reading, lexical);
        context::measure(place, context);
        language.fill(0.0);
        language[match reading.language {
            Language::Fr => 0,
            Language::En => 1,
            Language::Unknown => 3,
            _ => 2,
        }] = 1.0;
    }

    /// Whether the feature (an index) counts entries of the lexicon.
    pub fn is_lexical(&self, feature: usize) -> bool {
        (surface::NAMES.len()..surface::NAMES.len() + self.lexical).contains(&feature)
    }

    /// Whether an entry with this meaning counts towards the feature (an index), in a text of this language.
    pub fn counts(&self, feature: usize, meaning: Meaning, text: Language) -> bool {
        self.is_lexical(feature)
            && self.roles.counts(feature - surface::NAMES.len(), meaning.category)
            && lexical::speaks(meaning.language, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Reader;
    use crate::lexicon::WordList;

    fn measured(text: &str, name: &str) -> f64 {
        let list = |category: &str, entries: &[&str]| WordList {
            language: Language::Fr,
            category: category.into(),
            entries: entries.iter().map(|entry| entry.to_string()).collect(),
        };
        let lexicon = Lexicon::build(vec![
            list("function", &["le", "dans", "est"]),
            list("insult_mild", &["idiot"]),
            list("negation", &["pas"]),
            list("second_person", &["tu", "vous"]),
        ])
        .unwrap();
        let schema = Schema::new(&lexicon);
        let mut reading = Reading::<()>::default();
        Reader::default().read(text, &lexicon, &mut reading);
        let mut values = vec![f64::NAN; schema.names().len()];
        schema.measure(text, &reading, &lexicon, Context::default(), &mut values);
        assert!(values.iter().all(|value| value.is_finite()));
        let at = schema.names().iter().position(|other| other == name).unwrap();
        (values[at] * 1000.0).round() / 1000.0
    }

    #[test]
    fn attacks_are_aimed_quoted_or_denied() {
        assert_eq!(measured("tu es un idiot", "lexicon.attack_aimed"), 0.693);
        assert_eq!(measured("idiot que tu es", "lexicon.attack_aimed"), 0.693);
        assert_eq!(measured("le plan est idiot", "lexicon.attack_aimed"), 0.0);
        assert_eq!(measured("il a dit « idiot » hier", "lexicon.attack_quoted"), 0.693);
        assert_eq!(measured("il n'est pas un idiot", "lexicon.attack_denied"), 0.693);
    }

    #[test]
    fn writing_is_measured() {
        assert_eq!(measured("ASSEZ de mensonges !!!", "surface.capital_words"), 0.693);
        assert_eq!(measured("assez !!!", "surface.exclamations"), 1.386);
        assert_eq!(measured("le chat est dans le sac", "language.fr"), 1.0);
    }
}
