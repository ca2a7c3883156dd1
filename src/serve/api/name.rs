//! Tells which attribute is meant by the names that Perspective gave it over the years.

use crate::attribute::Attribute;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// An attribute that is served.
    Served(Attribute),
    /// One that Perspective had, and that nothing here is like.
    Foreign,
    /// Nothing that anybody served.
    Unknown,
}

/// Names that changed, with what they are called now.
const RENAMED: [(&str, &str); 3] =
    [("IDENTITY_HATE", "IDENTITY_ATTACK"), ("OBSCENE", "PROFANITY"), ("TOXICITY_FAST", "TOXICITY")];

/// What Perspective served besides, without `_EXPERIMENTAL`.
const FOREIGN: [&str; 25] = [
    "AFFINITY",
    "ALIENATION",
    "ATTACK_ON_AUTHOR",
    "ATTACK_ON_COMMENTER",
    "ATTACK_ON_PUBLISHER",
    "COMPASSION",
    "CONSTRUCTIVE",
    "CURIOSITY",
    "FEARMONGERING",
    "FLIRTATION",
    "GENERALIZATION",
    "INCOHERENT",
    "INFLAMMATORY",
    "LIKELY_TO_REJECT",
    "MORAL_OUTRAGE",
    "NUANCE",
    "OFF_TOPIC",
    "PERSONAL_STORY",
    "POWER_APPEAL",
    "REASONING",
    "RESPECT",
    "SCAPEGOATING",
    "SEXUALLY_EXPLICIT",
    "SPAM",
    "UNSUBSTANTIAL",
];

/// What `asked` means: a name, perhaps with `@` and a version, perhaps with `_EXPERIMENTAL`, as French names had it at first.
pub(super) fn meant(asked: &str) -> Meant {
    let name = asked.split('@').next().unwrap_or(asked);
    let name = name.strip_suffix("_EXPERIMENTAL").unwrap_or(name);
    let name = RENAMED.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new);
    match Attribute::from_name(name) {
        Some(attribute) => Meant::Served(attribute),
        None if FOREIGN.contains(&name) => Meant::Foreign,
        None => Meant::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_years_are_known() {
        for name in ["TOXICITY", "TOXICITY@6", "TOXICITY_EXPERIMENTAL", "TOXICITY_FAST"] {
            assert_eq!(meant(name), Meant::Served(Attribute::Toxicity), "{name}");
        }
        assert_eq!(meant("IDENTITY_HATE@2"), Meant::Served(Attribute::IdentityAttack));
        assert_eq!(meant("NUANCE_EXPERIMENTAL"), Meant::Foreign);
        assert_eq!(meant("UNSUBSTANTIAL"), Meant::Foreign);
        assert_eq!(meant("toxicity"), Meant::Unknown);
        assert_eq!(meant(""), Meant::Unknown);
        assert!(FOREIGN.is_sorted());
    }
}
