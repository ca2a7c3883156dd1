//! `vigie compare`: says where two models differ on labelled comments.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::bail;
use serde::Serialize;
use vigie::evaluation::{Difference, Judge, Translation, Turn, Turns};
use vigie::report::{cell, excerpt};

use super::Status;
use super::args::InputArgs;
use super::evaluate::Format;
use super::figure::{named, number, width};
use super::input::Account;
use super::judged::{Judged, Known, PartArgs};
use super::labelled::Labelled;
use super::output::Output;
use super::side::Side;
use super::stderr::tell;
use super::translation::{self, translations};

/// Say where two models, or a model and a service, differ on labelled comments.
///
/// For each label that both predict: how well each does, flagging from its own threshold on, and the second less
/// the first, with the interval in which 95 of 100 redraws of the comments put it (paired bootstrap, whole threads
/// drawn). Then what turns from right to wrong and from wrong to right when the second takes the place of the first.
///
/// A column of scores beside an attribute needs no labels: it is told from where on the attribute flags as many
/// comments as the column did from its own threshold on.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  vigie compare default mine.vigie labelled.csv
  vigie compare old.vigie new.vigie labelled.csv --by section --examples 20
  vigie compare column:TOXICITY default labelled.csv --label insult --flag-from 0.7
  vigie compare column:perspective attribute:TOXICITY export.csv --flag-from 0.8")]
pub struct Args {
    /// The model in use: a file that `vigie train` wrote, `default`, the shipped one; `attribute:NAME`, what the shipped
    /// model makes of one of Perspective's attributes (`attribute:NAME@FILE`, another model); or `column:NAME`, a column of
    /// scores from 0 to 1 that a hosted service gave (`vigie labels from-export` keeps them as `column:perspective`)
    #[arg(value_name = "MODEL", help_heading = "Model")]
    first: String,

    /// What could take its place
    #[arg(value_name = "OTHER", help_heading = "Model")]
    second: String,

    /// From where on the scores of a column or an attribute flag
    #[arg(long, value_name = "SCORE", default_value_t = 0.5, value_parser = score, help_heading = "Model")]
    flag_from: f64,

    #[command(flatten)]
    input: InputArgs,

    /// Only these labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',', help_heading = "Model")]
    label: Vec<String>,

    #[command(flatten)]
    parts: PartArgs,

