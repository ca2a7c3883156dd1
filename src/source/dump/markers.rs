//! Loads the markers of every language: the words by which dumps show their comments.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::phrase::Phrases;

/// The languages, each a file of sorted lists.
const FILES: [(&str, &str); 4] = [
    ("de", include_str!("markers/de.toml")),
    ("en", include_str!("markers/en.toml")),
    ("fr", include_str!("markers/fr.toml")),
    ("other", include_str!("markers/other.toml")),
];

type Lists = BTreeMap<String, Vec<String>>;

/// What the lists of all languages say together. A page often mixes them.
pub(super) struct Markers {
    pub openings: Phrases,
    pub counted: Phrases,
    pub none: Phrases,
    pub closed: Phrases,
    pub elsewhere: Phrases,
    pub ends: Phrases,
    pub forms: Phrases,
    pub tails: Phrases,
    /// The tails that only a comment has: an article has « Partager » too.
    pub vouchers: Phrases,
    /// Tails and badges: whatever stands around a comment and is not said in it.
    pub chrome: Phrases,
    pub says: Phrases,
    pub by: Phrases,
    pub links: Phrases,
    pub stamps: Phrases,
    pub deleted: Phrases,
    pub hidden: Phrases,
    pub pending: Phrases,
    /// Longest first, for alternations in patterns.
    pub glued: Vec<String>,
    pub answers: Vec<String>,
    pub quotes: Vec<String>,
    pub months: Vec<String>,
    pub weekdays: Vec<String>,
    pub units: Vec<String>,
}

/// The markers, read once.
pub(super) static MARKERS: LazyLock<Markers> = LazyLock::new(|| {
    let languages: Vec<Lists> =
        FILES.iter().map(|(language, file)| parse(language, file)).collect();
    let list = |name: &str| -> Vec<String> {
        let mut all: Vec<String> =
            languages.iter().filter_map(|lists| lists.get(name)).flatten().cloned().collect();
        all.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
        all.dedup();
        all
    };
    let set = |names: &[&str]| {
        Phrases::new(&names.iter().flat_map(|name| list(name)).collect::<Vec<_>>())
    };
    Markers {
        openings: set(&["openings"]),
        counted: set(&["counted"]),
        none: set(&["none"]),
        closed: set(&["closed"]),
        elsewhere: set(&["elsewhere"]),
        ends: set(&["ends"]),
        forms: set(&["forms"]),
        tails: set(&["tails", "vouchers"]),
        vouchers: set(&["vouchers"]),
        chrome: set(&["tails", "vouchers", "badges"]),
        says: set(&["says"]),
        by: set(&["by"]),
        links: set(&["links"]),
        stamps: set(&["stamps"]),
        deleted: set(&["deleted"]),
        hidden: set(&["hidden"]),
        pending: set(&["pending"]),
        glued: list("glued"),
        answers: list("answers"),
        quotes: list("quotes"),
        months: list("months"),
        weekdays: list("weekdays"),
        units: list("units"),
    }
});

/// The alternatives of a pattern that matches any of `phrases`.
pub(super) fn any_of(phrases: &[String]) -> String {
    let escaped: Vec<String> = phrases
        .iter()
        .map(|phrase| regex::escape(phrase).replace(' ', r"\s+").replace('\'', "['’]"))
        .collect();
    escaped.join("|")
}

fn parse(language: &str, file: &str) -> Lists {
    toml::from_str(file)
        .unwrap_or_else(|error| panic!("markers/{language}.toml is built in and tested: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_sorted_unique_and_folded() {
        let names: Vec<Vec<String>> = FILES
            .iter()
            .map(|(language, file)| parse(language, file).into_keys().collect())
            .collect();
        assert!(
            names.windows(2).all(|pair| pair[0] == pair[1]),
            "each language has the same lists"
        );
        for (language, file) in FILES {
            for (name, list) in parse(language, file) {
                for phrase in &list {
                    assert_eq!(phrase.to_lowercase().trim(), phrase, "{language} {name}");
                    assert!(!phrase.contains('’'), "{language} {name}: {phrase}");
                }
                for pair in list.windows(2) {
                    assert!(pair[0] < pair[1], "{language} {name}: {} before {}", pair[0], pair[1]);
                }
            }
        }
    }
}
