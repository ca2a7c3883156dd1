//! Tests the database as a whole: what is imported, decided, taken back and found again.

use std::collections::BTreeMap;

use super::*;
use crate::comment::{Comment, Status};
use crate::model::Model;
use crate::triage::{Advice, Settings};

struct Desk {
    store: Store,
    judge: Judge,
    _folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("m.db")).unwrap();
    let judge = Judge::new(Model::shipped().unwrap(), &Settings::default()).unwrap();
    store.keep_model(judge.scorer().model(), None, 1, None).unwrap();
    store.adopt(&judge).unwrap();
    Desk { store, judge, _folder: folder }
}

fn comment(id: &str, author: &str, text: &str, parent: Option<&str>) -> Comment {
    Comment {
        id: id.into(),
        author: Some(author.into()),
        text: text.into(),
        parent: parent.map(str::to_string),
        page: "https://journal.example/article".into(),
        ..Comment::default()
    }
}

fn some() -> Vec<Comment> {
    vec![
        comment("1", "Ana", "Merci pour cet article, il est très clair et bien documenté.", None),
        comment(
            "2",
            "Bob",
            "Espèce de sale crétin, tu es un abruti fini et un gros con.",
            Some("1"),
        ),
        comment(
            "3",
            "Ana",
            "Je ne suis pas d'accord avec la deuxième partie du raisonnement.",
            Some("2"),
        ),
        comment(
            "4",
            "Bob",
            "Ferme ta gueule pauvre connard, tu es trop débile pour comprendre.",
            Some("3"),
        ),
    ]
}

impl Desk {
    fn import(&self, comments: Vec<Comment>) -> Imported {
        self.store.import(&self.judge, 0.0, comments).unwrap()
    }

    fn all(&self) -> Vec<Card> {
        let view = View { band: Band::All, state: Scope::All, ..View::default() };
        self.store.list(&view, None, 100).unwrap().cards
    }

    fn card(&self, id: &str) -> Card {
        self.all().into_iter().find(|card| card.lead.comment.id == id).unwrap()
    }

    fn decide(&self, card: &Card, verdict: Verdict) -> Outcome {
        let target = Target { to: To::Item(card.item), seen: card.seen };
        self.store.decide(&target, &ruling(verdict)).unwrap()
    }
}

fn ruling(verdict: Verdict) -> Ruling {
    Ruling {
        verdict,
        reason: "insult".into(),
        labels: BTreeMap::from([("insult".to_string(), verdict == Verdict::Reject)]),
        note: Some("vu".into()),
        moderator: "Camille".into(),
        made: 1_700_000_000_000,
    }
}

