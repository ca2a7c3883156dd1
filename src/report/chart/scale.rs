//! Defines an axis whose ticks stand where they are told to: below columns, in the middle of a row.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

/// Numbers from one to another.
pub(super) struct Scale {
    numbers: RangedCoordf64,
    ticks: Vec<f64>,
}

impl Scale {
    /// The numbers of `range`, some of which have a tick.
    pub(super) fn new(range: Range<f64>, ticks: Vec<f64>) -> Scale {
        Scale { numbers: range.into(), ticks }
    }
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.numbers.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Light points are lines between those of the ticks.
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.numbers.range()
    }
}
