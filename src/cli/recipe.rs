//! Reads a recipe: everything that a model is made of, so that it can be made again bit for bit.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use vigie::lexicon::{Lexicon, WordList};
use vigie::model::fit::{Options, Use};
use vigie::text::Language;

use super::labelled::Grouping;

/// What a model is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The model's name.
    pub name: String,
    /// The labels that it predicts.
    pub labels: Vec<String>,
    /// The folder of word lists, from the recipe's folder.
    pub lexicons: PathBuf,
    /// How it is fitted.
    #[serde(default)]
    pub fit: Options,
    /// Unlabelled comments, from which the rarity of n-grams is learned.
    pub rarity: Vec<Ingredient>,
    /// Labelled comments.
    pub corpus: Vec<Ingredient>,
}

/// A file that a model is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingredient {
    /// Its path, from the corpora's folder, or from the recipe's where it is ours.
    pub path: PathBuf,
    /// Whether it was written for this project, and lies beside the recipe.
    #[serde(default)]
    pub ours: bool,
    /// Where it comes from.
    #[expect(dead_code, reason = "for those who read the recipe")]
    pub source: String,
    /// What its authors allow.
    #[expect(dead_code, reason = "for those who read the recipe")]
    pub licence: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Labels by id, beside the recipe: only the rows that they name are used, and they go before the file's own.
    pub annotations: Option<Annotated>,
    /// Labels by id, beside the recipe: only the rows that they do not name are used.
    pub without: Option<Annotated>,
    /// How much a row counts.
    #[serde(default = "one")]
    pub weight: f64,
    /// What it is used for.
    #[serde(default, rename = "use")]
    pub role: Use,
    /// Rows that belong together share a value in this column.
    pub group_column: Option<String>,
    /// So many neighbouring rows belong together.
    pub group_rows: Option<u64>,
    /// A name that it shares with files that are measured together with it.
    pub together: Option<String>,
    /// Labels that are taken for 0 where unknown, because such comments hardly ever bear them.
    #[serde(default)]
    pub assume_not: Vec<String>,
    /// Only every so manieth row weighs features in layer 2: many comments that we wrote would teach it our style.
    #[serde(default = "every")]
    pub weigh_every: NonZeroUsize,
    /// Only every so manieth row.
    #[serde(default = "every")]
    pub every: NonZeroUsize,
}

/// Labels that are ours for comments that are not.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annotated {
    /// The path of the labels, from the recipe's folder.
    pub path: PathBuf,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

fn one() -> f64 {
    1.0
}

fn every() -> NonZeroUsize {
    NonZeroUsize::MIN
}

impl Recipe {
    /// Reads a recipe file.
    pub fn open(path: &Path) -> anyhow::Result<Recipe> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| format!("{}: this is no recipe", path.display()))
    }

    /// The same recipe without the files of others; where no file of ours tells how rare n-grams are, the labelled
    /// ones must.
    pub fn only_ours(mut self) -> Recipe {
        self.corpus.retain(|part| part.ours);
        self.rarity.retain(|part| part.ours);
        if self.rarity.is_empty() {
            self.rarity.clone_from(&self.corpus);
        }
        // Nor is anything nearer to the job there.
        if self.corpus.iter().all(|part| part.role != Use::Job) {
            self.corpus.iter_mut().for_each(|part| part.role = Use::Job);
        }
        self
    }

    /// Builds the lexicon of the word lists beside the recipe `path`.
    pub fn lexicon(&self, path: &Path) -> anyhow::Result<Lexicon> {
        lexicon(&folder(path).join(&self.lexicons))
    }
}

impl Ingredient {
    /// Finds the file and checks that it is the one that the recipe means.
    pub fn find(&self, recipe: &Path, corpora: Option<&Path>) -> anyhow::Result<PathBuf> {
        let root = match (self.ours, corpora) {
            (true, _) => folder(recipe),
            (false, Some(corpora)) => corpora,
            (false, None) => bail!(
                "{} is not ours: say where the corpora are with --corpora",
                self.path.display()
            ),
        };
        checked(root.join(&self.path), &self.sha256)
    }

    /// How its rows are grouped.
    pub fn grouping(&self) -> Grouping {
        match (&self.group_column, self.group_rows) {
            (Some(column), _) => Grouping::Column(column.clone()),
            (None, Some(rows)) => Grouping::Block(rows),
            (None, None) => Grouping::Thread,
        }
    }
}

impl Annotated {
    /// Finds the file and checks that it is the one that the recipe means.
    pub fn find(&self, recipe: &Path) -> anyhow::Result<PathBuf> {
        checked(folder(recipe).join(&self.path), &self.sha256)
    }
}

fn checked(path: PathBuf, sha256: &str) -> anyhow::Result<PathBuf> {
    let found = digest(&path)?;
    if found != sha256 {
        bail!("{}: its SHA-256 is {found}; the recipe means {sha256}", path.display());
    }
    Ok(path)
}

fn folder(recipe: &Path) -> &Path {
    recipe.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// SHA-256 of a file, in hexadecimal.
pub fn digest(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Reads `<folder>/<language>/<category>.txt`, in order of their names.
pub fn lexicon(folder: &Path) -> anyhow::Result<Lexicon> {
    let mut lists = Vec::new();
    for language in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        let code = language.file_name().unwrap_or_default().to_string_lossy();
        for file in sorted(&language)?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        {
            let category = file.file_stem().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            lists.push(WordList::parse(Language::from_code(&code), &category, &text)?);
        }
    }
    Ok(Lexicon::build(lists)?)
}

fn sorted(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
