//! Lists the reasons for which a newsroom rejects comments, and what each of them stands for in a report to the public.

use std::sync::LazyLock;

use serde::Deserialize;

/// Why a comment is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its name in the log.
    pub name: String,
    /// What it is called in French.
    pub fr: String,
    /// What it is called in English.
    pub en: String,
    /// The label that it says of a comment, where it says one.
    pub label: Option<String>,
    /// On what ground the comment comes down.
    pub ground: Ground,
    /// The category of Implementing Regulation (EU) 2024/2835: `STATEMENT_CATEGORY_…`.
    pub category: String,
    /// What specifies the category there: `KEYWORD_…`.
    pub keyword: String,
}

/// On what ground a comment comes down: article 17(3) of Regulation (EU) 2022/2065.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// It is held to be illegal: point (d).
    Law,
    /// It breaks the newsroom's own rules: point (e).
    Terms,
}

impl Ground {
    /// Its name in the Commission's database of statements of reasons.
    pub fn name(self) -> &'static str {
        match self {
            Ground::Law => "DECISION_GROUND_ILLEGAL_CONTENT",
            Ground::Terms => "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        }
    }
}

impl Reason {
    /// All of them, in the order in which they are offered.
    pub fn all() -> &'static [Reason] {
        static REASONS: LazyLock<Vec<Reason>> = LazyLock::new(|| {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct List {
                reason: Vec<Reason>,
            }
            let list: List = toml::from_str(include_str!("reasons.toml"))
                .expect("reasons.toml is in the binary and a test reads it");
            list.reason
        });
        &REASONS
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Reason> {
        Reason::all().iter().find(|reason| reason.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn reasons_have_one_name_each_and_the_regulation_s_words() {
        let names: BTreeSet<&str> = Reason::all().iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.len(), Reason::all().len());
        for Reason { name, fr, en, category, keyword, .. } in Reason::all() {
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
            assert!(!fr.is_empty() && !en.is_empty() && fr != en, "{name}");
            assert!(category.starts_with("STATEMENT_CATEGORY_"), "{name}: {category}");
            assert!(keyword.starts_with("KEYWORD_"), "{name}: {keyword}");
        }
        assert_eq!(Reason::all().last().map(|one| one.name.as_str()), Some("other"));
        assert_eq!(Reason::named("insult").unwrap().label.as_deref(), Some("insult"));
        assert_eq!(Reason::named("illegal").unwrap().ground, Ground::Law);
        assert_eq!(Reason::named("taste"), None);
    }

    #[test]
    fn what_a_reason_says_is_a_label_of_the_shipped_model() {
        let model = crate::model::Model::shipped().unwrap();
        for label in Reason::all().iter().filter_map(|reason| reason.label.as_deref()) {
            assert!(model.labels().any(|known| known == label), "{label}");
        }
    }
}
