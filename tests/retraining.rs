//! A model that begins as another: a few labels help, and wreck nothing; a site's own words count.

use serde_json::Value;

use crate::workdir::{Csv, Workdir};

/// Our labelled rows, and a folder to train in.
fn workdir() -> Workdir {
    Workdir::with(&["labelled/train.csv", "labelled/holdout.csv"])
}

/// Trains on the file with these arguments and returns what was said.
fn train(workdir: &Workdir, file: &str, arguments: &[&str], output: &str) -> String {
    workdir.vigie(&[&["train", file, "-o", output], arguments].concat()).done().stderr
}

fn auc(workdir: &Workdir, label: &str, model: &[&str]) -> f64 {
    let arguments = ["evaluate", "holdout.csv", "--format", "json", "--label", label];
    let report: Value =
        serde_json::from_str(workdir.vigie(&[&arguments, model].concat()).done().text()).unwrap();
    report["labels"][0]["auc"].as_f64().unwrap()
}

/// The first rows of the training file.
fn first(workdir: &Workdir, rows: usize) -> String {
    let text = workdir.read("train.csv");
    let table = Csv::parse(&text, b',');
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&table.header).unwrap();
    table.rows[..rows].iter().for_each(|row| out.write_record(row).unwrap());
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

#[test]
fn a_base_is_kept_near_and_named() {
    let workdir = workdir();
    workdir.write("few.csv", first(&workdir, 40));
    let told = train(&workdir, "few.csv", &["--base", "default"], "few.vigie");
    assert!(told.contains(", begun as default-"), "{told}");
    let bytes = std::fs::read(workdir.path("few.vigie")).unwrap();
    train(&workdir, "few.csv", &["--base", "default"], "few.vigie");
    assert_eq!(std::fs::read(workdir.path("few.vigie")).unwrap(), bytes, "the same every time");

    train(&workdir, "few.csv", &["--label", "insult"], "scratch.vigie");
    let scratch = auc(&workdir, "insult", &["--model", "scratch.vigie"]);
    for label in ["insult", "conspiracy"] {
        let (shipped, few) =
            (auc(&workdir, label, &[]), auc(&workdir, label, &["--model", "few.vigie"]));
        assert!(few > shipped - 0.02, "{label}: {few} on a base of {shipped}");
        assert!(label != "insult" || few > scratch + 0.05, "{few}, from scratch {scratch}");
    }

    // A model that begun as another can be begun from itself.
    let told = train(&workdir, "train.csv", &["--base", "few.vigie"], "more.vigie");
    assert!(told.contains(", begun as few-"), "{told}");
    assert!(
        auc(&workdir, "insult", &["--model", "more.vigie"]) > auc(&workdir, "insult", &[]) - 0.02
    );
}

#[test]
fn labels_are_added_and_the_others_stay_as_they_were() {
    let workdir = workdir();
    train(&workdir, "train.csv", &["--base", "default", "--label", "joke"], "joke.vigie");
    let before = workdir.vigie(&["score", "holdout.csv"]).done().csv();
    let after = workdir.vigie(&["score", "holdout.csv", "--model", "joke.vigie"]).done().csv();
    for label in ["vigie_insult", "vigie_conspiracy"] {
        assert_eq!(after.column(label), before.column(label));
    }
    assert!(after.column("vigie_joke").iter().any(|score| *score != "0.0000"));

    // One class alone says nothing: no label moves.
    workdir.write("calm.csv", "text,insult\nLe tram passe,0\nIl pleut,0\n");
    let ran = workdir.vigie(&["train", "calm.csv", "--base", "default", "-o", "calm.vigie"]).done();
    assert_eq!(ran.text().lines().count(), 1, "nothing was measured: {}", ran.text());
    let calm = workdir.vigie(&["score", "holdout.csv", "--model", "calm.vigie"]).done().csv();
    assert_eq!(calm.column("vigie_insult"), before.column("vigie_insult"));

    let ran = workdir.vigie(&["train", "calm.csv", "--base", "gone.vigie", "-o", "calm.vigie"]);
    assert!(ran.status == 2 && ran.stderr.contains("gone.vigie: No such file"), "{}", ran.stderr);
}

