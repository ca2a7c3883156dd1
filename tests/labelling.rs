//! The page that asks about one comment after the other: what it asks, what it learns, what comes of an answer.

use std::thread;
use std::time::Duration;

use crate::desk::{Desk, Page, fields};
use crate::workdir::Workdir;

const BEGINNINGS: [&str; 20] = [
    "Hier soir au marché",
    "Depuis que la piscine est fermée",
    "Dans le bus de sept heures",
    "À la réunion du quartier",
    "Pendant la fête des voisins",
    "Devant la boulangerie de la gare",
    "Sur le banc près du canal",
    "Au guichet de la mairie",
    "Derrière le vieux moulin",
    "À l'arrêt du tramway",
    "Après le match de dimanche",
    "Sous la halle aux poissons",
    "Chez le marchand de vélos",
    "Au bord de l'étang gelé",
    "Le long de la voie ferrée",
    "Pour la brocante de printemps",
    "En sortant de la bibliothèque",
    "Avant la pluie de ce matin",
    "Entre deux coups de fil",
    "Vers la fin du concert",
];
const ENDINGS: [&str; 10] = [
    "a encore demandé un plan de la ville",
    "racontait ses vacances à la montagne",
    "cherchait une place pour sa remorque",
    "a rangé trois chaises contre le mur",
    "voulait savoir quand ouvre le musée",
    "parlait de la nouvelle passerelle",
    "a goûté la soupe de potiron",
    "regardait passer les péniches",
    "attendait que le rideau se lève",
    "a noté le prix des tomates",
];

/// Two hundred comments, no two alike. One in five names a "zorglub", a word that no model knows.
fn comments() -> String {
    let mut lines = vec!["id,page,author,text".to_string()];
    for (first, beginning) in BEGINNINGS.iter().enumerate() {
        for (last, ending) in ENDINGS.iter().enumerate() {
            let who = if (first + last) % 5 == 3 { "ce zorglub" } else { "ma cousine" };
            let id = 10 * first + last;
            lines.push(format!(
                "{id},https://journal.example/vie,A{id},\"{beginning}, {who} {ending}.\""
            ));
        }
    }
    lines.join("\n")
}

fn desk(workdir: &Workdir) -> Desk {
    workdir.write("comments.csv", comments());
    Desk::with(workdir, &["comments.csv", "--audit", "0"])
}

