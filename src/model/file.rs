//! Keeps a model in one file: magic, version, checksum, then a compressed header and the cells.
//!
//! A damaged, cut or newer file is refused with one line. The same model gives the same bytes.

use std::io::Read;
use std::panic::resume_unwind;
use std::thread;

use flate2::{Crc, read::DeflateDecoder};
use miniz_oxide::deflate::compress_to_vec;
use serde::{Deserialize, Serialize};

use super::{Card, Head, Model, NgramLayer};
use crate::error::{Error, Result};
use crate::feature::Schema;
use crate::lexicon::{Lexicon, WordList};
use crate::text::Language;

const MAGIC: &[u8; 6] = b"VIGIE\n";
const VERSION: u16 = 1;
/// Magic, version, checksum of what follows.
const PREFIX: usize = 6 + 2 + 4;
/// No model is larger; a file that says so is damaged.
const LARGEST: u64 = 1 << 30;

/// The compressor's level. The compressor is named, not flate2's of the day: which one that is depends on what
/// else is built in, and the same model is to give the same bytes everywhere.
const BEST: u8 = 9;

/// Cells whose bytes are summed at once.
const AT_ONCE: usize = 1 << 12;

/// All but the cells.
#[derive(Serialize, Deserialize)]
struct Header {
    card: Card,
    bits: u32,
    word_weight: f64,
    rarity_unit: f64,
    weight_units: Vec<f64>,
    features: Vec<String>,
    heads: Vec<Head>,
    lists: Vec<WordList>,
}

impl Model {
    /// Puts a model together.
    ///
    /// # Errors
    /// When the parts do not fit each other.
    pub fn assemble(
        card: Card,
        lexicon: Lexicon,
        layer: NgramLayer,
        heads: Vec<Head>,
    ) -> Result<Model> {
        let mut model = Model::joined(card, lexicon, layer, heads)?;
        model.id = model.identify(&model.header());
        Ok(model)
    }

    /// A model without its id.
    fn joined(card: Card, lexicon: Lexicon, layer: NgramLayer, heads: Vec<Head>) -> Result<Model> {
        let schema = Schema::new(&lexicon);
        let model = Model { card, lexicon, schema, layer, heads, id: String::new() };
        let features = model.feature_names().len();
        let cells = (1usize << model.layer.bits) * NgramLayer::stride(model.heads.len());
        let whole = |head: &Head| {
            head.lines.contains_key(&Language::Unknown)
                && head.lines.values().all(|line| line.weights.len() == features)
        };
        let fits = model.heads.iter().all(whole)
            && model.layer.labels == model.heads.len()
            && model.layer.weight_units.len() == model.heads.len()
            && model.layer.cells.len() == cells;
        if !fits {
            return Err(Error::model(
                "its parts do not fit each other; it was made for other features",
            ));
        }
        Ok(model)
    }

    /// The id of the model that has this header in its file.
    fn identify(&self, header: &[u8]) -> String {
        let mut crc = Crc::new();
        crc.update(header);
        // Some thousands at a time: a call for each cell would take longer than the rest of loading.
        let mut bytes = Vec::with_capacity(2 * AT_ONCE);
        for cells in self.layer.cells.chunks(AT_ONCE) {
            bytes.clear();
            bytes.extend(cells.iter().flat_map(|cell| cell.to_le_bytes()));
            crc.update(&bytes);
        }
        format!("{}-{:08x}", self.card.name, crc.sum())
    }

    fn header(&self) -> Vec<u8> {
        let header = Header {
            card: self.card.clone(),
            bits: self.layer.bits,
            word_weight: self.layer.word_weight,
            rarity_unit: self.layer.rarity_unit,
            weight_units: self.layer.weight_units.clone(),
            features: self.feature_names(),
            heads: self.heads.clone(),
            lists: self.lexicon.lists().to_vec(),
        };
        serde_json::to_vec(&header).expect("strings and finite numbers are JSON")
    }

