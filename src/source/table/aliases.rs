//! Reads the alias table: the names that columns and fates bear in other people's exports.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::field::Field;
use crate::comment::Status;

/// The alias table, with every name folded.
#[derive(Debug)]
pub(crate) struct Aliases {
    columns: HashMap<Field, Vec<String>>,
    folded: Vec<String>,
    /// Pairs of one text's renderings, the plainer first.
    renderings: Vec<(String, String)>,
    /// The column of ids by the column of parents that means them.
    ids: HashMap<String, String>,
    asked: HashMap<String, Status>,
    status: HashMap<String, Status>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    folded: Vec<String>,
    columns: HashMap<Field, Vec<String>>,
    renderings: HashMap<String, String>,
    ids: HashMap<String, String>,
    asked: HashMap<String, Status>,
    status: HashMap<String, Vec<String>>,
}

impl Aliases {
    fn parse(text: &str) -> Result<Aliases, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let fold_all = |names: Vec<String>| names.iter().map(|name| fold(name)).collect();
        let mut renderings: Vec<_> =
            file.renderings.iter().map(|(plain, rich)| (fold(plain), fold(rich))).collect();
        renderings.sort();
        let mut status = HashMap::new();
        for (fate, words) in file.status {
            let fate = Status::deserialize(toml::Value::String(fate))?;
            status.extend(words.iter().map(|word| (fold(word), fate)));
        }
        let asked = file.asked.into_iter().map(|(column, fate)| (fold(&column), fate)).collect();
        Ok(Aliases {
            columns: file
                .columns
                .into_iter()
                .map(|(field, names)| (field, fold_all(names)))
                .collect(),
            folded: file.folded,
            renderings,
            ids: file.ids.iter().map(|(parent, id)| (fold(parent), fold(id))).collect(),
            asked,
            status,
        })
    }

    /// How likely `column` is to be `field` by its name: 0 is the likeliest.
    pub fn priority(&self, field: Field, column: &str) -> Option<usize> {
        let names = self.columns.get(&field)?;
        let find = |name: String| names.iter().position(|alias| *alias == name);
        find(fold(column))
            .or_else(|| column.rsplit_once('.').and_then(|(_, leaf)| find(fold(leaf))))
    }

    /// Whether `column` is the name of any field.
    pub fn knows(&self, column: &str) -> bool {
        Field::ALL.iter().any(|&field| self.priority(field, column).is_some())
    }

    /// Whether `rich` is another rendering of what `plain` holds.
    pub fn is_rendering(&self, plain: &str, rich: &str) -> bool {
        let leaf = |column: &str| fold(column.rsplit('.').next().unwrap_or(column));
        let (plain, rich) = (leaf(plain), leaf(rich));
        self.renderings.iter().any(|(left, right)| *left == plain && *right == rich)
    }

    /// Whether `id` is the column of the ids that the column `parent` means.
    pub fn is_id_of(&self, id: &str, parent: &str) -> bool {
        self.ids.get(&fold(parent)) == Some(&fold(id))
    }

    /// Whether `text` ends where a page folds long ones, and is more than that.
    pub fn ends_folded(&self, text: &str) -> bool {
        self.folded.iter().any(|end| text.len() > end.len() && text.ends_with(end.as_str()))
    }

    /// The fate of a comment for which the column `name` says yes.
    pub fn asked(&self, name: &str) -> Option<Status> {
        self.asked.get(&fold(name.rsplit('.').next().unwrap_or(name))).copied()
    }

    /// The fate that `word` tells.
    pub fn status(&self, word: &str) -> Option<Status> {
        self.status.get(&fold(word)).copied()
    }
}

/// The alias table of this program.
pub(crate) fn aliases() -> &'static Aliases {
    static ALIASES: LazyLock<Aliases> = LazyLock::new(|| {
        Aliases::parse(include_str!("aliases.toml")).expect("a test reads the embedded table")
    });
    &ALIASES
}

/// A name without case, accents, blanks and punctuation.
pub(super) fn fold(name: &str) -> String {
    name.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_has_every_field_and_no_name_twice() {
        let aliases = aliases();
        for field in Field::ALL {
            let names = &aliases.columns[&field];
            let once: HashSet<_> = names.iter().collect();
            assert_eq!(once.len(), names.len(), "{field:?}");
        }
        let mut owners: HashMap<&str, Field> = HashMap::new();
        for (&field, names) in &aliases.columns {
            for name in names {
                assert_eq!(owners.insert(name, field), None, "{name} stands for two fields");
            }
        }
    }

    #[test]
    fn every_status_word_stands_for_one_fate_and_is_sorted() {
        let file: File = toml::from_str(include_str!("aliases.toml")).unwrap();
        assert!(file.folded.is_sorted(), "{:?}", file.folded);
        let mut seen = HashSet::new();
        for words in file.status.values() {
            for word in words {
                assert!(seen.insert(fold(word)), "{word} stands for two fates");
            }
            assert!(words.is_sorted(), "{words:?}");
        }
    }

    #[test]
    fn names_are_compared_without_case_accents_and_punctuation() {
        let aliases = aliases();
        assert_eq!(
            aliases.priority(Field::Id, "Comment ID"),
            aliases.priority(Field::Id, "comment_id")
        );
        assert!(aliases.priority(Field::Parent, "En réponse à").is_some());
        assert!(
            aliases.priority(Field::Text, "snippet.topLevelComment.snippet.textOriginal").is_some()
        );
        assert!(aliases.priority(Field::Text, "content.rendered").is_some());
        assert_eq!(aliases.priority(Field::Text, "contexte"), None);
        assert_eq!(aliases.status("Publié"), Some(Status::Approved));
    }
}