    /// Show so many of the comments that change sides, those that move most first
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Output")]
    examples: usize,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

/// Everything that differs for one label.
#[derive(Debug, Serialize)]
struct Compared {
    label: String,
    rows: usize,
    positives: usize,
    /// From where on the models flag.
    thresholds: [f64; 2],
    resamples: usize,
    /// Threads, or whatever was drawn whole.
    groups: usize,
    measures: Vec<Difference>,
    turns: Turns,
    by_language: BTreeMap<String, Turns>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_part: Option<ByPart>,
    examples: Vec<Example>,
}

#[derive(Debug, Serialize)]
struct ByPart {
    column: String,
    parts: BTreeMap<String, Turns>,
}

/// A comment that changes sides.
#[derive(Debug, Serialize)]
struct Example {
    turn: Turn,
    gold: bool,
    scores: [f64; 2],
    text: String,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let mut columns = Vec::new();
    let mut open = |name: &str| Side::open(name, args.flag_from, &mut columns);
    let sides = [open(&args.first)?, open(&args.second)?];
    let labels = shared(&sides, &args.label)?;
    let mut account = Account::new(&args.input.rejects)?;
    let mut rows = args.parts.read(&args.input, &labels, &columns, &mut account)?;
    let read = rows.len();
    rows.retain(|row| row.given.iter().all(Option::is_some));
    if rows.len() < read {
        let without = read - rows.len();
        tell(format!(
            "labelled comments without a score from 0 to 1 in the column, left out: {without}"
        ));
    }
    let judged = sides.each_ref().map(|side| side.judge(&rows, &labels));
    let translated = translated(args, &sides, &rows);
    let compared: Vec<Compared> = labels
        .iter()
        .enumerate()
        .filter_map(|(index, label)| {
            let thresholds = sides.each_ref().map(|side| side.threshold(label));
            let [Some(first), Some(second)] = thresholds else { return None };
            let known = judged
                .each_ref()
                .map(|judged| Known::of(&rows, index, |at| judged[at].scores[index]));
            let languages = sides.iter().zip(&judged).find(|(side, _)| side.labels().is_some());
            let languages = languages.map_or(&judged[0], |(_, judged)| judged);
            let compare = || compare(args, label, &known, [first, second], languages);
            (!known[0].pairs.is_empty()).then(compare)
        })
        .collect();
    if compared.is_empty() && (translated.is_none() || !labels.is_empty()) {
        bail!("nothing to compare: no row says 0 or 1 of a label");
    }
    let mut out = Output::open(None)?;
    match args.format {
        Format::Json => {
            let mut report =
                serde_json::json!({ "a": sides[0].id(), "b": sides[1].id(), "labels": compared });
            if let Some(translated) = translated {
                report["translations"] = serde_json::to_value(translated)?;
            }
            writeln!(out, "{report:#}")?;
        }
        Format::Text => {
            writeln!(out, "A {}\nB {}", sides[0].id(), sides[1].id())?;
            compared.iter().try_for_each(|label| text(label, &mut out))?;
            if let Some(translated) = translated {
                translation::text(rows.len(), &translated, &mut out)?;
            }
        }
    }
    out.finish()?;
    account.close("measured")
}

/// Thresholds of the first, a column, translated to the second where that has one score for all labels.
fn translated(args: &Args, sides: &[Side; 2], rows: &[Labelled]) -> Option<Vec<Translation>> {
    let [Side::Column { .. }, Side::Attribute { .. }] = sides else { return None };
    let [first, second] = sides.each_ref().map(|side| side.alone(rows));
    let scores: Vec<[f64; 2]> = first.into_iter().zip(second).map(|(a, b)| [a, b]).collect();
    Some(translations(&scores, args.flag_from))
}

/// The labels that both sides score: all of them, or those asked for.
fn shared(sides: &[Side; 2], asked: &[String]) -> anyhow::Result<Vec<String>> {
    let [first, second] = sides.each_ref().map(Side::labels);
    let shared: Vec<String> = match (&first, &second) {
        (Some(first), Some(second)) => {
            first.iter().filter(|label| second.contains(label)).cloned().collect()
        }
        (Some(labels), None) | (None, Some(labels)) => labels.clone(),
        (None, None) => asked.to_vec(),
    };
    if let Some(unknown) = asked.iter().find(|label| !shared.contains(label)) {
        bail!("no label \"{unknown}\" in both models; they share {}", list(&shared));
    }
    match (first, second) {
        (None, None) if asked.is_empty() && !sides.iter().any(Side::is_attribute) => {
            bail!("two columns of scores: say what they score with --label")
        }
        (Some(first), Some(second)) if shared.is_empty() => bail!(
            "the models share no label: {} has {}, {} has {}",
            sides[0].id(),
            list(first),
            sides[1].id(),
            list(second)
        ),
        _ => Ok(if asked.is_empty() { shared } else { asked.to_vec() }),
    }
}

fn score(text: &str) -> Result<f64, String> {
    let score: f64 = text.replace(',', ".").parse().map_err(|_| "expected a number".to_owned())?;
    if (0.0..=1.0).contains(&score) { Ok(score) } else { Err("expected 0 to 1".into()) }
}

fn list(labels: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let labels: Vec<String> = labels.into_iter().map(|label| label.as_ref().into()).collect();
    if labels.is_empty() { "none".into() } else { labels.join(", ") }
}

fn compare(
    args: &Args,
    label: &str,
    known: &[Known; 2],
    thresholds: [f64; 2],
    judged: &[Judged<()>],
) -> Compared {
    let [first, second] = [0, 1].map(|model| Judge::new(&known[model].pairs, thresholds[model]));
    let bootstrap = args.parts.bootstrap(&known[0].rows);
    let turned = first.turns(&second);
    let (mut turns, mut by_language) = (Turns::default(), BTreeMap::<String, Turns>::new());
    let mut parts = BTreeMap::<String, Turns>::new();
    for ((&turn, &at), row) in turned.iter().zip(&known[0].at).zip(&known[0].rows) {
        turns.add(turn);
        by_language.entry(judged[at].language.code().into()).or_default().add(turn);
        if let Some(part) = &row.part {
            parts.entry(part.clone()).or_default().add(turn);
        }
    }
    let pair = |row: usize| [0, 1].map(|model: usize| known[model].pairs[row]);
    // How far a comment moves, each score seen from the threshold that it is held against.
    let moved = |row: &usize| {
        let [a, b] = pair(*row).map(|pair| pair.score);
        ((b - thresholds[1]) - (a - thresholds[0])).abs()
    };
    let mut changed: Vec<usize> =
        (0..turned.len()).filter(|&row| turned[row] != Turn::None).collect();
    changed.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
    changed.truncate(args.examples);
    let example = |row: usize| Example {
        turn: turned[row],
        gold: known[0].pairs[row].gold,
        scores: pair(row).map(|pair| pair.score),
        text: known[0].rows[row].text.clone(),
    };
    let by_part = (!parts.is_empty()).then(|| ByPart { column: args.parts.column().into(), parts });
    Compared {
        label: label.into(),
        rows: turns.rows,
        positives: known[0].pairs.iter().filter(|pair| pair.gold).count(),
        thresholds,
        resamples: bootstrap.resamples,
        groups: bootstrap.groups(),
        measures: first.compare(&second, &bootstrap),
        turns,
        by_language,
        by_part,
        examples: changed.into_iter().map(example).collect(),
    }
}

fn told_measure(measure: &str) -> String {
    match measure {
        "auc" => "AUC".into(),
        "f1" => "F1".into(),
        "brier" => "Brier".into(),
        other => other.replace('_', " "),
    }
}

/// Columns of a terminal that the name of a part fills, at the least and at the most.
const WIDTH: (usize, usize) = (24, 56);
/// Those that a comment may fill.
const TEXT: usize = 61;

fn text(compared: &Compared, out: &mut impl Write) -> anyhow::Result<()> {
    let Compared { label, rows, positives, thresholds: [a, b], resamples, groups, .. } = compared;
    writeln!(
        out,
        "\n{label}: {rows} comments, {positives} positive; A flags from {a:.4}, B from {b:.4}"
    )?;
    writeln!(out, "                         A       B     B - A   95 % interval")?;
    for Difference { measure, a, b, difference, interval } in &compared.measures {
        let difference =
            difference.map_or("     -".to_string(), |difference| format!("{difference:+.3}"));
        let told = interval.map(|interval| {
            let mark = if interval.excludes_zero() { "  differs" } else { "" };
            format!("[{:+.3}, {:+.3}]{mark}", interval.low, interval.high)
        });
        writeln!(
            out,
            "  {:<20} {:>5}   {:>5}   {difference}   {}",
            told_measure(measure),
            number(*a),
            number(*b),
            told.unwrap_or_default(),
        )?;
    }
    writeln!(out, "  ({resamples} draws of {groups} threads)")?;
    let parts = compared.by_part.iter().flat_map(|by| by.parts.keys());
    let width = width(parts.map(String::as_str), WIDTH.0, WIDTH.1);
    let row = |name: &str, turns: &Turns, out: &mut dyn Write| {
        let Turns { rows, right_to_wrong, wrong_to_right } = turns;
        let name = cell(named(name), width);
        writeln!(out, "  {name} {rows:>8}  {right_to_wrong:>14}  {wrong_to_right:>14}")
    };
    writeln!(out, "  {} comments  right to wrong  wrong to right", cell("", width))?;
    row("all", &compared.turns, out)?;
    for (language, turns) in &compared.by_language {
        row(&format!("language {language}"), turns, out)?;
    }
    if let Some(ByPart { column, parts }) = &compared.by_part {
        writeln!(out, "  {}", excerpt(&format!("by {column}"), width))?;
        parts.iter().try_for_each(|(part, turns)| row(part, turns, out))?;
    }
    if !compared.examples.is_empty() {
        writeln!(out, "  change sides    label  A      B")?;
    }
    for Example { turn, gold, scores: [a, b], text } in &compared.examples {
        let turn = if *turn == Turn::ToRight { "wrong to right" } else { "right to wrong" };
        let (gold, text) = (u8::from(*gold), excerpt(text, TEXT));
        writeln!(out, "  {turn}      {gold}  {a:.3}  {b:.3}  {text}")?;
    }
    Ok(())
}
