//! `vigie explain`: shows what every word and feature adds to a score.

use std::io::{Read, Write};

use vigie::feature::Context;
use vigie::model::{Contribution, Scratch, Source};
use vigie::report;

use super::Status;
use super::args::ModelArgs;
use super::output::Output;

/// Show what every word and feature adds to a score.
///
/// Contributions are log-odds: they sum to the score exactly. Above 0 they speak for the label, below 0 against it.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  vigie explain \"Vous n'êtes qu'un pauvre type.\"")]
pub struct Args {
    /// The comment; standard input when none is given
    text: Option<String>,

    /// It answers another comment
    #[arg(long)]
    reply: bool,

    /// Only these labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',', help_heading = "Model")]
    label: Vec<String>,

    #[command(flatten)]
    model: ModelArgs,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A table for people
    Text,
    /// One JSON object a label
    Json,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let scorer = args.model.scorer()?;
    let text = match &args.text {
        Some(text) => text.clone(),
        None => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes)?;
            vigie::source::decode(&bytes)?
        }
    };
    let place = Context { reply: args.reply, depth: u32::from(args.reply) };
    let scores = scorer.scores(&text, place, &mut Scratch::default());
    let mut scratch = Scratch::default();
    let mut out = Output::open(None)?;
    let labels: Vec<&str> = scorer.model().labels().collect();
    if let Some(unknown) = args.label.iter().find(|name| !labels.contains(&name.as_str())) {
        anyhow::bail!("no label \"{unknown}\"; this model has {}", labels.join(", "));
    }
    for (index, label) in labels.iter().enumerate() {
        if !args.label.is_empty() && !args.label.iter().any(|name| name == label) {
            continue;
        }
        let explanation = scorer.model().explain(&text, place, index, &mut scratch);
        let probability = scores.probabilities[index];
        let head = &scorer.model().heads[index];
        match args.format {
            Format::Text => {
                let confidence = match scores.confidence {
                    vigie::scorer::Confidence::Normal => "",
                    vigie::scorer::Confidence::Low => ", low confidence",
                };
                writeln!(
                    out,
                    "{label}: {probability} (language {}{confidence}; review from {}, reject from {})",
                    scores.language.code(),
                    head.review(),
                    head.reject()
                )?;
                for contribution in &explanation.contributions {
                    writeln!(out, "  {}", line(&text, contribution))?;
                }
                writeln!(out, "  {:+8.3}  = log-odds of {label}\n", explanation.log_odds)?;
            }
            Format::Json => {
                let told = report::explanation(&text, label, probability, &explanation);
                writeln!(out, "{told}")?;
            }
        }
    }
    out.finish()?;
    Ok(Status::Done)
}

fn line(text: &str, Contribution { source, span, log_odds }: &Contribution) -> String {
    let words = span.clone().map(|span| &text[span]).unwrap_or_default();
    let words: String = words.escape_debug().collect();
    let what = match source {
        Source::Base => "where every comment starts".to_string(),
        Source::Word => format!("\"{words}\""),
        Source::Lexicon { category, feature } if feature.ends_with(category.as_str()) => {
            format!("\"{words}\" is in the lexicon {category}")
        }
        Source::Lexicon { category, feature } => format!("\"{words}\" ({category}): {feature}"),
        Source::Feature(name) => name.clone(),
    };
    format!("{log_odds:+8.3}  {what}")
}