/// The page, once its choice knows of every decision.
fn ask(desk: &Desk, path: &str) -> Page {
    for _ in 0..1200 {
        let page = desk.get(path);
        assert_eq!(page.status, 200, "{}", page.text);
        if page.values("#ask", "data-behind") == ["0"] {
            return page;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it never catches up");
}

fn text(page: &Page) -> String {
    page.texts(".asked .text").concat()
}

/// Presses an answer, and follows to where it leads.
fn answer(desk: &mut Desk, page: &Page, verdict: &str) -> String {
    let hidden = "form.answer input[type=hidden]";
    let names = page.values(hidden, "name").into_iter();
    let mut form: Vec<(String, String)> = names.zip(page.values(hidden, "value")).collect();
    form.extend(fields(&[("verdict", verdict)]));
    let done = desk.post("/decide", &form);
    assert_eq!(done.status, 303, "{}", done.text);
    done.header("location").to_string()
}

/// The first comments that are asked about, each answered as `verdict` says of its text.
fn asked(desk: &mut Desk, count: usize, verdict: fn(&str) -> &'static str) -> Vec<String> {
    let mut path = "/label?label=insult&strategy=risk".to_string();
    let mut texts = Vec::new();
    for _ in 0..count {
        let page = ask(desk, &path);
        texts.push(text(&page));
        path = answer(desk, &page, verdict(&texts[texts.len() - 1]));
    }
    texts
}

fn insulting(text: &str) -> bool {
    text.contains("zorglub")
}

#[test]
fn a_few_answers_bring_more_of_what_was_found() {
    let taught = |text: &str| if insulting(text) { "reject" } else { "approve" };
    let workdir = Workdir::new();
    let mut told = desk(&workdir);
    let texts = asked(&mut told, 30, taught);
    let found = |texts: &[String]| texts.iter().filter(|text| insulting(text)).count();
    let first = texts.iter().position(|text| insulting(text)).expect("one is met by chance");
    assert!(first < 10, "{texts:?}");
    // One in five bears the word; after half of the answers, nearly every question does.
    assert!(found(&texts[15..]) >= 12, "{texts:?}");
    let page = ask(&told, "/label");
    assert_eq!(page.values("#ask", "data-taught"), ["30"]);
    assert!(page.texts(".told")[0].starts_with("L’ordre tient compte de 30 réponses"));

    // Who puts everything off teaches nothing, and meets the word as often as it stands there.
    let workdir = Workdir::new();
    let mut untold = desk(&workdir);
    let untaught = asked(&mut untold, 30, |_| "defer");
    assert!(found(&untaught[15..]) <= 6, "{untaught:?}");
    assert_eq!(untaught[..=first], texts[..=first], "until then both know as much");
    assert!(ask(&untold, "/label").texts(".told")[0].starts_with("L’ordre vient du modèle seul"));

    // The same answers, the same questions.
    let workdir = Workdir::new();
    assert_eq!(asked(&mut desk(&workdir), 12, taught), texts[..12]);
}

#[test]
fn an_answer_is_a_decision_about_that_label_alone() {
    let workdir = Workdir::new();
    let mut desk = desk(&workdir);
    let page = ask(&desk, "/label");
    assert_eq!(page.texts("h1"), ["Est-ce insultant ?"]);
    assert_eq!(page.texts("title"), ["Étiqueter · vigie"]);
    assert_eq!(page.texts("nav [aria-current]"), ["Étiqueter"]);
    assert_eq!(page.texts(".count"), ["Pas encore de réponse dans cette série"]);
    assert_eq!(page.texts(".answer button"), ["Oui o", "Non n", "Passer s"]);
    // Nothing answers before the moderator does.
    let card = page.texts(".asked").concat();
    assert!(!card.contains('%') && !card.contains("vigie conseillait"), "{card}");
    assert!(page.texts("mark, .why, .history, .low").is_empty());

    let path = answer(&mut desk, &page, "reject");
    assert!(path.starts_with("/label?label=insult&strategy=risk&since=0&did=1"), "{path}");
    let next = ask(&desk, &path);
    assert_ne!(text(&next), text(&page));
    assert_eq!(next.texts(".count"), ["1 réponse · 1 trouvé · le dernier lu en était un"]);
    let told = &next.texts(".notice p")[0];
    assert!(told.starts_with("Rejeté. · vigie conseillait : ") && told.contains('%'), "{told}");
    let path = answer(&mut desk, &next, "approve");
    let next = ask(&desk, &path);
    let path = answer(&mut desk, &next, "approve");
    let next = ask(&desk, &path);
    let path = answer(&mut desk, &next, "defer");
    let next = ask(&desk, &path);
    let count = "3 réponses · 1 trouvé · aucun parmi les 2 derniers · 1 à plus tard";
    assert_eq!(next.texts(".count"), [count]);

    let log = workdir.vigie(&["decisions"]).done().csv();
    assert_eq!(log.column("decision_verdict"), ["reject", "approve", "approve", "defer"]);
    assert_eq!(log.column("decision_reason"), ["insult", "", "", ""]);
    let said = log.column("decision_labels");
    assert_eq!(
        said,
        [r#"{"insult":true}"#, r#"{"insult":false}"#, r#"{"insult":false}"#, ""],
        "nothing of conspiracy"
    );
    let labels = workdir.vigie(&["decisions", "--what", "labels"]).done().csv();
    let mut insult = labels.column("insult");
    insult.sort_unstable();
    assert_eq!(insult, ["0", "0", "1"]);
    assert_eq!(labels.column("conspiracy"), ["", "", ""]);

    // A new round counts anew; a label that the model lacks is not asked about.
    let anew = ask(&desk, "/label?label=joke&strategy=best");
    assert_eq!(anew.texts(".count"), ["Pas encore de réponse dans cette série"]);
    assert_eq!(anew.values("#f-label option[selected]", "value"), ["insult"]);
    let other = ask(&desk, "/label?label=conspiracy&strategy=mix");
    assert_eq!(other.texts("h1"), ["Est-ce complotiste ?"]);
    assert_eq!(other.values("#f-strategy option[selected]", "value"), ["mix"]);
    desk.language = "en";
    let english = ask(&desk, "/label?label=insult&strategy=uncertain");
    assert_eq!(english.texts("h1"), ["Is this insulting?"]);
    assert_eq!(english.texts(".answer button"), ["Yes y", "No n", "Skip s"]);
    assert!(english.texts(".told")[0].starts_with("The order takes 3 answers into account"));
    assert!(english.texts("#keys td").contains(&"Yes: reject with this label".to_string()));
}

#[test]
fn who_takes_an_answer_back_is_asked_again() {
    let workdir = Workdir::new();
    let mut desk = desk(&workdir);
    let page = ask(&desk, "/label");
    let path = answer(&mut desk, &page, "approve");
    let next = ask(&desk, &path);
    let act = next.values(".notice input[name=act]", "value").remove(0);
    let back = next.values(".notice input[name=back]", "value").remove(0);
    let undone = desk.post("/undo", &fields(&[("act", &act), ("back", &back)]));
    assert_eq!(undone.status, 303);
    let again = ask(&desk, undone.header("location"));
    assert_eq!(text(&again), text(&page));
    assert_eq!(again.texts(".notice p"), ["Décision annulée."]);
    assert_eq!(again.texts(".count"), ["Pas encore de réponse dans cette série"]);
    // And it is answered otherwise, which is what the learner hears.
    let path = answer(&mut desk, &again, "reject");
    assert_eq!(
        ask(&desk, &path).texts(".count"),
        ["1 réponse · 1 trouvé · le dernier lu en était un"]
    );
    let log = workdir.vigie(&["decisions"]).done().csv();
    assert_eq!(log.column("decision_verdict"), ["approve", "undo", "reject"]);
}

#[test]
fn two_moderators_are_asked_about_different_comments() {
    let workdir = Workdir::new();
    let mut desk = desk(&workdir);
    let camille = ask(&desk, "/label");
    desk.post("/who", &fields(&[("name", "Noé"), ("back", "/")]));
    let noe = ask(&desk, "/label");
    assert_ne!(text(&noe), text(&camille));
    let cookies = std::mem::take(&mut desk.cookies);
    assert_eq!(text(&ask(&desk, "/label")), text(&camille), "hers as long as she looks at it");
    // Whoever answers what another has answered is told so.
    answer(&mut desk, &camille, "approve");
    desk.cookies = cookies;
    let names = camille.values("form.answer input", "name").into_iter();
    let mut form: Vec<(String, String)> =
        names.zip(camille.values("form.answer input", "value")).collect();
    form.extend(fields(&[("verdict", "reject")]));
    let conflict = desk.post("/decide", &form);
    assert_eq!(conflict.status, 409);
    assert!(conflict.texts(".theirs")[0].starts_with("Camille a choisi"));
    // Each counts their own answers.
    assert_eq!(
        ask(&desk, "/label?since=0").texts(".count"),
        ["Pas encore de réponse dans cette série"]
    );
}

#[test]
fn a_campaign_is_answered_once() {
    let workdir = Workdir::with(&["desk/comments.csv"]);
    let mut desk = Desk::with(&workdir, &["comments.csv", "--audit", "0"]);
    let mut path = "/label?label=insult&strategy=risk".to_string();
    for _ in 0..60 {
        let page = ask(&desk, &path);
        if page.texts(".asked .fold").is_empty() {
            path = answer(&mut desk, &page, "defer");
            continue;
        }
        assert_eq!(page.texts(".asked .fold"), ["et 3 presque identiques"]);
        path = answer(&mut desk, &page, "reject");
        let next = ask(&desk, &path);
        assert_eq!(next.texts(".notice p"), ["Rejeté. · 4 commentaires"]);
        assert!(next.texts(".count")[0].starts_with("1 réponse · 1 trouvé"));
        // To its end: then nothing is asked any more.
        let mut page = next;
        while !text(&page).is_empty() {
            path = answer(&mut desk, &page, "approve");
            page = ask(&desk, &path);
        }
        assert_eq!(page.texts(".empty p")[0], "Plus rien à étiqueter ici.");
        return;
    }
    panic!("the campaign is never asked about");
}

#[test]
fn what_is_imported_meanwhile_is_asked_about() {
    let workdir = Workdir::new();
    let first = desk(&workdir);
    let calm = text(&ask(&first, "/label"));
    let harsh = "Espèce de sale con, pauvre abruti, tu n'es qu'un crétin fini.";
    workdir.write(
        "more.csv",
        format!("id,page,author,text\n900,https://journal.example/vie,Z,\"{harsh}\""),
    );
    let second = Desk::with(&workdir, &["more.csv", "--audit", "0"]);
    drop(second);
    for _ in 0..200 {
        let now = text(&ask(&first, "/label"));
        if now == harsh {
            return;
        }
        assert_eq!(now, calm);
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it is never asked about");
}

#[test]
fn another_model_begins_anew() {
    let workdir = Workdir::with(&["labelled/train.csv"]);
    workdir.write("words.txt", "zorglub\n");
    let train =
        ["train", "train.csv", "--base", "default", "--watch", "words.txt", "-o", "mine.vigie"];
    workdir.vigie(&train).done();
    let mut desk = desk(&workdir);
    assert!(!insulting(&text(&ask(&desk, "/label"))));
    // It is kept by a second desk, which closes again; here it advises nobody before it is switched to.
    drop(Desk::with(&workdir, &["--model", "mine.vigie"]));
    assert!(!insulting(&text(&ask(&desk, "/label"))));
    let models = desk.get("/models").values("article.model", "data-model");
    let mine = models.into_iter().find(|name| name.starts_with("mine-")).unwrap();
    assert_eq!(desk.post("/switch", &fields(&[("model", &mine)])).status, 303);
    for _ in 0..400 {
        if insulting(&text(&ask(&desk, "/label"))) {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it goes on with the old model");
}

#[test]
fn strangers_answer_nothing_and_the_desk_ends_when_told() {
    let workdir = Workdir::new();
    let mut desk = desk(&workdir);
    ask(&desk, "/label");
    let body = "verdict=reject&item=1&seen=0&asked=insult&label.insult=1";
    let post = |headers: &str| {
        desk.raw(&format!(
            "POST /decide HTTP/1.1\r\nHost: ADDRESS\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        ))
    };
    assert!(post("Origin: https://evil.example\r\n").contains("403"));
    let embedded = "GET /label HTTP/1.1\r\nHost: ADDRESS\r\nConnection: close\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n\r\n";
    assert!(desk.raw(embedded).contains("403"));
    assert!(workdir.vigie(&["decisions"]).done().csv().rows.is_empty());
    let unknown = fields(&[("verdict", "reject"), ("item", "1"), ("seen", "0"), ("asked", "joke")]);
    assert_eq!(desk.post("/decide", &unknown).status, 400);

    #[cfg(unix)]
    {
        let id = desk.child.id().to_string();
        let told = std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(told.success());
        assert!(desk.child.wait().unwrap().success());
    }
}
