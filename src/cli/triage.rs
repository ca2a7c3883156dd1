//! `vigie triage`: ranks comments for moderators.

use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use rayon::prelude::*;
use vigie::comment::{Comment, Thread};
use vigie::feature::{Context, Places};
use vigie::model::Scratch;
use vigie::report::{self, Colour, Mark, Style};
use vigie::scorer::{Scored, Scorer, Scores};
use vigie::triage::{Adviser, Extent, Options, Queue, cut};

use super::Status;
use super::advice::{AdviceArgs, Advised};
use super::args::{InputArgs, Lang, ModelArgs};
use super::input::Account;
use super::output::Output;
use super::stderr::tell;

/// Rank comments for moderators, worst first, with reasons.
///
/// The queue holds every comment, those to reject or review first; the rest have nothing to report. It proposes; you decide.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie triage pages/ --format html -o queue.html
  vigie triage export.csv --format xlsx -o queue.xlsx
  vigie triage export.csv --flagged --label insult
  vigie triage export.csv --budget 200 --flagged
  vigie extract pages/ | vigie score | vigie triage")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    advice: AdviceArgs,

    /// Leave out what has nothing to report
    #[arg(long, help_heading = "Advice")]
    flagged: bool,

    /// So many comments are to be read: the first N of the queue, whatever the thresholds; the rest is to approve.
    /// Tells the thresholds that this comes to, and an estimate of what is left unread
    #[arg(long, value_name = "N", conflicts_with_all = ["threshold", "target"], help_heading = "Advice")]
    budget: Option<NonZeroUsize>,

    /// Write at most so many comments; unlike --budget, it changes no advice
    #[arg(long, value_name = "N", help_heading = "Advice")]
    top: Option<usize>,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// How to write: a table for spreadsheets, JSON Lines, a table for the terminal, a page, a workbook for Excel (needs
    /// -o)
    #[arg(long, value_enum, default_value_t = Format::Csv, help_heading = "Output")]
    format: Format,

    /// The language of headings and reasons
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    lang: Lang,

    /// Mark a CSV as UTF-8 for Excel
    #[arg(long, help_heading = "Output")]
    excel: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Csv,
    Jsonl,
    Table,
    Html,
    #[cfg(feature = "xlsx")]
    Xlsx,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> report::Format {
        match format {
            Format::Csv => report::Format::Csv,
            Format::Jsonl => report::Format::Jsonl,
            Format::Table => report::Format::Table,
            Format::Html => report::Format::Html,
            #[cfg(feature = "xlsx")]
            Format::Xlsx => report::Format::Xlsx,
        }
    }
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    #[cfg(feature = "xlsx")]
    anyhow::ensure!(
        args.format != Format::Xlsx || args.output.is_some(),
        "--format xlsx writes a file: name it with -o FILE"
    );
    let scorer = args.model.scorer()?;
    let Advised { plan, settings } = args.advice.plan(scorer.model())?;
    let adviser = plan.adviser;
    let budget = match (args.budget, settings.budget) {
        (None, Some(budget)) if args.advice.wish().is_some() => {
            tell(format!("budget {budget} set aside: the command line says where review begins"));
            None
        }
        (typed, settled) => typed.or(settled),
    };
    let inputs = args.input.expand();
    let mut account = Account::new(&args.input.rejects)?;
    let mut out = Output::open(args.output.as_deref())?;
    let mut comments = Vec::new();
    account.read_all(&inputs, &args.input.options()?, |comment| {
        comments.push(comment);
        Ok(())
    })?;
    if account.status() == Status::Nothing {
        return account.close("scored");
    }
    account.tell_troubles(&comments, &Thread::build(&comments).troubles);
    let scored = score(&scorer, &adviser, budget, comments);
    let extent = if args.flagged { Extent::Flagged } else { Extent::All };
    let options = Options { extent, budget, top: args.top, ..Options::default() };
    let queue = Queue::build(scored, adviser, &options);
    if let Some(budget) = budget {
        tell_budget(&queue, budget);
    }
    let on_terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let style = Style {
        locale: args.lang.into(),
        model: scorer.model().id().to_string(),
        mark: if args.excel { Mark::ByteOrder } else { Mark::None },
        colour: if on_terminal { Colour::Ansi } else { Colour::Plain },
        ..Style::default()
    };
    report::write(&queue, args.format.into(), &style, &mut out)?;
    out.finish()?;
    account.close("scored")
}

/// Scores comments on all cores; reasons for those that are to be read.
fn score(
    scorer: &Scorer,
    adviser: &Adviser,
    budget: Option<NonZeroUsize>,
    comments: Vec<Comment>,
) -> Vec<Scored> {
    let mut places = Places::default();
    let placed: Vec<(Comment, Context)> = comments
        .into_iter()
        .map(|comment| {
            let place = places.next(&comment.page, &comment.id, comment.parent.as_deref());
            (comment, place)
        })
        .collect();
    // How far down a budget reaches is known when all are scored; reasons cost more than scores, and come after.
    let adviser = &match budget {
        None => adviser.clone(),
        Some(budget) => {
            let scores = |scratch: &mut Scratch, (comment, place): &(Comment, Context)| {
                scorer.scores(&comment.text, *place, scratch)
            };
            let scores: Vec<Scores> =
                placed.par_iter().map_init(Scratch::default, scores).collect();
            cut(adviser, scores.iter(), budget)
        }
    };
    let score = |scratch: &mut Scratch, (comment, place): (Comment, Context)| {
        let (scores, reasons) =
            scorer.judge(&comment.text, place, scratch, |scores| adviser.flagged(scores));
        Scored { comment, scores, reasons }
    };
    placed.into_par_iter().map_init(Scratch::default, score).collect()
}

/// Says what a budget comes to, and what it leaves.
fn tell_budget(queue: &Queue, budget: NonZeroUsize) {
    let adviser = &queue.adviser;
    let counting = || (0..adviser.labels().len()).filter(|&label| adviser.counts(label));
    let each = |told: &dyn Fn(usize) -> String| counting().map(told).collect::<Vec<_>>().join(", ");
    let review =
        |label: usize| format!("{} from {}", adviser.labels()[label], adviser.bands(label).review);
    let left = |label: usize| format!("{} {:.1}", adviser.labels()[label], queue.left[label]);
    let (unread, all) = (queue.counts.approve, queue.counts.read);
    tell(format!("budget {budget}: {} of {all} comments to read: {}", all - unread, each(&review)));
    tell(format!("budget {budget}: {unread} left unread, among them an estimated {}", each(&left)));
}
