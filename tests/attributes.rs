//! Perspective's attributes: the rules are fitted again, and judged on sentences of our own and on HateCheck's.
//!
//! `cargo test --test vigie attributes -- --nocapture` prints the measures, for the model card.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use vigie::attribute::{self, Attribute, Input, Values};
use vigie::evaluation::{Pair, area_under_roc, average_precision};
use vigie::feature::Context;
use vigie::model::fit::logistic;
use vigie::model::{Model, Scratch};
use vigie::scorer::Scorer;
use vigie::text::hash;

use crate::agreement::kappa;
use crate::workdir::fixture;

/// How a rule is fitted: `training/attributes.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    floor: f64,
    inputs: Vec<String>,
    lists: Vec<String>,
    prior: f64,
}

/// A comment that was read: what the rules may weigh, and what was said of it.
struct Row {
    id: String,
    french: bool,
    inputs: [f64; Input::ALL.len()],
    gold: BTreeMap<String, bool>,
    unsure: bool,
    /// How many comments of its pool it stands for.
    weight: f64,
}

const FOLDS: u64 = 5;
/// L2 on standardised inputs.
const ALPHA: f64 = 1.0;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn corpora() -> PathBuf {
    root().join("../shared/corpora")
}

fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let rows = csv::Reader::from_path(path).unwrap().into_deserialize();
    rows.collect::<Result<_, _>>().unwrap()
}

struct Reader {
    scorer: Scorer,
    scratch: Scratch,
}

impl Reader {
    fn new() -> Reader {
        Reader { scorer: Scorer::new(Model::shipped().unwrap()), scratch: Scratch::default() }
    }

    fn inputs(&mut self, text: &str) -> [f64; Input::ALL.len()] {
        let scores = self.scorer.scores(text, Context::default(), &mut self.scratch);
        attribute::inputs(self.scorer.model(), &scores, &self.scratch).unwrap()
    }

    fn values(&mut self, text: &str) -> Values {
        let scores = self.scorer.scores(text, Context::default(), &mut self.scratch);
        attribute::values(self.scorer.model(), &scores, &self.scratch)
    }
}

/// The comments that were read; none where the corpora are not there.
fn rows() -> Option<Vec<Row>> {
    let mut texts: HashMap<String, HashMap<String, String>> = HashMap::new();
    let mut reader = Reader::new();
    let mut found = Vec::new();
    for row in table(&root().join("training/annotations/attributes.csv")) {
        let path = corpora().join(&row["file"]);
        if !path.exists() {
            eprintln!("skipped: {} is not there", path.display());
            return None;
        }
        let texts = texts.entry(row["file"].clone()).or_insert_with(|| {
            let rows = table(&path).into_iter();
            rows.map(|mut row| (row.remove("id").unwrap(), row.remove("text").unwrap())).collect()
        });
        let rules = Attribute::ALL
            .into_iter()
            .filter(|one| !matches!(one, Attribute::Conspiracy | Attribute::Insult));
        let gold = rules.map(|one| (one.name().into(), row[&one.name().to_lowercase()] == "1"));
        found.push(Row {
            inputs: reader.inputs(&texts[&row["id"]]),
            french: !row["file"].starts_with("train/"),
            gold: gold.collect(),
            unsure: row["unsure"] == "1",
            weight: row["weight"].parse().unwrap(),
            id: row["id"].clone(),
        });
    }
    Some(found)
}

fn fold(row: &Row) -> u64 {
    hash(row.id.as_bytes()) % FOLDS
}

/// A logistic function of some inputs.
struct Fit {
    inputs: Vec<usize>,
    weights: Vec<f64>,
    intercept: f64,
}

impl Fit {
    fn log_odds(&self, row: &Row) -> f64 {
        let weighed = self.weights.iter().zip(&self.inputs);
        self.intercept + weighed.map(|(weight, &at)| weight * row.inputs[at]).sum::<f64>()
    }
}

/// Slopes of the rows as they were drawn; then the intercept that makes values true on the average in the pools, were
/// the share of positives there `prior`.
fn fit(rows: &[&Row], name: &str, inputs: &[String], prior: f64) -> Fit {
    let place = |input: &String| Input::ALL.iter().position(|one| one.name() == input).unwrap();
    let inputs: Vec<usize> = inputs.iter().map(place).collect();
    let chosen: Vec<Vec<f64>> =
        rows.iter().map(|row| inputs.iter().map(|&at| row.inputs[at]).collect()).collect();
    let chosen: Vec<&[f64]> = chosen.iter().map(Vec::as_slice).collect();
    let gold: Vec<bool> = rows.iter().map(|row| row.gold[name]).collect();
    let weights = logistic(&chosen, &gold, ALPHA).unwrap().weights;
    let mut fit = Fit { inputs, weights, intercept: 0.0 };
    let share = share(rows, name);
    let weight = |row: &Row| {
        row.weight * if row.gold[name] { prior / share } else { (1.0 - prior) / (1.0 - share) }
    };
    let (mut low, mut high) = (-20.0, 20.0);
    for _ in 0..60 {
        fit.intercept = (low + high) / 2.0;
        let excess: f64 = rows
            .iter()
            .map(|row| weight(row) * (logistic_of(fit.log_odds(row)) - f64::from(row.gold[name])))
            .sum();
        if excess > 0.0 { high = fit.intercept } else { low = fit.intercept }
    }
    fit
}

