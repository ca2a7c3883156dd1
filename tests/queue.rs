//! Which comments to label next, and how soon reading in that order finds what bears a label.

use std::collections::BTreeSet;

use crate::workdir::{Csv, Workdir, program};

fn workdir() -> Workdir {
    Workdir::with(&["labelled/train.csv", "labelled/holdout.csv"])
}

fn column<'a>(table: &'a Csv, name: &str) -> Vec<&'a str> {
    let at = table.header.iter().position(|column| column == name).unwrap();
    table.rows.iter().map(|row| row[at].as_str()).collect()
}

/// The shares (percent) of an order's row in the table of a simulation, in English.
fn shares(text: &str, order: &str) -> Vec<f64> {
    let row = text
        .lines()
        .find(|line| line.starts_with(order))
        .unwrap_or_else(|| panic!("{order}: {text}"));
    let cells = row.split_whitespace().filter_map(|cell| cell.strip_suffix('%'));
    cells.map(|cell| cell.parse().unwrap()).collect()
}

/// The queue with the gold labels of `gold.csv` filled in, as a moderator would.
fn filled(queue: &Csv, gold: &Csv, label: &str) -> String {
    let answers: std::collections::HashMap<&str, &str> =
        column(gold, "id").into_iter().zip(column(gold, label)).collect();
    let (id, cell) = (
        queue.header.iter().position(|name| name == "id").unwrap(),
        queue.header.iter().position(|name| name == label).unwrap(),
    );
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&queue.header).unwrap();
    for row in &queue.rows {
        let mut row = row.clone();
        row[cell] = answers[row[id].as_str()].to_string();
        out.write_record(&row).unwrap();
    }
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

#[test]
fn the_riskiest_come_first_with_empty_cells_for_their_labels() {
    let ran = workdir().vigie(&["queue", "holdout.csv", "--label", "insult", "--top", "10"]).done();
    let queue = ran.csv();
    assert_eq!(queue.header[..4], ["id", "author", "date", "text"]);
    assert_eq!(queue.header[queue.header.len() - 2..], ["insult", "vigie_chosen"]);
    assert_eq!(queue.rows.len(), 10);
    assert!(column(&queue, "insult").iter().all(|cell| cell.is_empty()));
    assert!(column(&queue, "vigie_chosen").iter().all(|cell| *cell == "risk"));
    assert!(ran.stderr.contains("chosen: 10 of 120, by risk"), "{}", ran.stderr);
    let gold = Csv::parse(&workdir().read("holdout.csv"), b',');
    let insults: BTreeSet<&str> = column(&gold, "id")
        .into_iter()
        .zip(column(&gold, "insult"))
        .filter_map(|(id, label)| (label == "1").then_some(id))
        .collect();
    let found = column(&queue, "id").iter().filter(|id| insults.contains(*id)).count();
    assert!(found >= 9, "{found} of the ten are insults");
    let all = workdir().vigie(&["queue", "holdout.csv"]).done().csv();
    assert_eq!(all.header[all.header.len() - 3..], ["insult", "conspiracy", "vigie_chosen"]);
    let ids: BTreeSet<&str> = column(&all, "id").into_iter().collect();
    assert_eq!(ids, column(&gold, "id").into_iter().collect(), "every comment once");
}

#[test]
fn what_is_labelled_is_left_out_and_learned_from_and_trains_a_model() {
    let workdir = workdir();
    let gold = Csv::parse(&workdir.read("train.csv"), b',');
    let ask = |arguments: &[&str]| {
        workdir.vigie(&[&["queue", "train.csv", "--label", "joke"], arguments].concat()).done()
    };
    // The shipped model does not know this label: without answers its order says nothing.
    let first = ask(&["--strategy", "random", "--top", "120"]);
    workdir.write("answers.csv", filled(&first.csv(), &gold, "joke"));
    let told = ask(&["--labelled", "answers.csv"]);
    assert!(told.stderr.contains("labelled already: "), "{}", told.stderr);
    let next = told.csv();
    let done: BTreeSet<String> = column(&Csv::parse(&workdir.read("answers.csv"), b','), "text")
        .into_iter()
        .zip(column(&Csv::parse(&workdir.read("answers.csv"), b','), "joke"))
        .filter(|(_, label)| !label.is_empty())
        .map(|(text, _)| text.to_string())
        .collect();
    assert!(column(&next, "text").iter().all(|text| !done.contains(*text)));
    assert_eq!(next.rows.len() + done.len(), 240);
    let unlearned = ask(&["--strategy", "risk"]).csv();
    let kept: Vec<&str> =
        column(&unlearned, "text").into_iter().filter(|text| !done.contains(*text)).collect();
    assert_ne!(column(&next, "text"), kept, "answers change the order");
    workdir
        .vigie(&[
            "train",
            "answers.csv",
            "--base",
            "default",
            "--label",
            "joke",
            "-o",
            "joke.vigie",
        ])
        .done();
}

