//! Lists what comments are read from, for whoever asks: profiles of pages, widgets that leave only their mark, exports.

use std::sync::LazyLock;

use serde::Deserialize;

use super::page::{Profiles, widgets};

/// One thing that comments are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What kind of thing it is.
    pub kind: SourceKind,
    /// The comment system, or the file's kind.
    pub name: String,
    /// How it is told.
    pub sign: String,
    /// What to know of it; may be empty.
    pub note: String,
}

/// What kind of thing comments are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A saved page.
    Page,
    /// The mark of a system that loads comments by script: they are not in the page.
    Widget,
    /// A file that a comment system wrote.
    Export,
    /// A file that holds pages or other files.
    Archive,
}

impl SourceKind {
    /// The word in lists.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Page => "page",
            SourceKind::Widget => "widget",
            SourceKind::Export => "export",
            SourceKind::Archive => "archive",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    source: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: SourceKind,
    name: String,
    sign: String,
    #[serde(default)]
    note: String,
    /// The file in `fixtures/` that shows it; a test demands that there is one.
    #[cfg_attr(not(test), allow(dead_code, reason = "the tests read it"))]
    fixture: String,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("catalogue.toml")).expect("the embedded catalogue is tested")
});

/// Everything that comments are read from, these profiles among it: profiles in their order, then widgets, exports, archives.
pub fn sources(profiles: &Profiles) -> Vec<Source> {
    let page = |profile: &super::page::Profile| Source {
        kind: SourceKind::Page,
        name: profile.name.clone(),
        sign: profile.detect.join(", "),
        note: if profile.own { "your own".to_owned() } else { String::new() },
    };
    let widget = |(name, marks, export): (&str, String, &str)| Source {
        kind: SourceKind::Widget,
        name: name.to_owned(),
        sign: marks,
        note: export.to_owned(),
    };
    let row = |row: &Row| Source {
        kind: row.kind,
        name: row.name.clone(),
        sign: row.sign.clone(),
        note: row.note.clone(),
    };
    profiles
        .list()
        .iter()
        .map(page)
        .chain(widgets().map(widget))
        .chain(CATALOGUE.source.iter().map(row))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_export_and_archive_has_a_fixture() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        for row in &CATALOGUE.source {
            assert!(root.join(&row.fixture).is_file(), "{}: {}", row.name, row.fixture);
        }
        let names: Vec<_> = CATALOGUE.source.iter().map(|row| row.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}
