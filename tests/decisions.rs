//! What moderators decided: written out, taken in again, counted, checked; and a person forgotten.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use rusqlite::Connection;
use serde_json::{Value, json};
use vigie::comment::Comment;
use vigie::model::Model;
use vigie::store::{
    Band, Card, Judge, Outcome, Ruling, Scope, Store, Target, To, Verdict, Verified, View,
};
use vigie::triage::Settings;

use crate::workdir::{Csv, Ran, Workdir, program};

const HOSTILE: &str =
    "=cmd|' /C calc'!A0\nFerme ta gueule, pauvre crétin \u{202E}nidalas, \"sale\" con.";

/// A database in a folder, with comments of ours.
struct Desk {
    workdir: Workdir,
    store: Store,
}

fn comment(id: &str, author: &str, text: &str) -> Comment {
    Comment {
        id: id.into(),
        author: Some(author.into()),
        text: text.into(),
        page: "https://gazette.example/quai".into(),
        title: Some("-2+3 : le quai".into()),
        found: "comments.csv record 1".into(),
        ..Comment::default()
    }
}

fn some() -> Vec<Comment> {
    let mut reply = comment("5", "+Léa+", "Restez polis, s’il vous plaît, on peut discuter.");
    reply.parent = Some("=2".into());
    vec![
        comment("1", "Ana", "Merci pour cet article, il est clair et bien documenté."),
        comment("=2", "@Bob", HOSTILE),
        comment("3", "Cleo", "Achetez mes montres sur montres.example, livraison gratuite !"),
        comment("4", "Dan", "On nous cache la vérité, tout est décidé par une élite secrète."),
        reply,
        comment("c6", "Ana", "Le quai est plus calme depuis les travaux."),
        comment("7", "'Guy", "Tu n’es qu’un abruti fini, espèce de gros débile."),
    ]
}

impl Desk {
    fn new() -> Desk {
        let workdir = Workdir::new();
        let store = Store::open(&workdir.path("m.db")).unwrap();
        let judge = Judge::new(Model::shipped().unwrap(), &Settings::default()).unwrap();
        store.keep_model(judge.scorer().model(), None, 1, None).unwrap();
        store.adopt(&judge).unwrap();
        assert_eq!(store.import(&judge, 0.0, some()).unwrap().added, 7);
        Desk { workdir, store }
    }

    /// One where everything that can be said was said.
    fn decided() -> Desk {
        let desk = Desk::new();
        desk.decide("1", Verdict::Approve, "", &[], 0);
        desk.decide("=2", Verdict::Defer, "", &[], 1);
        desk.decide("=2", Verdict::Reject, "insult", &[], 2);
        desk.decide("3", Verdict::Reject, "spam", &[], 3);
        let wrong = desk.decide("4", Verdict::Approve, "", &[], 4);
        desk.store.undo(wrong, "Noé", MADE + 5).unwrap();
        let said = [("insult", false), ("conspiracy", true), ("mépris", true)];
        desk.decide("4", Verdict::Reject, "conspiracy", &said, 6);
        desk.decide("5", Verdict::Note, "", &[], 7);
        let gone = desk.decide("c6", Verdict::Reject, "other", &[], MONTH);
        desk.store.undo(gone, "Noé", MADE + MONTH + 1).unwrap();
        desk.decide("7", Verdict::Defer, "", &[], MONTH + 2);
        desk
    }

    fn card(&self, id: &str) -> Card {
        let view = View { band: Band::All, state: Scope::All, ..View::default() };
        let cards = self.store.list(&view, None, 100).unwrap().cards;
        cards.into_iter().find(|card| card.lead.comment.id == id).unwrap()
    }

