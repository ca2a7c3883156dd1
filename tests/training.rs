//! A newsroom's own labels: `train` fits them, `evaluate` measures, `explain` accounts for every score.

use serde_json::Value;

use crate::workdir::{Ran, Workdir};

fn workdir() -> Workdir {
    Workdir::with(&["labelled/train.csv", "labelled/holdout.csv"])
}

/// The cells of the lines that begin with a label.
fn line<'a>(text: &'a str, label: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.split_whitespace().next() == Some(label));
    line.unwrap_or_else(|| panic!("no {label} in\n{text}")).split_whitespace().collect()
}

#[test]
fn train_prints_its_measures_and_writes_the_same_model_every_time() {
    let workdir = workdir();
    let first = workdir.vigie(&["train", "train.csv", "-o", "mine.vigie"]).done();
    let model = std::fs::read(workdir.path("mine.vigie")).unwrap();
    let again = workdir.vigie(&["train", "train.csv", "-o", "mine.vigie"]).done();
    assert_eq!(again, first);
    assert_eq!(std::fs::read(workdir.path("mine.vigie")).unwrap(), model);
    assert_eq!(workdir.names(), ["holdout.csv", "mine.vigie", "train.csv"], "nothing left over");

    let rows = |label: &str, column: usize| {
        let table = crate::workdir::Csv::parse(&workdir.read("train.csv"), b',');
        let told = table.column(label).into_iter().filter(|cell| !cell.is_empty());
        [told.clone().count(), told.filter(|cell| *cell == "1").count()][column].to_string()
    };
    for label in ["insult", "conspiracy"] {
        let cells = line(first.text(), label);
        assert_eq!(cells[1..3], [rows(label, 0), rows(label, 1)], "empty cells are unknown");
        for measure in &cells[3..] {
            assert!((0.0..=1.0).contains(&measure.parse::<f64>().unwrap()), "{cells:?}");
        }
        assert!(cells[3].parse::<f64>().unwrap() > 0.6, "better than chance: {cells:?}");
    }
    assert_eq!(first.sums(), Some([240, 240, 0]));
}

#[test]
fn evaluate_says_the_same_in_words_and_in_json() {
    let workdir = workdir();
    workdir.vigie(&["train", "train.csv", "-o", "mine.vigie"]).done();
    let measure = |format: &[&str]| -> Ran {
        workdir
            .vigie(&[&["evaluate", "holdout.csv", "--model", "mine.vigie"], format].concat())
            .done()
    };
    let (text, json) = (measure(&[]), measure(&["--format", "json"]));
    let report: Value = serde_json::from_str(json.text()).unwrap();
    assert!(text.text().starts_with(&format!("model {}\n", report["model"].as_str().unwrap())));
    let labels = report["labels"].as_array().unwrap();
    assert_eq!(labels.len(), 2);
    let mut sections = text.text().split("\n\n").skip(1);
    for label in labels {
        let section = sections.next().unwrap();
        let number = |name: &str| label[name].as_f64().unwrap();
        let told = |words: String| assert!(section.contains(&words), "{words} in\n{section}");
        told(format!(
            "{}: {} comments, {} positive",
            label["label"].as_str().unwrap(),
            label["rows"],
            label["positives"]
        ));
        told(format!("AUC {:.3}", number("auc")));
        told(format!("average precision {:.3}", number("average_precision")));
        told(format!("at {:.4}: precision {:.3}", number("threshold"), number("precision")));
        told(format!("recall {:.3}   F1 {:.3}", number("recall"), number("f1")));
        let confusion = |name: &str| label["confusion"][name].as_f64().unwrap();
        let [caught, missed, disturbed, passed] =
            ["caught", "missed", "disturbed", "passed"].map(confusion);
        assert_eq!(caught + missed, number("positives"));
        assert_eq!(caught + missed + disturbed + passed, number("rows"));
        assert_eq!(number("recall"), caught / (caught + missed));
        let bins = label["calibration"]["bins"].as_array().unwrap();
        let pairs: f64 = bins.iter().map(|bin| bin["pairs"].as_f64().unwrap()).sum();
        assert_eq!(pairs, number("rows"), "every comment stands in one bin");
        assert!(number("auc") > 0.6, "{section}");
    }
    assert_eq!(sections.next(), None);
}