#[test]
fn a_mix_says_what_chose_a_comment_and_chance_is_seeded() {
    let workdir = workdir();
    let ask = |seed: &str| {
        workdir
            .vigie(&["queue", "train.csv", "--strategy", "mix", "--top", "30", "--seed", seed])
            .done()
    };
    let mix = ask("4").csv();
    let chosen = column(&mix, "vigie_chosen");
    let count = |by: &str| chosen.iter().filter(|one| **one == by).count();
    assert_eq!([count("risk"), count("uncertain"), count("random")], [21, 6, 3]);
    assert_eq!(ask("4").stdout, ask("4").stdout);
    assert_ne!(ask("4").stdout, ask("5").stdout);
}

#[test]
fn a_replay_finds_with_less_reading_than_the_file_order() {
    let workdir = workdir();
    let arguments = [
        "queue",
        "--simulate",
        "train.csv",
        "--label",
        "insult",
        "--lang",
        "en",
        "--curve",
        "curve.csv",
    ];
    let ran = workdir.vigie(&arguments).done();
    let text = ran.text();
    assert!(text.starts_with("train.csv: "), "{text}");
    let [file, risk, mix, least] =
        ["file order", "risk", "mix", "the least possible"].map(|order| shares(text, order));
    assert_eq!(file.len(), 5);
    for target in 0..5 {
        assert!(least[target] <= risk[target] && risk[target] <= file[target], "{text}");
        assert!(least[target] <= mix[target], "{text}");
    }
    assert!(risk[3] + 20.0 < file[3], "{text}");

    // The curve says the same as the table.
    let curve = Csv::parse(&workdir.read("curve.csv"), b',');
    let points: Vec<Vec<&str>> =
        ["order", "comments", "positives", "found", "read"].map(|name| column(&curve, name)).into();
    let number = |at: usize, row: usize| points[at][row].parse::<f64>().unwrap();
    let rows: Vec<usize> = (0..curve.rows.len()).filter(|&row| points[0][row] == "risk").collect();
    let wanted = (0.95 * number(2, rows[0])).ceil() as usize;
    let read = number(4, rows[wanted - 1]) / number(1, rows[0]) * 100.0;
    assert!((read - risk[3]).abs() < 0.051, "{read}: {text}");
    assert!(rows.windows(2).all(|pair| number(4, pair[0]) < number(4, pair[1])));

    let mut one = program();
    let one = workdir.run(one.args(arguments).env("RAYON_NUM_THREADS", "1"), b"").done();
    assert_eq!(one.stdout, ran.stdout, "the same with one thread");
}

#[test]
fn a_label_that_the_model_does_not_know_is_learned_from_nothing() {
    let text = workdir()
        .vigie(&[
            "queue",
            "--simulate",
            "train.csv",
            "--label",
            "joke",
            "--strategy",
            "risk",
            "--lang",
            "en",
            "--target",
            "0.6",
        ])
        .done();
    let text = text.text();
    assert!(text.lines().nth(1).unwrap().contains("50%      60%      80%"), "{text}");
    assert!(!text.contains("\nmix") && text.contains("\nrisk"), "{text}");
    assert_eq!(shares(text, "risk").len(), 6);
}

#[test]
fn a_curve_is_drawn_where_its_name_ends_in_svg() {
    let workdir = workdir();
    let ran = workdir.vigie(&[
        "queue",
        "--simulate",
        "train.csv",
        "holdout.csv",
        "--label",
        "insult",
        "--curve",
        "curve.svg",
    ]);
    if !cfg!(feature = "serve") {
        assert!(ran.status == 2 && ran.stderr.contains("without drawings"), "{}", ran.stderr);
        return;
    }
    ran.done();
    let svg = workdir.read("curve.svg");
    assert!(
        svg.starts_with("<svg") && svg.contains("holdout.csv") && svg.contains("risque"),
        "{svg}"
    );
}

#[test]
fn what_cannot_be_asked_is_refused_in_one_line() {
    let workdir = workdir();
    workdir.write("none.csv", "id,text,insult\n1,bonjour,0\n2,=1+1,\n");
    let refused = |arguments: &[&str], why: &str| {
        let ran = workdir.vigie(&[&["queue"], arguments].concat());
        assert!(ran.status == 2 && ran.stderr.contains(why), "{arguments:?}: {}", ran.stderr);
    };
    refused(&["none.csv", "--label", "text"], "text is a column of the comment table");
    refused(&["--simulate", "none.csv", "--label", "insult,conspiracy"], "one label at a time");
    refused(
        &["--simulate", "none.csv", "--label", "spam"],
        "expected a column of labels named spam",
    );
    refused(&["none.csv", "--strategy", "magic"], "magic");
    refused(&["--simulate", "none.csv", "--target", "1.5"], "a share above 0");
    refused(&["none.csv", "--labelled", "nowhere.csv"], "nowhere.csv");
    let ran = workdir.vigie(&["queue", "--simulate", "none.csv", "--label", "insult"]).done();
    assert!(ran.stderr.contains("nothing to find"), "{}", ran.stderr);
    // What a spreadsheet would run is made harmless.
    let queue = workdir.vigie(&["queue", "none.csv"]).done().csv();
    assert!(column(&queue, "text").contains(&"'=1+1"), "{queue:?}");
    assert!(workdir.vigie_fed(&["queue", "-"], b"id,text\n").csv().rows.is_empty());
}
