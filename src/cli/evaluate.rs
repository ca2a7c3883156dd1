//! `vigie evaluate`: measures a model on labelled comments, on demand part by part and group by group.

use std::io::Write;

use anyhow::bail;
use serde::Serialize;
use vigie::evaluation::{Calibration, Confusion, Pair, area_under_roc, average_precision};

use super::Status;
use super::args::{InputArgs, ModelArgs};
use super::fairness::{Audit, AuditArgs};
use super::figure::number;
use super::input::Account;
use super::judged::{Known, PartArgs, judge};
use super::output::Output;
use super::slices::Slices;

/// Measure a model on labelled comments.
///
/// Reads the model's labels as binary columns: 1 yes, 0 no, empty unknown. Measure on comments that the model was not
/// trained on.
///
/// By parts (--by), it tells for each the share of comments on which flagging agrees with the label. In an audit, BPSN
/// is the AUC of positives that do not name the group against negatives that do: where it is low, naming the group is
/// taken for an offence. BNSP is the reverse (Borkan et al., 2019).
#[derive(clap::Args)]
#[command(after_help = "Examples:
  vigie evaluate labelled.csv --model mine.vigie
  vigie evaluate labelled.csv --audit --terms terms.csv
  vigie evaluate hatecheck.csv --by functionality")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    /// Only these labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',', help_heading = "Model")]
    label: Vec<String>,

    #[command(flatten)]
    parts: PartArgs,

    #[command(flatten)]
    audit: AuditArgs,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

/// How measures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    slices: Option<Slices>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<Audit>,
}

/// What is noted of a comment beside its scores.
struct Noted {
    /// By label: what its word list counts, where it has one.
    counted: Vec<Option<f64>>,
    /// The groups of people that it names.
    named: Vec<usize>,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let scorer = args.model.scorer()?;
    let model = scorer.model();
    let known: Vec<String> = model.labels().map(str::to_string).collect();
    if let Some(unknown) = args.label.iter().find(|label| !known.contains(label)) {
        bail!("no label \"{unknown}\"; this model has {}", known.join(", "));
    }
    let groups = if args.audit.audit { Some(args.audit.groups()?) } else { None };
    let mut account = Account::new(&args.input.rejects)?;
    let rows = args.parts.read(&args.input, &known, &[], &mut account)?;
    let features = model.feature_names();
    let counts: Vec<Option<usize>> = known
        .iter()
        .map(|label| {
            let (_, feature) = WORD_LISTS.iter().find(|(listed, _)| listed == label)?;
            features.iter().position(|name| name == feature)
        })
        .collect();
    let judged = judge(&scorer, &rows, |row, language, scratch| -> Noted {
        let measured = model.measure(&row.text, row.place, scratch);
        let counted = counts.iter().map(|count| count.map(|count| measured[count])).collect();
        let tokens = &scratch.reading.tokens;
        let named = groups.as_ref().map(|groups| groups.find(tokens, language));
        Noted { counted, named: named.unwrap_or_default() }
    });
    let wanted = |label: &String| args.label.is_empty() || args.label.contains(label);
    let mut measured = Vec::new();
    for (label, head) in model.heads.iter().enumerate().filter(|(_, head)| wanted(&head.label)) {
        let own = Known::of(&rows, label, |at| judged[at].scores[label]);
        if own.pairs.is_empty() {
            continue;
        }
        let counted =
            own.at.iter().zip(&own.pairs).filter_map(|(&at, pair)| {
                Some(Pair::new(pair.gold, judged[at].more.counted[label]?))
            });
        let counted: Vec<Pair> = counted.collect();
        let threshold = head.review().value();
        let slices = Slices::of(args.parts.column(), &own, threshold);
        let audit = groups.as_ref().map(|groups| {
            let members = |at: usize| judged[at].more.named.as_slice();
            let bootstrap = args.parts.bootstrap(&own.rows);
            args.audit.measure(groups, &own, threshold, &bootstrap, members)
        });
        let measures = measure(&head.label, threshold, &own.pairs, &counted);
        measured.push(Measured { slices, audit, ..measures });
    }
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
        slices: None,
        audit: None,
    }
}

fn tell(measured: &Measured, out: &mut impl Write) -> anyhow::Result<()> {
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
    if let Some(slices) = &measured.slices {
        slices.tell(out)?;
    }
    if let Some(audit) = &measured.audit {
        audit.tell(out)?;
    }
    Ok(())
}