fn logistic_of(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The share of positives in the pools that the rows were drawn from.
fn share(rows: &[&Row], name: &str) -> f64 {
    let all: f64 = rows.iter().map(|row| row.weight).sum();
    rows.iter().filter(|row| row.gold[name]).map(|row| row.weight).sum::<f64>() / all
}

/// Log-odds of each row, by rules that were fitted without it.
fn in_folds(rows: &[Row], name: &str, inputs: &[String], prior: f64) -> Vec<f64> {
    let fits: Vec<Fit> = (0..FOLDS)
        .map(|held| {
            let others: Vec<&Row> = rows.iter().filter(|row| fold(row) != held).collect();
            fit(&others, name, inputs, prior)
        })
        .collect();
    rows.iter().map(|row| fits[fold(row) as usize].log_odds(row)).collect()
}

/// AUC and average precision of some of the rows.
fn measure(rows: &[Row], name: &str, scores: &[f64], of: impl Fn(&Row) -> bool) -> [f64; 2] {
    let pairs = rows.iter().zip(scores).filter(|(row, _)| of(row));
    let pairs: Vec<Pair> = pairs.map(|(row, &score)| Pair::new(row.gold[name], score)).collect();
    [area_under_roc(&pairs).unwrap(), average_precision(&pairs).unwrap()]
}

fn plans() -> BTreeMap<String, Plan> {
    toml::from_str(&fs::read_to_string(root().join("training/attributes.toml")).unwrap()).unwrap()
}

/// Prints measures of a rule in folds beside those of the insult head and of word lists alone.
fn report(rows: &[Row], name: &str, plan: &Plan) -> f64 {
    let scores = in_folds(rows, name, &plan.inputs, plan.prior);
    let lists = in_folds(rows, name, &plan.lists, plan.prior);
    let head = in_folds(rows, name, &["insult".to_owned()], plan.prior);
    let all: Vec<&Row> = rows.iter().collect();
    let positives = rows.iter().filter(|row| row.gold[name]).count();
    println!(
        "{name}: {positives} of {} comments, {:.3} of the pools",
        rows.len(),
        share(&all, name)
    );
    for (what, scores) in [("rule", &scores), ("word lists", &lists), ("insult head", &head)] {
        let told = |of: &dyn Fn(&Row) -> bool| {
            let [auc, precision] = measure(rows, name, scores, of);
            format!("{auc:.3} / {precision:.3}")
        };
        let (every, french) = (told(&|_| true), told(&|row| row.french));
        let (english, sure) = (told(&|row| !row.french), told(&|row| !row.unsure));
        println!("  {what:<12} AUC / AP {every}; fr {french}; en {english}; sure {sure}");
    }
    let share = share(&all, name);
    let weight = |row: &Row| {
        row.weight
            * if row.gold[name] { plan.prior / share } else { (1.0 - plan.prior) / (1.0 - share) }
    };
    for (low, high) in [(0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 1.0)] {
        let inside = rows.iter().zip(&scores).map(|(row, score)| (row, logistic_of(*score)));
        let inside: Vec<_> = inside.filter(|(_, value)| (low..high).contains(value)).collect();
        let sum = |of: &dyn Fn(&(&Row, f64)) -> f64| inside.iter().map(of).sum::<f64>();
        let whole = sum(&|(row, _)| weight(row));
        println!(
            "  values {low}–{high}: {:>4} comments, mean {:.3}, positive at the prior {:.3}, of those read {:.3}",
            inside.len(),
            sum(&|(row, value)| weight(row) * value) / whole,
            sum(&|(row, _)| weight(row) * f64::from(row.gold[name])) / whole,
            sum(&|(row, _)| f64::from(row.gold[name])) / inside.len() as f64,
        );
    }
    measure(rows, name, &scores, |_| true)[0]
}

/// What is found in the table of rules: names with numbers, sorted.
fn written(fit: &Fit) -> BTreeMap<&'static str, f64> {
    let digits = |value: f64| (value * 1e3).round() / 1e3;
    let weights = fit.weights.iter().zip(&fit.inputs);
    let mut found: BTreeMap<_, _> =
        weights.map(|(weight, &at)| (Input::ALL[at].name(), digits(*weight))).collect();
    found.insert("intercept", digits(fit.intercept));
    found
}

