//! Can a newsroom trust a model? Group by group, part by part, and beside another model.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use vigie::feature::{Reader, Reading};
use vigie::identity::{Groups, Term, shipped};
use vigie::lexicon::{Lexicon, WordList};
use vigie::text::Language;

use crate::workdir::{Ran, Workdir, program};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(ran.text()).unwrap()
}

/// A comment of a fixture: what people said, what the model says, the cell of a column.
struct Row {
    gold: bool,
    score: f64,
    cell: String,
}

/// What `score` writes of a fixture's label `insult`, and a column of it.
fn scored(workdir: &Workdir, file: &str, column: &str) -> Vec<Row> {
    let table = workdir.vigie(&["score", file]).done().csv();
    let scores = table.column("vigie_insult");
    let scores = scores.iter().map(|score| score.parse::<f64>().unwrap());
    let gold = table.column("insult").into_iter().map(|gold| gold == "1");
    let cells = table.column(column).into_iter().map(str::to_string);
    gold.zip(scores).zip(cells).map(|((gold, score), cell)| Row { gold, score, cell }).collect()
}

/// AUC pair by pair: slow, and plain to see.
fn area<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for guilty in rows.clone().filter(|row| row.gold) {
        for innocent in rows.clone().filter(|row| !row.gold) {
            pairs += 1.0;
            sum += match guilty.score.total_cmp(&innocent.score) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    sum / pairs
}

fn close(found: &Value, expected: f64) {
    assert!((found.as_f64().unwrap() - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn an_audit_counts_who_is_named_and_measures_pair_by_pair() {
    let workdir = Workdir::with(&["labelled/audit.csv"]);
    let rows = scored(&workdir, "audit.csv", "who");
    let arguments = ["evaluate", "audit.csv", "--audit", "--least", "3"];
    let report = json(&workdir.vigie(&[&arguments[..], &["--format", "json"]].concat()).done());
    let (label, audit) = (&report["labels"][0], &report["labels"][0]["audit"]);
    let threshold = label["threshold"].as_f64().unwrap();
    let groups = audit["groups"].as_array().unwrap();
    let names: Vec<&str> = groups.iter().map(|one| one["group"].as_str().unwrap()).collect();
    assert_eq!(names, ["women", "Muslims", "gay and lesbian people"]);
    for group in groups {
        let own = |row: &&Row| row.cell == group["group"].as_str().unwrap();
        let count = |test: &dyn Fn(&&Row) -> bool| rows.iter().filter(test).count();
        assert_eq!(group["rows"], count(&own), "{group}");
        assert_eq!(group["positives"], count(&|row| own(row) && row.gold), "{group}");
        close(&group["auc"]["value"], area(rows.iter().filter(own)));
        close(&group["bpsn"]["value"], area(rows.iter().filter(|row| own(row) != row.gold)));
        close(&group["bnsp"]["value"], area(rows.iter().filter(|row| own(row) == row.gold)));
        for (gap, gold) in [("false_positives", false), ("false_negatives", true)] {
            let wrong = |row: &&Row| row.gold == gold && (row.score >= threshold) != gold;
            let gap = &group[gap];
            assert_eq!(gap["subgroup"]["count"], count(&|row| own(row) && wrong(row)), "{group}");
            assert_eq!(gap["subgroup"]["of"], count(&|row| own(row) && row.gold == gold));
            assert_eq!(gap["background"]["count"], count(&|row| !own(row) && wrong(row)));
            assert_eq!(gap["background"]["of"], count(&|row| !own(row) && row.gold == gold));
            let [gap, low, high] = [&gap["gap"], &gap["interval"]["low"], &gap["interval"]["high"]]
                .map(|number| number.as_f64().unwrap());
            assert!(low <= gap && gap <= high, "{group}");
        }
    }
    let areas = groups.iter().map(|group| group["bpsn"]["value"].as_f64().unwrap());
    assert!(areas.clone().any(|area| area < 0.99), "a fixture without mistakes would test little");
    let mean = (areas.map(|area| area.powi(-5)).sum::<f64>() / 3.0).powf(-0.2);
    close(&audit["mean"]["bpsn"], mean);
    let few = audit["too_few"].as_array().unwrap();
    let few: Vec<(&str, &Value)> =
        few.iter().map(|one| (one["group"].as_str().unwrap(), &one["rows"])).collect();
    assert_eq!(few, [("Jews", &Value::from(3))]);

    let told = workdir.vigie(&arguments).done();
    for group in groups {
        let line = format!("{} ", group["group"].as_str().unwrap());
        assert_eq!(told.text().matches(&line).count(), 2, "{}", told.text());
    }
    assert!(told.text().contains("\n    Jews (1 + 2)\n"), "{}", told.text());
    assert!(told.text().lines().all(|line| line.chars().count() <= 100), "{}", told.text());
    let without = workdir.vigie(&["evaluate", "audit.csv"]).done();
    assert!(told.text().starts_with(without.text()) && !without.text().contains("Muslims"));
}

#[test]
fn terms_of_ones_own_join_and_leave_groups() {
    let workdir = Workdir::with(&["labelled/audit.csv"]);
    workdir.write("terms.csv", "term,group,lang\ntram,commuters,fr\nbus,commuters,\nimam,,fr\n");
    let audit = |more: &[&str]| {
        let arguments = ["evaluate", "audit.csv", "--audit", "--least", "1", "--format", "json"];
        let report = json(&workdir.vigie(&[&arguments[..], more].concat()).done());
        let audit = &report["labels"][0]["audit"];
        let named = ["groups", "too_few"].map(|part| audit[part].as_array().unwrap().clone());
        let named = named
            .concat()
            .into_iter()
            .map(|one| (one["group"].as_str().unwrap().to_string(), one["rows"].as_u64().unwrap()));
        named.collect::<BTreeMap<String, u64>>()
    };
    let (before, after) = (audit(&[]), audit(&["--terms", "terms.csv"]));
    assert_eq!((before.get("commuters"), after["commuters"]), (None, 2));
    assert_eq!((before["Muslims"], after["Muslims"]), (11, 8));

    workdir.write("wrong.csv", "mot,groupe\na,b\n");
    for (arguments, told) in [
        (
            &["--audit", "--terms", "wrong.csv"][..],
            "vigie: wrong.csv: expected the columns term and group; the columns are mot, groupe",
        ),
        (&["--audit", "--terms", "gone.csv"], "vigie: gone.csv: No such file or directory"),
        (&["--by", "rubrique"], "vigie: audit.csv: no column \"rubrique\" to part by"),
        (&["--group", "rubrique"], "vigie: audit.csv: no column \"rubrique\" to group by"),
    ] {
        let ran = workdir.vigie(&[&["evaluate", "audit.csv"], arguments].concat());
        assert_eq!((ran.status, ran.text()), (2, ""), "{arguments:?}");
        assert!(ran.told()[0].starts_with(told), "{}", ran.stderr);
    }
}

#[test]
fn functionalities_are_told_worst_first() {
    let workdir = Workdir::with(&["labelled/functionality.csv"]);
    let rows = scored(&workdir, "functionality.csv", "functionality");
    let report =
        json(&workdir.vigie(&["evaluate", "functionality.csv", "--format", "json"]).done());
    let label = &report["labels"][0];
    let threshold = label["threshold"].as_f64().unwrap();
    assert_eq!(label["slices"]["by"], "functionality", "found by itself");
    let parts = label["slices"]["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 6);
    for part in parts {
        let own = || rows.iter().filter(|row| row.cell == part["value"].as_str().unwrap());
        let passed = own().filter(|row| (row.score >= threshold) == row.gold).count();
        assert_eq!((&part["rows"], &part["passed"]), (&own().count().into(), &passed.into()));
        assert_eq!(part["positives"], own().filter(|row| row.gold).count());
        close(&part["pass_rate"], passed as f64 / own().count() as f64);
        close(&part["mean_score"], own().map(|row| row.score).sum::<f64>() / 4.0);
        assert_eq!(part["auc"], Value::Null, "one class has no area");
    }
    let rates: Vec<f64> = parts.iter().map(|part| part["pass_rate"].as_f64().unwrap()).collect();
    assert!(rates.is_sorted() && rates[0] < rates[5], "{rates:?}");
    let told = workdir.vigie(&["evaluate", "functionality.csv"]).done();
    assert!(told.text().contains("  by functionality "), "{}", told.text());
    let by = workdir.vigie(&["evaluate", "functionality.csv", "--by", "functionality"]).done();
    assert_eq!(by, told);

    // Both classes in a part; and a part whose name would clear the screen.
    workdir.write("mixed.csv", "text,insult,kind\nsale crétin,1,\u{1b}[2J\nbonjour,0,\u{1b}[2J\n");
    let told = workdir.vigie(&["evaluate", "mixed.csv", "--by", "kind"]).done();
    let line = told.text().lines().find(|line| line.contains("⟨U+001B⟩[2J")).unwrap();
    assert!(line.ends_with("1.000") && !told.text().contains('\u{1b}'), "{}", told.text());
}

fn pair_of_models() -> Workdir {
    let workdir = Workdir::with(&["labelled/train.csv", "labelled/holdout.csv"]);
    workdir.vigie(&["train", "train.csv", "-o", "mine.vigie"]).done();
    workdir
}

#[test]
fn a_model_beside_itself_differs_in_nothing() {
    let workdir = pair_of_models();
    let arguments = ["compare", "default", "default", "holdout.csv", "--format", "json"];
    let report = json(&workdir.vigie(&arguments).done());
    assert_eq!(report["a"], report["b"]);
    let labels = report["labels"].as_array().unwrap();
    assert_eq!(labels.len(), 2);
    for label in labels {
        for measure in label["measures"].as_array().unwrap() {
            let zero = |name: &str, value: &Value| assert_eq!(*value, 0.0, "{name} of {measure}");
            zero("difference", &measure["difference"]);
            zero("low", &measure["interval"]["low"]);
            zero("high", &measure["interval"]["high"]);
        }
        assert_eq!(label["turns"]["right_to_wrong"], 0);
        assert_eq!(label["turns"]["wrong_to_right"], 0);
        assert_eq!(label["examples"], Value::Array(Vec::new()));
    }
}

#[test]
fn compare_tells_what_evaluate_measures_and_what_turns() {
    let workdir = pair_of_models();
    let compare = ["compare", "default", "mine.vigie", "holdout.csv", "--format", "json"];
    let more = ["--by", "joke", "--examples", "3"];
    let report = json(&workdir.vigie(&[&compare[..], &more].concat()).done());
    let evaluate = ["evaluate", "holdout.csv", "--format", "json"];
    let one = json(&workdir.vigie(&evaluate).done());
    let other = json(&workdir.vigie(&[&evaluate[..], &["--model", "mine.vigie"]].concat()).done());
    assert_eq!((&report["a"], &report["b"]), (&one["model"], &other["model"]));
    for (index, label) in report["labels"].as_array().unwrap().iter().enumerate() {
        let (one, other) = (&one["labels"][index], &other["labels"][index]);
        for measure in label["measures"].as_array().unwrap() {
            let of = |label: &Value| match measure["measure"].as_str().unwrap() {
                "brier" => label["calibration"]["brier"].clone(),
                "calibration_error" => label["calibration"]["error"].clone(),
                name => label[name].clone(),
            };
            let [a, b] = [of(one), of(other)].map(|value| value.as_f64().unwrap());
            close(&measure["a"], a);
            close(&measure["b"], b);
            close(&measure["difference"], b - a);
            let interval = &measure["interval"];
            assert!(interval["low"].as_f64() < interval["high"].as_f64(), "{measure}");
        }
        let auc = &label["measures"][0];
        assert!(auc["interval"]["high"].as_f64().unwrap() < 0.0, "a model of 240 rows: {auc}");
        let right = |label: &Value| {
            let count = |name: &str| label["confusion"][name].as_f64().unwrap();
            (count("caught") + count("passed")) as i64
        };
        let sum = |turns: &Value| {
            let count = |name: &str| turns[name].as_i64().unwrap();
            [count("rows"), count("wrong_to_right") - count("right_to_wrong")]
        };
        let all = sum(&label["turns"]);
        assert_eq!(all, [label["rows"].as_i64().unwrap(), right(other) - right(one)]);
        for parts in [&label["by_language"], &label["by_part"]["parts"]] {
            let parts = parts.as_object().unwrap().values().map(sum);
            assert_eq!(parts.fold([0, 0], |[a, b], [c, d]| [a + c, b + d]), all, "{label}");
        }
        assert_eq!(label["by_part"]["column"], "joke");
        let examples = label["examples"].as_array().unwrap();
        assert_eq!(examples.len(), 3);
        for example in examples {
            let [a, b] = [0, 1].map(|model: usize| {
                let threshold = label["thresholds"][model].as_f64();
                example["scores"][model].as_f64() >= threshold
            });
            let gold = example["gold"].as_bool().unwrap();
            assert_eq!(
                (a == gold, b == gold),
                match example["turn"].as_str().unwrap() {
                    "to_right" => (false, true),
                    _ => (true, false),
                }
            );
        }
    }
    let told = workdir.vigie(&[&compare[..4], &more].concat()).done();
    assert!(told.text().contains("wrong to right") && told.text().contains("  differs\n"));
    assert!(told.text().lines().all(|line| line.chars().count() <= 100), "{}", told.text());
}

#[test]
fn compare_says_the_same_with_any_number_of_threads() {
    let workdir = pair_of_models();
    let with = |threads: &str| {
        let mut program = program();
        program.args(["compare", "default", "mine.vigie", "holdout.csv", "--resamples", "200"]);
        workdir.run(program.env("RAYON_NUM_THREADS", threads), b"").done()
    };
    assert_eq!(with("1"), with("3"));
}

#[test]
fn models_that_cannot_be_compared_are_refused_in_one_line() {
    let workdir = pair_of_models();
    workdir.vigie(&["train", "train.csv", "--label", "joke", "-o", "joke.vigie"]).done();
    workdir.write("unlabelled.csv", "text,insult\nbonjour,\n");
    for (arguments, told) in [
        (["default", "joke.vigie", "holdout.csv", ""], "vigie: the models share no label: "),
        (["default", "gone.vigie", "holdout.csv", ""], "vigie: gone.vigie: "),
        (["default", "mine.vigie", "unlabelled.csv", ""], "vigie: nothing to compare: "),
        (
            ["default", "mine.vigie", "holdout.csv", "--label=joke"],
            "vigie: no label \"joke\" in both models; they share insult, conspiracy",
        ),
    ] {
        let arguments = arguments.iter().filter(|argument| !argument.is_empty());
        let arguments: Vec<&str> = ["compare"].iter().chain(arguments).copied().collect();
        let ran = workdir.vigie(&arguments);
        assert_eq!((ran.status, ran.text()), (2, ""), "{arguments:?}");
        assert!(ran.told()[0].starts_with(told), "{}", ran.stderr);
    }
}

/// A table of terms of `training/identity`.
fn table(language: Language) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/identity");
    fs::read_to_string(root.join(format!("{}.csv", language.code()))).unwrap()
}

/// Lists of `training/lexicons` in French and English.
fn lists(wanted: impl Fn(&str) -> bool) -> Vec<WordList> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/lexicons");
    let mut lists = Vec::new();
    for language in [Language::Fr, Language::En] {
        for entry in root.join(language.code()).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let category = path.file_stem().unwrap().to_str().unwrap();
            if wanted(category) {
                let text = fs::read_to_string(&path).unwrap();
                lists.push(WordList::parse(language, category, &text).unwrap());
            }
        }
    }
    assert!(!lists.is_empty());
    lists
}

/// The order of a table: without accents and case first.
fn order(term: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let lower = term.to_lowercase().replace('œ', "oe").replace('’', "'");
    lower.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

#[test]
fn terms_are_sorted_and_clean_and_groups_are_known_in_both_languages() {
    let mut groups = [BTreeSet::new(), BTreeSet::new()];
    for (groups, language) in groups.iter_mut().zip([Language::Fr, Language::En]) {
        let text = table(language);
        assert!(text.starts_with("term,group\n") && text.ends_with('\n') && !text.contains('\r'));
        let terms = Term::read(text.as_bytes()).unwrap();
        assert!(terms.len() > 500, "{}", terms.len());
        for pair in terms.windows(2) {
            let [one, other] =
                [&pair[0], &pair[1]].map(|one| (order(&one.term), &one.term, &one.group));
            assert!(one < other, "{language:?}: {one:?} before {other:?}");
        }
        for term in &terms {
            assert_eq!(term.term.to_lowercase(), term.term);
            assert!(!term.group.is_empty() && term.group.chars().count() <= 26, "{term:?}");
        }
        groups.extend(terms.into_iter().map(|term| term.group));
    }
    for group in
        ["women", "Muslims", "Jews", "Black people", "gay and lesbian people", "trans people"]
    {
        assert!(groups.iter().all(|groups| groups.contains(group)), "{group}");
    }
}

#[test]
fn terms_are_neutral_words_that_the_lexicon_knows() {
    let abuse = Lexicon::build(lists(|category| {
        category.starts_with("insult")
            || ["slur", "group_contempt", "contempt", "demeaning"].contains(&category)
    }));
    let identity = Lexicon::build(lists(|category| category == "identity"));
    let (abuse, identity) = (abuse.unwrap(), identity.unwrap());
    let (mut reader, mut reading) = (Reader::default(), Reading::<()>::default());
    let (mut abusive, mut unknown) = (Vec::new(), BTreeSet::new());
    let terms = shipped().unwrap();
    for Term { term, .. } in &terms {
        reader.read(term, &abuse, &mut reading);
        if reading.matches.iter().any(|found| found.end - found.start == reading.tokens.len()) {
            abusive.push(term);
        }
        reader.read(term, &identity, &mut reading);
        if reading.matches.is_empty() {
            unknown.insert(term);
        }
    }
    assert!(abusive.is_empty(), "abuse names nobody: {abusive:?}");
    // What the audit looks for and the list of identity words does not: few, and each on purpose.
    assert!(unknown.len() <= 20, "{unknown:?}");
    assert!(Groups::build(&terms).unwrap().names().len() >= 30);
}
