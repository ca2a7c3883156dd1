//! `vigie evaluate`: measures a model on labelled comments.

use std::io::Write;

use anyhow::bail;
use serde::Serialize;
use vigie::evaluation::{Calibration, Confusion, Pair, area_under_roc, average_precision};
use vigie::model::Scratch;

use super::Status;
use super::args::{InputArgs, ModelArgs};
use super::input::Account;
use super::labelled::{Gold, Grouping, Labelled, read};
use super::output::Output;

/// Measure a model on labelled comments.
///
/// Reads the model's labels as binary columns: 1 yes, 0 no, empty unknown. Measure on comments that the model was not
/// trained on.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  vigie evaluate labelled.csv --model mine.vigie")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    /// Only these labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',', help_heading = "Model")]
    label: Vec<String>,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for people
    Text,
    /// One JSON object
    Json,
}

/// The feature that counts a label's word lists: what a filter without a model would do.
const WORD_LISTS: [(&str, &str); 2] =
    [("insult", "lexicon.attack"), ("conspiracy", "lexicon.conspiracy")];

/// Everything measured of one label.
#[derive(Debug, Serialize)]
struct Measured {
    label: String,
    rows: usize,
    positives: usize,
    auc: Option<f64>,
    /// What counting the lexicon's entries alone reaches.
    word_list_auc: Option<f64>,
    average_precision: Option<f64>,
    threshold: f64,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    confusion: Confusion,
    calibration: Calibration,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let scorer = args.model.scorer()?;
    let model = scorer.model();
    let known: Vec<String> = model.labels().map(str::to_string).collect();
    if let Some(unknown) = args.label.iter().find(|label| !known.contains(label)) {
        bail!("no label \"{unknown}\"; this model has {}", known.join(", "));
    }
    let overrides = args.input.overrides()?;
    let mut account = Account::new(&args.input.rejects)?;
    let mut pairs: Vec<Vec<Pair>> = vec![Vec::new(); known.len()];
    let mut counted: Vec<Vec<Pair>> = vec![Vec::new(); known.len()];
    let features = model.feature_names();
    let counts: Vec<Option<usize>> = known
        .iter()
        .map(|label| {
            let (_, feature) = WORD_LISTS.iter().find(|(listed, _)| listed == label)?;
            features.iter().position(|name| name == feature)
        })
        .collect();
    let mut scratch = Scratch::default();
    for input in args.input.expand() {
        let input = input?;
        for Labelled { text, place, labels, .. } in
            read(&input, &overrides, &known, Gold::Columns, &Grouping::Thread, &mut account)?
        {
            let scores = scorer.scores(&text, place, &mut scratch);
            for (label, gold) in labels.into_iter().enumerate() {
                let score = scores.probabilities[label].value();
                pairs[label].extend(gold.map(|gold| Pair::new(gold, score)));
                let count =
                    counts[label].map(|count| model.measure(&text, place, &mut scratch)[count]);
                counted[label].extend(gold.zip(count).map(|(gold, count)| Pair::new(gold, count)));
            }
        }
    }
    let wanted = |label: &String| args.label.is_empty() || args.label.contains(label);
    let measured: Vec<Measured> = model
        .heads
        .iter()
        .zip(pairs.iter().zip(&counted))
        .filter(|(head, (pairs, _))| wanted(&head.label) && !pairs.is_empty())
        .map(|(head, (pairs, counted))| measure(&head.label, head.review().value(), pairs, counted))
        .collect();
    if measured.is_empty() {
        bail!("nothing to measure: no row says 0 or 1 of a label");
    }
    let mut out = Output::open(None)?;
    match args.format {
        Format::Json => {
            let report = serde_json::json!({ "model": model.id(), "labels": measured });
            writeln!(out, "{report:#}")?;
        }
        Format::Text => {
            writeln!(out, "model {}", model.id())?;
            measured.iter().try_for_each(|label| tell(label, &mut out))?;
        }
    }
    out.finish()?;
    account.close("measured")
}

fn measure(label: &str, threshold: f64, pairs: &[Pair], counted: &[Pair]) -> Measured {
    let confusion = Confusion::at(pairs, threshold);
    Measured {
        label: label.to_string(),
        rows: pairs.len(),
        positives: pairs.iter().filter(|pair| pair.gold).count(),
        auc: area_under_roc(pairs),
        word_list_auc: area_under_roc(counted),
        average_precision: average_precision(pairs),
        threshold,
        precision: confusion.precision(),
        recall: confusion.recall(),
        f1: confusion.f1(),
        confusion,
        calibration: Calibration::of(pairs),
    }
}

fn tell(measured: &Measured, out: &mut impl Write) -> anyhow::Result<()> {
    let number =
        |value: Option<f64>| value.map_or("   -".to_string(), |value| format!("{value:.3}"));
    let Measured { label, rows, positives, threshold, confusion, calibration, .. } = measured;
    writeln!(out, "\n{label}: {rows} comments, {positives} positive")?;
    writeln!(
        out,
        "  AUC {} (word lists alone {})   average precision {}",
        number(measured.auc),
        number(measured.word_list_auc),
        number(measured.average_precision)
    )?;
    writeln!(
        out,
        "  at {threshold:.4}: precision {}   recall {}   F1 {}",
        number(measured.precision),
        number(measured.recall),
        number(measured.f1)
    )?;
    writeln!(out, "                 flagged  not flagged")?;
    writeln!(out, "    positive  {:>10}   {:>10}", confusion.caught, confusion.missed)?;
    writeln!(out, "    negative  {:>10}   {:>10}", confusion.disturbed, confusion.passed)?;
    writeln!(out, "  Brier {:.4}   calibration error {:.4}", calibration.brier, calibration.error)?;
    writeln!(out, "    score from   comments   mean score   share positive")?;
    for bin in &calibration.bins {
        writeln!(
            out,
            "           {:.1}   {:>8}        {:.3}            {:.3}",
            bin.from, bin.pairs, bin.score, bin.positives
        )?;
    }
    Ok(())
}
