//! Reads every page of `fixtures/pages`: a folder dropped there is a new case.

#![allow(clippy::unwrap_used, reason = "a test that fails here says enough")]

use std::fs;
use std::path::{Path, PathBuf};

use vigie::comment::Comment;
use vigie::source::page::{Mode, Profiles, extract};
use vigie::source::{Absence, Extraction};

use crate::workdir::Workdir;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let mut list: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    list.sort();
    list
}

fn name(folder: &Path) -> &str {
    folder.file_name().unwrap().to_str().unwrap()
}

fn read(folder: &Path, mode: Mode) -> Extraction {
    let html = fs::read_to_string(folder.join("page.html")).unwrap();
    extract(&html, name(folder), &Profiles::embedded().unwrap(), mode)
}

/// With `VIGIE_BLESS` set, writes what was read in place of comparing; read the difference before you commit it.
#[test]
fn every_page_gives_its_comments() {
    for folder in folders() {
        let found = read(&folder, Mode::WithProfiles);
        let expected = folder.join("comments.jsonl");
        let lines: Vec<String> =
            found.comments.iter().map(|comment| serde_json::to_string(comment).unwrap()).collect();
        let written = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        if std::env::var_os("VIGIE_BLESS").is_some() {
            fs::write(&expected, &written).unwrap();
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(written, wanted, "{}", name(&folder));
        assert_eq!(found.comments.is_empty(), found.absence.is_some(), "{}", name(&folder));
    }
}

#[test]
fn a_page_named_after_a_profile_is_read_by_it() {
    let profiles = Profiles::embedded().unwrap();
    let names: Vec<&str> = profiles.list().iter().map(|profile| profile.name.as_str()).collect();
    for folder in folders() {
        let case = name(&folder);
        let expected = if case.starts_with("generic-") {
            "generic"
        } else if case.starts_with("none-") {
            ""
        } else {
            continue;
        };
        assert_eq!(read(&folder, Mode::WithProfiles).matched, expected, "{case}");
    }
    let by_profile = folders()
        .iter()
        .filter(|folder| names.contains(&read(folder, Mode::WithProfiles).matched.as_str()))
        .count();
    assert!(by_profile >= 12, "only {by_profile} pages are read by a profile");
}

#[test]
fn the_generic_reader_finds_the_same_texts_and_no_others() {
    for folder in folders()
        .iter()
        .filter(|folder| name(folder).starts_with("generic-") || name(folder).starts_with("none-"))
    {
        let texts =
            |list: Vec<Comment>| list.into_iter().map(|comment| comment.text).collect::<Vec<_>>();
        let (all, generic) = (read(folder, Mode::WithProfiles), read(folder, Mode::GenericOnly));
        assert_eq!(texts(generic.comments), texts(all.comments), "{}", name(folder));
    }
}

#[test]
fn an_empty_page_says_why() {
    let why = |case: &str| {
        let folder = folders().into_iter().find(|folder| name(folder) == case).unwrap();
        read(&folder, Mode::WithProfiles).absence
    };
    assert!(matches!(why("none-recent-comments"), Some(Absence::SaidNone(_))));
    assert!(
        matches!(why("none-disqus-shell"), Some(Absence::Elsewhere { system: Some(system), .. }) if system == "Disqus")
    );
    assert_eq!(why("none-teasers"), Some(Absence::NoArea));
}

#[test]
fn nested_elements_cost_bounded_time() {
    let page = "<div>".repeat(50_000);
    let found = extract(&page, "deep", &Profiles::embedded().unwrap(), Mode::WithProfiles);
    assert_eq!(found.absence, Some(Absence::NoArea));
}

#[test]
fn relative_dates_are_resolved_where_a_day_is_given() {
    let workdir = Workdir::new();
    workdir.write("a.jsonl", "{\"id\":\"1\",\"text\":\"Bien\",\"date\":\"il y a 3 jours\"}\n{\"id\":\"2\",\"text\":\"Oui\",\"date\":\"lundi 12:30\"}\n");
    let run =
        |more: &[&str]| workdir.vigie(&[&["extract", "a.jsonl", "--as-of"][..], more].concat());
    let ran = run(&["2024-03-01", "--format", "csv"]).done();
    assert_eq!(ran.csv().column("day"), ["2024-02-27", ""]);
    assert_eq!(ran.csv().column("date"), ["il y a 3 jours", "lundi 12:30"]);
    let ran = run(&["2024-03-01T08:00"]).done();
    assert!(
        ran.text().lines().next().unwrap().ends_with("\"day\":\"2024-02-27\"}"),
        "{}",
        ran.text()
    );
    assert_eq!(run(&["hier"]).status, 2);
    assert_eq!(run(&["2024-03-01", "--format", "convokit"]).status, 2);
}
