//! `vigie score`: adds scores, advice and reasons to comments, as they stream by.

use std::io::Write;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use vigie::Error;
use vigie::feature::Places;
use vigie::report::Columns;

use super::Status;
use super::advice::AdviceArgs;
use super::args::{InputArgs, Lang, ModelArgs};
use super::batch::{Batch, Source};
use super::input::Account;
use super::output::Output;
use super::scored::{Shape, Writer};
use super::stream::in_order;

/// Add scores, advice and reasons to comments.
///
/// A table keeps its columns, in order; after them come vigie_<label> (a probability), vigie_advice, vigie_confidence,
/// vigie_lang, vigie_reasons, vigie_model. Pages are read into the comment table first. Comments stream: memory does
/// not grow with the input.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  vigie score export.csv -o scored.csv")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    advice: AdviceArgs,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// How to write; as the first input is written otherwise
    #[arg(long, value_enum, help_heading = "Output")]
    format: Option<Format>,

    /// The language of reasons
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    lang: Lang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Comma-separated values, cells that a spreadsheet would run made harmless
    Csv,
    /// One JSON object a line
    Jsonl,
}

const OTHER_COLUMNS: &str =
    "its columns differ from those of the inputs before it; score it alone, or use --format jsonl";

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let scorer = args.model.scorer()?;
    let adviser = args.advice.plan(scorer.model())?.plan.adviser;
    let columns = Columns::new(&adviser, args.lang.into(), scorer.model().id());
    let options = args.input.options()?;
    let mut account = Account::new(&args.input.rejects)?;
    let mut out = Output::open(args.output.as_deref())?;
    // Drawn on a terminal only.
    let style = ProgressStyle::with_template("{spinner} {human_pos} comments, {per_sec}")?;
    let progress = ProgressBar::new_spinner().with_style(style);
    let mut places = Places::default();
    let mut shape: Option<Shape> = None;
    for input in &args.input.expand() {
        let Some((input, reader)) = account.open(input, &options) else { continue };
        let mut source = Source::from(reader);
        let own = shape_of(&source, args.format);
        let shape = match &shape {
            None => {
                own.write_header(&columns, &mut out)?;
                shape.insert(own)
            }
            Some(first) if first.fits(&own) => first,
            Some(_) => {
                account.fail(&Error::table(OTHER_COLUMNS).at_path(input.to_string()));
                continue;
            }
        };
        let writer = Writer { scorer: &scorer, adviser: &adviser, columns: &columns, shape };
        let header = source.header();
        let failure = &mut None;
        in_order(
            || Ok(source.next_batch(&mut places, failure)),
            |batch: Batch| {
                let bytes = writer.write(&header, &batch.lines);
                (batch.lines.len() as u64, batch.notes, bytes)
            },
            |(scored, notes, bytes)| {
                account.comments += scored;
                progress.inc(scored);
                notes.into_iter().try_for_each(|note| account.note(note))?;
                Ok(out.write_all(&bytes)?)
            },
        )?;
        account.tell_repairs(input, source.repairs());
        match failure.take() {
            Some(error) => account.fail(&error),
            None => account.inputs += 1,
        }
    }
    if account.status() != Status::Nothing {
        out.finish()?;
    }
    progress.finish_and_clear();
    account.close("scored")
}

/// What lines of `source` are written as.
fn shape_of(source: &Source, format: Option<Format>) -> Shape {
    match (format, source.delimiter()) {
        (Some(Format::Jsonl), _) | (None, None) => Shape::Jsonl,
        (_, delimiter) => {
            Shape::Csv { delimiter: delimiter.unwrap_or(b','), header: source.header() }
        }
    }
}