    fn decide(
        &self,
        id: &str,
        verdict: Verdict,
        reason: &str,
        labels: &[(&str, bool)],
        after: i64,
    ) -> i64 {
        let card = self.card(id);
        let target = Target { to: To::Comment(card.lead.number), seen: card.seen };
        let ruling = Ruling {
            verdict,
            reason: reason.into(),
            labels: labels.iter().map(|(label, held)| (label.to_string(), *held)).collect(),
            note: (verdict == Verdict::Note).then(|| "=vu avec Zoé Martin".into()),
            moderator: "Camille".into(),
            made: MADE + after,
        };
        match self.store.decide(&target, &ruling).unwrap() {
            Outcome::Made { act, .. } => act,
            other => panic!("{other:?}"),
        }
    }

    fn vigie(&self, arguments: &[&str]) -> Ran {
        self.workdir.vigie(arguments)
    }

    fn written(&self, what: &str, format: &str) -> Ran {
        let arguments = ["decisions", "--db", "m.db", "--what", what, "--format", format];
        self.vigie(&arguments).done()
    }

    fn save(&self, what: &str, name: &str) {
        let marked = ["decisions", "--db", "m.db", "--excel", "--what", what, "-o", name];
        self.vigie(&marked).done();
        assert!(self.workdir.read(name).starts_with('\u{FEFF}'));
    }
}

/// 2023-11-14T22:13:20Z, and about a month in milliseconds.
const MADE: i64 = 1_700_000_000_000;
const MONTH: i64 = 30 * 24 * 3_600_000;

