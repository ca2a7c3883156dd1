//! Gathers what the rules weigh: the insult head's log-odds, and the lexicon's entries in the comment's language.

use crate::feature::{Reading, log_count, marks_in, speaks};
use crate::lexicon::Lexicon;
use crate::model::Probability;

/// What a rule can weigh. Counts n of entries are taken as ln(1 + n).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Entries of `dismissal`.
    Dismissal,
    /// Entries of `identity`.
    Identity,
    /// Log-odds of the insult head.
    Insult,
    /// Entries of `insult_mild` without a coarse word in them.
    InsultMild,
    /// Entries of `insult_severe`.
    InsultSevere,
    /// Slurs and threats in quotation marks, and threats that are denied.
    SetAside,
    /// Entries of `slur`, but for those set aside.
    Slur,
    /// Entries of `threat`, but for those set aside.
    Threat,
    /// Entries of `vulgar`.
    Vulgar,
    /// Longer entries of other lists with a word of `vulgar` or `insult_severe` in them.
    VulgarInside,
}

impl Input {
    /// All of them, in order of their names.
    pub const ALL: [Input; 10] = [
        Input::Dismissal,
        Input::Identity,
        Input::Insult,
        Input::InsultMild,
        Input::InsultSevere,
        Input::SetAside,
        Input::Slur,
        Input::Threat,
        Input::Vulgar,
        Input::VulgarInside,
    ];

    /// Its name, in the table of rules and wherever a rule is shown.
    pub fn name(self) -> &'static str {
        match self {
            Input::Dismissal => "dismissal",
            Input::Identity => "identity",
            Input::Insult => "insult",
            Input::InsultMild => "insult_mild",
            Input::InsultSevere => "insult_severe",
            Input::SetAside => "set_aside",
            Input::Slur => "slur",
            Input::Threat => "threat",
            Input::Vulgar => "vulgar",
            Input::VulgarInside => "vulgar_inside",
        }
    }
}

/// Tokens between a negation and what it denies.
const DENIAL: usize = 3;

/// Categories that are looked at, and the input that each counts towards.
const CATEGORIES: [(&str, Option<Input>); 8] = [
    ("dismissal", Some(Input::Dismissal)),
    ("identity", Some(Input::Identity)),
    ("insult_mild", Some(Input::InsultMild)),
    ("insult_severe", Some(Input::InsultSevere)),
    ("negation", None),
    ("slur", Some(Input::Slur)),
    ("threat", Some(Input::Threat)),
    ("vulgar", Some(Input::Vulgar)),
];
/// Places in [`CATEGORIES`].
const INSULT_SEVERE: usize = 3;
const NEGATION: usize = 4;
const SLUR: usize = 5;
const THREAT: usize = 6;
const VULGAR: usize = 7;
/// The place of every other category.
const OTHER: usize = CATEGORIES.len();
/// A lexicon has some thirty categories; those past this many would not be looked at.
const MOST: usize = 128;

/// What there is to weigh of one comment, by [`Input`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evidence([f64; Input::ALL.len()]);

impl Evidence {
    /// That of a comment whose score for insult is `insult`.
    pub(super) fn of<O>(insult: Probability, lexicon: &Lexicon, reading: &Reading<O>) -> Evidence {
        let places = places(lexicon);
        let place = |category: u16| places.get(usize::from(category)).copied().unwrap_or(OTHER);
        let mut counts = [0_u32; Input::ALL.len()];
        let (mut marks, mut marked, mut last_no) = (0, 0, None);
        // Matches are in order of their first token: one pass with what came shortly before.
        for found in &reading.matches {
            let (mut seen, mut no, mut coarse, mut mild) = (None, false, false, 0);
            let mut grammar = true;
            let meanings = lexicon.meanings(found);
            for meaning in meanings.filter(|one| speaks(one.language, reading.language)) {
                // Two languages may share an entry of one category: it is one entry.
                if seen == Some(meaning.category) {
                    continue;
                }
                seen = Some(meaning.category);
                grammar &= lexicon.counts_inside(meaning.category);
                let at = place(meaning.category);
                let Some((_, mut input)) = CATEGORIES.get(at).copied() else { continue };
                no |= at == NEGATION;
                coarse |= at == VULGAR || at == INSULT_SEVERE;
                mild += u32::from(input == Some(Input::InsultMild));
                if at == SLUR || at == THREAT {
                    marks += marks_in(reading, marked..found.start);
                    marked = found.start;
                    // Inside quotation marks: an odd number of them stands before. A slur hurts denied too.
                    let denied = at == THREAT && near(last_no, found.start, DENIAL);
                    if marks % 2 == 1 || denied {
                        input = Some(Input::SetAside);
                    }
                }
                if let Some(input) = input {
                    counts[input as usize] += 1;
                }
            }
            // The longest entry wins: « quel connard » is found, and « connard » is not.
            if !coarse && !grammar && found.end > found.start + 1 {
                let words = &reading.tokens[found.start..found.end];
                let mut meanings = words.iter().flat_map(|token| lexicon.word(token.hash));
                let inside = meanings.any(|one| {
                    let coarse = matches!(place(one.category), VULGAR | INSULT_SEVERE);
                    coarse && speaks(one.language, reading.language)
                });
                if inside {
                    counts[Input::VulgarInside as usize] += 1;
                    counts[Input::InsultMild as usize] -= mild;
                }
            }
            if no {
                last_no = Some(found.end);
            }
        }
        let mut inputs = counts.map(log_count);
        inputs[Input::Insult as usize] = log_odds(insult);
        Evidence(inputs)
    }

