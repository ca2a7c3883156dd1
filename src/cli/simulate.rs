//! `vigie simulate`: shows what thresholds would have done to an archive.

use vigie::comment::Comment;
use vigie::feature::Places;
use vigie::model::Scratch;
use vigie::report::{SimulationFormat, Style, write_simulation};
use vigie::scorer::{Scorer, Scores};
use vigie::source::date::day;
use vigie::source::table::Mapping;
use vigie::triage::{Plan, Seen, Settings, Simulation, Wish};

use super::Status;
use super::advice::{AdviceArgs, Advised};
use super::args::{InputArgs, Lang, ModelArgs};
use super::batch::{Batch, Line, Source};
use super::input::Account;
use super::labelled::parse;
use super::output::Output;
use super::stderr::tell;
use super::stream::in_order;

/// Show what thresholds would have done to an archive.
///
/// Counts what they would have flagged a day, the time that reading it takes, what they would have missed, and the
/// comments that they flag and others do not. What is missed is exact where the archive has a column of labels (0 or 1)
/// or tells what moderators rejected; elsewhere it is an estimate, the sum of the probabilities below the threshold.
/// 03/04/2024 is the third of April. Comments stream: memory does not grow with the archive.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie simulate archive.csv --target recall=0.95
  vigie simulate archive.csv --threshold 0.3 --against 0.5 --format json")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    advice: AdviceArgs,

    /// Compare with this threshold (0 to 1) or target (precision=P or recall=R); the model's own thresholds otherwise
    #[arg(long, value_name = "P|TARGET", help_heading = "Advice")]
    against: Option<Wish>,

    /// Seconds that a moderator spends on a comment; an assumption: measure yours (20 where vigie.toml does not say)
    #[arg(long, value_name = "N", value_parser = seconds, help_heading = "Output")]
    seconds: Option<f64>,

    /// Show at most so many comments gained, and so many lost: those nearest to the threshold
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = "Output")]
    examples: usize,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    /// The language of the tables
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    lang: Lang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for people; all days where they are at most 31, else the busiest
    Text,
    /// One JSON object, with every day
    Json,
}

/// What reading a comment is taken to cost where nobody says.
const SECONDS: f64 = 20.0;

fn seconds(text: &str) -> Result<f64, String> {
    match text.replace(',', ".").parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        _ => Err("expected a number above 0".into()),
    }
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let scorer = args.model.scorer()?;
    let model = scorer.model();
    let Advised { plan, settings } = args.advice.plan(model)?;
    let against = Plan::new(&model.heads, &args.advice.label, &Settings::default(), args.against)?;
    let mut simulation = Simulation::new(plan, against, args.examples);
    let mut account = Account::new(&args.input.rejects)?;
    let options = args.input.options()?;
    let mut places = Places::default();
    let mut unread = 0;
    for input in &args.input.expand() {
        let Some((input, reader)) = account.open(input, &options) else { continue };
        let mut source = Source::from(reader);
        let golds = Golds::of(&source, model.labels());
        let failure = &mut None;
        in_order(
            || Ok(source.next_batch(&mut places, failure)),
            |batch: Batch| (golds.read(&scorer, batch.lines), batch.notes),
            |(comments, notes)| {
                account.comments += comments.len() as u64;
                for Read { comment, scores, gold, odd } in &comments {
                    unread += odd;
                    let day = comment.date.as_deref().and_then(day);
                    simulation.see(Seen { comment, day, scores, gold });
                }
                notes.into_iter().try_for_each(|note| account.note(note))
            },
        )?;
        account.tell_repairs(input, source.repairs());
        match failure.take() {
            Some(error) => account.fail(&error),
            None => account.inputs += 1,
        }
    }
    if unread > 0 {
        tell(format!("labels that are neither 0 nor 1, taken for unknown: {unread}"));
    }
    if account.status() != Status::Nothing {
        let seconds = args.seconds.or(settings.seconds).unwrap_or(SECONDS);
        let model = model.id().to_string();
        let style = Style { locale: args.lang.into(), model, ..Style::default() };
        let format = match args.format {
            Format::Text => SimulationFormat::Text,
            Format::Json => SimulationFormat::Json,
        };
        let mut out = Output::open(None)?;
        write_simulation(&simulation, seconds, format, &style, &mut out)?;
        out.finish()?;
    }
    account.close("simulated")
}

/// A comment of the archive, as it counts.
struct Read {
    comment: Comment,
    scores: Scores,
    gold: Vec<Option<bool>>,
    /// Labels that cannot be read.
    odd: u64,
}

/// Where an input says what people found.
struct Golds {
    /// How its columns were understood, where it is a table.
    mapping: Option<Mapping>,
    /// By label of the model: its column.
    columns: Vec<Option<usize>>,
}

impl Golds {
    fn of<'l>(source: &Source, labels: impl Iterator<Item = &'l str>) -> Golds {
        match source {
            Source::Items(_) => Golds { mapping: None, columns: Vec::new() },
            Source::Table(table, mapping) => {
                let columns = labels.map(|label| table.column(label)).collect();
                Golds { mapping: Some(mapping.as_ref().clone()), columns }
            }
        }
    }

    fn read(&self, scorer: &Scorer, lines: Vec<Line>) -> Vec<Read> {
        let mut scratch = Scratch::default();
        let read = |line: Line| {
            let scores = scorer.scores(line.text(), line.place(), &mut scratch);
            let (mut gold, mut odd) = (Vec::new(), 0);
            let comment = match (line, &self.mapping) {
                (Line::Comment { comment, .. }, _) => *comment,
                (Line::Row { row, .. }, Some(mapping)) => {
                    for column in &self.columns {
                        let cell = column.and_then(|column| row.cell(column)).unwrap_or_default();
                        let told = parse(cell);
                        odd += u64::from(told.is_none());
                        gold.push(told.flatten());
                    }
                    row.comment(mapping)
                }
                (Line::Row { .. }, None) => unreachable!("rows come from tables"),
            };
            Read { comment, scores, gold, odd }
        };
        lines.into_iter().map(read).collect()
    }
}
