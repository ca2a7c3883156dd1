//! Defines the groups of arguments that several commands share.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use vigie::Error;
use vigie::model::Model;
use vigie::report::Locale;
use vigie::scorer::Scorer;
use vigie::source::page::{Mode, Profiles};
use vigie::source::table::{Overrides, Repair};
use vigie::source::{Input, Options, expand};

/// Which inputs, and how their columns are read.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// Files, folders (read recursively), globs, or - for standard input: saved pages (HTML), text dumps, CSV, JSON
    /// Lines; gzip too. Standard input when none is given
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<String>,

    /// Which column holds which field, e.g. text=message,id=num
    #[arg(long, value_name = "FIELD=COLUMN,...")]
    pub map: Vec<String>,

    /// A comment system of your own: selectors in a TOML file, tried before all others; may be repeated
    #[arg(long, value_name = "FILE")]
    pub profile: Vec<PathBuf>,

    /// Read pages only by what comments look like anywhere, without profiles and structured data
    #[arg(long)]
    pub no_profiles: bool,

    /// What to undo in the cells of tables; told on standard error where it would help, and never done unasked
    #[arg(long, value_name = "WHAT,...", value_enum, value_delimiter = ',')]
    pub repair: Vec<Mend>,

    /// Where records that cannot be read are written, each with its file, record and reason; only when there are any
    #[arg(long, value_name = "FILE", default_value = "vigie-rejects.csv")]
    pub rejects: PathBuf,
}

impl InputArgs {
    /// The inputs in order; an error where a name names nothing.
    pub fn expand(&self) -> Vec<vigie::Result<Input>> {
        let stdin = ["-".to_string()];
        let named = if self.inputs.is_empty() { &stdin[..] } else { &self.inputs[..] };
        expand(named)
    }

    /// How to read them.
    pub fn options(&self) -> anyhow::Result<Options> {
        let mode = if self.no_profiles { Mode::GenericOnly } else { Mode::WithProfiles };
        let known = Options::with_profiles(read_profiles(&self.profile)?);
        Ok(Options { overrides: self.overrides()?, mode, ..known })
    }

    /// What the user says of the columns.
    pub fn overrides(&self) -> anyhow::Result<Overrides> {
        let mut overrides = Overrides::default();
        for map in &self.map {
            overrides = overrides.merge(Overrides::parse(map)?)?;
        }
        overrides.repairs = self.repair.iter().map(|&mend| mend.into()).collect();
        Ok(overrides)
    }
}

/// The profiles that come with the program, after those in these files.
pub fn read_profiles(files: &[PathBuf]) -> anyhow::Result<Profiles> {
    let mut own = Vec::new();
    for file in files {
        let text =
            std::fs::read_to_string(file).map_err(|error| Error::from(error).at_path(file))?;
        own.push((file.display().to_string(), text));
    }
    Ok(Profiles::with_own(own.iter().map(|(file, text)| (file.as_str(), text.as_str())))?)
}

/// What can be undone in cells.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Mend {
    /// UTF-8 that was read as Windows-1252 (Ã© for é), in cells that can be read back as a whole
    Mojibake,
    /// Entities that were encoded twice (&amp;eacute; for é)
    Entities,
}

impl From<Mend> for Repair {
    fn from(mend: Mend) -> Repair {
        match mend {
            Mend::Mojibake => Repair::Mojibake,
            Mend::Entities => Repair::Entities,
        }
    }
}

/// Which model, and from which score on it flags.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Model")]
pub struct ModelArgs {
    /// A model file that `vigie train` wrote; the shipped one otherwise
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

impl ModelArgs {
    /// A scorer with the model.
    pub fn scorer(&self) -> anyhow::Result<Scorer> {
        Ok(Scorer::new(load(self.model.as_deref())?))
    }
}

/// The model in this file, or the shipped one.
pub fn load(path: Option<&Path>) -> anyhow::Result<Model> {
    let Some(path) = path else { return Ok(Model::shipped()?) };
    let bytes = std::fs::read(path).map_err(|error| Error::from(error).at_path(path))?;
    Ok(Model::from_bytes(&bytes).map_err(|error| error.at_path(path))?)
}

/// The language that reasons and headings are told in.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Lang {
    /// French
    #[default]
    Fr,
    /// English
    En,
}

impl From<Lang> for Locale {
    fn from(lang: Lang) -> Locale {
        match lang {
            Lang::Fr => Locale::Fr,
            Lang::En => Locale::En,
        }
    }
}
