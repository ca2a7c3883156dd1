//! `vigie train`: fits a model on labelled comments.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use vigie::Error;
use vigie::lexicon::{Lexicon, WATCHED, WordList};
use vigie::model::fit::{Fitted, Options, Pull, Rarity, Sample, Wide, fit, refit, watch};
use vigie::model::{Card, Corpus, InFolds, Measure, NgramLayer};
use vigie::source::Input;
use vigie::source::table::Overrides;
use vigie::text::Language;

use super::Status;
use super::args::{InputArgs, load};
use super::input::Account;
use super::labelled::{Annotations, Asked, Gold, annotations, read};
use super::output::Output;
use super::recipe::{Annotated, Recipe, digest};
use super::reliability::write_reliability;
use super::stderr::tell;

/// Fit a model on labelled comments.
///
/// Reads binary columns, one a label (insult and conspiracy, or those named by --label): 1 yes, 0 no, empty unknown.
/// Prints measures from cross-validation: every row is scored by a model that saw nothing of its thread.
///
/// With --base a model is not made anew: an old one is moved as far as the rows give reason to. A few dozen rows
/// already help. A label of the base that the rows do not bear stays as it was.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie train labelled.csv --base default -o mine.vigie
  vigie train labelled.csv --base default --watch words.txt -o mine.vigie
  vigie train many.csv --label spam -o spam.vigie
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

    /// Only those of the recipe's files that are part of this project: a small model, to see that making it gives
    /// the same bytes everywhere
    #[arg(long, requires = "recipe", help_heading = "Input")]
    only_ours: bool,

    /// Begin as this model and stay near it: a model file, or `default` for the one that shipped
    #[arg(long, value_name = "MODEL", conflicts_with = "recipe", help_heading = "Model")]
    base: Option<PathBuf>,

    /// A site's own words: an entry a line, words or phrases; lines that begin with # are comments. Until labels say
    /// otherwise, one of them multiplies the odds of the labels learned by 2.7; it is told among the reasons
    #[arg(long, value_name = "FILE", conflicts_with = "recipe", help_heading = "Model")]
    watch: Option<PathBuf>,

    /// The columns to learn; those of the base, or insult and conspiracy, when none is named
    #[arg(long, value_name = "LABEL", value_delimiter = ',', help_heading = "Model")]
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
        Some(path) => {
            let recipe = Recipe::open(path)?;
            let recipe = if args.only_ours { recipe.only_ours() } else { recipe };
            from_recipe(recipe, path, args.corpora.as_deref(), &mut account)?
        }
        None => from_files(args, &mut account)?,
    };
    let Ground { card, samples, start, mut options } = ground;
    if let Some(folds) = args.folds {
        options.folds = folds as usize;
    }
    let fitted = match start {
        Start::Nothing { labels, lexicon, layer } => {
            fit(card, &labels, &samples, lexicon, layer, &options)?
        }
        Start::Base(base) => refit(card, base, &samples, &options, &Pull::default())?,
    };
    let Fitted { model, out_of_fold, reliability } = fitted;
    out.write_all(&model.to_bytes())?;
    out.finish()?;
    let mut table = Output::open(None)?;
    let measured = model.card.measures.iter().zip(&out_of_fold);
    let learned = measured.filter(|(_, pairs)| !pairs.is_empty()).map(|(measure, _)| measure);
    write_table(learned, &mut table)?;
    if model.card.corpora.len() > 1 {
        write_corpora(&model.card, &mut table)?;
    }
    write_reliability(model.labels(), &reliability, &mut table)?;
    table.finish()?;
    let (file, features) = (args.output.display(), model.feature_names().len());
    let begun = model.card.base.as_ref().map(|base| format!(", begun as {base}"));
    let (id, begun) = (model.id(), begun.unwrap_or_default());
    tell(format!("{file}: model {id} ({features} features){begun}"));
    account.close("used")
}

/// What a model is fitted on.
struct Ground {
    card: Card,
    samples: Vec<Sample>,
    start: Start,
    options: Options,
}

/// What a model begins as.
enum Start {
    /// Word lists and rarities, no weights.
    Nothing { labels: Vec<String>, lexicon: Lexicon, layer: NgramLayer },
    /// Another model.
    Base(Wide),
}

/// The columns that are learned when none is named, without a base.
const LABELS: [&str; 2] = ["insult", "conspiracy"];

