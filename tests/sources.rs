//! What comments are read from: the list of it, profiles of one's own, how a page was read, and other formats.

use std::env;
use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use crate::workdir::{Workdir, fixture};

/// A comment system that nobody else has.
const PROFILE: &str = "name = 'Courrier'\ndetect = ['.courrier']\nitem = ['.lettre']\nauthor = ['.qui']\n\
    date = ['.quand']\nbody = ['.quoi']\n";
const PAGE: &str = "<html><body class=courrier><p class=lettre><i class=qui>Odile</i> <i class=quand>hier</i> \
    <b class=quoi>Oui.</b></p><p class=lettre><i class=qui>plume</i> <b class=quoi>Non.</b></p></body></html>";

#[test]
fn the_document_lists_the_sources_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sources.md");
    let list = Workdir::new().vigie(&["sources", "--format", "markdown"]).done();
    let text = format!(
        "# What comments are read from\n\n`vigie sources --format markdown`\n\n{}",
        list.text()
    );
    if env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "rewrite docs/sources.md: UPDATE_README=1 cargo test sources");
}

#[test]
fn a_profile_of_ones_own_goes_before_all_others() {
    let workdir = Workdir::new();
    workdir.write("my.toml", PROFILE);
    workdir.write("a.html", PAGE);
    let without = workdir.vigie(&["extract", "a.html"]).done();
    assert_eq!(without.text(), "", "the page says nothing to anybody else");
    let table = workdir.vigie(&["extract", "--profile", "my.toml", "--format", "csv", "a.html"]);
    let table = table.done().csv();
    assert_eq!(table.column("author"), ["Odile", "plume"]);
    assert_eq!(table.column("text"), ["Oui.", "Non."]);
    let list = workdir.vigie(&["sources", "--profile", "my.toml"]).done();
    let first = list.text().lines().next().unwrap();
    assert!(first.contains("Courrier") && first.ends_with("(your own)"), "{first}");
    // Its marks are on a page of WordPress, too: what it finds there counts, and nothing else.
    workdir.write(
        "wp.toml",
        PROFILE.replace(".courrier", ".comment-list").replace(".lettre", ".comment-content"),
    );
    let page = fs::read(fixture("pages/wordpress-nested/page.html")).unwrap();
    workdir.write("wp.html", page);
    let told = workdir.vigie(&["extract", "--explain", "--profile", "wp.toml", "wp.html"]).done();
    assert!(told.text().contains("Courrier (.comment-list)"), "{}", told.text());
}

#[test]
fn a_profile_that_cannot_be_used_is_told_in_one_line() {
    let workdir = Workdir::new();
    workdir.write("my.toml", PROFILE.replace("author", "auteur"));
    for command in [["extract", "--profile", "my.toml"], ["sources", "--profile", "my.toml"]] {
        let ran = workdir.vigie(&command);
        assert_eq!((ran.status, ran.stderr.lines().count()), (2, 1), "{}", ran.stderr);
        assert!(ran.stderr.contains("my.toml: profile: "), "{}", ran.stderr);
    }
}

#[test]
fn a_page_is_explained() {
    let cases = [
        "wordpress-nested",
        "generic-cards",
        "structured-json-ld",
        "none-teasers",
        "none-disqus-shell",
        "none-faq",
    ];
    let mut shown = String::new();
    for case in cases {
        let workdir = Workdir::new();
        let name = format!("{case}.html");
        workdir.write(&name, fs::read(fixture(&format!("pages/{case}/page.html"))).unwrap());
        shown += workdir.vigie(&["extract", "--explain", &name]).done().text();
    }
    assert_snapshot!(shown);
}

#[test]
fn without_profiles_a_page_is_read_by_what_comments_look_like() {
    let workdir = Workdir::new();
    let page = fs::read(fixture("pages/wordpress-nested/page.html")).unwrap();
    workdir.write("a.html", page);
    let with = workdir.vigie(&["extract", "--explain", "a.html"]).done();
    let without = workdir.vigie(&["extract", "--explain", "--no-profiles", "a.html"]).done();
    assert!(with.text().contains("chosen: WordPress"), "{}", with.text());
    assert!(without.text().contains("chosen: generic"), "{}", without.text());
}

#[test]
fn comments_become_utterances() {
    let workdir = Workdir::with(&["exports/reddit.jsonl"]);
    let page = fs::read(fixture("pages/wordpress-nested/page.html")).unwrap();
    workdir.write("a.html", page);
    let ran = workdir.vigie(&["extract", "--format", "convokit", "a.html", "reddit.jsonl"]);
    let lines = ran.done().jsonl();
    let known: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    for line in &lines {
        assert!(known.contains(&line["conversation_id"].as_str().unwrap()), "{line}");
        let parent = &line["reply-to"];
        assert!(parent.is_null() || known.contains(&parent.as_str().unwrap()), "{line}");
    }
    let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
    assert_snapshot!(text.join("\n"));
}