    /// The model's file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = self.header();
        let stride = NgramLayer::stride(self.heads.len());
        let mut plain = (header.len() as u32).to_le_bytes().to_vec();
        plain.extend(header);
        // Number by number rather than bucket by bucket, padding left out: it packs better.
        for number in 0..=self.heads.len() {
            let column = self.layer.cells.iter().skip(number).step_by(stride);
            plain.extend(column.clone().map(|cell| cell.to_le_bytes()[0]));
            plain.extend(column.map(|cell| cell.to_le_bytes()[1]));
        }
        let body = compress_to_vec(&plain, BEST);
        let mut crc = Crc::new();
        crc.update(&body);
        let mut file = MAGIC.to_vec();
        file.extend(VERSION.to_le_bytes());
        file.extend(crc.sum().to_le_bytes());
        file.extend(body);
        file
    }

    /// Reads a model's file.
    ///
    /// # Errors
    /// When the file is no model, is damaged or cut, or was written by a newer program.
    pub fn from_bytes(file: &[u8]) -> Result<Model> {
        if file.len() < PREFIX || &file[..6] != MAGIC {
            return Err(Error::model(
                "this is no model file; expected one that `vigie train` wrote",
            ));
        }
        let version = u16::from_le_bytes([file[6], file[7]]);
        if version > VERSION {
            let message = format!(
                "written by a newer vigie (format {version}); this one reads up to {VERSION}"
            );
            return Err(Error::model(message));
        }
        let body = &file[PREFIX..];
        let mut crc = Crc::new();
        crc.update(body);
        if crc.sum().to_le_bytes() != file[8..12] {
            return Err(Error::model("damaged or cut: its checksum does not match"));
        }
        let mut plain = DeflateDecoder::new(body).take(LARGEST);
        let damaged = |error: std::io::Error| Error::model(format!("damaged: {error}"));
        let mut length = [0; 4];
        plain.read_exact(&mut length).map_err(damaged)?;
        let header = plain.by_ref().take(u32::from_le_bytes(length).into());
        let raw = std::io::read_to_string(header).map_err(damaged)?;
        let header: Header = serde_json::from_str(&raw)
            .map_err(|error| Error::model(format!("its header cannot be read: {error}")))?;
        let Header { card, bits, word_weight, rarity_unit, weight_units, features, heads, lists } =
            header;
        let labels = heads.len();
        // Unpacking the cells takes as long as making the word lists ready: both at once.
        let (lexicon, cells) = thread::scope(|scope| {
            let lexicon = scope.spawn(|| Lexicon::build(lists));
            let mut columns = Vec::new();
            let read = plain.read_to_end(&mut columns).map_err(damaged);
            let wrong = || Error::model("damaged: its parts have the wrong size");
            let cells = read.and_then(|_| cells(&columns, bits, labels).ok_or_else(wrong));
            (lexicon.join(), cells)
        });
        let lexicon = lexicon.unwrap_or_else(|panic| resume_unwind(panic))?;
        let layer =
            NgramLayer { bits, labels, word_weight, rarity_unit, weight_units, cells: cells? };
        let mut model = Model::joined(card, lexicon, layer, heads)?;
        model.id = model.identify(raw.as_bytes());
        if model.feature_names() != features {
            return Err(Error::model(
                "made for other features than this vigie measures; train it again",
            ));
        }
        Ok(model)
    }
}

/// The cells of a layer from its columns, a byte of each number after the other; none where they have another size.
fn cells(columns: &[u8], bits: u32, labels: usize) -> Option<Vec<i16>> {
    let buckets = 1usize.checked_shl(bits).filter(|&buckets| buckets <= 1 << 24)?;
    if columns.len() != buckets * 2 * (labels + 1) {
        return None;
    }
    let stride = NgramLayer::stride(labels);
    let mut cells = vec![0; buckets * stride];
    for (number, column) in columns.chunks_exact(buckets * 2).enumerate() {
        let (low, high) = column.split_at(buckets);
        for (bucket, (&low, &high)) in low.iter().zip(high).enumerate() {
            cells[bucket * stride + number] = i16::from_le_bytes([low, high]);
        }
    }
    Some(cells)
}
