//! `vigie extract X | vigie score | vigie triage` is `vigie triage X`, byte for byte, and every run is like the last.

use std::fmt::Write;

use crate::workdir::{Csv, Ran, Workdir, fixture, program};

/// The evening's files, in a folder as their owner may keep them.
fn evening() -> Workdir {
    Workdir::with(&[
        "evening/quai.html",
        "evening/halle.txt",
        "evening/fermee.html",
        "evening/courrier.csv",
        "evening/courrier.jsonl",
        "exports/comment_table.csv",
        "exports/quoted_newlines.csv",
        "exports/reddit.jsonl",
        "exports/semicolon_windows1252.csv",
        "exports/zipped.csv.gz",
    ])
}

const MAP: [&str; 2] = ["--map", "id=num,date=quand"];

/// The queue by three commands, with this format between the first two.
fn piped(workdir: &Workdir, extract: &[&str], between: &str, triage: &[&str]) -> Ran {
    let extract = [&["extract", "--format", between], extract].concat();
    let extracted = workdir.vigie(&extract);
    let scored = workdir.vigie_fed(&["score"], &extracted.stdout).done();
    workdir.vigie_fed(&[&["triage"], triage].concat(), &scored.stdout).done()
}

#[test]
fn three_commands_give_the_same_bytes_as_one() {
    let workdir = evening();
    let [pages, dumps, exports] = ["pages/*/page.html", "dumps/*/page.txt", "exports"]
        .map(|path| fixture(path).into_os_string().into_string().unwrap());
    let inputs: [&[&str]; 12] = [
        &["quai.html"],
        &["halle.txt"],
        &["fermee.html"],
        &["courrier.csv", MAP[0], MAP[1]],
        &["courrier.jsonl"],
        &["comment_table.csv", "quoted_newlines.csv", "reddit.jsonl"],
        &["semicolon_windows1252.csv"],
        &["zipped.csv.gz"],
        &["quai.html", "halle.txt", "fermee.html", "courrier.jsonl"],
        &[&pages],
        &[&dumps],
        // Some of them fail: what could be read is the same all the same.
        &[&exports],
    ];
    for input in inputs {
        for format in ["csv", "jsonl", "html"] {
            // Everything in the queue, so that everything is compared.
            let options = ["--format", format, "--threshold", "0"];
            let direct = workdir.vigie(&[&["triage"], input, &options].concat());
            assert!(direct.sums().is_some_and(|[read, ..]| read > 0 || input == ["fermee.html"]));
            for between in ["csv", "jsonl"] {
                let piped = piped(&workdir, input, between, &options);
                assert_eq!(piped.text(), direct.text(), "{input:?} {format} by {between}");
            }
        }
    }
}

#[test]
fn every_run_gives_the_same_bytes_on_any_number_of_threads() {
    let workdir = evening();
    let mut table = String::from("id,text,parent\n");
    for id in 0..3000 {
        let text = ["Pauvre crétin", "On nous cache tout", "Le tram passe"][id % 3];
        writeln!(table, "{id},{text} numéro {},{}", id * 7 % 13, id.saturating_sub(1)).unwrap();
    }
    workdir.write("big.csv", &table);
    for arguments in [
        &["triage", "--threshold", "0", "--format", "html", "quai.html", "halle.txt", "big.csv"][..],
        &["score", "big.csv"],
        &["extract", "quai.html", "big.csv"],
    ] {
        let first = workdir.vigie(arguments).done();
        assert_eq!(workdir.vigie(arguments), first);
        let alone = workdir.run(program().env("RAYON_NUM_THREADS", "1").args(arguments), b"");
        assert_eq!(alone, first);
    }
    let scored = workdir.vigie(&["score", "big.csv"]).csv();
    let ids: Vec<String> = (0..3000).map(|id| id.to_string()).collect();
    assert_eq!(scored.column("id"), ids, "several batches, one order");
}

