//! `vigie queue`: chooses the comments to label next, and replays how soon that finds what bears the label.

mod pick;
mod simulation;

use std::path::PathBuf;

use vigie::triage::Strategy;

use super::Status;
use super::args::{InputArgs, Lang, ModelArgs};

/// Choose the comments to label next.
///
/// Prints them as CSV, the comment to read first on top, with an empty column a label: fill in 1 or 0 and hand the file
/// to `vigie train`, or back to --labelled: then the order is learned from it, and what it labels is left out. The column
/// `vigie_chosen` says what chose a comment; those that chance chose estimate how many bear the label.
///
/// With --simulate the inputs are labelled already. They are read as that order says, in batches from which the model
/// learns, until all that bears the label is found; printed is the share that was read by then, by strategy.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie queue comments.csv --top 50 -o to_label.csv
  vigie queue comments.csv --labelled to_label.csv --strategy mix --top 50 -o next.csv
  vigie queue --simulate labelled.csv --label insult --curve curve.csv")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    /// Which comments come first; with --simulate all four are replayed when none is named
    #[arg(long, value_name = "STRATEGY", value_enum, help_heading = "Order")]
    strategy: Option<Named>,

    /// The labels to look for: those of the model when none is named; with --simulate one, else the model's first
    #[arg(long, value_name = "LABEL", value_delimiter = ',', help_heading = "Order")]
    label: Vec<String>,

    /// Tables of comments that are labelled already; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "simulate", help_heading = "Order")]
    labelled: Vec<PathBuf>,

    /// What chance begins with
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Order")]
    seed: u64,

    /// Print only so many comments
    #[arg(long, value_name = "N", conflicts_with = "simulate", help_heading = "Output")]
    top: Option<usize>,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Replay labelled inputs instead
    #[arg(long, help_heading = "Simulation")]
    simulate: bool,

    /// The share of what bears the label that is to be found, 0 to 1, besides 50, 80, 90, 95 and 100 %
    #[arg(long, value_name = "SHARE", value_parser = share, requires = "simulate", help_heading = "Simulation")]
    target: Option<f64>,

    /// How many comments are read before the order is learned anew; 5 % of what has been read where that is more
    #[arg(long, value_name = "N", default_value_t = 10, requires = "simulate", help_heading = "Simulation",
          value_parser = clap::value_parser!(u64).range(1..))]
    batch: u64,

    /// Write how many comments were read when each one was found: CSV, or a drawing where it ends in .svg
    #[arg(long, value_name = "FILE", requires = "simulate", help_heading = "Simulation")]
    curve: Option<PathBuf>,

    /// The language of the table and of the drawing
    #[arg(long, value_enum, default_value_t, requires = "simulate", help_heading = "Simulation")]
    lang: Lang,
}

/// A strategy, as it is named on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Named {
    /// The most probable: finds what bears the label with the least reading
    Risk,
    /// The nearest to the threshold: teaches the model the most
    Uncertain,
    /// By chance: what is found estimates what stands in all
    Random,
    /// Of ten, seven by risk, two uncertain, one by chance
    Mix,
}

impl From<Named> for Strategy {
    fn from(named: Named) -> Strategy {
        match named {
            Named::Risk => Strategy::Risk,
            Named::Uncertain => Strategy::Uncertain,
            Named::Random => Strategy::Random,
            Named::Mix => Strategy::Mix,
        }
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.replace(',', ".").parse::<f64>() {
        Ok(value) if value > 0.0 && value <= 1.0 => Ok(value),
        _ => Err("expected a share above 0, and at most 1".into()),
    }
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    if args.simulate { simulation::run(args) } else { pick::run(args) }
}
