//! A desk whose program is killed, whose disk is full, whose file is another's: nothing that was decided is lost.

pub mod disk;
mod files;
mod kill;
mod together;

use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use vigie::store::{Store, Verified};

use crate::desk::Desk;
use crate::workdir::{Workdir, program};

/// Comments that the desk takes in together.
const BATCH: usize = 8192;

/// So many invented comments, the same every time: neighbours, insults, answers, a few copies.
fn comments(count: usize) -> String {
    let who =
        ["Le maire", "Ce journaliste", "Mon voisin", "The council", "Your editor", "Le préfet"];
    let does = [
        "a encore fermé",
        "veut vendre",
        "promises to repair",
        "never visits",
        "a oublié",
        "défend",
    ];
    let what = [
        "la piscine",
        "le vieux pont",
        "the harbour",
        "the night bus",
        "le marché couvert",
        "la crèche",
    ];
    let when = [
        "depuis mardi",
        "before winter",
        "pour la troisième fois",
        "without asking us",
        "cette année",
    ];
    let ends =
        ["", " Quel crétin fini !", " What a bunch of idiots.", " Merci à eux.", " Pauvre abruti."];
    let mut random = 5u64;
    let mut draw = |below: usize| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let mut csv = String::from("id,author,date,text,parent_id,page\n");
    for number in 0..count {
        let parent = match draw(3) {
            0 if number > 40 => format!("n{}", number - 1 - draw(40)),
            _ => String::new(),
        };
        // A word of its own keeps most of them apart.
        let own = match draw(50) {
            0 => "copie".to_string(),
            _ => format!("{:x}", (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        };
        let text = format!(
            "{} {} {} {} ({own}).{}",
            who[draw(6)],
            does[draw(6)],
            what[draw(6)],
            when[draw(5)],
            ends[draw(5)]
        );
        let (author, day, page) = (draw(300), 1 + draw(28), number % 37);
        csv.push_str(&format!(
            "n{number},auteur{author},2026-10-{day:02},\"{text}\",{parent},https://gazette.example/{page}\n"
        ));
    }
    csv
}

/// `vigie review` in the folder, with nothing of the newsroom's and no random sample.
fn review(workdir: &Workdir, arguments: &[&str]) -> Command {
    let mut command = program();
    command.arg("review").args(arguments).args([
        "--audit",
        "0",
        "--no-open",
        "--listen",
        "127.0.0.1:0",
    ]);
    command.env("USER", "Camille").current_dir(workdir.path(""));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A desk that is open, once it has taken everything in.
fn desk(workdir: &Workdir, arguments: &[&str]) -> Desk {
    Desk::of(review(workdir, arguments).spawn().unwrap())
}

/// What it told on standard error until it was killed.
fn told(mut desk: Desk) -> String {
    use std::io::Read;
    desk.child.kill().unwrap();
    let mut told = String::new();
    desk.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    told
}

/// Checks that a database is whole: its pages, its words, its references, its counts, and the chain of its decisions. How
/// many comments and how many decisions there are.
fn whole(path: &Path) -> (usize, i64) {
    let store = Store::open(path).unwrap();
    let Verified::Whole(head) = store.verify().unwrap() else { panic!("the chain is broken") };
    drop(store);
    let database = Connection::open(path).unwrap();
    let checked: String =
        database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(checked, "ok");
    let foreign = database.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!foreign, "a row refers to nothing");
    // Words that stand in no text, or are missing, are an error here.
    database.execute("INSERT INTO word (word, rank) VALUES ('integrity-check', 1)", []).unwrap();
    let number = |query: &str| database.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    let comments = number("SELECT count(*) FROM comment");
    assert_eq!(
        number("SELECT count(DISTINCT page || ' ' || name) FROM comment"),
        comments,
        "twice"
    );
    assert_eq!(number("SELECT coalesce(sum(members), 0) FROM item"), comments);
    let waiting = number("SELECT coalesce(sum(open), 0) FROM item");
    assert_eq!(waiting, number("SELECT count(*) FROM comment WHERE state = 0"));
    assert_eq!(number("SELECT count(*) FROM comment WHERE item NOT IN (SELECT id FROM item)"), 0);
    let (last, seq) = (number("SELECT coalesce(max(decision), 0) FROM comment"), head.seq);
    assert!(last <= seq, "a comment knows of a decision that is not in the log");
    (comments as usize, seq)
}

/// Everything that does not hang on when it was written: comments, and the items that they make, in order of the queue.
fn content(path: &Path) -> Vec<String> {
    let database = Connection::open(path).unwrap();
    let rows = |query: &str| {
        let mut query = database.prepare(query).unwrap();
        let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.collect::<Result<Vec<_>, _>>().unwrap()
    };
    let comments = rows(
        "SELECT page || '|' || comment.name || '|' || text || '|' || ifnull(parent, '') || '|' || author.name || '|' || replies \
         || '|' || hex(scores) || '|' || severity || '|' || band || '|' || label || '|' || harm || '|' || day || '|' || state \
         || '|' || item FROM comment JOIN author ON author.id = author ORDER BY comment.id",
    );
    let items = rows(
        "SELECT id || '|' || lead || '|' || members || '|' || open || '|' || place || '|' || flagged || '|' || band || '|' \
         || label || '|' || language || '|' || page || '|' || author || '|' || day || '|' || doubt FROM item \
         ORDER BY place DESC, id",
    );
    [comments, items].concat()
}
