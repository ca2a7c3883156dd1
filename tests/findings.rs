//! What fuzzing found, kept: every file of `fixtures/hostile/` ends in the right exit code and one clear line, and its sums
//! add up.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::workdir::{Workdir, fixture};

/// A file, its exit code, what is said of it, and its sums: read, done, rejected.
const FINDINGS: [(&str, i32, &[&str], [u64; 3]); 8] = [
    // The message bore what stood in the place of a name, over several lines.
    (
        "comment_in_a_tag.xml",
        2,
        &["expected well-formed XML: expected `</category>`, found `</cat>`"],
        [0, 0, 0],
    ),
    // What stood behind a damaged object was refused for ever.
    (
        "damaged_object.json",
        1,
        &["line 4: expected an object after the one before: is the file damaged?"],
        [1, 1, 0],
    ),
    // Without its profile, a comment got a date of no letters.
    ("empty_date.html", 0, &[], [1, 1, 0]),
    // Nothing was said.
    ("no_comment.xml", 0, &["no comments: the export holds no comment"], [0, 0, 0]),
    ("no_page.warc", 0, &["no comments: the archive holds no page"], [0, 0, 0]),
    // All such pages became one, and the line on the last began with a colon.
    ("page_without_address.warc", 0, &[" record 3: no comments: no comment area"], [2, 2, 0]),
    // Its only comment came again and again.
    (
        "same_comment_for_ever.db",
        1,
        &["the database cannot be read: its comments are not in the order of their numbers"],
        [1, 1, 0],
    ),
    // The table is a view, and counts without end: SQLite itself sees it.
    (
        "view_that_never_ends.db",
        2,
        &["the database cannot be read: malformed database schema (comments)"],
        [0, 0, 0],
    ),
];

#[test]
fn what_was_found_once_is_not_found_again() {
    let folder = fixture("hostile").read_dir().unwrap();
    let files: BTreeSet<String> =
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let tested = FINDINGS.map(|(name, ..)| name.to_string());
    assert_eq!(files, BTreeSet::from(tested), "every file says how it must end");
    for (name, status, told, sums) in FINDINGS {
        let workdir = Workdir::with(&[&format!("hostile/{name}")]);
        let started = Instant::now();
        let ran = workdir.vigie(&["extract", name]);
        assert!(started.elapsed() < Duration::from_secs(10), "{name} takes too long");
        assert_eq!((ran.status, ran.sums()), (status, Some(sums)), "{name}: {}", ran.stderr);
        assert_eq!(ran.text().lines().count() as u64, sums[1], "{name}");
        let said: Vec<&str> = ran
            .told()
            .into_iter()
            .map(|line| line.strip_prefix(name).unwrap_or_else(|| panic!("{name}: {line}")))
            .map(|line| line.strip_prefix(": ").unwrap_or(line))
            .collect();
        assert_eq!(said, told, "{name}");
    }
}

#[test]
fn what_is_not_known_is_not_an_empty_text() {
    let workdir = Workdir::with(&["hostile/empty_date.html"]);
    let ran = workdir.vigie(&["extract", "--no-profiles", "empty_date.html"]);
    assert!(!ran.jsonl().is_empty());
    for comment in ran.jsonl() {
        assert!(comment["date"] != "" && comment["author"] != "", "{comment}");
    }
}

#[test]
fn pages_without_an_address_stay_apart() {
    let workdir = Workdir::with(&["hostile/page_without_address.warc"]);
    let comments = workdir.vigie(&["extract", "page_without_address.warc"]).jsonl();
    let pages: Vec<&str> =
        comments.iter().map(|comment| comment["page"].as_str().unwrap()).collect();
    let expected = ["page_without_address.warc record 1", "page_without_address.warc record 2"];
    assert_eq!(pages, expected);
}

#[test]
fn the_comment_table_is_read_as_it_was_written() {
    let workdir = Workdir::new();
    // A page of Reddit where a deleted comment bears no id of its own.
    let table = concat!(
        r#"{"id":"t1_aa","author":"mason","date":null,"text":"Stone lasts longer.","parent":null,"#,
        r#""page":"p","title":null,"status":null,"votes":null,"found":"p 1"}"#,
        "\n",
        r#"{"id":"c2","author":null,"date":null,"text":"[deleted]","parent":"t1_aa","#,
        r#""page":"p","title":null,"status":"deleted","votes":null,"found":"p 2"}"#,
        "\n",
    );
    workdir.write("table.jsonl", table);
    assert_eq!(workdir.vigie(&["extract", "table.jsonl"]).done().text(), table);
    let csv = workdir.vigie(&["extract", "table.jsonl", "--format", "csv"]).done();
    workdir.write("table.csv", &csv.stdout);
    assert_eq!(workdir.vigie(&["extract", "table.csv"]).done().text(), table);
}
