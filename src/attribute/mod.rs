//! Derives Perspective's attributes from a model's scores and the lexicon's entries: two are heads, five are stated rules.

mod evidence;
mod rules;

pub use evidence::Input;

use serde::Serialize;

use self::evidence::Evidence;
use self::rules::RULES;
use crate::model::{Model, Probability, Scratch};
use crate::scorer::Scores;

/// Perspective's attributes as vigie serves them, and conspiracy; in order of their names.
///
/// Whether one is a head of the model or a rule tells [`Attribute::origin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Relays or hints at a secret plot; vigie's own, Perspective has none.
    Conspiracy,
    /// Hateful towards people because of their identity.
    IdentityAttack,
    /// Attacks, demeans or mocks a person or a group.
    Insult,
    /// Swear words and obscene language, whomever they aim at.
    Profanity,
    /// Very hateful, aggressive or disrespectful.
    SevereToxicity,
    /// Announces, or wishes, harm to a person or a group.
    Threat,
    /// Rude, disrespectful or unreasonable: likely to make people leave a discussion.
    Toxicity,
}

/// What an attribute's value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum Origin {
    /// A head of the model, fitted on labels of its own.
    Head {
        /// The head's label.
        label: &'static str,
    },
    /// A logistic function of few inputs.
    Rule {
        /// Log-odds where every input is 0.
        intercept: f64,
        /// Inputs by name ([`Input::name`]), with what each weighs in log-odds.
        weights: &'static [(&'static str, f64)],
    },
}

const INSULT: &str = "insult";

impl Attribute {
    /// All of them, in order of their names.
    pub const ALL: [Attribute; 7] = [
        Attribute::Conspiracy,
        Attribute::IdentityAttack,
        Attribute::Insult,
        Attribute::Profanity,
        Attribute::SevereToxicity,
        Attribute::Threat,
        Attribute::Toxicity,
    ];

    /// Its name in Perspective's API.
    pub fn name(self) -> &'static str {
        match self {
            Attribute::Conspiracy => "CONSPIRACY",
            Attribute::IdentityAttack => "IDENTITY_ATTACK",
            Attribute::Insult => "INSULT",
            Attribute::Profanity => "PROFANITY",
            Attribute::SevereToxicity => "SEVERE_TOXICITY",
            Attribute::Threat => "THREAT",
            Attribute::Toxicity => "TOXICITY",
        }
    }

    /// The attribute of this name, in capitals and without suffixes.
    pub fn from_name(name: &str) -> Option<Attribute> {
        Attribute::ALL.into_iter().find(|attribute| attribute.name() == name)
    }

    /// The label of a head that predicts it, where a model has one: its name in small letters.
    pub fn label(self) -> &'static str {
        match self {
            Attribute::Conspiracy => "conspiracy",
            Attribute::IdentityAttack => "identity_attack",
            Attribute::Insult => INSULT,
            Attribute::Profanity => "profanity",
            Attribute::SevereToxicity => "severe_toxicity",
            Attribute::Threat => "threat",
            Attribute::Toxicity => "toxicity",
        }
    }

    /// What it is made of with `model`: a head of its own, or else a rule, which needs one for insult. None where there is neither:
    /// then its value is 0 and should not be served.
    pub fn origin(self, model: &Model) -> Option<Origin> {
        let has = |wanted: &str| model.labels().any(|label| label == wanted);
        if has(self.label()) {
            return Some(Origin::Head { label: self.label() });
        }
        let ruled = !matches!(self, Attribute::Conspiracy | Attribute::Insult);
        (ruled && has(INSULT)).then(|| RULES.origin(self))
    }

    /// How its value is made with `model`, in a sentence.
    pub fn statement(self, model: &Model) -> Option<String> {
        Some(match self.origin(model)? {
            Origin::Head { label } => {
                format!(
                    "{} is the model's calibrated probability of the label {label}.",
                    self.name()
                )
            }
            Origin::Rule { intercept, weights } => rules::statement(self, intercept, weights),
        })
    }
}

/// Values of all attributes for one comment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Values([f64; 7]);

impl Values {
    /// The value of one attribute: 0 to 1, to one part in ten thousand.
    pub fn of(self, attribute: Attribute) -> f64 {
        self.0[attribute as usize]
    }

    fn set(&mut self, attribute: Attribute, value: Probability) {
        self.0[attribute as usize] = value.value();
    }
}

/// Values of all attributes for the comment that `scratch` read last, whose `scores` are given.
///
/// The attributes that `model` gives no [origin](Attribute::origin) are 0. Nothing is allocated.
pub fn values(model: &Model, scores: &Scores, scratch: &Scratch) -> Values {
    let head = |attribute: Attribute| {
        let at = model.labels().position(|label| label == attribute.label())?;
        scores.probabilities.get(at).copied()
    };
    let mut values = match head(Attribute::Insult) {
        Some(insult) => ruled(insult, model, scratch),
        None => Values::default(),
    };
    for attribute in Attribute::ALL {
        if let Some(own) = head(attribute) {
            values.set(attribute, own);
        }
    }
    values
}

