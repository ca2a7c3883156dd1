//! What a site did with its comments, as labels: which comments get one, what is told of the others, and that
//! `vigie train` takes the file.

use std::fmt::Write;

use crate::workdir::Workdir;

const EXPORTS: [&str; 5] = [
    "exports/wp_cli.csv",
    "exports/discourse_flags.csv",
    "exports/discourse_reviewables.csv",
    "exports/spip_forum.csv",
    "exports/youtube_api.jsonl",
];

#[test]
fn statuses_become_labels() {
    let workdir = Workdir::with(&EXPORTS);
    let mut shown = String::new();
    for export in EXPORTS {
        let name = export.rsplit('/').next().unwrap();
        let ran = workdir.vigie(&["labels", "from-export", name]).done();
        writeln!(shown, "== {name}\n{}-- told\n{}", ran.text(), ran.told().join("\n")).unwrap();
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn spam_counts_where_it_is_asked_for() {
    let workdir = Workdir::with(&["exports/wp_cli.csv"]);
    let ran = workdir.vigie(&["labels", "from-export", "--spam", "--label", "out", "wp_cli.csv"]);
    let ran = ran.done();
    assert_eq!(ran.csv().column("out"), ["0", "1", "1", "0"]);
    assert!(ran.told().contains(&"spam: 1, labelled 1"), "{}", ran.stderr);
    let wrong = workdir.vigie(&["labels", "from-export", "--label", "text", "wp_cli.csv"]);
    assert_eq!(wrong.status, 2, "{}", wrong.stderr);
}

#[test]
fn what_stands_where_a_text_was_is_no_text() {
    let workdir = Workdir::new();
    workdir
        .write("a.csv", "id,text,status\n1,[removed],rejected\n2,Bonsoir,approved\n3,,approved\n");
    let ran = workdir.vigie(&["labels", "from-export", "a.csv"]).done();
    assert_eq!(ran.csv().column("id"), ["2"]);
    assert!(ran.told().contains(&"of these, the text is gone: 2, left out"), "{}", ran.stderr);
}

#[test]
fn an_export_without_statuses_says_what_to_do() {
    let workdir = Workdir::with(&["exports/bom.csv"]);
    let ran = workdir.vigie(&["labels", "from-export", "bom.csv"]).done();
    assert!(ran.stderr.contains("--map status=COLUMN"), "{}", ran.stderr);
}

#[test]
fn train_takes_the_labels() {
    let workdir = Workdir::new();
    let mut export = "comment_ID,comment_approved,comment_content\n".to_string();
    for id in 0..60 {
        writeln!(export, "{id},1,Le marché numéro {id} ouvre tôt le matin").unwrap();
        writeln!(export, "{},trash,Espèce de crétin numéro {id}", id + 100).unwrap();
    }
    workdir.write("export.csv", export);
    workdir.vigie(&["labels", "from-export", "export.csv", "-o", "decided.csv"]).done();
    workdir.vigie(&["train", "decided.csv", "--label", "rejected", "-o", "mine.vigie"]).done();
    assert!(workdir.path("mine.vigie").is_file());
}

#[test]
fn what_labelling_tools_say_becomes_columns() {
    let workdir = Workdir::with(&[
        "exports/doccano.jsonl",
        "exports/prodigy.jsonl",
        "exports/label_studio.json",
        "exports/bad_lines.jsonl",
    ]);
    let tools = ["doccano.jsonl", "prodigy.jsonl", "label_studio.json"];
    let run = |more: &[&str]| workdir.vigie(&[&["labels", "from-annotations"][..], more].concat());
    for tool in tools {
        let ran = run(&[tool, "--label", "insult=insulte,INSULTE"]).done();
        assert_eq!(
            ran.csv().column("text"),
            ["Quel abruti, ce préfet.", "Le préfet passera mardi."]
        );
        assert_eq!(ran.csv().column("insult"), ["1", "0"], "{tool}");
    }
    let ran = run(&["prodigy.jsonl"]).done();
    assert_eq!(ran.csv().column("INSULTE"), ["1", "0"]);
    assert!(ran.stderr.contains("left out: 1"), "{}", ran.stderr);
    let ran = run(&["bad_lines.jsonl", "doccano.jsonl"]);
    assert_eq!((ran.status, ran.sums()), (1, Some([7, 2, 5])), "{}", ran.stderr);
    assert_eq!(run(&["doccano.jsonl", "--label", "text=insulte"]).status, 2);
}

#[test]
fn annotators_who_differ_are_counted() {
    let workdir = Workdir::new();
    let line =
        |answer| format!("{{\"text\":\"Andouille\",\"label\":\"x\",\"answer\":\"{answer}\"}}\n");
    workdir.write("even.jsonl", [line("accept"), line("reject")].concat());
    workdir.write("most.jsonl", [line("accept"), line("reject"), line("accept")].concat());
    for (name, expected) in [("even.jsonl", ""), ("most.jsonl", "1")] {
        let ran = workdir.vigie(&["labels", "from-annotations", name]).done();
        assert_eq!(ran.csv().column("x"), [expected], "{name}");
    }
}

#[test]
fn scores_of_a_service_are_kept_and_compared() {
    let workdir = Workdir::with(&["exports/coral.jsonl"]);
    let ran = workdir.vigie(&["labels", "from-export", "coral.jsonl"]);
    assert_eq!(ran.csv().column("perspective"), ["0.031", "0.81"]);
    let mut rows = "id,text,TOXICITY@6,insult\n".to_owned();
    for id in 0..20 {
        let (text, score) =
            if id % 2 == 0 { ("Merci bien", "0,1") } else { ("Sale abruti", "0.9") };
        writeln!(rows, "{id},{text} {id},\"{score}\",{}", id % 2).unwrap();
    }
    rows.push_str("20,Sans note,,1\n21,Note fausse,12,1\n");
    workdir.write("rows.csv", rows);
    let compare = |more: &[&str]| workdir.vigie(&[&["compare"][..], more].concat());
    let ran = compare(&["column:TOXICITY@6", "default", "rows.csv", "--format", "json"]).done();
    let report: serde_json::Value = serde_json::from_str(ran.text()).unwrap();
    assert_eq!(report["a"], "column:TOXICITY@6");
    let insult = &report["labels"][0];
    assert_eq!((&insult["rows"], &insult["thresholds"][0]), (&20.into(), &0.5.into()));
    assert_eq!(insult["measures"][0]["a"], 1.0);
    assert!(ran.stderr.contains("left out: 2"), "{}", ran.stderr);
    let ran = compare(&["column:TOXICITY@6", "default", "rows.csv", "--flag-from", "0.95"]).done();
    assert!(ran.text().contains("A flags from 0.9500"), "{}", ran.text());
    assert_eq!(compare(&["column:nothing", "default", "rows.csv"]).status, 2);
}

#[test]
fn thresholds_of_a_service_are_translated_to_an_attribute_without_labels() {
    let mut rows = "id,text,TOXICITY\n".to_owned();
    for id in 0..40 {
        let (text, score) = match id % 4 {
            0 => ("Ferme ta gueule, sale con", "0.93"),
            1 => ("Quel abruti, ce ministre", "0.72"),
            2 => ("Je ne suis pas convaincu par cet article", "0.21"),
            _ => ("Merci pour ces explications", "0.02"),
        };
        writeln!(rows, "{id},\"{text} {id}\",{score}").unwrap();
    }
    let workdir = Workdir::new();
    workdir.write("rows.csv", rows);
    let compare = |more: &[&str]| workdir.vigie(&[&["compare"][..], more].concat());
    let asked = ["column:TOXICITY", "attribute:TOXICITY", "rows.csv", "--flag-from", "0.85"];
    let ran = compare(&[&asked[..], &["--format", "json"]].concat()).done();
    let report: serde_json::Value = serde_json::from_str(ran.text()).unwrap();
    assert!(report["b"].as_str().unwrap().starts_with("attribute:TOXICITY@"), "{report}");
    let told = report["translations"].as_array().unwrap();
    let at = |from: f64| told.iter().find(|one| one["from"] == from).unwrap();
    assert_eq!(told.len(), 6);
    for (from, flagged) in [(0.5, 20), (0.7, 20), (0.8, 10), (0.85, 10), (0.9, 10)] {
        assert_eq!(at(from)["flagged"], flagged, "{report}");
        assert_eq!(at(from)["both"], flagged, "{report}");
    }
    assert!(at(0.5)["to"].as_f64() < at(0.8)["to"].as_f64(), "{report}");
    let ran = compare(&asked).done();
    assert!(ran.text().contains("to flag as many as A of 40 comments"), "{}", ran.text());
    let ran = compare(&["column:TOXICITY", "attribute:toxicity", "rows.csv"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr.contains("no attribute \"toxicity\"; there are CONSPIRACY, "),
        "{}",
        ran.stderr
    );
}
