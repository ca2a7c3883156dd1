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
