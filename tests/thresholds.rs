//! Where review begins: by a target, by a budget, by the newsroom's settings.

use vigie::model::Model;

use crate::workdir::{Ran, Workdir};

const WEEK: &str = "semaine.csv";

fn workdir() -> Workdir {
    Workdir::with(&["archive/semaine.csv"])
}

/// The review threshold of a label, as it was told.
fn told(ran: &Ran, label: &str) -> f64 {
    let begin = format!("{label}: review from ");
    let line = ran.told().into_iter().find_map(|line| line.strip_prefix(&begin));
    let line = line.unwrap_or_else(|| panic!("nothing of {label} in {}", ran.stderr));
    line.split(": ").next().unwrap().parse().unwrap()
}

/// The advice by id.
fn advice(ran: &Ran) -> Vec<(String, String)> {
    let table = ran.csv();
    let (ids, advice) = (table.column("id"), table.column("vigie_advice"));
    ids.iter().zip(advice).map(|(id, advice)| (id.to_string(), advice.to_string())).collect()
}

#[test]
fn a_target_becomes_a_threshold_for_each_label() {
    let workdir = workdir();
    let ran = workdir.vigie(&["score", WEEK, "--target", "recall=0.9"]).done();
    let (insult, conspiracy) = (told(&ran, "insult"), told(&ran, "conspiracy"));
    assert!(ran.stderr.contains("recall 0.9"), "{}", ran.stderr);
    let table = ran.csv();
    let scores = |label: &str| -> Vec<f64> {
        table.column(label).iter().map(|cell| cell.parse().unwrap()).collect()
    };
    let flagged = scores("vigie_insult").into_iter().zip(scores("vigie_conspiracy"));
    for ((one, other), advice) in flagged.zip(table.column("vigie_advice")) {
        assert_eq!(one >= insult || other >= conspiracy, advice != "approve", "{one} {other}");
    }
    // A wish that asks for more flags more.
    let more = workdir.vigie(&["score", WEEK, "--target", "recall=0.99"]).done();
    assert!(told(&more, "insult") < insult);
    let one = ["triage", WEEK, "--target", "precision=0,5", "--label", "insult"];
    let ran = workdir.vigie(&one).done();
    assert!(told(&ran, "insult") > 0.0 && !ran.stderr.contains("conspiracy: review"));
}

