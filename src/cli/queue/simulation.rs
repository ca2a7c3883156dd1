//! Replays labelled files by each strategy, and writes how soon what bears the label was found.

use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, ensure};
use vigie::evaluation::Discovery;
use vigie::feature::Context;
use vigie::model::fit::{Learner, Learning, Pool};
use vigie::triage::{Outlook, Pace, Strategy, order, replay};

use super::super::Status;
use super::super::args::load;
use super::super::input::Account;
use super::super::labelled::{Asked, read};
use super::super::output::Output;
use super::super::stderr::tell;
use super::Args;
use super::pick::{labels, threshold};

/// The shares that are told of every replay.
const TARGETS: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 1.0];

/// One way of reading a file.
struct Reading {
    name: String,
    discovery: Discovery,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let model = load(args.model.model.as_deref())?;
    ensure!(args.label.len() < 2, "--simulate replays one label at a time");
    let label = labels(args, &model).into_iter().next().context("the model has no label")?;
    let strategies: Vec<Strategy> = match args.strategy {
        Some(named) => vec![named.into()],
        None => Strategy::ALL.to_vec(),
    };
    let mut targets = TARGETS.to_vec();
    targets.extend(args.target.filter(|target| !TARGETS.contains(target)));
    targets.sort_by(f64::total_cmp);
    let pace = Pace { batch: args.batch as usize, ..Pace::default() };
    let learning = Learning { seed: args.seed, ..Learning::default() };
    let threshold = threshold(&model, &label);

    let mut account = Account::new(&args.input.rejects)?;
    let mut table = Output::open(args.output.as_deref())?;
    let mut curve = args.curve.as_deref().map(|path| Curve::open(path)).transpose()?;
    let (overrides, asked) = (args.input.overrides()?, [label.clone()]);
    write_header(&mut table, &targets)?;
    for input in args.input.expand() {
        let input = input?;
        let rows = read(&input, &overrides, &Asked::of(&asked), &mut account)?;
        let gold: Vec<bool> = rows.iter().filter_map(|row| row.labels[0]).collect();
        let texts: Vec<(&str, Context)> =
            rows.iter().map(|row| (row.text.as_str(), row.place)).collect();
        let positives = gold.iter().filter(|bears| **bears).count();
        tell(format!("{input}: {} comments, {positives} with {label}", gold.len()));
        if positives == 0 {
            continue;
        }
        let pool = Pool::new(&model, &texts, &learning);
        let told = |name: &str, order: &[usize]| Reading {
            name: name.into(),
            discovery: Discovery::of(order, &gold),
        };
        let in_order: Vec<usize> = (0..gold.len()).collect();
        let said = Learner::new(&pool, &label, &learning).probabilities();
        let outlooks: Vec<Outlook> =
            said.iter().map(|&p| Outlook::of(&[p], &[threshold])).collect();
        let unlearned = order(&outlooks, Strategy::Risk, args.seed);
        let unlearned: Vec<usize> = unlearned.into_iter().map(|pick| pick.index).collect();
        let mut readings = vec![told("file order", &in_order), told("model alone", &unlearned)];
        for &strategy in &strategies {
            let mut learner = Learner::new(&pool, &label, &learning);
            let read = replay(&gold, strategy, threshold, pace, args.seed, |batch| {
                batch.iter().for_each(|&(comment, bears)| learner.tell(comment, bears));
                learner.probabilities()
            });
            readings.push(told(strategy.name(), &read));
        }
        let name = input.to_string();
        let file = name.rsplit('/').next().unwrap_or_default();
        write_rows(&mut table, file, &readings, &targets)?;
        if let Some(curve) = &mut curve {
            curve.add(file, &label, &readings)?;
        }
    }
    table.finish()?;
    curve.map(Curve::finish).transpose()?;
    account.close("replayed")
}

/// Columns as wide as what stands in them: names, then shares.
fn write_header(out: &mut Output, targets: &[f64]) -> anyhow::Result<()> {
    write!(out, "{:<36} {:<12}", "share read until this share is found", "order")?;
    for target in targets {
        write!(out, " {:>6}%", target * 100.0)?;
    }
    Ok(writeln!(out)?)
}

fn write_rows(
    out: &mut Output,
    file: &str,
    readings: &[Reading],
    targets: &[f64],
) -> anyhow::Result<()> {
    for Reading { name, discovery } in readings {
        write!(out, "{file:<36} {name:<12}")?;
        for &target in targets {
            match discovery.share_until(target) {
                Some(share) => write!(out, " {:>6.1}%", share * 100.0)?,
                None => write!(out, " {:>7}", "never")?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The file of the curves.
struct Curve {
    table: csv::Writer<Output>,
}

impl Curve {
    fn open(path: &Path) -> anyhow::Result<Curve> {
        let mut table = csv::Writer::from_writer(Output::open(Some(path))?);
        table.write_record(["file", "label", "order", "comments", "positives", "found", "read"])?;
        Ok(Curve { table })
    }

    fn add(&mut self, file: &str, label: &str, readings: &[Reading]) -> anyhow::Result<()> {
        for Reading { name, discovery } in readings {
            let (comments, positives) =
                (discovery.comments.to_string(), discovery.positives.to_string());
            for (before, read) in discovery.found_at.iter().enumerate() {
                let (found, read) = ((before + 1).to_string(), read.to_string());
                self.table
                    .write_record([file, label, name, &comments, &positives, &found, &read])?;
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        self.table.into_inner().map_err(|error| error.into_error())?.finish()
    }
}
