//! Reads one word list: a text file with a comment that says what belongs in it, then an entry a line.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::text::Language;

/// The entries of one language and category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordList {
    /// The language in which they mean this.
    pub language: Language,
    /// The category, as its file is named.
    pub category: String,
    /// Words and phrases, as people write them.
    pub entries: Vec<String>,
}

impl WordList {
    /// Reads a list from its text. Lines that begin with `#` are comments.
    ///
    /// # Errors
    /// When the list has no entry.
    pub fn parse(language: Language, category: &str, text: &str) -> Result<WordList> {
        let lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let list = WordList {
            language,
            category: category.to_string(),
            entries: lines.map(str::to_string).collect(),
        };
        if list.entries.is_empty() { Err(list.error("no entry".into())) } else { Ok(list) }
    }

    pub(super) fn error(&self, message: String) -> Error {
        let place = format!("{}/{}", self.language.code(), self.category);
        Error::new(ErrorKind::Lexicon(message)).at_element(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_are_skipped() {
        let list = WordList::parse(Language::Fr, "mild", "# what\n\nidiot\n sot \n").unwrap();
        assert_eq!(list.entries, ["idiot", "sot"]);
        assert!(WordList::parse(Language::Fr, "mild", "# nothing\n").is_err());
    }
}