#[test]
fn what_cannot_be_granted_is_told_in_one_line() {
    let workdir = workdir();
    let wish = ["triage", WEEK, "--target", "precision=1", "--label", "conspiracy"];
    let ran = workdir.vigie(&wish);
    assert_eq!((ran.status, ran.text()), (2, ""));
    let [line] = ran.told()[..] else { panic!("{}", ran.stderr) };
    assert!(
        line.contains("precision=1 is out of reach in folds; the best is precision=0."),
        "{line}"
    );

    // Where another label grants it, the one that cannot does its best, and says so.
    let ran = workdir.vigie(&["triage", WEEK, "--target", "precision=0.9"]).done();
    let short = "conspiracy: precision=0.9 is out of reach in folds; the best is precision=0.";
    assert!(ran.told().iter().any(|line| line.starts_with(short)), "{}", ran.stderr);
    assert!(told(&ran, "insult") > 0.0 && told(&ran, "conspiracy") > 0.0);

    // A model of an earlier vigie.
    let mut old = Model::shipped().unwrap();
    old.heads.iter_mut().for_each(|head| head.curve = None);
    workdir.write("old.vigie", old.to_bytes());
    let ran = workdir.vigie(&["score", WEEK, "--model", "old.vigie", "--target", "recall=0.9"]);
    let line = "vigie: insult: model: it has no operating curve on which recall=0.9 could be found: train it again";
    assert_eq!((ran.status, ran.told()), (2, vec![line]));
    let scores = |model: &[&str]| {
        let table = workdir.vigie(&[&["score", WEEK], model].concat()).done().csv();
        table.column("vigie_insult").iter().map(|cell| cell.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(scores(&["--model", "old.vigie"]), scores(&[]), "it scores all the same");

    for wrong in [
        &["--target", "recall=0.9", "--threshold", "0.3"][..],
        &["--budget", "3", "--target", "recall=0.9"],
        &["--budget", "3", "--threshold", "0.3"],
        &["--budget", "0"],
        &["--target", "recall=2"],
        &["--target", "f1=0.5"],
    ] {
        assert_eq!(workdir.vigie(&[&["triage", WEEK], wrong].concat()).status, 2, "{wrong:?}");
    }
}

#[test]
fn a_model_of_ones_own_has_a_curve() {
    let workdir = Workdir::with(&["labelled/train.csv", "labelled/holdout.csv"]);
    workdir.vigie(&["train", "train.csv", "-o", "mine.vigie"]).done();
    let arguments = ["score", "holdout.csv", "--model", "mine.vigie", "--target", "recall=0.9"];
    assert!(told(&workdir.vigie(&arguments).done(), "insult") > 0.0);
}

#[test]
fn a_budget_is_read_to_its_last_comment() {
    let workdir = workdir();
    let plain = workdir.vigie(&["triage", WEEK]).done();
    let order = |ran: &Ran| advice(ran).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    for budget in [1, 5, 15, 24, 100] {
        let number = budget.to_string();
        let ran = workdir.vigie(&["triage", WEEK, "--budget", &number]).done();
        assert_eq!(order(&ran), order(&plain), "the queue stands as it stood");
        let flagged = |ran: &Ran| advice(ran).iter().filter(|(_, a)| a != "approve").count();
        assert_eq!(flagged(&ran), budget.min(24));
        let read =
            format!("budget {budget}: {} of 24 comments to read: insult from ", budget.min(24));
        assert!(ran.stderr.contains(&read), "{}", ran.stderr);
        let left = format!(
            "budget {budget}: {} left unread, among them an estimated ",
            24 - budget.min(24)
        );
        assert!(ran.stderr.contains(&left), "{}", ran.stderr);
        let table = ran.csv();
        let reasons = table.column("vigie_reasons");
        assert!(reasons[budget.min(24)..].iter().all(|reasons| reasons.is_empty()));
        let only = workdir.vigie(&["triage", WEEK, "--budget", &number, "--flagged"]).done();
        assert_eq!(order(&only), order(&ran)[..budget.min(24)]);
        // The estimate is the sum of what is left.
        let sum: f64 = table.column("vigie_insult")[budget.min(24)..]
            .iter()
            .map(|cell| cell.parse::<f64>().unwrap())
            .sum();
        let (_, told) = ran.stderr.split_once("estimated insult ").unwrap();
        let told: f64 = told.split(',').next().unwrap().parse().unwrap();
        assert!((told - sum).abs() <= 0.051, "{told} is not {sum}");
    }
    // --top cuts what is written, and changes no advice.
    let top = workdir.vigie(&["triage", WEEK, "--top", "2"]).done();
    assert_eq!(advice(&top), advice(&plain)[..2]);
    for format in ["jsonl", "html", "table"] {
        let ran = workdir.vigie(&["triage", WEEK, "--budget", "5", "--format", format]).done();
        assert!(!ran.text().is_empty());
    }
    let jsonl = workdir.vigie(&["triage", WEEK, "--budget", "5", "--format", "jsonl"]).done();
    let approved = jsonl.jsonl().iter().filter(|one| one["vigie_advice"] == "approve").count();
    assert_eq!(approved, 19, "every format says the same");
}

#[test]
fn settings_lie_beside_the_comments_or_are_named() {
    let workdir = workdir();
    workdir.write(
        "vigie.toml",
        "budget = 3\nseconds = 12\n[bands.insult]\nreview = 0.01\nreject = 0.02\n",
    );
    let ran = workdir.vigie(&["score", WEEK]).done();
    assert!(ran.stderr.starts_with("vigie.toml: bands for insult; budget 3; 12 s a comment\n"));
    let table = ran.csv();
    for (score, advice) in table.column("vigie_insult").iter().zip(table.column("vigie_advice")) {
        let score: f64 = score.parse().unwrap();
        assert!(score < 0.02 || advice == "reject", "{score} {advice}");
        assert!(score < 0.01 || advice != "approve", "{score} {advice}");
    }
    // Which labels count is for the command line to say; where review begins, too.
    let typed = workdir.vigie(&["score", WEEK, "--threshold", "0.5", "--label", "insult"]).done();
    let table = typed.csv();
    for (score, advice) in table.column("vigie_insult").iter().zip(table.column("vigie_advice")) {
        assert_eq!(score.parse::<f64>().unwrap() >= 0.5, advice == "reject", "{score} {advice}");
    }
    let flagged = |ran: &Ran| advice(ran).iter().filter(|(_, a)| a != "approve").count();
    assert_eq!(flagged(&workdir.vigie(&["triage", WEEK]).done()), 3);
    assert_eq!(flagged(&workdir.vigie(&["triage", WEEK, "--budget", "4"]).done()), 4);
    let ran = workdir.vigie(&["triage", WEEK, "--threshold", "0"]).done();
    assert_eq!(flagged(&ran), 24);
    assert!(ran.stderr.contains("budget 3 set aside: "), "{}", ran.stderr);

    workdir.write("other.toml", "[bands.conspiracy]\ntarget = \"recall=0.9\"\n");
    let ran = workdir.vigie(&["score", WEEK, "--config", "other.toml"]).done();
    assert!(ran.stderr.starts_with("other.toml: bands for conspiracy\nconspiracy: review from "));
    assert!(!ran.stderr.contains("vigie.toml"), "only the file that was named");
}

#[test]
fn settings_that_make_no_sense_are_refused_with_file_and_key() {
    let workdir = workdir();
    for (text, told) in [
        (
            "[bands.spam]\nreview = 0.5\n",
            "vigie: mine.toml: bands.spam: no label “spam”; this model has insult, conspiracy",
        ),
        (
            "[bands.insult]\nreview = 0.5\nreject = 1.5\n",
            "vigie: mine.toml: line 3: reject = 1.5: expected a number from 0 to 1, found 1.5",
        ),
        (
            "budgets = 5\n",
            "vigie: mine.toml: line 1: budgets = 5: unknown field `budgets`, expected one of `bands`, `budget`, `seconds`",
        ),
        (
            "[bands.insult]\nreview = 0.5\nreject = 0.4\n",
            "vigie: mine.toml: bands.insult.review: expected at most reject = 0.4000, found 0.5000",
        ),
    ] {
        workdir.write("mine.toml", text);
        for command in ["triage", "score", "simulate"] {
            let ran = workdir.vigie(&[command, WEEK, "--config", "mine.toml"]);
            let lines: Vec<&str> = ran.stderr.lines().collect();
            assert_eq!((ran.status, ran.text(), lines.last()), (2, "", Some(&told)), "{command}");
        }
    }
    workdir.write("mine.toml", "[bands.conspiracy]\ntarget = \"precision=1\"\n");
    let ran = workdir.vigie(&["score", WEEK, "--config", "mine.toml"]);
    let line = "vigie: mine.toml: bands.conspiracy.target: precision=1 is out of reach in folds; ";
    assert!(ran.status == 2 && ran.stderr.contains(line), "{}", ran.stderr);
    let ran = workdir.vigie(&["score", WEEK, "--config", "gone.toml"]);
    assert!(ran.status == 2 && ran.stderr.starts_with("vigie: gone.toml: "), "{}", ran.stderr);
}
