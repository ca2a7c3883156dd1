//! `vigie train`: fits a model on labelled comments.

use std::io::Write;
use std::path::{Path, PathBuf};

use vigie::evaluation::{Pair, area_under_roc, average_precision};
use vigie::model::fit::{Fitted, Options, Rarity, Sample, fit};
use vigie::model::{Card, Corpus, Measure, NgramLayer};
use vigie::source::Input;
use vigie::source::table::Overrides;

use super::Status;
use super::args::{InputArgs, load};
use super::input::Account;
use super::labelled::{Annotations, Gold, Grouping, annotations, read};
use super::output::Output;
use super::recipe::{Annotated, Ingredient, Recipe, digest};
use super::stderr::tell;

/// Fit a model on labelled comments.
///
/// Reads binary columns, one a label (insult and conspiracy, or those named by --label): 1 yes, 0 no, empty unknown.
/// Prints measures from cross-validation: every row is scored by a model that saw nothing of its thread.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie train labelled.csv -o mine.vigie
  vigie train --recipe training/recipe.toml --corpora ../corpora -o training/default.vigie")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// Make the model of this recipe instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["inputs", "label"], help_heading = "Input")]
    recipe: Option<PathBuf>,

    /// Where the recipe's files are that are not part of this project
    #[arg(long, value_name = "FOLDER", requires = "recipe", help_heading = "Input")]
    corpora: Option<PathBuf>,

    /// The columns to learn
    #[arg(long, value_name = "LABEL", value_delimiter = ',', help_heading = "Model", default_values = ["insult", "conspiracy"])]
    label: Vec<String>,

    /// How many folds the measures are computed on
    #[arg(long, value_name = "N", help_heading = "Model", value_parser = clap::value_parser!(u64).range(2..=20))]
    folds: Option<u64>,

    /// The model file to write
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let mut account = Account::new(&args.input.rejects)?;
    let mut out = Output::open(Some(&args.output))?;
    let ground = match &args.recipe {
        Some(path) => from_recipe(path, args.corpora.as_deref(), &mut account)?,
        None => from_files(args, &mut account)?,
    };
    let Ground { card, labels, samples, lexicon, layer, mut options } = ground;
    if let Some(folds) = args.folds {
        options.folds = folds as usize;
    }
    let corpora = card.corpora.clone();
    let Fitted { model, out_of_fold, .. } = fit(card, &labels, &samples, lexicon, layer, &options)?;
    out.write_all(&model.to_bytes())?;
    out.finish()?;
    let mut table = Output::open(None)?;
    write_table(&model.card.measures, &mut table)?;
    if corpora.len() > 1 {
        write_corpora(&corpora, &labels, &out_of_fold, &mut table)?;
    }
    table.finish()?;
    let (file, features) = (args.output.display(), model.feature_names().len());
    tell(format!("{file}: model {} ({features} features)", model.id()));
    account.close("used")
}

/// What a model is fitted on.
struct Ground {
    card: Card,
    labels: Vec<String>,
    samples: Vec<Sample>,
    lexicon: vigie::lexicon::Lexicon,
    layer: NgramLayer,
    options: Options,
}

/// The shipped model's lexicon and rarities, and the user's rows.
fn from_files(args: &Args, account: &mut Account) -> anyhow::Result<Ground> {
    let shipped = load(None)?;
    let overrides = args.input.overrides()?;
    let name = args.output.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut ground = Ground {
        card: Card { name, vigie: env!("CARGO_PKG_VERSION").into(), ..Card::default() },
        labels: args.label.clone(),
        samples: Vec::new(),
        layer: shipped.layer.without_weights(args.label.len()),
        lexicon: shipped.lexicon,
        // The share of a label in these rows is the best guess at its share where the model will work.
        options: Options { priors: Default::default(), ..Options::default() },
    };
    ground.options.bits = ground.layer.bits;
    for input in args.input.expand() {
        let input = input?;
        let before = ground.samples.len();
        let rows =
            read(&input, &overrides, &ground.labels, Gold::Columns, &Grouping::Thread, account)?;
        ground.samples.extend(rows.into_iter().map(|row| Sample {
            text: row.text,
            place: row.place,
            language: row.language,
            labels: row.labels,
            group: row.group,
            weight: 1.0,
            ..Sample::default()
        }));
        let digest = match &input {
            Input::File(path) => digest(path)?,
            Input::Stdin => String::new(),
        };
        let corpus =
            corpus(&input.to_string(), digest, 1.0, &ground.samples[before..], ground.labels.len());
        ground.card.corpora.push(corpus);
    }
    Ok(ground)
}