#[test]
fn watched_words_raise_scores_and_are_told() {
    let workdir = workdir();
    workdir.write("few.csv", first(&workdir, 40));
    workdir.write("words.txt", "# Nos mots à nous\nzorglub\nles gens de Trifouillis\n");
    train(&workdir, "few.csv", &["--base", "default"], "plain.vigie");
    train(&workdir, "few.csv", &["--base", "default", "--watch", "words.txt"], "base.vigie");
    train(&workdir, "few.csv", &["--watch", "words.txt"], "scratch.vigie");
    // A base that watches keeps its words.
    train(&workdir, "few.csv", &["--base", "base.vigie"], "again.vigie");
    let text = "Encore un zorglub, et les gens de Trifouillis n'y peuvent rien";
    let explained = |model: &str| {
        let arguments =
            ["explain", "--format", "json", "--label", "insult", "--model", model, text];
        let label = workdir.vigie(&arguments).done().jsonl().remove(0);
        let contributions = label["contributions"].as_array().unwrap().clone();
        let adds = |one: &Value| one["log_odds"].as_f64().unwrap();
        let log_odds = label["log_odds"].as_f64().unwrap();
        let sum: f64 = contributions.iter().map(adds).sum();
        assert!((sum - log_odds).abs() < 1e-9, "{model}: {sum} is not {log_odds}");
        let watched = contributions.iter().filter(|one| one["source"] == "lexicon.watched");
        let words: Vec<&str> = watched.clone().map(|one| one["text"].as_str().unwrap()).collect();
        let words = words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
        (log_odds, watched.map(adds).sum::<f64>(), words)
    };
    let plain = explained("plain.vigie");
    assert_eq!((plain.1, plain.2.len()), (0.0, 0));
    for model in ["base.vigie", "scratch.vigie", "again.vigie"] {
        let (log_odds, added, words) = explained(model);
        assert_eq!(words, ["zorglub", "les gens de Trifouillis"], "{model}");
        // Two words count ln 3 / ln 2 times as much as one.
        let expected = 3f64.ln() / 2f64.ln();
        let slack = if model == "again.vigie" { 0.5 } else { 0.05 };
        assert!((added - expected).abs() < slack, "{model}: {added}, not {expected}");
        assert!(model != "base.vigie" || log_odds > plain.0 + 1.0, "{log_odds} after {}", plain.0);
    }

    let told = workdir
        .vigie_fed(
            &["triage", "--model", "base.vigie", "--threshold", "0.001"],
            format!("text\n\"{text}\"\n").as_bytes(),
        )
        .done();
    let reasons =
        "Mot surveillé\u{a0}: «\u{a0}zorglub\u{a0}», «\u{a0}les gens de Trifouillis\u{a0}»";
    assert!(told.text().contains(reasons), "{}", told.text());

    workdir.write("empty.txt", "# rien\n");
    let ran = workdir.vigie(&["train", "few.csv", "--watch", "empty.txt", "-o", "no.vigie"]);
    assert_eq!(
        (ran.status, ran.told()),
        (
            2,
            vec![
                "vigie: empty.txt: a word or phrase a line is needed: und/watched: lexicon: no entry"
            ]
        )
    );
}

#[test]
fn a_watched_phrase_keeps_the_meaning_of_the_words_in_it() {
    let workdir = workdir();
    workdir.write("few.csv", first(&workdir, 40));
    workdir.write("words.txt", "le crétin de Trifouillis\n");
    train(&workdir, "few.csv", &["--base", "default", "--watch", "words.txt"], "mine.vigie");
    let text = "Voilà le crétin de Trifouillis";
    let arguments =
        ["explain", "--format", "json", "--label", "insult", "--model", "mine.vigie", text];
    let label = workdir.vigie(&arguments).done().jsonl().remove(0);
    let contributions = label["contributions"].as_array().unwrap().clone();
    let sources: Vec<&str> =
        contributions.iter().map(|one| one["source"].as_str().unwrap()).collect();
    assert!(sources.contains(&"lexicon.watched"), "{sources:?}");
    assert!(sources.iter().any(|source| source.starts_with("lexicon.insult_")), "{sources:?}");
}
