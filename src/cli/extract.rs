//! `vigie extract`: reads comments and reply chains out of pages and exports.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use vigie::comment::{COLUMNS, Comment};
use vigie::source::date::Seen;
use vigie::source::table::neutralise;
use vigie::source::{self, Input};

use super::Status;
use super::args::InputArgs;
use super::convokit::utterances;
use super::explained;
use super::input::Account;
use super::output::Output;
use super::stderr::tell;

/// Read comments and reply chains out of pages and exports.
///
/// Prints the comment table: id, author, date, text, parent (the id of the comment answered), page, title, status,
/// votes, found (where in the input). For a page without comments, stderr says why.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  vigie extract pages/ -o comments.jsonl\n  vigie extract --explain page.html"
)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// How to write
    #[arg(long, value_enum, default_value_t = Format::Jsonl, help_heading = "Output")]
    format: Format,

    /// Add the day that each date tells as a column `day`, pages seen on this day: « il y a 3 jours », "yesterday" and days
    /// without a year are counted from it. The date itself stays as shown
    #[arg(long, value_name = "DAY", help_heading = "Output")]
    as_of: Option<Seen>,

    /// Tell, in place of the table, how each page was read: the profile or rule that matched, what spoke for it, and
    /// why each record was kept or dropped
    #[arg(long, help_heading = "Output", conflicts_with_all = ["format", "as_of"])]
    explain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values, cells that a spreadsheet would run made harmless
    Csv,
    /// ConvoKit's utterances.jsonl: id, conversation_id, reply-to, speaker, timestamp, text, meta
    Convokit,
    /// A Parquet file, for notebooks and databases; where vigie was built with it
    Parquet,
}

/// The column of days.
const DAY: &str = "day";

/// A comment, with the day that its date tells where that is asked for.
#[derive(Serialize)]
struct Dated<'a> {
    #[serde(flatten)]
    comment: &'a Comment,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
}

fn day(comment: &Comment, seen: Seen) -> Option<String> {
    Some(seen.day_of(comment.date.as_deref()?)?.to_string())
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let inputs = args.input.expand();
    if args.explain {
        return explain(args, &inputs);
    }
    if args.format == Format::Parquet {
        refuse_parquet(args.output.as_deref())?;
    }
    anyhow::ensure!(
        args.as_of.is_none() || matches!(args.format, Format::Jsonl | Format::Csv),
        "--as-of adds a column to JSON Lines and CSV only"
    );
    let mut account = Account::new(&args.input.rejects)?;
    let mut out = Output::open(args.output.as_deref())?;
    let options = args.input.options()?;
    match args.format {
        Format::Jsonl => account.read_all(&inputs, &options, |comment| {
            let day = args.as_of.and_then(|seen| day(&comment, seen));
            serde_json::to_writer(&mut out, &Dated { comment: &comment, day })?;
            Ok(out.write_all(b"\n")?)
        })?,
        Format::Csv => {
            let mut table = csv::Writer::from_writer(&mut out);
            table.write_record(COLUMNS.into_iter().chain(args.as_of.map(|_| DAY)))?;
            account.read_all(&inputs, &options, |comment| {
                let cells = comment.cells().map(|cell| neutralise(&cell).into_owned());
                let day = args.as_of.map(|seen| day(&comment, seen).unwrap_or_default());
                Ok(table.write_record(cells.into_iter().chain(day))?)
            })?;
            table.flush()?;
        }
        Format::Convokit => {
            // A conversation is known by its first comment, which may come after its replies.
            let mut comments = Vec::new();
            account.read_all(&inputs, &options, |comment| {
                comments.push(comment);
                Ok(())
            })?;
            for utterance in utterances(&comments) {
                serde_json::to_writer(&mut out, &utterance)?;
                out.write_all(b"\n")?;
            }
        }
        #[cfg(feature = "parquet")]
        Format::Parquet => {
            let mut table = super::parquet::Table::new(&mut out);
            account.read_all(&inputs, &options, |comment| Ok(table.push(comment)?))?;
            if account.status() != Status::Nothing {
                table.finish()?;
            }
        }
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => unreachable!("refused above"),
    }
    if account.status() != Status::Nothing {
        out.finish()?;
    }
    account.close("extracted")
}

/// Refuses a Parquet file that could not be written, or not where it is asked for: better told before anything is read.
fn refuse_parquet(output: Option<&Path>) -> anyhow::Result<()> {
    anyhow::ensure!(
        cfg!(feature = "parquet"),
        "this vigie was built without Parquet; install it with: cargo install --path . --features parquet"
    );
    let on_stdout = output.is_none_or(|path| path == Path::new("-"));
    anyhow::ensure!(
        !on_stdout || !std::io::stdout().is_terminal(),
        "a Parquet file is nothing for a terminal; name a file with -o"
    );
    Ok(())
}

fn explain(args: &Args, inputs: &[vigie::Result<Input>]) -> anyhow::Result<Status> {
    let options = args.input.options()?;
    let mut out = Output::open(args.output.as_deref())?;
    let (mut told, mut failed) = (0, 0);
    for input in inputs {
        let explained = match input {
            Ok(input) => source::explain(input, &options).map(|how| (input, how)),
            Err(error) => {
                failed += 1;
                tell(error);
                continue;
            }
        };
        match explained {
            Ok((input, how)) => {
                told += 1;
                out.write_all(explained::text(&input.to_string(), &how).as_bytes())?;
            }
            Err(error) => {
                failed += 1;
                tell(error);
            }
        }
    }
    out.finish()?;
    Ok(match (told, failed) {
        (_, 0) => Status::Done,
        (0, _) => Status::Nothing,
        _ => Status::Partial,
    })
}
