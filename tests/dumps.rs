//! Text dumps of pages in, comments out. Each folder of `fixtures/dumps` is a case: `page.txt` beside what must come
//! out of it, `comments.jsonl`, or beside the reason why nothing does, `reason.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use vigie::comment::{Comment, Thread};
use vigie::source::dump::extract;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dumps");
    let entries = fs::read_dir(&root).expect("fixtures/dumps");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("a case").path()).collect();
    cases.sort();
    cases
}

#[test]
fn every_dump_gives_its_comments_or_its_reason() {
    let (mut with, mut without) = (0, 0);
    for case in cases() {
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let page = fs::read_to_string(case.join("page.txt")).expect("page.txt");
        let found = extract(&page, "page.txt");
        if let Ok(reason) = fs::read_to_string(case.join("reason.txt")) {
            let told = found.absence.map(|absence| absence.to_string());
            assert_eq!(
                (found.comments, told.as_deref()),
                (Vec::new(), Some(reason.trim_end())),
                "{name}"
            );
            without += 1;
        } else {
            let lines = fs::read_to_string(case.join("comments.jsonl")).expect("comments.jsonl");
            let parse = |line| serde_json::from_str::<Comment>(line).expect("a comment");
            assert_eq!(found.comments, lines.lines().map(parse).collect::<Vec<_>>(), "{name}");
            assert!(Thread::build(&found.comments).troubles.is_empty(), "{name}");
            with += 1;
        }
    }
    assert!(with >= 8 && without >= 5, "{with} cases with comments, {without} without");
}

#[test]
fn lost_indentation_and_line_ends_change_nothing_but_places() {
    for case in cases() {
        let page = fs::read_to_string(case.join("page.txt")).expect("page.txt");
        let unix = extract(&page, "p");
        assert_eq!(extract(&page.replace('\n', "\r\n"), "p"), unix, "{}", case.display());
        let flat: String = page.lines().map(|line| format!("{}\n", line.trim())).collect();
        let texts = |found: vigie::source::Extraction| -> Vec<(Option<String>, String)> {
            found.comments.into_iter().map(|comment| (comment.author, comment.text)).collect()
        };
        assert_eq!(texts(extract(&flat, "p")), texts(unix), "{}", case.display());
    }
}

/// Pieces of dumps, in any order.
const PIECES: [&str; 24] = [
    "2 Comments",
    "Commentaires (3)",
    "Ada dit :",
    "Bob en réponse àAda",
    "* Zoé",
    "+ ",
    "o Ümit",
    "#1.1",
    "#",
    "12.",
    "3 mai 2012 à 10:00",
    "vor 8 Stunden",
    "par İz le 7 mai 2020",
    "Reply",
    "Répondre (3) |",
    "  ",
    "Leave a reply",
    "Aucun commentaire",
    "« Ada a écrit : »",
    "↳ 😀",
    "In reply to x by Ada",
    "Une phrase qui dit quelque chose, enfin.",
    "\u{feff}\0\u{200b}",
    "[–]x 12 points 3 hours ago (1 child)",
];

proptest! {
    #[test]
    fn any_dump_gives_sound_threads_or_a_reason(
        lines in prop::collection::vec((0..PIECES.len(), 0..3usize, 0..6usize), 0..60)
    ) {
        let line = |(piece, more, indent): &(usize, usize, usize)| {
            let tail = PIECES[(piece * 7 + more) % PIECES.len()];
            format!("{}{}{}\n", "  ".repeat(*indent), PIECES[*piece], tail.repeat(*more % 2))
        };
        let found = extract(&lines.iter().map(line).collect::<String>(), "p");
        prop_assert_eq!(found.comments.is_empty(), found.absence.is_some());
        prop_assert!(Thread::build(&found.comments).troubles.is_empty());
    }
}

/// A dump of `count` items in the layout that costs most.
fn long(count: usize) -> String {
    let item = |index: usize| {
        format!(
            "Ada{index}\n3 May 2012 at 10:00\nLine {index} of the text.\nReply\nLeave a reply\n"
        )
    };
    let items: String = (0..count).map(item).collect();
    format!("{count} Comments\n{items}")
}

#[test]
fn hostile_dumps_take_linear_time() {
    let time = |text: &str| -> Duration {
        let start = Instant::now();
        let _ = extract(text, "p");
        start.elapsed()
    };
    let (small, large) = (long(4_000), long(40_000));
    let ratio = time(&large).as_secs_f64() / time(&small).as_secs_f64();
    assert!(ratio < 40.0, "ten times the lines took {ratio:.0} times as long");
    for text in [
        "Commentaires ".to_owned() + &"ab cd, il y a 3 heures ".repeat(500_000),
        "\0".repeat(10_000_000),
        " \n".repeat(2_000_000),
        "Commentaires\n".repeat(100_000),
        "3 comments\nAda says:\nx\nLeave a reply\n".repeat(20_000),
        "(".repeat(300) + "\n" + &"12 May 2012 ".repeat(25),
    ] {
        assert!(time(&text) < Duration::from_secs(60));
    }
}
