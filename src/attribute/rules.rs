//! Reads the table of rules and applies them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::evidence::Evidence;
use super::{Attribute, Input, Origin};
use crate::model::Probability;

/// A logistic function of the inputs.
#[derive(Clone, Debug, PartialEq)]
struct Rule {
    intercept: f64,
    /// By input.
    weights: [f64; Input::ALL.len()],
    /// Those that are not 0, by name.
    named: Vec<(&'static str, f64)>,
}

/// The rules by attribute; heads have none.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rules([Option<Rule>; Attribute::ALL.len()]);

/// The table as it is written: numbers by name, by attribute.
type Table = BTreeMap<String, BTreeMap<String, f64>>;

/// The rules that ship with the program.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let table = toml::from_str(include_str!("rules.toml"));
    Rules::of(&table.expect("rules.toml is part of the program and tested"))
});

/// The constant term's name in the table.
const INTERCEPT: &str = "intercept";

impl Rules {
    fn of(table: &Table) -> Rules {
        Rules(Attribute::ALL.map(|attribute| {
            let own = table.get(attribute.name())?;
            let weight = |input: Input| own.get(input.name()).copied().unwrap_or_default();
            let named = Input::ALL.map(|input| (input.name(), weight(input)));
            Some(Rule {
                intercept: own.get(INTERCEPT).copied().unwrap_or_default(),
                weights: Input::ALL.map(weight),
                named: named.into_iter().filter(|(_, weight)| *weight != 0.0).collect(),
            })
        }))
    }

    /// What the rule of an attribute makes of a comment; 0 where it has none.
    pub(super) fn value(&self, attribute: Attribute, evidence: &Evidence) -> Probability {
        let Some(rule) = &self.0[attribute as usize] else { return Probability::default() };
        let weighed = rule.weights.iter().zip(evidence.inputs());
        let sum: f64 = weighed.map(|(weight, input)| weight * input).sum();
        Probability::from_log_odds(rule.intercept + sum)
    }

    /// The rule of an attribute, to be shown.
    pub(super) fn origin(&'static self, attribute: Attribute) -> Origin {
        match &self.0[attribute as usize] {
            Some(Rule { intercept, named, .. }) => {
                Origin::Rule { intercept: *intercept, weights: named }
            }
            None => Origin::Rule { intercept: 0.0, weights: &[] },
        }
    }
}

/// A rule in a sentence.
pub(super) fn statement(attribute: Attribute, intercept: f64, weights: &[(&str, f64)]) -> String {
    let mut told = format!("{} is a logistic function: log-odds {intercept}", attribute.name());
    for (name, weight) in weights {
        let sign = if *weight < 0.0 { '−' } else { '+' };
        let size = weight.abs();
        told += &match *name {
            "insult" => format!(" {sign} {size} × the log-odds of the insult head"),
            "set_aside" => {
                format!(
                    " {sign} {size} × ln(1 + slurs and threats that are quoted, threats that are denied)"
                )
            }
            "vulgar_inside" => {
                format!(
                    " {sign} {size} × ln(1 + longer entries of other lists with a coarse word in them)"
                )
            }
            category => format!(" {sign} {size} × ln(1 + entries of the word list {category})"),
        };
    }
    told += match attribute {
        Attribute::SevereToxicity => "; never more than TOXICITY.",
        Attribute::Toxicity => "; never less than INSULT, THREAT or IDENTITY_ATTACK.",
        _ => ".",
    };
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_rules_and_inputs_only() {
        let written = include_str!("rules.toml");
        let table: Table = toml::from_str(written).unwrap();
        let names =
            |mark: fn(&str) -> Option<&str>| written.lines().filter_map(mark).collect::<Vec<_>>();
        let attributes = names(|line| line.strip_prefix('[')?.strip_suffix(']'));
        assert!(attributes.is_sorted(), "{attributes:?}");
        let rules = Attribute::ALL
            .into_iter()
            .filter(|one| !matches!(one, Attribute::Conspiracy | Attribute::Insult));
        assert_eq!(attributes, rules.map(Attribute::name).collect::<Vec<_>>());
        for block in written.split("\n[").skip(1) {
            let keys: Vec<&str> =
                block.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
            assert!(keys.is_sorted(), "{keys:?}");
        }
        let known =
            |name: &str| name == INTERCEPT || Input::ALL.iter().any(|input| input.name() == name);
        for (name, weight) in table.values().flatten() {
            assert!(known(name), "{name}");
            assert_eq!((weight * 1e3).round() / 1e3, *weight, "{name}");
        }
        assert!(table.values().all(|own| own.contains_key(INTERCEPT)));
    }
}
