//! `vigie labels from-annotations`: makes labelled rows out of what people said in a labelling tool.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use vigie::comment::{COLUMNS, Comment};
use vigie::source::table::neutralise;
use vigie::source::{Annotation, Input, Judgement, No, annotations, expand};

use super::Status;
use super::input::Account;
use super::output::Output;
use super::stderr::tell;

/// Turn the annotations of a labelling tool into labelled rows for `vigie train`.
///
/// Reads the JSON and JSON Lines that doccano, Prodigy and Label Studio export, and prints the comment table as CSV with a
/// column for each label: 1, 0, or nothing where nobody said anything or as many said yes as no.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie labels from-annotations annotations.jsonl -o labelled.csv
  vigie labels from-annotations project.json --label insult=insulte,injure -o labelled.csv
  vigie train labelled.csv --label insult -o mine.vigie")]
pub struct Args {
    /// Files that a labelling tool exported, or `-`
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,

    /// A column to write, and the tool's names for it; otherwise each label becomes a column
    #[arg(long, value_name = "COLUMN=NAME", value_parser = renamed, help_heading = "Labels")]
    label: Vec<(String, Vec<String>)>,

    /// Where to write; standard output otherwise
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Where to write records that cannot be read, with their reason
    #[arg(long, value_name = "FILE", default_value = "vigie-rejects.csv", help_heading = "Output")]
    rejects: PathBuf,
}

fn renamed(text: &str) -> Result<(String, Vec<String>), String> {
    let (column, names) = text.split_once('=').unwrap_or((text, text));
    let column = column.trim();
    if column.is_empty() || COLUMNS.contains(&column) {
        return Err("expected COLUMN=NAME, the column none of the comment table".into());
    }
    Ok((column.to_owned(), names.split(',').map(|name| name.trim().to_owned()).collect()))
}

/// How many annotators said yes and no of a label.
#[derive(Clone, Copy, Debug, Default)]
struct Votes {
    yes: u64,
    no: u64,
}

/// A text and what was said of it, by label; `others` counts the annotators who chose among all labels.
struct Said {
    comment: Comment,
    labels: BTreeMap<String, Votes>,
    others: u64,
}

/// All that was said, in the order of the files.
#[derive(Default)]
struct Annotated {
    said: Vec<Said>,
    at: HashMap<(String, String), usize>,
    /// Records of which nobody said anything.
    unanswered: u64,
}

impl Annotated {
    fn add(&mut self, file: &str, judgement: Judgement) {
        let Judgement { id, text, yes, no } = judgement;
        let next = self.said.len();
        let at = *self.at.entry((file.to_owned(), text)).or_insert_with_key(|(_, text)| {
            let comment = Comment {
                id: id.unwrap_or_else(|| format!("r{}", next + 1)),
                text: text.clone(),
                page: file.to_owned(),
                ..Comment::default()
            };
            self.said.push(Said { comment, labels: BTreeMap::new(), others: 0 });
            next
        });
        let said = &mut self.said[at];
        for name in &yes {
            said.labels.entry(name.clone()).or_default().yes += 1;
        }
        match no {
            No::Others => said.others += 1,
            No::These(names) => {
                names.into_iter().for_each(|name| said.labels.entry(name).or_default().no += 1);
            }
        }
    }

    /// The columns to write, each with the names that mean it.
    fn columns(&self, asked: &[(String, Vec<String>)]) -> Vec<(String, Vec<String>)> {
        if !asked.is_empty() {
            return asked.to_vec();
        }
        let names = self.said.iter().flat_map(|said| said.labels.keys());
        let names: std::collections::BTreeSet<&String> = names.collect();
        let column = |name: &str| match COLUMNS.contains(&name) {
            true => format!("label_{name}"),
            false => name.to_owned(),
        };
        names.into_iter().map(|name| (column(name), vec![name.clone()])).collect()
    }
}

impl Said {
    /// How many said yes and no to a column that these names mean.
    fn votes(&self, names: &[String]) -> Votes {
        let told = names.iter().filter_map(|name| self.labels.get(name));
        let Votes { yes, no } = told.fold(Votes::default(), |sum, one| Votes {
            yes: sum.yes + one.yes,
            no: sum.no + one.no,
        });
        // Whoever chose among all labels and did not choose this one said no to it.
        Votes { yes, no: no + self.others.saturating_sub(yes) }
    }
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let mut account = Account::new(&args.rejects)?;
    let mut annotated = Annotated::default();
    for input in expand(&args.inputs) {
        match input {
            Ok(input) => read(&input, &mut annotated, &mut account)?,
            Err(error) => account.fail(&error),
        }
    }
    let columns = annotated.columns(&args.label);
    let mut out = Output::open(args.output.as_deref())?;
    let mut table = csv::Writer::from_writer(&mut out);
    table.write_record(COLUMNS.into_iter().chain(columns.iter().map(|(name, _)| name.as_str())))?;
    let mut tally = vec![[0u64; 3]; columns.len()];
    for said in &annotated.said {
        for cell in said.comment.cells() {
            table.write_field(neutralise(&cell).as_ref())?;
        }
        for ((_, names), [yes, no, even]) in columns.iter().zip(&mut tally) {
            let votes = said.votes(names);
            let (cell, count) = match votes.yes.cmp(&votes.no) {
                std::cmp::Ordering::Greater => ("1", yes),
                std::cmp::Ordering::Less => ("0", no),
                std::cmp::Ordering::Equal => ("", even),
            };
            *count += 1;
            table.write_field(cell)?;
        }
        table.write_record(None::<&[u8]>)?;
    }
    table.flush()?;
    drop(table);
    if account.status() != Status::Nothing {
        out.finish()?;
        for ((name, _), [yes, no, even]) in columns.iter().zip(&tally) {
            tell(format!("{name}: {yes} of 1, {no} of 0, {even} not told or told both ways"));
        }
        if columns.is_empty() {
            tell("no label was given to any text");
        }
        tell(format!("texts: {}", annotated.said.len()));
        if annotated.unanswered > 0 {
            tell(format!(
                "skipped or given up by the annotators, left out: {}",
                annotated.unanswered
            ));
        }
    }
    account.close("seen")
}

/// Reads a file to its end; where it fails, what came before it counts.
fn read(input: &Input, annotated: &mut Annotated, account: &mut Account) -> anyhow::Result<()> {
    let name = input.to_string();
    let opened = input.open().and_then(|reader| annotations(reader, &name));
    let mut read = match opened {
        Ok(read) => read,
        Err(error) => {
            account.fail(&error.at_path(&name));
            return Ok(());
        }
    };
    account.inputs += 1;
    for annotation in &mut read {
        match annotation {
            Ok(Annotation::Judged(judged)) => {
                account.comments += 1;
                annotated.unanswered += u64::from(judged.is_empty());
                judged.into_iter().for_each(|judgement| annotated.add(&name, judgement));
            }
            Ok(Annotation::Reject(reject)) => account.reject(&reject)?,
            Err(error) => {
                account.inputs -= 1;
                account.fail(&error);
                break;
            }
        }
    }
    Ok(())
}
