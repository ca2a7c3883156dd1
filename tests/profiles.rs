//! A page of our own for every comment system: its profile reads what the page shows, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use vigie::comment::Comment;
use vigie::source::Extraction;
use vigie::source::page::{Mode, Profiles, extract};

const FOLDER: &str = "fixtures/profiles";
const TABLE: &str = "tests/tables/profiles.txt";

/// The pages of `fixtures/profiles`, sorted: `discourse--app` for `discourse--app.html`, the second page of that system.
fn names() -> Vec<String> {
    let files = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let pages = files.filter(|path| path.extension().is_some_and(|end| end == "html"));
    let mut names: Vec<String> =
        pages.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn read(path: &Path, profiles: &Profiles) -> Extraction {
    extract(&fs::read_to_string(path).unwrap(), "page", profiles, Mode::WithProfiles)
}

fn read_own(name: &str, profiles: &Profiles) -> Extraction {
    read(Path::new(&format!("{FOLDER}/{name}.html")), profiles)
}

/// What read the page, and a line for each comment.
fn told(found: Extraction) -> Vec<String> {
    let line = |comment: Comment| {
        let parent = comment.parent.map(|parent| format!("<{parent}")).unwrap_or_default();
        let author = comment.author.unwrap_or_else(|| "-".to_owned());
        let date = comment.date.unwrap_or_else(|| "-".to_owned());
        let status = comment.status.map(|status| status.name().to_owned());
        let fate: Vec<String> =
            status.into_iter().chain(comment.votes.map(|votes| votes.to_string())).collect();
        let fate = if fate.is_empty() { String::new() } else { format!(" ({})", fate.join(" ")) };
        let text = comment.text.escape_debug().to_string().replace("\\'", "'");
        format!("{}{parent} {author} | {date} | {text}{fate}", comment.id)
    };
    [format!("by {}", found.matched)]
        .into_iter()
        .chain(found.comments.into_iter().map(line))
        .collect()
}

/// `UPDATE_TABLES=1` writes down what every page yields now, to be read beside the page before it is believed.
#[test]
fn every_profile_reads_its_page() {
    let profiles = Profiles::embedded().unwrap();
    let table = fs::read_to_string(TABLE).unwrap();
    let (head, _) = table.split_once("\n== ").unwrap_or((&table, ""));
    let section =
        |name: &String| format!("\n== {name}\n{}\n", told(read_own(name, &profiles)).join("\n"));
    let sections: Vec<String> = names().iter().map(section).collect();
    if std::env::var_os("UPDATE_TABLES").is_some() {
        let written = format!("{}\n{}", head.trim_end(), sections.concat());
        fs::write(TABLE, written).unwrap();
        return;
    }
    let mut expected = table.split("\n== ").skip(1);
    for found in sections {
        let expected = expected.next().map(|section| format!("== {}", section.trim_end()));
        assert_eq!(Some(found.trim()), expected.as_deref());
    }
    assert_eq!(expected.next(), None, "a section without its page");
}

#[test]
fn every_profile_has_a_page() {
    let profiles = Profiles::embedded().unwrap();
    let folders = fs::read_dir("fixtures/pages").unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<PathBuf> = folders.map(|folder| folder.join("page.html")).collect();
    let mut shown: BTreeSet<String> =
        pages.iter().map(|page| read(page, &profiles).matched).collect();
    for name in names() {
        let matched = read_own(&name, &profiles).matched;
        let (system, _) = name.split_once("--").unwrap_or((&name, ""));
        let profile = fs::read_to_string(format!("src/source/profiles/{system}.toml")).unwrap();
        let wanted = format!("name = \"{matched}\"\n");
        assert!(profile.starts_with(&wanted), "{name}.html is read by {matched:?}");
        shown.insert(matched);
    }
    let without: Vec<&str> = profiles
        .list()
        .iter()
        .map(|profile| profile.name.as_str())
        .filter(|name| !shown.contains(*name))
        .collect();
    assert!(without.is_empty(), "profiles without a page of our own: {without:?}");
}