fn act(outcome: &Outcome) -> i64 {
    match outcome {
        Outcome::Made { act, .. } => *act,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_worst_stands_first_with_what_is_around_it() {
    let desk = desk();
    let imported = desk.import(some());
    assert_eq!((imported.added, imported.known, imported.out), (4, 0, 0));
    let queue = desk.store.list(&View::default(), None, 10).unwrap();
    let ids: Vec<&str> = queue.cards.iter().map(|card| card.lead.comment.id.as_str()).collect();
    assert_eq!(queue.matching, Matching::Exactly(2));
    assert!(ids.contains(&"2") && ids.contains(&"4"), "{ids:?}");
    let card = desk.card("4");
    assert_eq!(card.lead.advice, Advice::Reject);
    assert_eq!(card.parent.as_ref().unwrap().id, "3");
    assert_eq!(card.history, Some(History { comments: 2, approved: 0, rejected: 0 }));
    let around = desk.store.around(&card.lead).unwrap();
    let above: Vec<&str> = around.above.iter().map(|one| one.comment.id.as_str()).collect();
    assert_eq!(above, ["1", "2", "3"]);
    let first = desk.store.around(&desk.card("1").lead).unwrap();
    assert_eq!((first.below.1, first.beside.1), (1, 0));
}

#[test]
fn a_page_ends_where_the_next_begins() {
    let desk = desk();
    desk.import(some());
    for order in Order::ALL {
        let view = View { band: Band::All, order: *order, ..View::default() };
        let whole: Vec<i64> =
            desk.store.list(&view, None, 100).unwrap().cards.iter().map(|card| card.item).collect();
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let page = desk.store.list(&view, after, 3).unwrap();
            paged.extend(page.cards.iter().map(|card| card.item));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole, "{order:?}");
        assert_eq!(whole.len(), 4);
    }
}

#[test]
fn importing_again_adds_nothing_and_keeps_decisions() {
    let desk = desk();
    desk.import(some());
    act(&desk.decide(&desk.card("2"), Verdict::Reject));
    let mut more = some();
    more.push(comment("5", "Cleo", "Un commentaire arrivé plus tard, tout à fait paisible.", None));
    more[2].text.push_str(" Et j'ajoute une phrase.");
    let again = desk.import(more);
    assert_eq!((again.added, again.known, again.changed), (2, 3, 1));
    assert_eq!(desk.card("2").lead.state, State::Rejected);
    let versions = desk.all().into_iter().filter(|card| card.lead.comment.id == "3").count();
    assert_eq!(versions, 1, "the old version left the queue");
    let mut gone = comment("6", "Dan", "x", None);
    gone.status = Some(Status::Spam);
    let out = desk.import(vec![gone]);
    assert_eq!((out.added, out.out), (0, 1));
}

#[test]
fn decisions_are_taken_back_and_never_lost() {
    let desk = desk();
    desk.import(some());
    let before = desk.card("2");
    let first = act(&desk.decide(&before, Verdict::Defer));
    assert_eq!(desk.card("2").lead.state, State::Deferred);
    let second = act(&desk.decide(&desk.card("2"), Verdict::Reject));
    assert_eq!(desk.card("2").counts.rejected, 1);
    // What was decided since stays.
    assert!(matches!(desk.store.undo(first, "Camille", 2).unwrap(), Outcome::Overtaken(_)));
    act(&desk.store.undo(second, "Camille", 3).unwrap());
    assert_eq!(desk.card("2").lead.state, State::Deferred);
    act(&desk.store.undo(first, "Camille", 4).unwrap());
    assert_eq!(desk.card("2").lead.state, State::Open);
    assert_eq!(desk.store.undo(first, "Camille", 5).unwrap(), Outcome::Nothing);
    let log = desk.store.decisions_on(before.lead.number).unwrap();
    let verdicts: Vec<&str> = log.iter().map(|decision| decision.verdict.name()).collect();
    assert_eq!(verdicts, ["defer", "reject", "undo", "undo"]);
    assert_eq!(log[1].scores.len(), 2);
    assert_eq!(log[1].advice, before.lead.advice.name());
}

#[test]
fn two_moderators_never_overwrite_each_other() {
    let desk = desk();
    desk.import(some());
    let (ours, theirs) = (desk.card("2"), desk.card("2"));
    act(&desk.decide(&theirs, Verdict::Approve));
    let Outcome::Overtaken(by) = desk.decide(&ours, Verdict::Reject) else { panic!() };
    assert_eq!((by.verdict, by.moderator.as_str()), (Verdict::Approve, "Camille"));
    assert_eq!(desk.card("2").lead.state, State::Approved);
}

#[test]
fn a_view_is_decided_as_it_was_previewed() {
    let desk = desk();
    desk.import(some());
    let view = View { author: Some("Bob".into()), ..View::default() };
    let (waiting, last) = desk.store.waiting(&view).unwrap();
    assert_eq!((waiting, last), (2, 4));
    let seen = desk.store.head().unwrap().seq;
    act(&desk.decide(&desk.card("4"), Verdict::Approve));
    desk.import(vec![comment("9", "Bob", "Tu n'es qu'un sale con, espèce d'abruti.", None)]);
    let target = Target { to: To::View(view, last), seen };
    let outcome = desk.store.decide(&target, &ruling(Verdict::Reject)).unwrap();
    assert!(matches!(outcome, Outcome::Made { comments: 1, .. }), "{outcome:?}");
    assert_eq!(desk.card("2").lead.state, State::Rejected);
    assert_eq!(desk.card("4").lead.state, State::Approved);
    assert_eq!(desk.card("9").lead.state, State::Open);
}

#[test]
fn the_log_tells_when_it_was_changed() {
    let desk = desk();
    desk.import(some());
    for id in ["1", "2", "3"] {
        act(&desk.decide(&desk.card(id), Verdict::Reject));
    }
    assert_eq!(desk.store.verify().unwrap(), Verified::Whole(desk.store.head().unwrap()));
    let intruder = Connection::open(desk.store.path()).unwrap();
    let refused = intruder.execute("UPDATE decision SET moderator = 'X' WHERE seq = 2", []);
    assert!(refused.unwrap_err().to_string().contains("never changed"));
    assert!(intruder.execute("DELETE FROM decision WHERE seq = 2", []).is_err());
    assert!(intruder.execute("UPDATE decision SET note = 'y' WHERE seq = 2", []).is_err());
    intruder.execute_batch("DROP TRIGGER decision_holds").unwrap();
    intruder.execute("UPDATE decision SET moderator = 'X' WHERE seq = 2", []).unwrap();
    let Verified::Broken { seq, why } = desk.store.verify().unwrap() else { panic!() };
    assert_eq!((seq, why), (2, "it is not what was decided"));
}

#[test]
fn a_person_is_forgotten_everywhere() {
    let desk = desk();
    let mut comments = some();
    comments[2].text = "Je réponds à Bob que ce n'est pas une manière de parler aux gens.".into();
    desk.import(comments);
    act(&desk.decide(&desk.card("2"), Verdict::Reject));
    let forgotten = desk.store.forget("Bob", Mentions::Stay).unwrap();
    assert_eq!(forgotten, Forgotten { comments: 2, notes: 1, mentions: 1 });
    desk.store.forget("Bob", Mentions::Go).unwrap();
    assert_eq!(desk.all().len(), 2);
    assert!(desk.card("3").lead.comment.text.contains("[…]"));
    assert!(matches!(desk.store.verify().unwrap(), Verified::Whole(_)));
    assert_eq!(desk.import(some()).forgotten, 2);
    for file in desk.store.path().parent().unwrap().read_dir().unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for trace in [&b"abruti fini"[..], b"Bob"] {
            assert!(memchr::memmem::find(&bytes, trace).is_none(), "{trace:?}");
        }
    }
}