/// Takes inputs in with `vigie review`, which is closed when it is ready; what it said.
fn review(workdir: &Workdir, arguments: &[&str]) -> String {
    let folder = workdir.path("").to_path_buf();
    let mut command = program();
    command.current_dir(folder).arg("review").args(arguments);
    command.args(["--no-open", "--audit", "0", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _ = child.kill();
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    child.wait().unwrap();
    told
}

#[test]
fn the_log_is_written_whole() {
    let desk = Desk::decided();
    let table = desk.written("decisions", "csv").csv();
    let verdicts = table.column("decision_verdict");
    assert_eq!(
        verdicts,
        [
            "approve", "defer", "reject", "reject", "approve", "undo", "reject", "note", "reject",
            "undo", "defer"
        ]
    );
    assert_eq!(table.column("decision_undone").concat(), "00001000100");
    assert_eq!(table.column("decision_undoes")[5], "5");
    assert_eq!(table.column("decision_moderator")[5], "Noé");
    assert_eq!(table.column("decision_made")[2], "2023-11-14T22:13:20.002Z");
    assert_eq!(
        table.column("decision_labels")[6],
        "{\"conspiracy\":true,\"insult\":false,\"mépris\":true}"
    );
    // What a spreadsheet would run is not what stands there.
    assert_eq!(table.column("decision_note")[7], "'=vu avec Zoé Martin");
    assert_eq!(table.column("id")[2], "'=2");
    assert_eq!(table.column("author")[2], "'@Bob");
    assert_eq!(table.column("text")[2], format!("'{HOSTILE}"));
    assert_eq!(table.column("title")[2], "'-2+3 : le quai");
    let runs = |cell: &&String| cell.starts_with(['=', '@', '+', '-', '\t', '\r']);
    assert_eq!(table.rows.iter().flatten().find(runs), None);

    let lines = desk.written("decisions", "jsonl").jsonl();
    assert_eq!(lines.len(), table.rows.len());
    let names: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    assert!(names.iter().zip(&table.header).all(|(one, other)| *one == other));
    assert_eq!(lines[2]["text"], HOSTILE);
    assert_eq!(lines[2]["decision_advice"], "reject");
    assert!(lines[2]["decision_scores"]["insult"].as_f64().unwrap() > 0.5);
    assert_eq!(lines[0]["decision_reason"], Value::Null);
    assert!(!desk.written("decisions", "jsonl").text().contains('\u{202E}'));
}

#[test]
fn labels_are_what_stands() {
    let desk = Desk::decided();
    let table = desk.written("labels", "csv").csv();
    assert_eq!(table.column("id"), ["1", "'=2", "3", "4"]);
    // Approved: none. Rejected: what the reason says. For advertising: nothing is known. Said: as said.
    assert_eq!(table.column("insult"), ["0", "1", "", "0"]);
    assert_eq!(table.column("conspiracy"), ["0", "", "", "1"]);
    assert_eq!(table.column("mépris"), ["", "", "", "1"]);
    let lines = desk.written("labels", "jsonl").jsonl();
    assert_eq!((&lines[1]["insult"], &lines[1]["conspiracy"]), (&json!(1), &Value::Null));
}

#[test]
fn labels_are_trained_on_and_measured() {
    let desk = Desk::new();
    desk.decide("1", Verdict::Approve, "", &[], 0);
    desk.decide("=2", Verdict::Reject, "insult", &[], 1);
    desk.decide("5", Verdict::Approve, "", &[], 2);
    desk.decide("7", Verdict::Reject, "insult", &[], 3);
    for format in ["csv", "jsonl"] {
        let name = format!("labels.{format}");
        desk.workdir.write(&name, desk.written("labels", format).stdout);
        let ran = desk.vigie(&["evaluate", &name, "--label", "insult", "--format", "json"]);
        let report: Value = serde_json::from_str(ran.done().text()).unwrap();
        let insult = &report["labels"][0];
        assert_eq!((&insult["rows"], &insult["positives"]), (&json!(4), &json!(2)), "{insult}");
        let ran = desk.vigie(&["train", &name, "--base", "default", "-o", "mine.vigie"]).done();
        assert!(ran.stderr.contains("begun as default-"), "{}", ran.stderr);
    }
}

#[test]
fn what_was_decided_goes_into_another_database_once() {
    let desk = Desk::decided();
    desk.save("decisions", "decisions.csv");
    desk.save("labels", "labels.csv");
    let lines = desk.written("decisions", "jsonl");
    desk.workdir.write("decisions.jsonl", &lines.stdout);
    let labels = desk.written("labels", "csv").stdout;
    for (file, taken, past) in
        [("decisions.csv", 6, 5), ("decisions.jsonl", 6, 5), ("labels.csv", 4, 0)]
    {
        let database = format!("{file}.db");
        let told = review(&desk.workdir, &[file, "--db", &database]);
        assert!(told.contains(&format!("elsewhere: {taken} taken over")), "{file}: {told}");
        assert_eq!(told.contains(&format!(", {past} left out, taken back")), past > 0, "{told}");
        assert!(!told.contains("not understood") && !told.contains("expected"), "{told}");
        let write = |what: &str, format: &str| {
            let arguments = ["decisions", "--db", &database, "--what", what, "--format", format];
            desk.vigie(&arguments).done()
        };
        assert_eq!(write("labels", "csv").stdout, labels, "{file}");
        let log = write("decisions", "csv").stdout;
        let told = review(&desk.workdir, &[file, "--db", &database]);
        assert!(told.contains(&format!("0 taken over, {taken} known already")), "{told}");
        assert!(told.contains(": 0 new, "), "{told}");
        assert_eq!(write("decisions", "csv").stdout, log, "{file}: nothing twice");
        let there = write("labels", "jsonl").jsonl();
        assert_eq!((&there[1]["id"], &there[1]["text"]), (&json!("=2"), &json!(HOSTILE)), "{file}");
        let verified = Store::open(&desk.workdir.path(&database)).unwrap().verify().unwrap();
        assert!(matches!(verified, Verified::Whole(_)));
    }
    // Notes come along, with what else was said.
    let ran = desk.vigie(&["decisions", "--db", "decisions.csv.db", "--format", "jsonl"]).done();
    let log = ran.jsonl();
    assert_eq!(log[4]["decision_note"], "=vu avec Zoé Martin");
    assert_eq!(log[3]["decision_reason"], "conspiracy");
    // And back where they came from: all is known, what does not stand is left out.
    let told = review(&desk.workdir, &["decisions.csv", "--db", "m.db"]);
    assert!(told.contains("0 taken over, 6 known already, 5 left out, taken back"), "{told}");
}

#[test]
fn what_was_decided_here_stays() {
    let desk = Desk::decided();
    desk.save("labels", "labels.csv");
    let other = Desk::new();
    other.decide("=2", Verdict::Approve, "", &[], 9);
    std::fs::copy(desk.workdir.path("labels.csv"), other.workdir.path("labels.csv")).unwrap();
    let told = review(&other.workdir, &["labels.csv", "--db", "m.db"]);
    assert!(
        told.contains("3 taken over, 1 left out, on comments that were decided here"),
        "{told}"
    );
    let labels = other.written("labels", "csv").csv();
    assert_eq!(labels.column("decision_verdict"), ["approve", "approve", "reject", "reject"]);
    // An act that came in is taken back like any other.
    let act = other.store.last_act("Camille").unwrap().unwrap();
    assert!(matches!(other.store.undo(act, "Noé", 1).unwrap(), Outcome::Made { comments: 1, .. }));
}

#[test]
fn rows_that_cannot_be_read_are_named() {
    let desk = Desk::decided();
    let text = String::from_utf8(desk.written("labels", "csv").stdout).unwrap();
    let mut lines = text.replacen("2023-11-14T22:13:20Z", "hier", 1);
    lines = lines.replacen(",approve,", ",bless,", 1);
    desk.workdir.write("odd.csv", lines);
    let told = review(&desk.workdir, &["odd.csv", "--db", "odd.db"]);
    assert!(told.contains("odd.csv: record 1 (line 2): expected a verdict in decision_verdict"));
    assert!(told.contains("elsewhere: 3 taken over"), "{told}");
    assert!(told.contains("Comments: 4 read = 3 taken in + 1 rejected"), "{told}");
}

#[test]
fn counts_are_what_a_report_asks_for() {
    let desk = Desk::decided();
    desk.decide("1", Verdict::Reject, "off_topic", &[], MONTH + 5);
    // The fold of a view: one act on two comments.
    let view = View { author: Some("Ana".into()), band: Band::All, ..View::default() };
    let (waiting, last) = desk.store.waiting(&view).unwrap();
    assert_eq!(waiting, 1);
    let target = Target { to: To::View(view, last), seen: desk.store.head().unwrap().seq };
    let ruling = Ruling {
        verdict: Verdict::Approve,
        reason: String::new(),
        labels: BTreeMap::new(),
        note: None,
        moderator: "Noé".into(),
        made: MADE + MONTH + 6,
    };
    desk.store.decide(&target, &ruling).unwrap();
    let table = desk.written("counts", "csv").csv();
    let row = |month: &str, verdict: &str, reason: &str| -> Vec<String> {
        let is = |row: &&Vec<String>| row[0] == month && row[1] == verdict && row[2] == reason;
        table.rows.iter().find(is).unwrap_or_else(|| panic!("{month} {verdict} {reason}")).clone()
    };
    assert_eq!(
        table.header[8..],
        [
            "decisions",
            "in_bulk",
            "automated_detection",
            "advice_followed",
            "advice_not_followed",
            "advice_open",
            "without_advice",
            "taken_back",
            "revised",
            "standing"
        ]
    );
    let insult = row("2023-11", "reject", "insult");
    assert_eq!(
        insult[3..8],
        [
            "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
            "KEYWORD_OTHER",
            "DECISION_VISIBILITY_CONTENT_REMOVED",
            "AUTOMATED_DECISION_NOT_AUTOMATED"
        ]
    );
    assert_eq!(insult[8..].join(" "), "1 0 1 1 0 0 0 0 0 1");
    // The one on 1 was revised a month later, that on 4 taken back.
    let approved = row("2023-11", "approve", "");
    assert_eq!(
        (&approved[8], &approved[15..]),
        (&"2".to_string(), &["1", "1", "0"].map(String::from)[..])
    );
    assert_eq!(approved[3..7], ["", "", "", ""]);
    assert_eq!(row("2023-12", "reject", "other")[15..], ["1", "0", "0"]);
    assert_eq!(row("2023-12", "reject", "off_topic")[8..].join(" "), "1 0 0 0 1 0 0 0 0 1");
    assert_eq!(row("2023-12", "approve", "")[8], "1");
    assert_eq!(table.rows.len(), 7);
    let lines = desk.written("counts", "jsonl").jsonl();
    let sum: u64 = lines.iter().map(|line| line["decisions"].as_u64().unwrap()).sum();
    assert_eq!(sum, 8, "deferrals, notes and undoing are none");
}

#[test]
fn the_queue_of_a_view_is_written_in_its_order() {
    let desk = Desk::new();
    let cards = desk.store.list(&View::default(), None, 100).unwrap().cards;
    let ids: Vec<String> = cards.into_iter().map(|card| card.lead.comment.id).collect();
    assert!(ids.len() >= 2 && ids.contains(&"=2".to_string()), "{ids:?}");
    let lines = desk.written("queue", "jsonl").jsonl();
    let written: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(written, ids);
    for line in &lines {
        assert!(!line["vigie_reasons"].as_array().unwrap().is_empty(), "{line}");
    }
    let triage = desk.written("queue", "csv");
    assert_eq!(triage.csv().column("text").iter().filter(|text| text.starts_with('=')).count(), 0);
    let one = |view: &str| {
        let base = ["decisions", "--db", "m.db", "--what", "queue", "--format", "jsonl"];
        desk.vigie(&[&base[..], &["--view", view]].concat()).done().jsonl()
    };
    let found = one("http://127.0.0.1:8788/?author=%40Bob");
    assert_eq!((found.len(), &found[0]["author"]), (1, &json!("@Bob")));
    let found = one("author=%2BL%C3%A9a%2B&band=all");
    assert_eq!((found.len(), &found[0]["parent_author"]), (1, &json!("@Bob")));

    let page = desk.written("queue", "html").text().to_string();
    assert!(page.contains("default-src 'none'") && page.contains("<mark"), "{page}");
    assert!(!page.contains("<script") && !page.contains('\u{202E}'));
    for name in ["one.xlsx", "other.xlsx"] {
        let base = ["decisions", "--db", "m.db", "--what", "queue", "--format", "xlsx", "-o"];
        desk.vigie(&[&base[..], &[name]].concat()).done();
    }
    let read = |name: &str| std::fs::read(desk.workdir.path(name)).unwrap();
    assert_eq!(read("one.xlsx"), read("other.xlsx"));
    let told = desk.vigie(&["extract", "one.xlsx", "--format", "jsonl"]).done().jsonl();
    assert_eq!(told.len(), ids.len());
}

#[test]
fn the_chain_tells_what_was_done_to_it() {
    let desk = Desk::decided();
    let verify =
        |arguments: &[&str]| desk.vigie(&[&["audit", "verify", "m.db"][..], arguments].concat());
    let before = verify(&[]).done().text().to_string();
    let head = before.lines().nth(1).unwrap().strip_prefix("head: ").unwrap().to_string();
    assert!(before.starts_with("decisions: 11 whole\n") && head.len() == 64, "{before}");
    desk.decide("1", Verdict::Reject, "other", &[], 99);
    let told = verify(&["--head", &head]).done().text().to_string();
    assert!(told.ends_with("kept head: decision 11, 1 since\n"), "{told}");
    let later = told.lines().nth(1).unwrap().strip_prefix("head: ").unwrap().to_string();

    let intruder = Connection::open(desk.workdir.path("m.db")).unwrap();
    let triggers = "DROP TRIGGER decision_stays; DROP TRIGGER decision_holds;";
    intruder.execute_batch(triggers).unwrap();
    intruder.execute("DELETE FROM decision WHERE seq = 12", []).unwrap();
    verify(&[]).done();
    let cut = verify(&["--head", &later]);
    assert_eq!(cut.status, 1);
    assert!(
        cut.text().contains("broken: the chain of 11 never came to the head"),
        "{}",
        cut.text()
    );
    verify(&["--head", &head]).done();
    let changes = [
        ("UPDATE decision SET hash = x'00' WHERE seq = 11", 11),
        ("UPDATE decision SET reason = 'hate' WHERE seq = 3", 3),
        ("DELETE FROM decision WHERE seq = 2", 2),
    ];
    for (change, seq) in changes {
        intruder.execute(change, []).unwrap();
        let broken = verify(&[]);
        assert_eq!(broken.status, 1, "{change}");
        let told = format!("decisions: {} whole\nbroken: decision {seq}: ", seq - 1);
        assert!(broken.text().starts_with(&told), "{change}: {}", broken.text());
    }
    let none = desk.vigie(&["audit", "verify", "none.db"]);
    assert_eq!(none.status, 2);
    assert!(none.stderr.contains("none.db: no such database"), "{}", none.stderr);
    assert!(!desk.workdir.path("none.db").exists());
}

/// Whether a file of the folder that belongs to a database holds these bytes.
fn holds(workdir: &Workdir, database: &str, words: &str) -> bool {
    workdir.names().iter().filter(|name| name.starts_with(database)).any(|name| {
        let bytes = std::fs::read(workdir.path(name)).unwrap();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

#[test]
fn a_person_is_forgotten_and_the_rest_is_told() {
    let Desk { workdir, store } = Desk::decided();
    drop(store);
    assert!(holds(&workdir, "m.db", "Zoé Martin") && holds(&workdir, "m.db", "@Bob"));
    let ran = workdir.vigie(&["forget", "--author", "@Bob", "--db", "m.db"]).done();
    assert!(ran.stderr.contains("removed: comments 1, notes of moderators 0"), "{}", ran.stderr);
    assert!(ran.stderr.contains("out of reach: copies of the database"), "{}", ran.stderr);
    let martin = ["forget", "--author", "Zoé Martin", "--db", "m.db"];
    let ran = workdir.vigie(&martin).done();
    assert!(ran.stderr.contains("in which the name still stands: 1; --mentions"), "{}", ran.stderr);
    let ran = workdir.vigie(&[&martin[..], &["--mentions"]].concat()).done();
    assert!(ran.stderr.contains("removed: comments 0, notes of moderators 1"), "{}", ran.stderr);
    assert!(ran.stderr.contains("no comment stands under this very name"), "{}", ran.stderr);
    for words in ["Zoé Martin", "@Bob", "nidalas"] {
        assert!(!holds(&workdir, "m.db", words), "{words}");
    }
    workdir.vigie(&["audit", "verify", "m.db"]).done();
    // The log tells what was decided, of whom no more.
    let log = workdir.vigie(&["decisions", "--db", "m.db"]).done().csv();
    let at = log.column("decision_reason").iter().position(|reason| *reason == "insult").unwrap();
    assert_eq!(log.rows[at][15..].concat(), "");
    assert_eq!(log.rows.len(), 11);
    // Taken in elsewhere, it is about nobody there.
    workdir.write("log.csv", workdir.vigie(&["decisions", "--db", "m.db"]).done().stdout);
    let told = review(&workdir, &["log.csv", "--db", "other.db"]);
    assert!(told.contains(", 2 left out, on comments that are not here"), "{told}");
    assert!(told.contains("6 new, 0 known already"), "{told}");
    let none = workdir.vigie(&["forget", "--author", "X", "--db", "none.db"]);
    assert_eq!((none.status, workdir.path("none.db").exists()), (2, false));
}

#[test]
fn a_number_is_never_given_twice() {
    let desk = Desk::new();
    desk.decide("7", Verdict::Reject, "insult", &[], 0);
    desk.store.forget("'Guy", vigie::store::Mentions::Stay).unwrap();
    let judge = Judge::new(Model::shipped().unwrap(), &Settings::default()).unwrap();
    let late = comment("8", "Ida", "Une bonne nouvelle pour les riverains.");
    desk.store.import(&judge, 0.0, vec![late]).unwrap();
    assert_eq!(desk.written("labels", "csv").csv().rows, Vec::<Vec<String>>::new());
    assert_eq!(desk.card("8").seen, 0);
}

#[cfg(unix)]
#[test]
fn no_author_is_named_where_pseudonyms_are_kept() {
    use std::os::unix::fs::PermissionsExt;

    let workdir = Workdir::new();
    let mut table = String::from("id,author,date,text,parent,page\n");
    for (at, author) in ["Hortense Quai", "Ulysse79", "Hortense Quai"].iter().enumerate() {
        table += &format!("{at},{author},2026-11-02,Le pont numéro {at} est fermé.,,p\n");
    }
    workdir.write("comments.csv", &table);
    let mode =
        |path: &str| std::fs::metadata(workdir.path(path)).unwrap().permissions().mode() & 0o777;
    let taken = |database: &str| {
        review(&workdir, &["comments.csv", "--db", database, "--pseudonymise", "key.txt"])
    };
    let told = taken("one.db");
    assert!(told.contains("key.txt: a new key") && told.contains("3 new"), "{told}");
    assert_eq!(mode("key.txt"), 0o600);
    for author in ["Hortense", "Quai", "Ulysse79"] {
        assert!(!holds(&workdir, "one.db", author), "{author}");
    }
    // The same key, the same people.
    let told = taken("one.db");
    assert!(!told.contains("a new key") && told.contains("0 new, 3 known"), "{told}");
    let authors = |database: &str| -> Vec<String> {
        let store = Store::open(&workdir.path(database)).unwrap();
        let view = View { band: Band::All, state: Scope::All, ..View::default() };
        let mut cards = store.list(&view, None, 9).unwrap().cards;
        cards.sort_by_key(|card| card.lead.number);
        cards.into_iter().filter_map(|card| card.lead.comment.author).collect()
    };
    let first = authors("one.db");
    assert_eq!((first.len(), &first[0]), (3, &first[2]));
    assert_ne!(first[0], first[1]);
    taken("two.db");
    assert_eq!(authors("two.db"), first);

    let forget = ["forget", "--author", "Hortense Quai", "--db", "one.db"];
    let ran = workdir.vigie(&[&forget[..], &["--pseudonymise", "kye.txt"]].concat());
    assert!(ran.stderr.contains("kye.txt: there is no such key"), "{}", ran.stderr);
    assert!(!workdir.path("kye.txt").exists());
    let ran = workdir.vigie(&[&forget[..], &["--pseudonymise", "key.txt"]].concat()).done();
    assert!(ran.stderr.contains("removed: comments 2"), "{}", ran.stderr);
    assert_eq!(authors("one.db"), first[1..2]);

    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(workdir.path("key.txt"), open).unwrap();
    let told = taken("three.db");
    assert!(told.contains("key.txt: others can read this key (mode 0644)"), "{told}");
    workdir.write("key.txt", "secret\n");
    let closed = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(workdir.path("key.txt"), closed).unwrap();
    assert!(taken("three.db").contains("key.txt: expected a key of 64 hexadecimal digits"));
}

#[test]
fn what_cannot_be_written_is_said_before_it_is_tried() {
    let desk = Desk::new();
    let ran = desk.vigie(&["decisions", "--db", "m.db", "--format", "html"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("are written as csv or jsonl"), "{}", ran.stderr);
    let ran = desk.vigie(&["decisions", "--db", "m.db", "--what", "queue", "--format", "xlsx"]);
    assert!(ran.stderr.contains("name it with -o FILE"), "{}", ran.stderr);
    let ran = desk.vigie(&["decisions", "--db", "none.db", "-o", "out.csv"]);
    assert!(ran.stderr.contains("none.db: no such database"), "{}", ran.stderr);
    assert!(!desk.workdir.path("none.db").exists() && !desk.workdir.path("out.csv").exists());
    let table: Csv = desk.written("decisions", "csv").csv();
    assert!(table.rows.is_empty() && table.header.len() == 25);
}
