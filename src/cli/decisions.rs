//! `vigie decisions`: writes out what moderators decided.

use std::path::PathBuf;

use vigie::Error;
use vigie::export::{Rows, write_counts, write_decisions, write_labels, write_queue};
use vigie::report::{Format, Mark, Style};
use vigie::store::{Judge, Store, View};

use super::Status;
use super::args::Lang;
use super::config::Config;
use super::database::DatabaseArgs;
use super::output::Output;
use super::stderr::tell;

/// Write out what moderators decided: the log, labels, counts, or the queue.
///
/// The log (decisions) is a row for each decision, those taken back too, with the comment that it is about. Labels are a row
/// for each comment approved or rejected, with a column of 1, 0 or nothing for each label: what `vigie train` and
/// `vigie evaluate` read. `vigie review` takes both in again, into this database or another: nothing twice.
///
/// Counts are what a report after article 15 of Regulation (EU) 2022/2065 asks for: decisions by month and reason, with the
/// categories of the Commission's database of statements of reasons; how many were brought up by the model, made as it
/// advised or not, and taken back. All are people's.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie decisions -o decisions.csv
  vigie decisions --what labels -o labels.csv && vigie train labels.csv --base default -o mine.vigie
  vigie decisions --what counts --format jsonl
  vigie decisions --what queue --view 'band=reject&label=insult' --format html -o queue.html")]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    /// What to write
    #[arg(long, value_enum, default_value_t)]
    what: What,

    /// Which queue: what stands after the question mark in the address of the desk's page
    #[arg(long, value_name = "VIEW", default_value = "", hide_default_value = true)]
    view: String,

    /// Settings of your newsroom: bands (./vigie.toml where it is there); for the queue
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// How to write; pages and workbooks (which need -o) are for the queue
    #[arg(long, value_enum, default_value_t = Written::Csv, help_heading = "Output")]
    format: Written,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// The language of headings and reasons of a queue
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    lang: Lang,

    /// Mark a CSV as UTF-8 for Excel
    #[arg(long, help_heading = "Output")]
    excel: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The log: every decision
    #[default]
    Decisions,
    /// Comments with what was decided of each label
    Labels,
    /// Decisions by month and reason
    Counts,
    /// The comments of a view, in its order, with reasons
    Queue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Written {
    /// A table for spreadsheets
    Csv,
    /// One JSON object a line
    Jsonl,
    /// A workbook for Excel
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// One self-contained page
    Html,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let mark = if args.excel { Mark::ByteOrder } else { Mark::None };
    let rows = match args.format {
        Written::Csv => Some(Rows::Csv(mark)),
        Written::Jsonl => Some(Rows::Jsonl),
        _ => None,
    };
    let rows = || {
        rows.ok_or_else(|| {
            Error::input("decisions, labels and counts are written as csv or jsonl; pages and workbooks are for --what queue")
        })
    };
    if args.what != What::Queue {
        rows()?;
    }
    #[cfg(feature = "xlsx")]
    anyhow::ensure!(
        args.format != Written::Xlsx || args.output.is_some(),
        "--format xlsx writes a file: name it with -o FILE"
    );
    let store = args.database.open()?;
    let mut out = Output::open(args.output.as_deref())?;
    let (written, what) = match args.what {
        What::Decisions => (write_decisions(&store, rows()?, &mut out)?, "decisions"),
        What::Labels => (write_labels(&store, rows()?, &mut out)?, "labelled comments"),
        What::Counts => (write_counts(&store, rows()?, &mut out)?, "counts"),
        What::Queue => (queue(args, &store, mark, &mut out)?, "comments of the queue"),
    };
    out.finish()?;
    tell(format!("{}: {written} {what} written", args.database.db.display()));
    Ok(Status::Done)
}

fn queue(args: &Args, store: &Store, mark: Mark, out: &mut Output) -> anyhow::Result<u64> {
    let path = &args.database.db;
    let absent = || Error::input("nothing was scored here yet").at_path(path);
    let model = store.model(None)?.ok_or_else(absent)?;
    let judge = Judge::new(model, &Config::find(args.config.as_deref())?.settings)?;
    let view = args.view.rsplit_once('?').map_or(args.view.as_str(), |(_, view)| view);
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(view.as_bytes()).into_owned().collect();
    let view = View::from_pairs(pairs.iter().map(|(name, value)| (&**name, &**value)));
    let model = judge.scorer().model().id().to_string();
    let style = Style { locale: args.lang.into(), model, mark, ..Style::default() };
    let format = match args.format {
        Written::Csv => Format::Csv,
        Written::Jsonl => Format::Jsonl,
        #[cfg(feature = "xlsx")]
        Written::Xlsx => Format::Xlsx,
        Written::Html => Format::Html,
    };
    Ok(write_queue(store, &judge, &view, format, &style, out)?)
}