#[test]
fn words_are_found_without_accents_and_by_their_beginning() {
    let desk = desk();
    desk.import(some());
    let found = |text: &str| {
        let view = View { text: Some(text.into()), band: Band::All, ..View::default() };
        desk.store.list(&view, None, 10).unwrap().cards.len()
    };
    assert_eq!((found("tres clair"), found("raison"), found("\"OR *")), (1, 1, 0));
}

#[test]
fn a_share_of_what_is_not_flagged_is_drawn_for_the_audit() {
    let desk = desk();
    let calm = (0..2000).map(|at| {
        comment(
            &format!("n{at}"),
            "Ana",
            &format!("La réunion numéro {at} aura lieu mardi à la mairie."),
            None,
        )
    });
    let comments: Vec<Comment> = some().into_iter().chain(calm).collect();
    let drawn = desk.store.import(&desk.judge, 0.02, comments).unwrap().drawn;
    assert!((20..=60).contains(&drawn), "{drawn} of some 2000 at 2 %");
    let queue = desk.store.list(&View::default(), None, 200).unwrap();
    let sampled = queue.cards.iter().filter(|card| card.lead.sample.is_some()).count() as u64;
    assert!(sampled > 0 && sampled <= drawn, "{sampled} of {drawn}");
    let kept = queue.cards.iter().find_map(|card| card.lead.sample).unwrap();
    assert_eq!(kept, 0.02);
}

