//! Writes the comments to label next, with empty columns for their labels.

use std::collections::HashMap;

use anyhow::ensure;
use vigie::comment::{COLUMNS, Comment};
use vigie::feature::{Context, Places};
use vigie::model::Model;
use vigie::model::fit::{Learner, Learning, Pool};
use vigie::source::Input;
use vigie::source::table::neutralise;
use vigie::triage::{Outlook, Pick, Strategy, order};

use super::super::Status;
use super::super::args::load;
use super::super::input::Account;
use super::super::labelled::{Asked, Labelled, read};
use super::super::output::Output;
use super::super::stderr::tell;
use super::Args;

/// The column that says what chose a comment.
const CHOSEN: &str = "vigie_chosen";

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let model = load(args.model.model.as_deref())?;
    let labels = labels(args, &model);
    for label in &labels {
        ensure!(!COLUMNS.contains(&label.as_str()), "{label} is a column of the comment table");
    }
    let mut out = Output::open(args.output.as_deref())?;
    let mut account = Account::new(&args.input.rejects)?;
    let (mut comments, mut places) = (Vec::new(), Places::default());
    account.read_all(&args.input.expand(), &args.input.options()?, |comment| {
        let place = places.next(&comment.page, &comment.id, comment.parent.as_deref());
        comments.push((comment, place));
        Ok(())
    })?;
    // Another account: what is labelled is no comment of the queue.
    let mut told = Account::new(&args.input.rejects)?;
    let mut labelled = Vec::new();
    for path in &args.labelled {
        let overrides = args.input.overrides()?;
        labelled.extend(read(
            &Input::File(path.clone()),
            &overrides,
            &Asked::of(&labels),
            &mut told,
        )?);
    }
    let read = comments.len();
    leave_out(&mut comments, &labelled, labels.len());
    let strategy = args.strategy.map_or(Strategy::Risk, Strategy::from);
    let outlooks = outlooks(&model, &labels, &comments, &labelled, args.seed);
    let picks = order(&outlooks, strategy, args.seed);
    let kept = &picks[..args.top.unwrap_or(picks.len()).min(picks.len())];
    write(kept, &comments, &labels, &mut out)?;
    if account.status() != Status::Nothing {
        out.finish()?;
        if !args.labelled.is_empty() {
            tell(format!(
                "labelled already: {}; {} of them here",
                labelled.len(),
                read - comments.len()
            ));
        }
        tell(format!("chosen: {} of {}, by {}", kept.len(), comments.len(), strategy.name()));
    }
    drop(told);
    account.close("ranked")
}

/// The labels asked for, or those of the model.
pub fn labels(args: &Args, model: &Model) -> Vec<String> {
    match &args.label[..] {
        [] => model.labels().map(str::to_string).collect(),
        named => named.to_vec(),
    }
}

/// From where on a comment is reviewed for a label; a half where the model does not know it.
pub fn threshold(model: &Model, label: &str) -> f64 {
    model.heads.iter().find(|head| head.label == label).map_or(0.5, |head| head.review)
}

/// Leaves out comments of which every label is known: copies of a text bear the same.
fn leave_out(comments: &mut Vec<(Comment, Context)>, labelled: &[Labelled], labels: usize) {
    let mut known: HashMap<&str, Vec<bool>> = HashMap::new();
    for row in labelled {
        let known = known.entry(&row.text).or_insert_with(|| vec![false; labels]);
        known.iter_mut().zip(&row.labels).for_each(|(known, label)| *known |= label.is_some());
    }
    comments.retain(|(comment, _)| {
        !known.get(comment.text.as_str()).is_some_and(|known| known.iter().all(|known| *known))
    });
}

/// What is believed of `comments`, once `labelled` have taught what they can.
fn outlooks(
    model: &Model,
    labels: &[String],
    comments: &[(Comment, Context)],
    labelled: &[Labelled],
    seed: u64,
) -> Vec<Outlook> {
    let learning = Learning { seed, ..Learning::default() };
    let unread = comments.iter().map(|(comment, place)| (comment.text.as_str(), *place));
    let taught = labelled.iter().map(|row| (row.text.as_str(), row.place));
    let texts: Vec<(&str, Context)> = unread.chain(taught).collect();
    let pool = Pool::new(model, &texts, &learning);
    let by_label: Vec<Vec<f64>> = labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let mut learner = Learner::new(&pool, label, &learning);
            for (row, labelled) in labelled.iter().enumerate() {
                if let Some(bears) = labelled.labels[at] {
                    learner.tell(comments.len() + row, bears);
                }
            }
            learner.probabilities()
        })
        .collect();
    let thresholds: Vec<f64> = labels.iter().map(|label| threshold(model, label)).collect();
    (0..comments.len())
        .map(|comment| {
            let probabilities: Vec<f64> = by_label.iter().map(|label| label[comment]).collect();
            Outlook::of(&probabilities, &thresholds)
        })
        .collect()
}

fn write(
    picks: &[Pick],
    comments: &[(Comment, Context)],
    labels: &[String],
    out: &mut Output,
) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(
        COLUMNS.into_iter().chain(labels.iter().map(String::as_str)).chain([CHOSEN]),
    )?;
    for pick in picks {
        for cell in comments[pick.index].0.cells() {
            table.write_field(neutralise(&cell).as_ref())?;
        }
        labels.iter().try_for_each(|_| table.write_field(""))?;
        table.write_field(pick.by.name())?;
        table.write_record(None::<&[u8]>)?;
    }
    Ok(table.flush()?)
}