    /// The inputs, in order of [`Input::ALL`].
    pub(super) fn inputs(&self) -> &[f64; Input::ALL.len()] {
        &self.0
    }
}

/// The place in [`CATEGORIES`] of each of the lexicon's categories.
fn places(lexicon: &Lexicon) -> [usize; MOST] {
    let mut places = [OTHER; MOST];
    for (at, (name, _)) in CATEGORIES.into_iter().enumerate() {
        let category = lexicon.category(name).map(usize::from);
        if let Some(place) = category.and_then(|category| places.get_mut(category)) {
            *place = at;
        }
    }
    places
}

fn near(last: Option<usize>, start: usize, reach: usize) -> bool {
    last.is_some_and(|last| start.saturating_sub(last) <= reach)
}

/// Natural log-odds; 0 and 1 count as the probabilities next to them.
fn log_odds(probability: Probability) -> f64 {
    let parts = probability.parts().clamp(1, Probability::PARTS - 1);
    libm::log(f64::from(parts) / f64::from(Probability::PARTS - parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Reader;
    use crate::model::Model;

    fn evidence(text: &str) -> Vec<(&'static str, u32)> {
        let model = Model::shipped().unwrap();
        let mut reading = Reading::<()>::default();
        Reader::default().read(text, &model.lexicon, &mut reading);
        let found = Evidence::of(Probability::new(0.5), &model.lexicon, &reading);
        let count = |input: Input| (found.0[input as usize].exp() - 1.0).round() as u32;
        let inputs = Input::ALL.into_iter().map(|input| (input.name(), count(input)));
        inputs.filter(|(_, count)| *count > 0).collect()
    }

    #[test]
    fn inputs_are_sorted_and_categories_are_the_lexicon_s() {
        assert!(Input::ALL.map(Input::name).is_sorted());
        let model = Model::shipped().unwrap();
        for (at, (name, _)) in CATEGORIES.into_iter().enumerate() {
            assert!(model.lexicon.category(name).is_some(), "{name}");
            assert!(at == 0 || CATEGORIES[at - 1].0 < name, "{name}");
        }
        let places = [
            (INSULT_SEVERE, "insult_severe"),
            (NEGATION, "negation"),
            (SLUR, "slur"),
            (THREAT, "threat"),
            (VULGAR, "vulgar"),
        ];
        assert!(places.into_iter().all(|(at, name)| CATEGORIES[at].0 == name));
    }

    #[test]
    fn threats_in_quotation_marks_and_denied_ones_are_set_aside() {
        let said = "Si je te retrouve, je vais te tuer, tu es dans mon quartier.";
        let quoted = "Dans le film il lui dit « je vais te tuer » et la salle a ri.";
        assert!(evidence(said).contains(&("threat", 1)), "{:?}", evidence(said));
        assert!(evidence(quoted).contains(&("set_aside", 1)), "{:?}", evidence(quoted));
        assert!(!evidence(quoted).iter().any(|(name, _)| *name == "threat"));
    }

    #[test]
    fn a_coarse_word_is_seen_inside_a_longer_entry() {
        assert!(evidence("Quel connard, ce conducteur.").contains(&("vulgar_inside", 1)));
        assert!(!evidence("Quel abruti, ce conducteur.").contains(&("vulgar_inside", 1)));
    }

    #[test]
    fn entries_of_other_languages_do_not_count() {
        let found =
            evidence("I went to the store and he bought some chili con carne for all of us.");
        assert!(found.is_empty(), "{found:?}");
        assert!(
            evidence("Le chef est un con et il a quitté la table.").contains(&("insult_mild", 1))
        );
    }
}
