//! Replays labelled files by each strategy, and writes how soon what bears the label was found.

use std::path::Path;

use anyhow::{Context as _, ensure};
use vigie::evaluation::Discovery;
use vigie::feature::Context;
use vigie::model::Model;
use vigie::model::fit::{Learner, Learning, Pool};
use vigie::report::{Locale, Readings, write_curve, write_readings};
use vigie::triage::{Outlook, Pace, Sequence, Strategy, order, replay};

use super::super::Status;
use super::super::args::load;
use super::super::input::Account;
use super::super::labelled::{Asked, Labelled, read};
use super::super::output::Output;
use super::super::stderr::tell;
use super::Args;
use super::pick::{labels, threshold};

/// The shares that are told of every replay.
const TARGETS: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 1.0];

/// How files are read.
struct Simulator<'a> {
    model: &'a Model,
    label: &'a str,
    strategies: Vec<Strategy>,
    pace: Pace,
    learning: Learning,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let model = load(args.model.model.as_deref())?;
    ensure!(args.label.len() < 2, "--simulate replays one label at a time");
    let label = labels(args, &model).into_iter().next().context("the model has no label")?;
    let simulator = Simulator {
        model: &model,
        label: &label,
        strategies: args.strategy.map_or(Strategy::ALL.to_vec(), |named| vec![named.into()]),
        pace: Pace { batch: args.batch as usize, ..Pace::default() },
        learning: Learning { seed: args.seed, ..Learning::default() },
    };
    let mut account = Account::new(&args.input.rejects)?;
    let mut table = Output::open(args.output.as_deref())?;
    let curve = args.curve.as_deref().map(Curve::open).transpose()?;
    let (overrides, asked) = (args.input.overrides()?, [label.clone()]);
    let mut readings = Vec::new();
    for input in args.input.expand() {
        let input = input?;
        let rows = read(&input, &overrides, &Asked::of(&asked), &mut account)?;
        let name = input.to_string();
        let file = name.rsplit('/').next().unwrap_or_default();
        match simulator.read(file, &rows) {
            Some(read) => readings.push(read),
            None => tell(format!("{input}: no comment is labelled 1 for {label}: nothing to find")),
        }
    }
    let mut targets = TARGETS.to_vec();
    targets.extend(args.target.filter(|target| !TARGETS.contains(target)));
    targets.sort_by(f64::total_cmp);
    write_readings(&readings, &targets, args.lang.into(), &mut table)?;
    table.finish()?;
    curve.map(|curve| curve.write(&readings, args.lang.into())).transpose()?;
    account.close("replayed")
}

impl Simulator<'_> {
    /// Reads labelled comments in every order; none where nothing is to be found.
    fn read(&self, file: &str, rows: &[Labelled]) -> Option<Readings> {
        let Simulator { model, label, ref learning, pace, .. } = *self;
        let gold: Vec<bool> = rows.iter().filter_map(|row| row.labels[0]).collect();
        if !gold.contains(&true) {
            return None;
        }
        let texts: Vec<(&str, Context)> =
            rows.iter().map(|row| (row.text.as_str(), row.place)).collect();
        let threshold = threshold(model, label);
        let pool = Pool::new(model, &texts, learning);
        let said = Learner::new(&pool, label, learning).probabilities();
        let outlooks: Vec<Outlook> =
            said.iter().map(|&p| Outlook::of(&[p], &[threshold])).collect();
        let unlearned = order(&outlooks, Strategy::Risk, learning.seed);
        let unlearned: Vec<usize> = unlearned.into_iter().map(|pick| pick.index).collect();
        let in_file: Vec<usize> = (0..gold.len()).collect();
        let mut by = vec![
            (Sequence::File, Discovery::of(&in_file, &gold)),
            (Sequence::Model, Discovery::of(&unlearned, &gold)),
        ];
        for &strategy in &self.strategies {
            let mut learner = Learner::new(&pool, label, learning);
            let read = replay(&gold, strategy, threshold, pace, learning.seed, |batch| {
                batch.iter().for_each(|&(comment, bears)| learner.tell(comment, bears));
                // Chance asks nobody.
                if strategy == Strategy::Random { said.clone() } else { learner.probabilities() }
            });
            by.push((Sequence::Strategy(strategy), Discovery::of(&read, &gold)));
        }
        Some(Readings { file: file.into(), label: label.into(), by })
    }
}

/// Where the curves go, and as what.
enum Curve {
    Csv(Output),
    #[cfg(feature = "serve")]
    Svg(Output),
}

impl Curve {
    fn open(path: &Path) -> anyhow::Result<Curve> {
        let drawn = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg"));
        match drawn {
            false => Ok(Curve::Csv(Output::open(Some(path))?)),
            #[cfg(feature = "serve")]
            true => Ok(Curve::Svg(Output::open(Some(path))?)),
            #[cfg(not(feature = "serve"))]
            true => anyhow::bail!(
                "this program was built without drawings: name a file that ends in .csv"
            ),
        }
    }

    #[cfg_attr(not(feature = "serve"), allow(unused_variables, reason = "a CSV has no language"))]
    fn write(self, readings: &[Readings], locale: Locale) -> anyhow::Result<()> {
        match self {
            Curve::Csv(mut out) => {
                write_curve(readings, &mut out)?;
                out.finish()
            }
            #[cfg(feature = "serve")]
            Curve::Svg(mut out) => {
                use std::io::Write as _;
                out.write_all(vigie::report::draw_readings(readings, locale)?.as_bytes())?;
                out.finish()
            }
        }
    }
}