/// The base, or the shipped model's lexicon and rarities; and the user's rows.
fn from_files(args: &Args, account: &mut Account) -> anyhow::Result<Ground> {
    let path = args.base.as_deref().filter(|path| *path != Path::new("default"));
    let before = load(path)?;
    let learned: Vec<String> = match (&args.label[..], &args.base) {
        ([], None) => LABELS.map(str::to_string).to_vec(),
        ([], Some(_)) => before.labels().map(str::to_string).collect(),
        (named, _) => named.to_vec(),
    };
    let watched = args.watch.as_deref().map(entries).transpose()?.unwrap_or_default();
    let (labels, start) = if args.base.is_some() {
        let base = Wide::new(&before, &learned, &watched)?;
        (base.labels.clone(), Start::Base(base))
    } else {
        let layer = before.layer.without_weights(learned.len());
        let lexicon = watch(&before.lexicon, &watched)?;
        (learned.clone(), Start::Nothing { labels: learned.clone(), lexicon, layer })
    };
    let overrides = args.input.overrides()?;
    let name = args.output.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut ground = Ground {
        card: Card { name, vigie: env!("CARGO_PKG_VERSION").into(), ..Card::default() },
        samples: Vec::new(),
        start,
        // The share of a label in these rows is the best guess at its share where the model will work.
        options: Options {
            priors: Default::default(),
            bits: before.layer.bits,
            ..Options::default()
        },
    };
    let columns: Vec<Option<usize>> =
        labels.iter().map(|label| learned.iter().position(|one| one == label)).collect();
    for input in args.input.expand() {
        let input = input?;
        let before = ground.samples.len();
        let rows = read(&input, &overrides, &Asked::of(&learned), account)?;
        ground.samples.extend(rows.into_iter().map(|row| Sample {
            text: row.text,
            place: row.place,
            language: row.language,
            labels: columns.iter().map(|column| row.labels[(*column)?]).collect(),
            group: row.group,
            weight: 1.0,
            ..Sample::default()
        }));
        let digest = match &input {
            Input::File(path) => digest(path)?,
            Input::Stdin => String::new(),
        };
        let corpus =
            corpus(&input.to_string(), digest, 1.0, &ground.samples[before..], labels.len());
        ground.card.corpora.push(corpus);
    }
    Ok(ground)
}

/// What the recipe in the file `path` says.
fn from_recipe(
    recipe: Recipe,
    path: &Path,
    corpora: Option<&Path>,
    account: &mut Account,
) -> anyhow::Result<Ground> {
    let lexicon = recipe.lexicon(path)?;
    let mut rarity = Rarity::new(recipe.fit.bits);
    for part in &recipe.rarity {
        let input = Input::File(part.find(path, corpora)?);
        let table = vigie::source::table::Table::open(
            input.open()?,
            &input.to_string(),
            &Overrides::default(),
        )?;
        let column = table.mapping().text_column();
        for record in table.step_by(part.every.get()) {
            if let vigie::source::table::Record::Row(row) = record? {
                rarity.see(row.cell(column).unwrap_or_default(), &lexicon);
            }
        }
    }
    let card =
        Card { name: recipe.name, vigie: env!("CARGO_PKG_VERSION").into(), ..Card::default() };
    let layer = rarity.layer(recipe.labels.len(), recipe.fit.word_weight);
    let labels = recipe.labels;
    let mut ground = Ground {
        card,
        samples: Vec::new(),
        start: Start::Nothing { labels: labels.clone(), lexicon, layer },
        options: recipe.fit,
    };
    for part in &recipe.corpus {
        let input = Input::File(part.find(path, corpora)?);
        let before = ground.samples.len();
        let beside = |file: &Option<Annotated>| -> anyhow::Result<Option<Annotations>> {
            let file = file.as_ref().map(|file| file.find(path)).transpose()?;
            file.map(|file| annotations(&file, &labels)).transpose()
        };
        let (named, others) = (beside(&part.annotations)?, beside(&part.without)?);
        let gold = match (&named, &others) {
            (Some(named), _) => Gold::Annotations(named),
            (None, Some(others)) => Gold::Unannotated(others),
            (None, None) => Gold::Columns,
        };
        let asked = Asked { gold, grouping: &part.grouping(), ..Asked::of(&labels) };
        let mut rows = read(&input, &Overrides::default(), &asked, account)?;
        for (index, label) in labels.iter().enumerate() {
            if part.assume_not.contains(label) {
                rows.iter_mut().for_each(|row| _ = row.labels[index].get_or_insert(false));
            }
        }
        let rows = rows.into_iter().step_by(part.every.get()).enumerate();
        ground.samples.extend(rows.map(|(index, row)| Sample {
            text: row.text,
            place: row.place,
            language: row.language,
            labels: row.labels,
            group: row.group,
            weight: part.weight,
            role: part.role,
            only_measured: index % part.weigh_every != 0,
        }));
        let name = part.path.display().to_string();
        let samples = &ground.samples[before..];
        let counted = corpus(&name, part.sha256.clone(), part.weight, samples, labels.len());
        let corpus = Corpus { together: part.together.clone(), ..counted };
        tell(format!("{name}: {} rows", corpus.rows));
        ground.card.corpora.push(corpus);
    }
    Ok(ground)
}

/// The entries of a list of watched words.
fn entries(path: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::from(error).at_path(path))?;
    let list = WordList::parse(Language::Unknown, WATCHED, &text);
    Ok(list
        .with_context(|| format!("{}: a word or phrase a line is needed", path.display()))?
        .entries)
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
        together: None,
        in_folds: Vec::new(),
    }
}

fn write_table<'m>(
    measures: impl Iterator<Item = &'m Measure>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
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
            ..
        } = measure;
        writeln!(
            out,
            "{label:<18} {rows:>6}  {positives:>8}  {auc:.3}  {average_precision:.3}     {threshold:.4}      {precision:.3}   {recall:.3}"
        )?;
    }
    Ok(())
}

/// The same, file by file, and of files that belong together.
fn write_corpora(card: &Card, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "\nby file              rows  positive    AUC     AP")?;
    let files = card.corpora.iter().map(|corpus| (&corpus.name, &corpus.in_folds));
    for (name, in_folds) in files.chain(&card.together) {
        for InFolds { label, rows, positives, auc, average_precision } in in_folds {
            writeln!(
                out,
                "{label:<18} {rows:>6}  {positives:>8}  {auc:.3}  {average_precision:.3}  {name}"
            )?;
        }
    }
    Ok(())
}
