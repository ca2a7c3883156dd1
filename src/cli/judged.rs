//! Reads labelled comments to measure models on, with what each model says of them.

use rayon::prelude::*;
use vigie::evaluation::{Bootstrap, Pair};
use vigie::model::Scratch;
use vigie::scorer::Scorer;
use vigie::text::Language;

use super::args::InputArgs;
use super::input::Account;
use super::labelled::{Asked, Gold, Grouping, Labelled, Parting, read};

/// How rows are parted, and which are drawn together.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Parts and intervals")]
pub struct PartArgs {
    /// Also by the values of this column; by `functionality` (HateCheck's) where there is one and no other is named
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,

    /// Rows with the same value here belong together when intervals are computed; those of a thread otherwise
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,

    /// How often threads are drawn again for an interval
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    resamples: u32,
}

/// The column of HateCheck and its offspring.
const FUNCTIONALITY: &str = "functionality";
/// Any number would do; it must stay.
const SEED: u64 = 95;

impl PartArgs {
    /// The name of the column that parts.
    pub fn column(&self) -> &str {
        self.by.as_deref().unwrap_or(FUNCTIONALITY)
    }

    /// Reads the inputs: rows that bear at least one of `labels`, with the scores that stand in columns.
    pub fn read(
        &self,
        input: &InputArgs,
        labels: &[String],
        scores: &[String],
        account: &mut Account,
    ) -> anyhow::Result<Vec<Labelled>> {
        let overrides = input.overrides()?;
        let parting = match &self.by {
            Some(column) => Parting::By(column.clone()),
            None => Parting::Where(FUNCTIONALITY.into()),
        };
        let grouping = self.group.clone().map_or(Grouping::Thread, Grouping::Column);
        let mut rows = Vec::new();
        let (grouping, parting) = (&grouping, &parting);
        let asked = Asked { labels, gold: Gold::Columns, grouping, parting, scores };
        for input in input.expand() {
            rows.extend(read(&input?, &overrides, &asked, account)?);
        }
        Ok(rows)
    }

    /// Draws these rows again, by their groups.
    pub fn bootstrap(&self, rows: &[&Labelled]) -> Bootstrap {
        let groups: Vec<u64> = rows.iter().map(|row| row.group).collect();
        Bootstrap::new(&groups, self.resamples as usize, SEED)
    }
}

/// Scores of one comment by label, the language that it is in, and what else was asked of its reading.
#[derive(Clone, Debug, Default)]
pub struct Judged<T> {
    pub scores: Vec<f64>,
    pub language: Language,
    pub more: T,
}

/// Scores all rows; `more` sees each when it has just been read, and the language that it is in: the file's word goes
/// before a guess.
pub fn judge<T: Send>(
    scorer: &Scorer,
    rows: &[Labelled],
    more: impl Fn(&Labelled, Language, &mut Scratch) -> T + Sync,
) -> Vec<Judged<T>> {
    let judge = |scratch: &mut Scratch, row: &Labelled| {
        let scores = scorer.scores(&row.text, row.place, scratch);
        let language = match row.language {
            Language::Unknown => scores.language,
            said => said,
        };
        let scores = scores.probabilities.iter().map(|score| score.value()).collect();
        Judged { scores, language, more: more(row, language, scratch) }
    };
    rows.par_iter().map_init(Scratch::default, judge).collect()
}

/// The rows of which a label is known, as pairs.
pub struct Known<'a> {
    /// Their places among all rows.
    pub at: Vec<usize>,
    pub rows: Vec<&'a Labelled>,
    pub pairs: Vec<Pair>,
}

impl<'a> Known<'a> {
    /// Those of the label `label` of the rows, with the scores that `score` gives by place.
    pub fn of(rows: &'a [Labelled], label: usize, score: impl Fn(usize) -> f64) -> Known<'a> {
        let mut known = Known { at: Vec::new(), rows: Vec::new(), pairs: Vec::new() };
        for (at, row) in rows.iter().enumerate() {
            if let Some(gold) = row.labels[label] {
                known.at.push(at);
                known.rows.push(row);
                known.pairs.push(Pair::new(gold, score(at)));
            }
        }
        known
    }
}