#[test]
fn evaluate_measures_what_score_writes() {
    let workdir = workdir();
    let scored = workdir.vigie(&["score", "holdout.csv"]).done().csv();
    let report: Value = serde_json::from_str(
        workdir.vigie(&["evaluate", "holdout.csv", "--format", "json"]).done().text(),
    )
    .unwrap();
    for label in report["labels"].as_array().unwrap() {
        let name = label["label"].as_str().unwrap();
        let scores = scored.column(&format!("vigie_{name}"));
        let threshold = label["threshold"].as_f64().unwrap();
        let flagged = scores
            .iter()
            .zip(scored.column(name))
            .filter(|(score, gold)| *gold == "1" && score.parse::<f64>().unwrap() >= threshold);
        assert_eq!(label["confusion"]["caught"].as_f64(), Some(flagged.count() as f64), "{name}");
    }
}

#[test]
fn contributions_sum_to_the_score() {
    let workdir = Workdir::new();
    for text in [
        "Vous n'êtes qu'un pauvre type, et votre journal de m3rde est payé pour se taire !!!",
        "T’es qu’un C O N N A R D 🤡 et un crétin fini, un crétin fini",
        "You are an idiot. Wake up, they hide everything from us!",
        "Merci pour cet article.",
        "😀",
        "",
    ] {
        for reply in [&[][..], &["--reply"]] {
            let arguments = [&["explain", "--format", "json", text], reply].concat();
            let explained = workdir.vigie(&arguments).done();
            assert_eq!(explained.jsonl().len(), 2);
            for label in explained.jsonl() {
                let contributions = label["contributions"].as_array().unwrap();
                let adds = |one: &Value| one["log_odds"].as_f64().unwrap();
                let sum: f64 = contributions.iter().map(adds).sum();
                let log_odds = label["log_odds"].as_f64().unwrap();
                assert!((sum - log_odds).abs() < 1e-9, "{text}: {sum} is not {log_odds}");
                let probability = label["probability"].as_f64().unwrap();
                let expected = 1.0 / (1.0 + (-log_odds).exp());
                assert!((probability - expected).abs() < 1e-4, "{text}: {probability} {expected}");
                for one in contributions {
                    let byte = |key: &str| one[key].as_u64().map(|byte| byte as usize);
                    let span = byte("start_byte").zip(byte("end_byte"));
                    let words = span.map(|(start, end)| &text[start..end]);
                    assert_eq!(one["text"].as_str(), words);
                }
            }
        }
    }
}

#[test]
fn explain_gives_the_probability_that_score_gives() {
    let workdir = Workdir::new();
    let text = "Bande de crétins, on nous cache tout";
    let explained = workdir.vigie(&["explain", "--format", "json", text]).done().jsonl();
    let scored =
        workdir.vigie_fed(&["score"], format!("text\n\"{text}\"\n").as_bytes()).done().csv();
    for label in explained {
        let column = format!("vigie_{}", label["label"].as_str().unwrap());
        assert_eq!(
            scored.column(&column),
            [format!("{:.4}", label["probability"].as_f64().unwrap())]
        );
    }
    let told = workdir.vigie(&["explain", "--label", "insult", text]).done();
    assert!(
        told.text().contains("= log-odds of insult")
            && !told.text().contains("log-odds of conspiracy")
    );
    assert_eq!(workdir.vigie_fed(&["explain", "--label", "insult"], text.as_bytes()).done(), told);
}

#[test]
fn any_label_can_be_learned() {
    let workdir = workdir();
    let ran = workdir.vigie(&["train", "train.csv", "--label", "joke", "-o", "joke.vigie"]).done();
    line(ran.text(), "joke");
    let scored = workdir.vigie(&["score", "holdout.csv", "--model", "joke.vigie"]).done().csv();
    assert_eq!(scored.header[6..8], ["vigie_joke", "vigie_advice"]);
    let measured = workdir.vigie(&["evaluate", "holdout.csv", "--model", "joke.vigie"]).done();
    assert!(measured.text().contains("\njoke: 120 comments"), "{}", measured.text());
    assert!(scored.column("vigie_model").iter().all(|model| model.starts_with("joke-")));
}

