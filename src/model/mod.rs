//! Defines the model: what a score is made of, how it is computed and explained, and how it is kept in a file.

mod card;
mod explain;
mod file;
#[cfg(feature = "train")]
pub mod fit;
mod head;
mod layer;
mod margin;
mod probability;

pub use card::{Card, Corpus, InFolds, Measure};
pub use explain::{Contribution, Explanation, Source};
pub use head::{Head, Line};
pub use layer::{NgramLayer, Sums};
pub use probability::Probability;

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::error::Result;
use crate::feature::{Context, Reader, Reading, Schema};
use crate::lexicon::Lexicon;
use crate::text::{Folded, OffsetMap};

/// A fitted model: everything that scoring needs, nothing that it does not.
#[derive(Clone, Debug)]
pub struct Model {
    /// Where it comes from and how it was measured.
    pub card: Card,
    /// The word lists that it was fitted with.
    pub lexicon: Lexicon,
    /// The features of the second layer.
    pub schema: Schema,
    /// The first layer.
    pub layer: NgramLayer,
    /// The second layer, one a label.
    pub heads: Vec<Head>,
    id: String,
}

/// Buffers for scoring comments one after the other.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    reader: Reader,
    /// The text of the last comment, as it was read.
    pub reading: Reading<()>,
    /// The same text folded with the way back, where it was asked for.
    mapped: Folded<OffsetMap>,
    sums: Sums,
    margins: Vec<f64>,
    features: Vec<f64>,
}

/// The model that ships with the program.
static SHIPPED: &[u8] = include_bytes!("../../training/default.vigie");

/// Its id, once it was read.
static SHIPPED_ID: OnceLock<String> = OnceLock::new();

impl Model {
    /// The model that ships with the program.
    ///
    /// # Errors
    /// Never in a released program: the tests load it.
    pub fn shipped() -> Result<Model> {
        let model = Model::from_bytes(SHIPPED)?;
        SHIPPED_ID.get_or_init(|| model.id.clone());
        Ok(model)
    }

    /// The file that it is kept in: [`Model::to_bytes`], without packing again what ships with the program.
    pub fn file(&self) -> Cow<'static, [u8]> {
        match SHIPPED_ID.get() {
            Some(id) if *id == self.id => Cow::Borrowed(SHIPPED),
            _ => Cow::Owned(self.to_bytes()),
        }
    }

    /// The labels, in order.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.heads.iter().map(|head| head.label.as_str())
    }

    /// A short name that changes whenever a score could: the card's name and a checksum.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Names of the features that [`Line::weights`] weighs, in order.
    pub fn feature_names(&self) -> Vec<String> {
        let mut names = margin::names(self.labels());
        names.extend(self.schema.names().iter().cloned());
        names
    }

    /// Reads and measures a comment, and returns its features in order of [`Model::feature_names`].
    pub fn measure<'s>(&self, text: &str, place: Context, scratch: &'s mut Scratch) -> &'s [f64] {
        let Scratch { reader, reading, sums, margins, features, .. } = scratch;
        reader.read(text, &self.lexicon, reading);
        margins.resize(self.heads.len(), 0.0);
        self.layer.margins(reading, sums, margins);
        let first = margins.len() * margin::KINDS.len();
        features.resize(first + self.schema.names().len(), 0.0);
        let (spread, named) = features.split_at_mut(first);
        margin::measure(margins, reading, spread);
        self.schema.measure(text, reading, &self.lexicon, place, named);
        features
    }

    /// Log-odds by label of a comment, into `log_odds`.
    pub fn log_odds(
        &self,
        text: &str,
        place: Context,
        scratch: &mut Scratch,
        log_odds: &mut Vec<f64>,
    ) {
        self.measure(text, place, scratch);
        let language = scratch.reading.language;
        log_odds.clear();
        log_odds
            .extend(self.heads.iter().map(|head| head.line(language).log_odds(&scratch.features)));
    }
}
