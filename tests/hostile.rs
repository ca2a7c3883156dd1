//! Input that would hurt: one clear line for each trouble, the right exit code, and every record accounted for.

use std::io::Write;
use std::process::Stdio;

use flate2::{Compression, write::GzEncoder};

use crate::workdir::{Csv, Ran, Workdir, fixture, program};

/// How a run must end: its exit code, what it says, its sums.
type End<'a> = (i32, &'a [&'a str], Option<[u64; 3]>);

fn end<'a>(ran: &'a Ran, told: &'a [&'a str]) -> End<'a> {
    assert!(ran.sums().is_none_or(|[read, done, rejected]| read == done + rejected));
    (ran.status, told, ran.sums())
}

/// Runs a command and says how it must end.
#[track_caller]
fn ends(workdir: &Workdir, arguments: &[&str], expected: End) -> Ran {
    let ran = workdir.vigie(arguments);
    let told = ran.told();
    assert_eq!(end(&ran, &told), expected, "{arguments:?}\n{}", ran.stderr);
    ran.clone()
}

const READING: [&str; 3] = ["extract", "score", "triage"];

#[test]
fn files_that_hold_nothing_to_read_are_named_and_nothing_is_written() {
    let workdir = Workdir::new();
    workdir.write("empty.csv", "");
    workdir.write("empty.html", "\n \n");
    workdir.write("image.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10");
    workdir.write("zeros.csv", [0u8; 4096]);
    workdir.write("noise.txt", (0..=255).cycle().take(4096).collect::<Vec<u8>>());
    workdir.write("columns.csv", "numero,jour\n1,lundi\n");
    workdir.write("two.csv", "id,commentaire,message\n1,Un mot,Un autre mot\n");
    workdir.write("export.xml", "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"></rss>\n");
    workdir.write("queue", "the queue of yesterday");
    for (name, told) in [
        ("empty.csv", "the file is empty"),
        ("empty.html", "the file is empty"),
        ("image.html", "expected text, but this seems to be a PNG image"),
        ("zeros.csv", "expected text, but this seems to be a binary file"),
        ("noise.txt", "expected text, but this seems to be a binary file"),
        (
            "columns.csv",
            "no text column among \"numero\", \"jour\"; name it with --map text=COLUMN",
        ),
        (
            "two.csv",
            "two columns could be the text: \"commentaire\", \"message\"; say which with --map text=commentaire",
        ),
        ("export.xml", "XML with the root <rss>; expected an export of WordPress (WXR) or Disqus"),
        ("gone.csv", "no such file or folder"),
        ("gone/*.csv", "no file matches"),
    ] {
        for command in READING {
            let line = format!("{name}: {told}");
            ends(&workdir, &[command, name, "-o", "queue"], (2, &[&line], Some([0, 0, 0])));
        }
    }
    assert_eq!(workdir.read("queue"), "the queue of yesterday");
    let ran = workdir.vigie(&["triage", "empty.csv"]);
    assert_eq!((ran.status, ran.text()), (2, ""), "no header without a queue");
}

#[test]
fn what_is_readable_is_done_though_other_inputs_fail() {
    let workdir = Workdir::with(&["evening/quai.html", "evening/courrier.jsonl"]);
    workdir.write("empty.csv", "");
    for command in READING {
        let alone = workdir.vigie(&[command, "quai.html", "courrier.jsonl"]).done();
        let told = ["gone.csv: no such file or folder", "empty.csv: the file is empty"];
        let arguments = [command, "gone.csv", "quai.html", "empty.csv", "courrier.jsonl"];
        let ran = ends(&workdir, &arguments, (1, &told, Some([8, 8, 0])));
        assert_eq!(ran.text(), alone.text());
    }
    // A page without comments was read, although there is nothing to show for it.
    workdir.write("page.html", "<!DOCTYPE html><p>Aucun commentaire</p>");
    let told = [
        "page.html: no comments: the page says that it has none: « Aucun commentaire »",
        "gone.csv: no such file or folder",
    ];
    ends(&workdir, &["triage", "page.html", "gone.csv"], (1, &told, Some([0, 0, 0])));
    ends(&workdir, &["triage", "page.html"], (0, &told[..1], Some([0, 0, 0])));
    let other = [
        "courrier.jsonl: its columns differ from those of the inputs before it; score it alone, or use --format jsonl",
    ];
    workdir.write("own.csv", "numero,texte\n1,Il pleut\n");
    let ran = ends(&workdir, &["score", "own.csv", "courrier.jsonl"], (1, &other, Some([1, 1, 0])));
    assert_eq!(ran.csv().rows.len(), 1);
}

#[test]
fn an_archive_cut_short_gives_what_it_holds() {
    let workdir = Workdir::with(&["exports/cut.csv.gz"]);
    for command in READING {
        let told = ["cut.csv.gz: the gzip archive is cut short"];
        ends(&workdir, &[command, "cut.csv.gz"], (1, &told, Some([4, 4, 0])));
    }
    let whole = std::fs::read(fixture("exports/cut.csv.gz")).unwrap();
    workdir.write("cut.csv.gz", &whole[..14]);
    let ran = workdir.vigie(&["extract", "cut.csv.gz"]);
    assert_eq!((ran.status, ran.told()), (2, vec!["cut.csv.gz: the gzip archive is cut short"]));
}

#[test]
fn a_line_of_200_mb_is_refused_and_costs_little() {
    let workdir = Workdir::new();
    let line = |name: &str, before: &str, filler: u8, after: &str| {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(before.as_bytes()).unwrap();
        let block = vec![filler; 1_000_000];
        (0..200).for_each(|_| gz.write_all(&block).unwrap());
        gz.write_all(after.as_bytes()).unwrap();
        workdir.write(name, gz.finish().unwrap());
    };
    line("page.txt.gz", "", b'x', "");
    line("page.html.gz", "<html>", b'a', "</html>");
    line("header.csv.gz", "", b'x', "");
    line("cell.csv.gz", "id,text\n1,avant\n2,", b'x', "\n3,après\n");
    line(
        "object.jsonl.gz",
        "{\"text\":\"avant\"}\n{\"text\":\"",
        b'x',
        "\"}\n{\"text\":\"après\"}\n",
    );
    let large = "larger than 67 MB, too large for a page";
    for (name, told, sums, status) in [
        ("page.txt.gz", large, [0, 0, 0], 2),
        ("page.html.gz", large, [0, 0, 0], 2),
        ("header.csv.gz", "expected a header line, found no line end in 10 MB", [0, 0, 0], 2),
        ("cell.csv.gz", "record 2 (line 3): longer than 10 MB", [3, 2, 1], 1),
        ("object.jsonl.gz", "record 2 (line 2): longer than 10 MB", [3, 2, 1], 1),
    ] {
        let line = format!("{name}: {told}");
        ends(&workdir, &["extract", name], (status, &[&line], Some(sums)));
    }
    assert!(workdir.read("vigie-rejects.csv").len() < 10_000, "an excerpt, not the line");
}

#[test]
fn records_that_cannot_be_read_are_kept_with_their_reason() {
    let workdir = Workdir::with(&["exports/unbalanced_quote.csv", "exports/bad_lines.jsonl"]);
    let told = [
        "unbalanced_quote.csv: record 1 (line 2): a quote opens a cell and does not close it on this line",
        "unbalanced_quote.csv: record 4 (line 5): a quote opens a cell and does not close up to the end of the file",
        "bad_lines.jsonl: record 2 (line 2): expected a JSON object: EOF while parsing a string at line 1 column 33",
        "bad_lines.jsonl: record 3 (line 4): expected a JSON object",
    ];
    for command in ["extract", "triage"] {
        for (flag, file) in [(&[][..], "vigie-rejects.csv"), (&["--rejects", "no.csv"], "no.csv")] {
            let inputs = [command, "unbalanced_quote.csv", "bad_lines.jsonl"];
            let ran = workdir.vigie(&[&inputs[..], flag].concat());
            assert_eq!((ran.status, ran.told()), (1, told.to_vec()), "{}", ran.stderr);
            assert_eq!(ran.sums(), Some([10, 6, 4]));
            assert!(ran.stderr.ends_with(&format!("+ 4 rejected, see {file}\n")), "{}", ran.stderr);
            let rejects = Csv::parse(&workdir.read(file), b',');
            assert_eq!(rejects.header, ["file", "record", "line", "reason", "raw"]);
            let cells = |name| rejects.column(name).into_iter();
            let lines = cells("file").zip(cells("record")).zip(cells("line")).zip(cells("reason"));
            let lines = lines.map(|(((file, record), line), reason)| {
                format!("{file}: record {record} (line {line}): {reason}")
            });
            assert_eq!(lines.collect::<Vec<_>>(), told);
            std::fs::remove_file(workdir.path(file)).unwrap();
        }
    }
}

#[test]
fn many_rejects_are_told_once_and_kept_all() {
    let workdir = Workdir::new();
    let table = format!("id,text\n{}", "trop,de,cellules\n".repeat(1000));
    workdir.write("all.csv", &table);
    for command in READING {
        let ran = workdir.vigie(&[command, "all.csv", "-o", "out"]);
        assert_eq!((ran.status, ran.sums()), (2, Some([1000, 0, 1000])), "{}", ran.stderr);
        assert_eq!(ran.told().len(), 6, "{}", ran.stderr);
        assert_eq!(ran.told()[5], "more records are rejected; all are in vigie-rejects.csv");
        assert_eq!(Csv::parse(&workdir.read("vigie-rejects.csv"), b',').rows.len(), 1000);
        assert!(!workdir.path("out").exists(), "nothing was done");
    }
    workdir.write("one.csv", format!("{table}1,bonjour\n"));
    let ran = workdir.vigie(&["score", "one.csv"]);
    assert_eq!((ran.status, ran.sums()), (1, Some([1001, 1, 1000])));
}

#[test]
fn bytes_that_are_no_utf_8_are_read_as_best_may_be_and_told() {
    let workdir = Workdir::with(&["exports/broken_bytes.csv"]);
    for command in READING {
        let told = ["broken_bytes.csv: bytes that are not UTF-8, read as Windows-1252: 2"];
        ends(&workdir, &[command, "broken_bytes.csv"], (0, &told, Some([4, 4, 0])));
    }
}

#[test]
fn threads_that_do_not_hold_together_lose_no_comment() {
    for (name, told) in [
        (
            "duplicate_ids.csv",
            "ids used more than once, replies go to the earlier comment: 1 (the first: duplicate_ids.csv, comment 1)",
        ),
        (
            "missing_parent.csv",
            "replies to comments that are not here, kept as roots: 1 (the first: missing_parent.csv, comment 2)",
        ),
        (
            "cycle.csv",
            "chains of replies that come back to themselves, cut: 1 (the first: cycle.csv, comment 2)",
        ),
    ] {
        let workdir = Workdir::with(&[&format!("exports/{name}")]);
        let rows = Csv::parse(&workdir.read(name), b',').rows.len();
        let sums = Some([rows as u64, rows as u64, 0]);
        let ran = ends(&workdir, &["triage", name, "--threshold", "0"], (0, &[told], sums));
        assert_eq!(ran.csv().rows.len(), rows);
        let html = workdir.vigie(&["triage", name, "--threshold", "0", "--format", "html"]).done();
        assert_eq!(html.text().matches("<article").count(), rows);
    }
}

#[test]
fn deep_pages_and_long_chains_neither_overflow_nor_hang() {
    let workdir = Workdir::new();
    let (open, close) = ("<div>".repeat(50_000), "</div>".repeat(50_000));
    workdir.write("deep.html", format!("<!DOCTYPE html><body>{open}Bonjour{close}</body>"));
    let comment = "<li class=comment id=comment-1><div class=comment-author>Ada</div><div class=comment-content>Bonjour à tous</div><ol class=children>";
    workdir.write(
        "nested.html",
        format!("<!DOCTYPE html><ol class=comment-list>{}", comment.repeat(1_000)),
    );
    let mut chain = String::from("id,parent,text\n0,,Racine\n");
    (1..50_000).for_each(|id| chain.push_str(&format!("{id},{},Réponse\n", id - 1)));
    workdir.write("chain.csv", chain);
    let told =
        ["deep.html: more than 4000 elements inside each other or left open, too deep for a page"];
    ends(&workdir, &["extract", "deep.html"], (2, &told, Some([0, 0, 0])));
    ends(&workdir, &["extract", "nested.html"], (0, &[], Some([1_000, 1_000, 0])));
    let arguments = ["triage", "chain.csv", "--threshold", "0", "--top", "10", "--format", "html"];
    ends(&workdir, &arguments, (0, &[], Some([50_000, 50_000, 0])));
}

#[test]
fn models_that_are_none_are_refused() {
    let workdir = Workdir::with(&["evening/courrier.jsonl"]);
    let model =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/training/default.vigie")).unwrap();
    let mut flipped = model.clone();
    flipped[model.len() / 2] ^= 1;
    let mut newer = model.clone();
    newer[6] += 1;
    workdir.write("half.vigie", &model[..model.len() / 2]);
    workdir.write("flipped.vigie", flipped);
    workdir.write("newer.vigie", newer);
    workdir.write("empty.vigie", "");
    workdir.write("text.vigie", "id,text\n1,bonjour\n");
    let damaged = "model: damaged or cut: its checksum does not match";
    let none = "model: this is no model file; expected one that `vigie train` wrote";
    for (name, told) in [
        ("half.vigie", damaged),
        ("flipped.vigie", damaged),
        ("newer.vigie", "model: written by a newer vigie (format 2); this one reads up to 1"),
        ("empty.vigie", none),
        ("text.vigie", none),
        ("gone.vigie", "No such file or directory (os error 2)"),
    ] {
        for command in ["score", "triage", "explain", "evaluate"] {
            let line = format!("vigie: {name}: {told}");
            let arguments = [command, "courrier.jsonl", "--model", name];
            ends(&workdir, &arguments, (2, &[&line], None));
        }
    }
    workdir.write("whole.vigie", model);
    let arguments = ["score", "courrier.jsonl", "--model"];
    let whole = workdir.vigie(&[&arguments[..], &["whole.vigie"]].concat()).done();
    assert_eq!(whole, workdir.vigie(&arguments[..2]).done(), "the shipped model is that file");
}

#[test]
fn what_was_asked_wrongly_is_told_before_anything_is_read() {
    let workdir = Workdir::with(&["evening/courrier.csv"]);
    workdir.write("folder/note.txt", "Rien\n");
    let labels = "insult, conspiracy";
    for (arguments, told) in [
        (&["--label", "rude"][..], format!("vigie: no label “rude”; this model has {labels}")),
        (
            &["-o", "nowhere/queue.csv"],
            "vigie: nowhere/queue.csv: cannot be written: there is no folder nowhere".into(),
        ),
        (&["-o", "folder"], "vigie: folder: cannot be written: it is a folder".into()),
        (
            &["--rejects", "nowhere/no.csv"],
            "vigie: nowhere/no.csv: cannot be written: there is no folder nowhere".into(),
        ),
    ] {
        for command in ["score", "triage"] {
            let arguments = [&[command, "courrier.csv"], arguments].concat();
            let ran = ends(&workdir, &arguments, (2, &[&told], None));
            assert_eq!(ran.text(), "");
        }
    }
    let columns = ["num", "pseudo", "quand", "commentaire", "en_reponse_a", "note"];
    let columns = columns.map(|name| format!("{name:?}")).join(", ");
    let line = format!(
        "courrier.csv: --map names the column \"nowhere\", which is not there; the columns are {columns}"
    );
    let map = ["extract", "courrier.csv", "--map", "text=nowhere"];
    ends(&workdir, &map, (2, &[&line], Some([0, 0, 0])));
    for wrong in ["texte=note", "text", "text=a,text=b"] {
        let ran = workdir.vigie(&["extract", "courrier.csv", "--map", wrong]);
        assert_eq!((ran.status, ran.told().len(), ran.text()), (2, 1, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("--map"), "{}", ran.stderr);
    }
    for threshold in ["1.5", "-0.1", "NaN", "beaucoup"] {
        let ran = workdir.vigie(&["triage", "courrier.csv", &format!("--threshold={threshold}")]);
        assert_eq!(ran.status, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("expected a number from 0 to 1"), "{}", ran.stderr);
    }
}

#[test]
fn a_reader_who_has_had_enough_is_no_failure() {
    let workdir = Workdir::new();
    let mut table = String::from("id,text\n");
    (0..20_000).for_each(|id| table.push_str(&format!("{id},Pauvre crétin numéro {id}\n")));
    workdir.write("long.csv", table);
    for arguments in [
        &["extract", "long.csv"][..],
        &["extract", "--format", "csv", "long.csv"],
        &["score", "long.csv"],
        &["score", "--format", "jsonl", "long.csv"],
        &["triage", "--threshold", "0", "long.csv"],
        &["triage", "--threshold", "0", "--format", "jsonl", "long.csv"],
        &["triage", "--threshold", "0", "--format", "html", "long.csv"],
        &["triage", "--threshold", "0", "--format", "table", "long.csv"],
    ] {
        let mut command = program();
        command.args(arguments).current_dir(workdir.path("."));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let told: Vec<&str> =
            stderr.lines().filter(|line| !line.contains("no column for")).collect();
        assert_eq!((output.status.code(), told), (Some(0), vec![]), "{arguments:?}");
    }
    // Nor is one who does not listen to what is said beside.
    let mut command = program();
    command.args(["extract", "long.csv", "-o", "out"]).current_dir(workdir.path("."));
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_empty_pipe_or_a_header_alone_is_no_failure() {
    let workdir = Workdir::with(&["exports/header_only.csv"]);
    for command in READING {
        let told = ["-: no comments: standard input is empty"];
        ends(&workdir, &[command], (0, &told, Some([0, 0, 0])));
        ends(&workdir, &[command, "header_only.csv"], (0, &[], Some([0, 0, 0])));
    }
}

#[test]
fn what_is_said_cannot_move_a_terminals_cursor() {
    let workdir = Workdir::new();
    workdir.write("ids.csv", "id,text\n\u{1b}[2J\u{202e}x,un\n\u{1b}[2J\u{202e}x,deux\n");
    let ran = workdir.vigie(&["triage", "ids.csv"]).done();
    assert!(ran.stderr.contains("used more than once"), "{}", ran.stderr);
    assert!(!ran.stderr.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.stderr);
}