fn from_recipe(
    path: &Path,
    corpora: Option<&Path>,
    account: &mut Account,
) -> anyhow::Result<Ground> {
    let recipe = Recipe::open(path)?;
    let lexicon = recipe.lexicon(path)?;
    let mut rarity = Rarity::new(recipe.fit.bits);
    for Ingredient { every, .. } in &recipe.rarity {
        anyhow::ensure!(*every > 0, "{}: every = 0 leaves nothing", path.display());
    }
    for part in &recipe.rarity {
        let input = Input::File(part.find(path, corpora)?);
        let table = vigie::source::table::Table::open(
            input.open()?,
            &input.to_string(),
            &Overrides::default(),
        )?;
        let column = table.mapping().text_column();
        for record in table.step_by(part.every) {
            if let vigie::source::table::Record::Row(row) = record? {
                rarity.see(row.cell(column).unwrap_or_default(), &lexicon);
            }
        }
    }
    let card =
        Card { name: recipe.name, vigie: env!("CARGO_PKG_VERSION").into(), ..Card::default() };
    let layer = rarity.layer(recipe.labels.len(), recipe.fit.word_weight);
    let mut ground = Ground {
        card,
        labels: recipe.labels,
        samples: Vec::new(),
        lexicon,
        layer,
        options: recipe.fit,
    };
    for part in &recipe.corpus {
        let input = Input::File(part.find(path, corpora)?);
        let before = ground.samples.len();
        let beside = |file: &Option<Annotated>| -> anyhow::Result<Option<Annotations>> {
            let file = file.as_ref().map(|file| file.find(path)).transpose()?;
            file.map(|file| annotations(&file, &ground.labels)).transpose()
        };
        let (named, others) = (beside(&part.annotations)?, beside(&part.without)?);
        let gold = match (&named, &others) {
            (Some(named), _) => Gold::Annotations(named),
            (None, Some(others)) => Gold::Unannotated(others),
            (None, None) => Gold::Columns,
        };
        let mut rows =
            read(&input, &Overrides::default(), &ground.labels, gold, &part.grouping(), account)?;
        for (index, label) in ground.labels.iter().enumerate() {
            if part.assume_not.contains(label) {
                rows.iter_mut().for_each(|row| _ = row.labels[index].get_or_insert(false));
            }
        }
        ground.samples.extend(rows.into_iter().step_by(part.every).map(|row| Sample {
            text: row.text,
            place: row.place,
            language: row.language,
            labels: row.labels,
            group: row.group,
            weight: part.weight,
            role: part.role,
        }));
        let name = part.path.display().to_string();
        let samples = &ground.samples[before..];
        let corpus = corpus(&name, part.sha256.clone(), part.weight, samples, ground.labels.len());
        tell(format!("{name}: {} rows", corpus.rows));
        ground.card.corpora.push(corpus);
    }
    Ok(ground)
}

fn corpus(name: &str, digest: String, weight: f64, samples: &[Sample], labels: usize) -> Corpus {
    let count = |gold: bool| {
        (0..labels)
            .map(|label| samples.iter().filter(|sample| sample.labels[label] == Some(gold)).count())
            .collect()
    };
    Corpus {
        name: name.into(),
        digest,
        rows: samples.len(),
        positives: count(true),
        negatives: count(false),
        weight,
    }
}

fn write_table(measures: &[Measure], out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "cross-validated      rows  positive    AUC     AP  threshold  precision  recall"
    )?;
    for measure in measures {
        let Measure {
            label,
            auc,
            average_precision,
            threshold,
            precision,
            recall,
            rows,
            positives,
        } = measure;
        writeln!(
            out,
            "{label:<18} {rows:>6}  {positives:>8}  {auc:.3}  {average_precision:.3}     {threshold:.4}      {precision:.3}   {recall:.3}"
        )?;
    }
    Ok(())
}

/// The same, file by file: what is easy in one may be hard in another.
fn write_corpora(
    corpora: &[Corpus],
    labels: &[String],
    out_of_fold: &[Vec<(usize, Pair)>],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    writeln!(out, "\nby file              rows  positive    AUC     AP")?;
    let mut first = 0;
    for Corpus { name, rows, .. } in corpora {
        let range = first..first + rows;
        first = range.end;
        for (label, pairs) in labels.iter().zip(out_of_fold) {
            let own: Vec<Pair> = pairs
                .iter()
                .filter(|(row, _)| range.contains(row))
                .map(|&(_, pair)| Pair::new(pair.gold, pair.score))
                .collect();
            let positives = own.iter().filter(|pair| pair.gold).count();
            let (Some(auc), Some(ap)) = (area_under_roc(&own), average_precision(&own)) else {
                continue;
            };
            writeln!(
                out,
                "{label:<18} {:>6}  {positives:>8}  {auc:.3}  {ap:.3}  {name}",
                own.len()
            )?;
        }
    }
    Ok(())
}