/// What the rules say.
fn ruled(insult: Probability, model: &Model, scratch: &Scratch) -> Values {
    let evidence = Evidence::of(insult, &model.lexicon, &scratch.reading);
    let rule = |attribute: Attribute| RULES.value(attribute, &evidence);
    let identity_attack = rule(Attribute::IdentityAttack);
    let threat = rule(Attribute::Threat);
    // What insults, threatens or attacks an identity is toxic at least as surely.
    let toxicity = rule(Attribute::Toxicity).max(insult).max(threat).max(identity_attack);
    let mut values = Values::default();
    values.set(Attribute::IdentityAttack, identity_attack);
    values.set(Attribute::Profanity, rule(Attribute::Profanity));
    values.set(Attribute::SevereToxicity, rule(Attribute::SevereToxicity).min(toxicity));
    values.set(Attribute::Threat, threat);
    values.set(Attribute::Toxicity, toxicity);
    values
}

/// What the rules weigh of the comment that `scratch` read last, in order of [`Input::ALL`]; none where `model` has no
/// label for insult.
pub fn inputs(
    model: &Model,
    scores: &Scores,
    scratch: &Scratch,
) -> Option<[f64; Input::ALL.len()]> {
    let insult = *scores.probabilities.get(model.labels().position(|label| label == INSULT)?)?;
    Some(*Evidence::of(insult, &model.lexicon, &scratch.reading).inputs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Context;
    use crate::scorer::Scorer;

    #[test]
    fn names_are_sorted_and_found_again() {
        let names = Attribute::ALL.map(Attribute::name);
        assert!(names.is_sorted());
        for (at, attribute) in Attribute::ALL.into_iter().enumerate() {
            assert_eq!(Attribute::from_name(attribute.name()), Some(attribute));
            assert_eq!(attribute as usize, at);
        }
        assert_eq!(Attribute::from_name("toxicity"), None);
        assert_eq!(Attribute::from_name("TOXICITY_EXPERIMENTAL"), None);
    }

    #[test]
    fn heads_are_the_model_s_scores_and_parts_are_never_more_toxic_than_the_whole() {
        let scorer = Scorer::new(Model::shipped().unwrap());
        let mut scratch = Scratch::default();
        let texts = [
            "",
            "Merci pour cet article, très clair.",
            "Tu es un sale con, je vais te casser la gueule.",
            "On nous cache tout, réveillez-vous !",
            "You are a fucking idiot and I will find you.",
        ];
        for text in texts {
            let scores = scorer.scores(text, Context::default(), &mut scratch);
            let values = values(scorer.model(), &scores, &scratch);
            let [insult, conspiracy] = [0, 1].map(|label| scores.probabilities[label].value());
            assert_eq!(values.of(Attribute::Insult), insult, "{text}");
            assert_eq!(values.of(Attribute::Conspiracy), conspiracy, "{text}");
            for part in [Attribute::Threat, Attribute::IdentityAttack, Attribute::SevereToxicity] {
                assert!(values.of(part) <= values.of(Attribute::Toxicity), "{text}: {part:?}");
            }
        }
    }

    #[test]
    fn without_a_head_there_is_a_rule_or_nothing_and_a_head_goes_before_its_rule() {
        let shipped = Model::shipped().unwrap();
        let with = |label: &str| {
            let mut model = shipped.clone();
            model.heads.truncate(1);
            model.heads[0].label = label.to_string();
            model
        };
        let scores = Scores { probabilities: vec![Probability::new(0.4)], ..Scores::default() };
        for own in Attribute::ALL.into_iter().filter(|own| *own != Attribute::Insult) {
            let model = with(own.label());
            let values = values(&model, &scores, &Scratch::default());
            for attribute in Attribute::ALL {
                let is_own = attribute == own;
                let head = is_own.then(|| Origin::Head { label: own.label() });
                assert_eq!(attribute.origin(&model), head);
                assert_eq!(values.of(attribute), if is_own { 0.4 } else { 0.0 });
            }
        }
        let model = with("insult");
        assert!(matches!(Attribute::Toxicity.origin(&model), Some(Origin::Rule { .. })));
        assert_eq!(Attribute::Conspiracy.origin(&model), None);
    }

    #[test]
    fn every_attribute_says_what_it_is_made_of() {
        let model = Model::shipped().unwrap();
        for attribute in Attribute::ALL {
            assert_eq!(attribute.label(), attribute.name().to_lowercase());
            let statement = attribute.statement(&model).unwrap();
            assert!(
                statement.starts_with(attribute.name()) && statement.ends_with('.'),
                "{statement}"
            );
        }
        assert!(Attribute::Threat.statement(&model).unwrap().contains("threat"));
        assert_eq!(Attribute::Insult.origin(&model), Some(Origin::Head { label: "insult" }));
    }
}