#[test]
fn the_rules_are_what_the_labels_say() {
    let Some(rows) = rows() else { return };
    let all: Vec<&Row> = rows.iter().collect();
    let path = root().join("src/attribute/rules.toml");
    let old = fs::read_to_string(&path).unwrap();
    let mut new = old[..old.find("\n[").unwrap()].to_owned();
    let pinned: BTreeMap<String, BTreeMap<String, f64>> = toml::from_str(&old).unwrap();
    let mut moved = Vec::new();
    for (name, plan) in plans() {
        let auc = report(&rows, &name, &plan);
        assert!(auc >= plan.floor, "{name}: {auc:.4} is below {}", plan.floor);
        write!(new, "\n[{name}]\n").unwrap();
        for (input, weight) in written(&fit(&all, &name, &plan.inputs, plan.prior)) {
            println!("  {input} = {weight}");
            writeln!(new, "{input} = {weight:?}").unwrap();
            // The optimiser takes exponentials from the system's library: the last digits may differ.
            let was = pinned[&name].get(input).copied().unwrap_or(f64::INFINITY);
            if (was - weight).abs() > 0.005 {
                moved.push(format!("{name}: {input} {was} → {weight}"));
            }
        }
    }
    if env::var_os("UPDATE_PINS").is_some() {
        fs::write(path, new).unwrap();
    } else {
        assert!(moved.is_empty(), "UPDATE_PINS=1 writes them down: {moved:#?}");
    }
}

#[test]
fn two_readings_by_one_reader_agree() {
    let annotations = root().join("training/annotations");
    let key = |row: &HashMap<String, String>| (row["file"].clone(), row["id"].clone());
    let first = table(&annotations.join("attributes.csv")).into_iter();
    let first: HashMap<_, _> = first.map(|row| (key(&row), row)).collect();
    let second = table(&annotations.join("attributes_second_reading.csv"));
    for name in plans().into_keys() {
        let column = name.to_lowercase();
        let pair =
            |row: &HashMap<String, String>| (first[&key(row)][&column] == "1", row[&column] == "1");
        let pairs: Vec<(bool, bool)> = second.iter().map(pair).collect();
        let kappa = kappa(&pairs);
        println!("{name}: {} comments read twice, kappa {kappa:.3}", pairs.len());
        assert!(kappa >= 0.8, "{name}");
    }
}

/// From here on a sentence of ours counts as flagged.
const FLAGGED: f64 = 0.5;

#[test]
fn guilty_sentences_are_told_from_their_innocent_twins() {
    let mut reader = Reader::new();
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::<String, [usize; 2]>::new());
    for name in ["fr.tsv", "en.tsv"] {
        let text = fs::read_to_string(fixture("attributes").join(name)).unwrap();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let [asked, gold, sentence] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{name}: {line}");
            };
            let attribute = Attribute::from_name(asked).unwrap();
            let value = reader.values(sentence).of(attribute);
            let guilty = gold.starts_with('1');
            // What is known to be told wrong is written down, and must be written anew once it is told right.
            let expected = guilty != gold.contains(' ');
            seen.entry(format!("{name} {asked}")).or_default()[usize::from(guilty)] += 1;
            println!("{asked:<16} {gold} {value:.3} {sentence}");
            if (value >= FLAGGED) != expected {
                wrong.push(format!("{asked} {gold} {value:.3} {sentence}"));
            }
        }
    }
    assert!(seen.values().all(|[innocent, guilty]| innocent + guilty >= 8), "{seen:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn innocent_functionalities_of_hatecheck_are_left_alone() {
    let path = corpora().join("dev/fr_multilingual_hatecheck.csv");
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return;
    }
    let asked =
        [Attribute::IdentityAttack, Attribute::Threat, Attribute::Profanity, Attribute::Toxicity];
    let mut reader = Reader::new();
    let mut parts: BTreeMap<String, Vec<[f64; 4]>> = BTreeMap::new();
    for row in table(&path) {
        let values = reader.values(&row["text"]);
        let part = row["source"].rsplit(':').next().unwrap().to_owned();
        parts.entry(part).or_default().push(asked.map(|one| values.of(one)));
    }
    println!("share with 0.5 or more (0.2 or more) of {:?}", asked.map(Attribute::name));
    for (part, values) in &parts {
        let share = |at: usize, from: f64| {
            values.iter().filter(|one| one[at] >= from).count() as f64 / values.len() as f64
        };
        let told = [0, 1, 2, 3].map(|at| format!("{:.2} ({:.2})", share(at, 0.5), share(at, 0.2)));
        println!("{part:<20} {:>4}  {}", values.len(), told.join("  "));
        if ["ident_neutral_nh", "ident_pos_nh", "counter_quote_nh", "negate_neg_nh"]
            .contains(&part.as_str())
        {
            assert!(share(0, 0.5) <= 0.03 && share(1, 0.5) <= 0.03, "{part}");
        }
    }
}