#[test]
fn what_cannot_be_learned_is_refused_in_one_line() {
    let workdir = workdir();
    let mut calm = String::from("text,insult,conspiracy,empty\n");
    (0..40).for_each(|day| calm.push_str(&format!("Le tram numéro {day} passe,0,{},\n", day % 2)));
    workdir.write("calm.csv", calm);
    for (arguments, told) in [
        (
            &["train", "calm.csv", "-o", "calm.vigie"][..],
            "vigie: label insult: training: 0 of 40 rows bear the label; both 0 and 1 are needed",
        ),
        (
            &["train", "calm.csv", "-o", "calm.vigie", "--label", "empty"],
            "vigie: label empty: training: 0 of 0 rows bear the label; both 0 and 1 are needed",
        ),
        (
            &["train", "calm.csv", "-o", "calm.vigie", "--label", "rude"],
            "vigie: calm.csv: expected a column of labels named rude; the columns are text, insult, conspiracy, empty",
        ),
        (
            &["train", "calm.csv", "train.csv", "gone.csv", "-o", "calm.vigie"],
            "vigie: gone.csv: no such file or folder",
        ),
        (
            &["train", "train.csv", "-o", "nowhere/mine.vigie"],
            "vigie: nowhere/mine.vigie: cannot be written: there is no folder nowhere",
        ),
        (
            &["evaluate", "calm.csv", "--label", "rude"],
            "vigie: no label \"rude\"; this model has insult, conspiracy",
        ),
        (
            &["explain", "oui", "--label", "rude"],
            "vigie: no label \"rude\"; this model has insult, conspiracy",
        ),
    ] {
        let ran = workdir.vigie(arguments);
        assert_eq!((ran.status, ran.text(), ran.told()), (2, "", vec![told]), "{arguments:?}");
    }
    assert_eq!(workdir.names(), ["calm.csv", "holdout.csv", "train.csv"], "no model, no scraps");
}

#[test]
fn rubbish_among_labels_is_rejected_row_by_row() {
    let workdir = workdir();
    let table = workdir.read("train.csv");
    let rubbish = table.replacen(",0,0,0\n", ",peut-être,0,0\n", 2);
    workdir.write("rubbish.csv", &rubbish);
    let ran = workdir.vigie(&["train", "rubbish.csv", "-o", "mine.vigie"]);
    assert_eq!((ran.status, ran.sums()), (1, Some([240, 238, 2])), "{}", ran.stderr);
    let told = ran.told();
    let rejected: Vec<&&str> =
        told.iter().filter(|line| line.starts_with("rubbish.csv: record ")).collect();
    assert_eq!(rejected.len(), 2);
    assert!(rejected[0].ends_with("expected 0, 1 or nothing in the column insult"), "{rejected:?}");
    let rejects = crate::workdir::Csv::parse(&workdir.read("vigie-rejects.csv"), b',');
    assert_eq!(rejects.column("file"), ["rubbish.csv"; 2]);
    assert!(rejects.column("raw").iter().all(|raw| raw.contains("peut-être")));

    // Nothing but rubbish: no model, but the rows are not lost.
    let rubbish = "text,insult\nun,oui\ndeux,non\n";
    workdir.write("rubbish.csv", rubbish);
    for command in [&["train", "-o", "none.vigie", "--label", "insult"][..], &["evaluate"]] {
        let arguments = [command, &["rubbish.csv", "--rejects", "refused.csv"]].concat();
        let ran = workdir.vigie(&arguments);
        assert_eq!(ran.status, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("2 rejected, see refused.csv\n"), "{}", ran.stderr);
        let rejects = crate::workdir::Csv::parse(&workdir.read("refused.csv"), b',');
        assert_eq!(rejects.column("record"), ["1", "2"], "{}", ran.stderr);
        std::fs::remove_file(workdir.path("refused.csv")).unwrap();
    }
    assert!(!workdir.names().contains(&"none.vigie".to_string()));
}