#[test]
fn score_keeps_the_columns_and_appends_its_own() {
    let workdir = evening();
    let ran = workdir.vigie(&["score", "courrier.csv"]).done();
    let (before, after) =
        (Csv::parse(&workdir.read("courrier.csv"), b';'), Csv::parse(ran.text(), b';'));
    let own = before.header.len();
    assert_eq!(after.header[..own], before.header);
    assert_eq!(
        after.header[own..],
        ["insult", "conspiracy", "advice", "confidence", "lang", "reasons", "model"]
            .map(|name| format!("vigie_{name}"))
    );
    let harmless = |cell: &String| match cell.parse::<f64>() {
        Err(_) if cell.starts_with(['=', '+', '-', '@']) => format!("'{cell}"),
        _ => cell.clone(),
    };
    for (before, after) in before.rows.iter().zip(&after.rows) {
        assert_eq!(after[..own], before.iter().map(harmless).collect::<Vec<_>>());
    }
    assert_eq!(after.rows.len(), before.rows.len());

    let ran = workdir.vigie(&["score", "courrier.jsonl"]).done();
    let before = workdir.read("courrier.jsonl");
    for (before, after) in before.lines().zip(ran.text().lines()) {
        let fields = before.strip_suffix('}').unwrap();
        assert!(after.starts_with(fields), "nested values stay as they were: {after}");
        assert!(after[fields.len()..].starts_with(",\"vigie_insult\":"), "{after}");
    }
}

#[test]
fn a_table_scored_again_has_the_columns_of_the_last_scoring_only() {
    let workdir = evening();
    for input in ["courrier.csv", "courrier.jsonl", "comment_table.csv"] {
        let once = workdir.vigie(&["score", input, "--lang", "en"]).done();
        let twice = workdir.vigie_fed(&["score", "--lang", "en"], &once.stdout).done();
        assert_eq!(twice.text(), once.text(), "{input}");
    }
    let other = workdir.vigie_fed(
        &["score"],
        b"vigie_insult,text,vigie_old\n1.0000,Il fait beau,x\n0,Il pleut,y\n",
    );
    let Csv { header, .. } = other.done().csv();
    assert_eq!(header[..2], ["text", "vigie_insult"]);
    assert!(!header.contains(&"vigie_old".to_string()));
}

#[test]
fn files_folders_globs_and_a_pipe_are_all_inputs() {
    let workdir = evening();
    for name in ["quai.html", "halle.txt"] {
        workdir.write(&format!("pages/soir/{name}"), workdir.read(name));
    }
    let ids = |ran: Ran| -> Vec<String> {
        let told = |value: &serde_json::Value| value["id"].as_str().unwrap().to_string();
        ran.done().jsonl().iter().map(told).collect()
    };
    let both = ids(workdir.vigie(&["extract", "halle.txt", "quai.html"]));
    assert_eq!(both.len(), 10);
    assert_eq!(ids(workdir.vigie(&["extract", "pages"])), both);
    assert_eq!(ids(workdir.vigie(&["extract", "pages/*/*"])), both);
    assert_eq!(ids(workdir.vigie(&["extract", "pages/soir/*.txt", "quai.html"])), both);
    assert_eq!(ids(workdir.vigie(&["extract", "halle.txt", "pages/", "pages/soir"])).len(), 15);
    let page = workdir.read("halle.txt");
    assert_eq!(ids(workdir.vigie_fed(&["extract"], page.as_bytes())), both[..5]);
    assert_eq!(ids(workdir.vigie_fed(&["extract", "-", "quai.html"], page.as_bytes())), both);
}

#[test]
fn an_output_file_holds_what_standard_output_would() {
    let workdir = evening();
    for command in [
        &["extract", "quai.html"][..],
        &["score", "courrier.csv"],
        &["triage", "quai.html", "--format", "html"],
    ] {
        let shown = workdir.vigie(command).done();
        let written = workdir.vigie(&[command, &["-o", "out"]].concat()).done();
        assert_eq!((written.text(), workdir.read("out")), ("", shown.text().to_string()));
        assert_eq!(written.stderr, shown.stderr);
    }
    // Even where it is the input.
    let scored = workdir.vigie(&["score", "courrier.csv"]).done();
    workdir.vigie(&["score", "courrier.csv", "-o", "courrier.csv"]).done();
    assert_eq!(workdir.read("courrier.csv"), scored.text());
}
