//! Two programs on one database at once: each is told what the other did, and all is in one chain.

use std::sync::Mutex;
use std::thread;

use super::{comments, desk, review, whole};
use crate::desk::{Desk, fields};
use crate::workdir::Workdir;

/// The answers' statuses to a decision on each item, made as the script makes them.
fn decide_all(desk: &mut Desk, items: &[String], verdict: &str) -> Vec<u16> {
    let form = |item: &str| fields(&[("item", item), ("seen", "0"), ("verdict", verdict)]);
    items.iter().map(|item| desk.post_json("/decide", &form(item)).status).collect()
}

#[test]
fn two_desks_on_one_database_overwrite_nothing() {
    let workdir = Workdir::new();
    workdir.write("few.csv", comments(400));
    let mut one = desk(&workdir, &["few.csv", "--db", "desk.db"]);
    let mut other = desk(&workdir, &["--db", "desk.db"]);
    other.post("/who", &fields(&[("name", "Noé"), ("back", "/")]));
    let (mut items, mut path) = (Vec::new(), Some("/?band=all".to_string()));
    while let Some(on) = path {
        let page = one.get(&on);
        items.extend(page.values("article.card", "data-item"));
        path = page.values("#next", "href").pop();
    }
    items.truncate(120);
    let seen = other.get(&format!("/item/{}", items[0]));
    assert_eq!(seen.status, 200, "the other one sees what was taken in");

    // The same items, each in its own order, at the same time.
    let backwards: Vec<String> = items.iter().rev().cloned().collect();
    let (ours, mut theirs) = thread::scope(|scope| {
        let ours = scope.spawn(|| decide_all(&mut one, &items, "approve"));
        let theirs = scope.spawn(|| decide_all(&mut other, &backwards, "reject"));
        (ours.join().unwrap(), theirs.join().unwrap())
    });
    theirs.reverse();
    for (item, pair) in items.iter().zip(ours.iter().zip(&theirs)) {
        assert!(
            matches!(pair, (200, 409) | (409, 200)),
            "item {item}: {pair:?}: one decides, one is told"
        );
    }
    // Whoever was second is told by whom, and both pages show the same.
    let lost = ours.iter().position(|status| *status == 409);
    if let Some(at) = lost {
        let form = fields(&[("item", &items[at]), ("seen", "0"), ("verdict", "approve")]);
        let conflict = one.post_json("/decide", &form);
        assert_eq!((conflict.status, &conflict.json()["taken"]["name"]), (409, &"Noé".into()));
    }
    for state in ["approved", "rejected"] {
        let path = format!("/?state={state}&band=all");
        assert_eq!(one.get(&path).texts(".count"), other.get(&path).texts(".count"));
    }
    // The other desk takes back only what nobody decided since; the chain is one.
    drop((one, other));
    assert_eq!(whole(&workdir.path("desk.db")), (400, items.len() as i64));
}

#[test]
fn comments_are_taken_in_while_decisions_are_made() {
    const FIRST: usize = 300;
    const ALL: usize = 20_000;
    let workdir = Workdir::new();
    let all = comments(ALL);
    let few: Vec<&str> = all.lines().take(1 + FIRST).collect();
    workdir.write("few/comments.csv", few.join("\n"));
    workdir.write("all/comments.csv", &all);
    let mut one = desk(&workdir, &["few/comments.csv", "--db", "desk.db"]);
    let items = one.get("/?band=all").values("article.card", "data-item");
    let importer = review(&workdir, &["all/comments.csv", "--db", "desk.db"]).spawn().unwrap();
    let done = Mutex::new(false);
    let (mut decided, importer) = thread::scope(|scope| {
        let importer = scope.spawn(|| {
            let desk = Desk::of(importer);
            *done.lock().unwrap() = true;
            desk
        });
        let mut decided = 0;
        // Decided, taken back, and again, until all is in.
        'import: loop {
            for item in &items {
                if *done.lock().unwrap() {
                    break 'import;
                }
                let form = [("item", item.as_str()), ("seen", "1000000"), ("verdict", "approve")];
                let answer = one.post_json("/decide", &fields(&form));
                assert_eq!(answer.status, 200, "{}", answer.text);
                decided += answer.json()["comments"].as_i64().unwrap();
            }
        }
        (decided, importer.join().unwrap())
    });
    let more = one.get("/?band=all&order=newest").values("article.card", "data-item");
    let form = fields(&[("item", &more[0]), ("seen", "0"), ("verdict", "reject")]);
    let answer = one.post_json("/decide", &form);
    assert_eq!(answer.status, 200, "what joined can be decided on by whoever was there before");
    decided += answer.json()["comments"].as_i64().unwrap();
    drop((one, importer));
    assert_eq!(whole(&workdir.path("desk.db")), (ALL, decided));
}

#[test]
fn a_new_database_is_made_once_however_many_come_to_it() {
    let workdir = Workdir::new();
    workdir.write("few.csv", comments(200));
    let children: Vec<_> = (0..4)
        .map(|_| review(&workdir, &["few.csv", "--db", "desk.db"]).spawn().unwrap())
        .collect();
    let desks: Vec<Desk> = children.into_iter().map(Desk::of).collect();
    let counts: Vec<Vec<String>> =
        desks.iter().map(|desk| desk.get("/?band=all&state=all").texts(".count")).collect();
    assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "{counts:?}");
    drop(desks);
    assert_eq!(whole(&workdir.path("desk.db")), (200, 0));
}
