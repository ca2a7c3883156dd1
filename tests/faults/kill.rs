//! `kill -9` while comments are taken in, decisions are made, models are fitted and switched.

use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use ureq::Agent;
use vigie::store::{Decision, Store};

use super::{BATCH, comments, content, desk, review, told, whole};
use crate::desk::{Desk, fields};
use crate::workdir::Workdir;

/// Waits until something is so.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..60_000 {
        if so() {
            return;
        }
        thread::sleep(Duration::from_millis(2));
    }
    panic!("it did not come to this: {what}");
}

/// How many comments another program sees in a database that is being written; none where it is not made yet.
fn visible(workdir: &Workdir) -> usize {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let database = Connection::open_with_flags(workdir.path("desk.db"), flags);
    let count = database.and_then(|database| {
        database.query_row("SELECT count(*) FROM comment", [], |row| row.get::<_, i64>(0))
    });
    count.unwrap_or_default() as usize
}

#[test]
fn an_import_that_is_killed_is_completed_by_the_next() {
    const ALL: usize = 2 * BATCH + 1000;
    let workdir = Workdir::new();
    workdir.write("many.csv", comments(ALL));
    let reference = told(desk(&workdir, &["many.csv", "--db", "reference.db"]));
    assert!(reference.contains(&format!("{ALL} new, 0 known already")), "{reference}");
    assert_eq!(whole(&workdir.path("reference.db")).0, ALL);

    let written = |name: &str, bytes: u64| {
        fs::metadata(workdir.path(name)).is_ok_and(|file| file.len() >= bytes)
    };
    type Moment<'a> = (&'a str, Box<dyn Fn() -> bool + 'a>);
    let moments: [Moment; 6] = [
        ("the file is there", Box::new(|| written("desk.db", 1))),
        ("something is written beside it", Box::new(|| written("desk.db-wal", 1))),
        ("a batch is being written", Box::new(|| written("desk.db-wal", 1_000_000))),
        ("a batch is there", Box::new(|| visible(&workdir) >= BATCH)),
        ("another one is being written", Box::new(|| written("desk.db-wal", 6_000_000))),
        ("two batches are there", Box::new(|| visible(&workdir) >= 2 * BATCH)),
    ];
    let mut before = 0;
    for (what, moment) in moments {
        let mut child = review(&workdir, &["many.csv", "--db", "desk.db"]).spawn().unwrap();
        until(what, || moment() || child.try_wait().unwrap().is_some());
        child.kill().unwrap();
        child.wait().unwrap();
        let (count, decisions) = whole(&workdir.path("desk.db"));
        assert!(
            count % BATCH == 0 || count == ALL,
            "{what}: {count} comments are no whole batches"
        );
        assert!(count >= before, "{what}: {count} comments of {before}");
        assert_eq!(decisions, 0);
        before = count;
    }
    let last = told(desk(&workdir, &["many.csv", "--db", "desk.db"]));
    let sum = format!("{} new, {before} known already", ALL - before);
    assert!(last.contains(&sum), "{last}");
    assert_eq!(whole(&workdir.path("desk.db")).0, ALL);
    let (one, other) = (content(&workdir.path("desk.db")), content(&workdir.path("reference.db")));
    assert_eq!(one.len(), other.len());
    let different = one.iter().zip(&other).find(|(one, other)| one != other);
    assert_eq!(different, None, "as if it had never been killed");
}

/// Decides over a connection of its own, as the script of the page does; the status, or none where the program is gone.
fn decide(base: &str, agent: &Agent, item: &str, seen: i64, verdict: &str) -> Option<u16> {
    let form = [("item", item), ("seen", &seen.to_string()), ("verdict", verdict)];
    let asked = agent.post(format!("{base}/decide")).header("accept", "application/json");
    let mut answer = asked.send_form(form).ok()?;
    // Acknowledged is what was read to its end.
    answer.body_mut().read_to_string().ok()?;
    Some(answer.status().as_u16())
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).build().into()
}

/// The items of the queue, page by page.
fn items(desk: &Desk) -> Vec<String> {
    let (mut items, mut path) = (Vec::new(), Some("/?band=all".to_string()));
    while let Some(on) = path {
        let page = desk.get(&on);
        items.extend(page.values("article.card", "data-item"));
        path = page.values("#next", "href").pop();
    }
    items
}

