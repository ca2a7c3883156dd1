//! `vigie labels`: makes labels out of what a site did with its comments.

use std::path::PathBuf;

use clap::Subcommand;
use vigie::comment::{COLUMNS, Comment, Status as Fate};
use vigie::source::page::is_deleted;
use vigie::source::table::neutralise;

use super::Status;
use super::annotated;
use super::args::InputArgs;
use super::input::Account;
use super::output::Output;
use super::stderr::tell;

/// Make labels out of a site's decisions, or a tool's annotations.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(Subcommand)]
enum From {
    FromExport(FromExport),
    FromAnnotations(annotated::Args),
}

/// Turn the moderation status of an export into labelled rows for `vigie train`.
///
/// Prints the comment table as CSV with two more columns: 1 for comments that were rejected or hidden, 0 for those that
/// were approved; and `perspective`, the score that a hosted service gave, where the export keeps one: measure it
/// against a model with `vigie compare column:perspective default`. Everything else is left out, and counted: spam (advertising is no insult), deleted (by the author or
/// by a moderator: nobody knows), pending, pingbacks, comments without a status or whose text is gone.
///
/// A moderation decision is a noisy label: it mixes the rules of the site, off-topic, disputes and the mood of the day;
/// and a comment that was kept may simply never have been looked at.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie labels from-export wp_comments.csv -o labelled.csv
  vigie train labelled.csv --label rejected -o mine.vigie")]
struct FromExport {
    #[command(flatten)]
    input: InputArgs,

    /// Count spam as rejected instead of leaving it out
    #[arg(long, help_heading = "Labels")]
    spam: bool,

    /// How to call the column of labels
    #[arg(long, value_name = "NAME", default_value = "rejected", value_parser = label, help_heading = "Labels")]
    label: String,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

/// A name that is no column of the comment table.
fn label(name: &str) -> Result<String, String> {
    match name.trim() {
        "" => Err("expected a name".into()),
        name if COLUMNS.contains(&name) || name == SERVICE => {
            Err(format!("{name} is a column of the comment table"))
        }
        name => Ok(name.into()),
    }
}

/// The column of the score that a hosted service gave.
const SERVICE: &str = "perspective";

/// Fewer of either class teach little.
const FEW: u64 = 100;

/// What was told of comments, in the order of telling.
const FATES: [(Fate, &str); 8] = [
    (Fate::Approved, KEPT),
    (Fate::Pinned, KEPT),
    (Fate::Rejected, REJECTED),
    (Fate::Hidden, REJECTED),
    (Fate::Spam, "left out: advertising is no insult; --spam counts it as 1"),
    (Fate::Deleted, "left out: by the author or by a moderator, nobody knows"),
    (Fate::Pending, "left out: not decided yet"),
    (Fate::Pingback, "left out: no reader wrote it"),
];
const KEPT: &str = "labelled 0";
const REJECTED: &str = "labelled 1";

/// How many comments met which fate.
#[derive(Default)]
struct Tally {
    /// By the place in [`FATES`].
    fates: [u64; FATES.len()],
    untold: u64,
    gone: u64,
    /// Rows written with 0, and with 1.
    labelled: [u64; 2],
}

impl Tally {
    /// The label of a comment, where its fate gives one.
    fn label(&mut self, comment: &Comment, spam: bool) -> Option<bool> {
        let Some(fate) = comment.status else {
            self.untold += 1;
            return None;
        };
        if let Some(place) = FATES.iter().position(|(known, _)| *known == fate) {
            self.fates[place] += 1;
        }
        let label = match fate {
            Fate::Approved | Fate::Pinned => false,
            Fate::Rejected | Fate::Hidden => true,
            Fate::Spam if spam => true,
            Fate::Spam | Fate::Deleted | Fate::Pending | Fate::Pingback => return None,
        };
        // What stands where the text was would give the label away and teach nothing else.
        if comment.text.trim().is_empty() || is_deleted(&comment.text) {
            self.gone += 1;
            return None;
        }
        self.labelled[usize::from(label)] += 1;
        Some(label)
    }

    /// Says what became of the comments, and what the labels are worth.
    fn tell(&self, label: &str, spam: bool) {
        if self.fates == [0; FATES.len()] && self.untold > 0 {
            tell("no comment has a status: name the column with --map status=COLUMN");
        }
        for ((fate, outcome), count) in FATES.iter().zip(self.fates).filter(|(_, count)| *count > 0)
        {
            let outcome = if spam && *fate == Fate::Spam { REJECTED } else { outcome };
            tell(format!("{}: {count}, {outcome}", fate.name()));
        }
        if self.untold > 0 {
            tell(format!("without a status: {}, left out", self.untold));
        }
        if self.gone > 0 {
            tell(format!("of these, the text is gone: {}, left out", self.gone));
        }
        let [kept, rejected] = self.labelled;
        tell(format!("{label}: {rejected} of 1, {kept} of 0"));
        if kept == 0 || rejected == 0 {
            let missing = u8::from(rejected == 0);
            tell(format!("warning: no comment is labelled {missing}: nothing can be learned"));
        } else if kept.min(rejected) < FEW {
            let few = u8::from(rejected < kept);
            tell(format!("warning: fewer than {FEW} comments are labelled {few}: take care"));
        }
        tell(
            "a moderation decision is a noisy label: it mixes the rules of the site, off-topic, disputes and the mood of \
             the day; a kept comment may simply never have been looked at",
        );
    }
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let args = match &args.from {
        From::FromExport(args) => args,
        From::FromAnnotations(args) => return annotated::run(args),
    };
    let inputs = args.input.expand();
    let options = args.input.options()?;
    let mut account = Account::new(&args.input.rejects)?;
    let mut out = Output::open(args.output.as_deref())?;
    let mut tally = Tally::default();
    let mut table = csv::Writer::from_writer(&mut out);
    table.write_record(COLUMNS.into_iter().chain([args.label.as_str(), SERVICE]))?;
    account.read_all(&inputs, &options, |comment| {
        let Some(label) = tally.label(&comment, args.spam) else { return Ok(()) };
        for cell in comment.cells() {
            table.write_field(neutralise(&cell).as_ref())?;
        }
        table.write_field(if label { "1" } else { "0" })?;
        table
            .write_field(neutralise(comment.perspective.as_deref().unwrap_or_default()).as_ref())?;
        Ok(table.write_record(None::<&[u8]>)?)
    })?;
    table.flush()?;
    drop(table);
    if account.status() != Status::Nothing {
        out.finish()?;
        tally.tell(&args.label, args.spam);
    }
    account.close("seen")
}