#[test]
fn the_queue_has_its_indexes_after_an_import_and_after_one_that_was_ended() {
    let indexes = |path: &std::path::Path| -> Vec<String> {
        let database = rusqlite::Connection::open(path).unwrap();
        let mut query = database
            .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
            .unwrap();
        let names = query.query_map([], |row| row.get(0)).unwrap();
        names.collect::<rusqlite::Result<_>>().unwrap()
    };
    let desk = desk();
    let path = desk.store.path().to_path_buf();
    let before = indexes(&path);
    assert!(before.contains(&"item_queue".to_string()), "{before:?}");
    desk.import(some());
    assert_eq!(indexes(&path), before);
    // As an import leaves it that is killed.
    let database = rusqlite::Connection::open(&path).unwrap();
    super::schema::drop_indexes(&database).unwrap();
    assert!(indexes(&path).len() < before.len());
    Store::open(&path).unwrap();
    assert_eq!(indexes(&path), before);
}

#[test]
fn a_study_holds_what_waits_what_was_said_and_no_more_than_it_may() {
    let desk = desk();
    desk.import(some());
    let labels = ["insult".to_string(), "conspiracy".to_string()];
    act(&desk.decide(&desk.card("2"), Verdict::Approve));
    act(&desk.decide(&desk.card("3"), Verdict::Defer));
    let whole = desk.store.study(&labels, 100).unwrap();
    let exercise = |id: &str| {
        let number = desk.card(id).lead.number;
        whole.exercises.iter().find(|one| one.comment == number).unwrap().clone()
    };
    assert_eq!((whole.waiting, whole.held, whole.exercises.len(), whole.seq), (2, 2, 4, 2));
    assert_eq!(exercise("2").answer, Some(vec![Some(false), None]), "asked about one alone");
    assert!(exercise("3").answer.is_some(), "put off is not asked about again");
    assert_eq!((exercise("4").answer, exercise("4").drawn), (None, Drawn::Chance));
    assert_eq!((exercise("4").place.depth, exercise("4").probabilities.len()), (3, 2));

    // What was taken back is not said; what is decided since is.
    let undone = desk.store.last_act("Camille").unwrap().unwrap();
    act(&desk.store.undo(undone, "Camille", 3).unwrap());
    act(&desk.decide(&desk.card("4"), Verdict::Reject));
    let since = desk.store.said_since(whole.seq, &labels).unwrap();
    let of = |id: &str| since.answers[&desk.card(id).lead.number].clone();
    assert_eq!((since.answers.len(), since.seq, of("3")), (2, 4, None));
    assert!(of("4").is_some());

    let few = desk.store.study(&labels, 1).unwrap();
    assert_eq!((few.waiting, few.held), (2, 0), "half by place and half by chance of nothing");
    let whos = ["Le facteur", "Ma voisine", "Un pêcheur", "La chorale", "Notre épicier"];
    let whats = [
        "a réparé sa vieille barque",
        "chante sous la pluie",
        "cherche un parapluie bleu",
        "attend le dernier train",
        "plante des tulipes jaunes",
        "raconte une histoire drôle",
        "vend du miel de montagne",
        "apprend à jouer aux échecs",
    ];
    let calm = whos.iter().flat_map(|who| whats.iter().map(move |what| format!("{who} {what}.")));
    let calm = calm.enumerate().map(|(at, text)| comment(&format!("c{at}"), "Eva", &text, None));
    desk.import(calm.collect());
    let few = desk.store.study(&labels, 10).unwrap();
    let waits = few.exercises.iter().filter(|one| one.answer.is_none());
    let drawn = waits.clone().filter(|one| one.drawn == Drawn::Chance).count();
    assert_eq!((few.waiting, drawn, waits.count()), (42, 5, few.held));
    assert!((5..=10).contains(&few.held));
}
