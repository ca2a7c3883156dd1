//! The dashboard over HTTP: the real program on comments of ours that were decided over weeks, by several moderators.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use scraper::{ElementRef, Html, Selector};
use vigie::store::{Band, Card, Outcome, Ruling, Scope, Store, Target, To, Verdict, View};
use vigie::triage::Advice;

use crate::workdir::{Workdir, program};

/// Monday, 23 November 2026, 12:00 UTC, in milliseconds, and a week.
const MONDAY: i64 = 1_795_435_200_000;
const WEEK: i64 = 7 * 86_400_000;

/// A name that would run if it could.
const HOSTILE: &str = "<script>alert('moi')</script>";

/// A desk that is open, closed with the test.
struct Desk {
    child: Child,
    base: String,
    workdir: Workdir,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Desk {
    /// A desk on the fixture, of whose unflagged comments this share is drawn.
    fn open(audit: &str) -> Desk {
        let workdir = Workdir::with(&["desk/comments.csv"]);
        let mut command = program();
        command.args([
            "review",
            "comments.csv",
            "--no-open",
            "--listen",
            "127.0.0.1:0",
            "--audit",
            audit,
        ]);
        command.current_dir(workdir.path("")).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut base = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut base).unwrap();
        Desk { child, base: base.trim().to_string(), workdir }
    }

    fn store(&self) -> Store {
        Store::open(&self.workdir.path("moderation.vigie.db")).unwrap()
    }

    fn page(&self, language: &str) -> String {
        let asked =
            ureq::get(format!("{}dashboard", self.base)).header("accept-language", language);
        let mut answer = asked.call().unwrap();
        assert_eq!(answer.status(), 200);
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_string();
        assert!(policy.contains("default-src 'none'"), "{policy}");
        answer.body_mut().read_to_string().unwrap()
    }
}

fn cards(store: &Store) -> Vec<Card> {
    let view = View { band: Band::All, state: Scope::All, ..View::default() };
    store.list(&view, None, 100).unwrap().cards
}

fn decide(store: &Store, card: &Card, verdict: Verdict, who: &str, made: i64) -> i64 {
    let rejects = verdict == Verdict::Reject;
    let labels = BTreeMap::from([("insult".to_string(), rejects)]);
    let (reason, note, moderator) = (String::new(), None, who.to_string());
    let ruling = Ruling { verdict, reason, labels, note, moderator, made };
    match store.decide(&Target { to: To::Item(card.item), seen: card.seen }, &ruling).unwrap() {
        Outcome::Made { act, .. } => act,
        outcome => panic!("{outcome:?}"),
    }
}

fn texts(page: &str, selector: &str) -> Vec<String> {
    let found = Selector::parse(selector).unwrap();
    let text = |element: ElementRef| {
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    Html::parse_document(page).select(&found).map(text).collect()
}

#[test]
fn before_anything_is_decided_the_page_says_what_is_not_known() {
    let desk = Desk::open("0");
    let page = desk.page("fr");
    assert_eq!(texts(&page, "h1"), ["Qu’est-ce que la file a manqué ?"]);
    let told = texts(&page, ".findings p");
    assert!(told[0].starts_with("Aucun commentaire signalé n’est encore décidé. "), "{told:?}");
    assert!(told[1].contains("on ne sait pas ce que la file a manqué"), "{told:?}");
    let needs = texts(&page, ".findings li");
    assert!(needs.iter().any(|need| need.contains("vigie review --audit")), "{needs:?}");
    assert!(texts(&page, "svg").is_empty());
}

#[test]
fn the_dashboard_tells_what_was_caught_and_missed() {
    let desk = Desk::open("1");
    let store = desk.store();
    let (passed, flagged): (Vec<Card>, Vec<Card>) =
        cards(&store).into_iter().partition(|card| card.lead.advice == Advice::Approve);
    // Everything that is flagged comes down, but for one; of the others, all drawn, one was missed.
    let fold = flagged.iter().map(|card| card.counts.members as usize).sum::<usize>();
    for (at, card) in flagged.iter().enumerate() {
        let verdict = if at == 0 { Verdict::Approve } else { Verdict::Reject };
        let act = decide(&store, card, verdict, "Ana", MONDAY);
        if at == 1 {
            store.undo(act, "Ana", MONDAY + 1).unwrap();
        }
    }
    let undone = cards(&store).into_iter().find(|card| card.item == flagged[1].item).unwrap();
    decide(&store, &undone, Verdict::Reject, "Ana", MONDAY + 2);
    for (at, card) in passed.iter().enumerate() {
        let verdict = if at == 0 { Verdict::Reject } else { Verdict::Approve };
        decide(&store, card, verdict, HOSTILE, MONDAY + 2 * WEEK);
    }

    let tally = store.tally().unwrap();
    let first = flagged[0].counts.members as usize;
    assert_eq!((tally.whole.flagged.approved, tally.whole.flagged.rejected), (first, fold - first));
    assert_eq!((tally.whole.unflagged.rejected, tally.whole.audit.count), (1, 1));
    assert_eq!(tally.whole.audit.of, passed.len());
    let missed = tally.whole.missed.unwrap();
    // All were drawn: it is counted, not estimated.
    assert_eq!((missed.value, missed.interval.low, missed.interval.high), (1.0, 1.0, 1.0));
    let caught = (fold - first) as f64;
    assert!((tally.whole.recall.unwrap().value - caught / (caught + 1.0)).abs() < 1e-12);
    assert_eq!(tally.whole.reversed.count, flagged[1].counts.members as usize);

    let page = desk.page("fr");
    let told = texts(&page, ".findings p");
    assert!(
        told[0].starts_with(&format!("Sur {fold} commentaires signalés et décidés, ")),
        "{told:?}"
    );
    let of = passed.len();
    let expected = format!(
        "Parmi {of} commentaires non signalés, la file en aurait manqué environ 1 à rejeter (1 à 1), d’après ceux tirés au \
         sort et relus : {of}, dont 1 à rejeter."
    );
    assert_eq!(told[1], expected);
    assert!(
        told[2].starts_with("De tout ce qui était à rejeter, elle aurait donc signalé 9"),
        "{told:?}"
    );

    // Five charts by week, four by label and by moderator, each with its name; the same in tables.
    assert_eq!(texts(&page, "figure.chart svg").len(), 13);
    let ids = Selector::parse("svg [id]").unwrap();
    let html = Html::parse_document(&page);
    let mut ids: Vec<&str> = html.select(&ids).filter_map(|one| one.attr("id")).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "ids are unique");
    let heads = texts(&page, ".tabled tbody th");
    for name in
        ["S50 7 décembre 2026", "S48 23 novembre 2026", "insulte", "complotisme", "Ana", HOSTILE]
    {
        assert!(heads.contains(&name.to_string()), "{name}: {heads:?}");
    }
    let counts = texts(&page, "section > .scroll tbody tr:last-child td");
    assert_eq!(counts, [of - 1, 1, 0, 0, of].map(|count| count.to_string()));
    // A week without decisions has its place.
    let weeks = texts(&page, "svg desc");
    assert!(weeks[0].contains("S49 : 0 approuvés, 0 rejetés, 0 différés"), "{weeks:?}");

    // Nothing in it acts, or is styled where the policy forbids it.
    assert!(!page.contains("<script>alert") && !page.contains(" style="));
    let page = desk.page("en");
    let told = texts(&page, ".findings p");
    assert!(told[0].starts_with(&format!("Of {fold} comments flagged and decided, ")), "{told:?}");
    assert!(told[1].contains("the queue would have missed about 1 to reject (1 to 1)"), "{told:?}");
}
