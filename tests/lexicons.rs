//! The word lists keep their order, and innocent sentences stay out of the queue.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use vigie::text::{Folded, Folder};

use crate::workdir::{Workdir, fixture};

/// All files under `training/lexicons`.
fn lists() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/lexicons");
    let folders = root.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut lists: Vec<PathBuf> = folders
        .flat_map(|folder| folder.read_dir().unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    lists.sort();
    assert!(lists.len() >= 10, "{lists:?}");
    lists
}

/// The order of a list: without accents and case first, so that « à vomir » stands by « avorton ».
fn order(entry: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let lower = entry.to_lowercase().replace('œ', "oe").replace('æ', "ae").replace('’', "'");
    lower.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

#[test]
fn lists_are_sorted_and_clean() {
    let mut wrong = Vec::new();
    for path in lists() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.iter().rev().take(2).collect::<Vec<_>>();
        let name = format!("{}/{}", name[1].display(), name[0].display());
        let mut complain = |what: String| wrong.push(format!("{name}: {what}"));
        if !text.starts_with("# ") {
            complain("begins without a comment that says what belongs in it".into());
        }
        if !text.ends_with('\n') || text.contains('\r') {
            complain("a line does not end in a newline alone".into());
        }
        let entries: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        for entry in &entries {
            if entry.trim() != *entry || entry.is_empty() || entry.contains("  ") {
                complain(format!("a stray blank: {entry:?}"));
            }
            if entry.to_lowercase() != *entry {
                complain(format!("not lower case: {entry}"));
            }
        }
        for pair in entries.windows(2) {
            if pair[0] == pair[1] {
                complain(format!("twice: {}", pair[0]));
            } else if order(pair[0]) > order(pair[1]) {
                complain(format!("out of order: {} before {}", pair[0], pair[1]));
            }
        }
        let unique: BTreeSet<&str> = entries.iter().copied().collect();
        if unique.len() < entries.len() {
            complain(format!("{} entries stand twice", entries.len() - unique.len()));
        }
    }
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn entries_are_words_once_folded() {
    let mut folder = Folder::default();
    let mut folded: Folded = Folded::default();
    for path in lists() {
        let text = fs::read_to_string(&path).unwrap();
        for entry in text.lines().filter(|line| !line.starts_with('#')) {
            folder.fold(entry, &mut folded);
            let letters = folded.text.chars().any(|c| c.is_alphanumeric() || !c.is_ascii());
            assert!(letters, "{}: {entry:?} folds to {:?}", path.display(), folded.text);
        }
    }
}

#[test]
fn innocent_french_is_left_alone() {
    leaves_alone("fr");
}

#[test]
fn innocent_english_is_left_alone() {
    leaves_alone("en");
}

/// Fewer than one in twenty sentences that use the lists' words innocently come into the queue.
fn leaves_alone(language: &str) {
    let path = fixture(&format!("text/innocent_{language}.txt"));
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return;
    };
    let sentences: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["text"]).unwrap();
    sentences.iter().for_each(|sentence| table.write_record([sentence]).unwrap());
    let queue = Workdir::new()
        .vigie_fed(&["triage", "--flagged"], &table.into_inner().unwrap())
        .done()
        .csv();
    let flagged = queue.column("text");
    let (some, all) = (flagged.len(), sentences.len());
    assert!(some * 20 < all, "{some} of {all} flagged:\n{}", flagged.join("\n"));
}
