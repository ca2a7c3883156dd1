//! `vigie extract`: reads comments and reply chains out of pages and exports.

use std::io::Write;
use std::path::PathBuf;

use vigie::comment::COLUMNS;
use vigie::source::table::neutralise;

use super::Status;
use super::args::InputArgs;
use super::input::Account;
use super::output::Output;

/// Read comments and reply chains out of pages and exports.
///
/// Prints the comment table: id, author, date, text, parent (the id of the comment answered), page, title, status,
/// votes, found (where in the input). For a page without comments, stderr says why.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  vigie extract pages/ -o comments.jsonl")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// How to write
    #[arg(long, value_enum, default_value_t = Format::Jsonl, help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values, cells that a spreadsheet would run made harmless
    Csv,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let inputs = args.input.expand();
    let mut account = Account::new(&args.input.rejects)?;
    let mut out = Output::open(args.output.as_deref())?;
    let options = args.input.options()?;
    match args.format {
        Format::Jsonl => account.read_all(&inputs, &options, |comment| {
            serde_json::to_writer(&mut out, &comment)?;
            Ok(out.write_all(b"\n")?)
        })?,
        Format::Csv => {
            let mut table = csv::Writer::from_writer(&mut out);
            table.write_record(COLUMNS)?;
            account.read_all(&inputs, &options, |comment| {
                Ok(table
                    .write_record(comment.cells().map(|cell| neutralise(&cell).into_owned()))?)
            })?;
            table.flush()?;
        }
    }
    if account.status() != Status::Nothing {
        out.finish()?;
    }
    account.close("extracted")
}
