//! Writes what a simulation counted, for people and for programs.

mod json;
mod text;

use std::io::Write;

use super::Style;
use crate::error::Result;
use crate::triage::{Flags, Simulation};

/// What a simulation is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SimulationFormat {
    /// Tables for a terminal.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// Writes `simulation` as `format`; a moderator is taken to spend `seconds` on a comment.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_simulation(
    simulation: &Simulation,
    seconds: f64,
    format: SimulationFormat,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    match format {
        SimulationFormat::Text => text::write(simulation, seconds, style, out),
        SimulationFormat::Json => json::write(simulation, seconds, style, out),
    }
}

/// Whose flags are counted, and in which band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    /// Those of this label; of any where none.
    label: Option<usize>,
    band: Band,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Band {
    All,
    Review,
    Reject,
}

const BANDS: [Band; 3] = [Band::All, Band::Review, Band::Reject];

impl Count {
    /// How many of a day's comments it counts.
    fn of(self, flags: &Flags) -> u64 {
        let banded = match self.label {
            None => flags.flagged,
            Some(label) => flags.labels.get(label).copied().unwrap_or_default(),
        };
        match self.band {
            Band::All => banded.all(),
            Band::Review => banded.review,
            Band::Reject => banded.reject,
        }
    }
}

/// The labels that count in a simulation, by index.
fn counting(simulation: &Simulation) -> Vec<usize> {
    let adviser = &simulation.plan.adviser;
    (0..adviser.labels().len()).filter(|&label| adviser.counts(label)).collect()
}