fn decisions(workdir: &Workdir) -> Vec<Decision> {
    let store = Store::open(&workdir.path("desk.db")).unwrap();
    let mut all = Vec::new();
    store
        .each_decision(|decision| {
            all.push(decision);
            Ok(())
        })
        .unwrap();
    all
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let workdir = Workdir::new();
    workdir.write("many.csv", comments(600));
    let mut acknowledged: HashMap<String, String> = HashMap::new();
    let mut arguments = vec!["many.csv", "--db", "desk.db"];
    for round in 1..=3 {
        let mut desk = desk(&workdir, &arguments);
        arguments = vec!["--db", "desk.db"];
        let items = Mutex::new(items(&desk).into_iter());
        let made = Mutex::new(Vec::new());
        let base = desk.base.clone();
        thread::scope(|scope| {
            for moderator in 0..3 {
                let (items, made, base) = (&items, &made, &base);
                scope.spawn(move || {
                    let agent = agent();
                    loop {
                        let Some(item) = items.lock().unwrap().next() else { break };
                        let verdict = ["approve", "reject", "defer"][moderator];
                        let Some(status) = decide(base, &agent, &item, 1 << 40, verdict) else {
                            break;
                        };
                        assert_eq!(status, 200);
                        made.lock().unwrap().push((item, verdict.to_string()));
                    }
                });
            }
            until("enough decisions", || made.lock().unwrap().len() >= 40);
            desk.child.kill().unwrap();
        });
        desk.child.wait().unwrap();
        acknowledged.extend(made.into_inner().unwrap());
        whole(&workdir.path("desk.db"));
        let log = decisions(&workdir);
        let database = Connection::open(workdir.path("desk.db")).unwrap();
        let mut found = database
            .prepare("SELECT state, decision FROM comment WHERE item = ?1 AND state > 0")
            .unwrap();
        for (item, verdict) in &acknowledged {
            let (state, seq): (usize, i64) =
                found.query_row([item], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            assert_eq!(
                ["", "defer", "approve", "reject"][state],
                verdict,
                "round {round}, item {item}"
            );
            let decision = &log[seq as usize - 1];
            assert_eq!((decision.seq, decision.verdict.name()), (seq, verdict.as_str()));
            assert_eq!(decision.moderator, "Camille");
        }
        assert!(log.len() >= acknowledged.len());
    }
}

/// Scores of every comment, and the model that they come from.
fn scores(workdir: &Workdir) -> (String, Vec<Vec<u8>>) {
    let database = Connection::open(workdir.path("desk.db")).unwrap();
    let model = database
        .query_row("SELECT value FROM setting WHERE name = 'model'", [], |row| row.get(0))
        .unwrap();
    let mut query = database.prepare("SELECT scores FROM comment ORDER BY id").unwrap();
    let scores = query.query_map([], |row| row.get(0)).unwrap();
    (model, scores.collect::<Result<_, _>>().unwrap())
}

#[test]
fn a_model_is_fitted_and_switched_to_as_a_whole_or_not_at_all() {
    let workdir = Workdir::new();
    workdir.write("many.csv", comments(6000));
    let mut first = desk(&workdir, &["many.csv", "--db", "desk.db"]);
    let (base, agent) = (first.base.clone(), agent());
    let pages = ["/?band=reject", "/?band=approve"].map(|path| first.get(path));
    for (page, verdict) in pages.iter().zip(["reject&label.insult=1", "approve"]) {
        for item in page.values("article.card", "data-item") {
            let form = format!("item={item}&seen=0&verdict={verdict}");
            let asked = agent.post(format!("{base}/decide")).header("accept", "application/json");
            let asked = asked.content_type("application/x-www-form-urlencoded");
            assert_eq!(asked.send(&form).unwrap().status(), 200);
        }
    }
    let before = scores(&workdir);
    assert_eq!(first.post("/retrain", &[]).status, 303);
    until("it is under way", || first.get("/models").texts("p.working").len() == 1);
    drop(first);
    let (comments, decided) = whole(&workdir.path("desk.db"));
    assert_eq!((comments, decided), (6000, decided.max(20)));
    assert_eq!(scores(&workdir), before, "the model that advised still does");

    let mut second = desk(&workdir, &["--db", "desk.db"]);
    let models = |desk: &Desk| desk.get("/models").values("article.model", "data-model");
    assert_eq!(models(&second), std::slice::from_ref(&before.0), "half a model is none");
    assert_eq!(second.post("/retrain", &[]).status, 303);
    until("a proposal", || models(&second).len() == 2);
    let name = models(&second).into_iter().find(|name| *name != before.0).unwrap();
    assert_eq!(scores(&workdir), before, "nothing is switched before it is confirmed");

    // Killed while it scores anew.
    let switch = format!("{}/switch", second.base);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = agent.post(switch).send_form([("model", name.as_str())]);
        });
        thread::sleep(Duration::from_millis(100));
        second.child.kill().unwrap();
    });
    drop(second);
    whole(&workdir.path("desk.db"));
    let between = scores(&workdir);

    let mut third = desk(&workdir, &["--db", "desk.db"]);
    assert_eq!(third.post("/switch", &fields(&[("model", &name)])).status, 303);
    drop(third);
    let after = scores(&workdir);
    assert_eq!(after.0, name);
    assert_ne!(after.1, before.1);
    assert!(between == before || between == after, "all of the old model, or all of the new one");
    assert_eq!(whole(&workdir.path("desk.db")), (6000, decided));
}
