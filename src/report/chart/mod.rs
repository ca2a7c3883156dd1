//! Draws the charts of the dashboard as SVG, from values alone: no script, no style sheet, no font, no clock.
//!
//! They stand in a page under a strict content security policy, so that everything is told by attributes. Lines and
//! words take the colour of the text around them, and the other colours are seen on white and on black alike. Whoever
//! hears the page gets the title and every value in words.

mod bars;
mod canvas;
mod line;
mod scale;
mod stack;
#[cfg(test)]
mod tests;

pub use bars::bars;
pub use line::line;
pub use stack::{columns, histogram};

use super::Locale;

/// What a chart is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What its ids begin with: no other chart of the page has it.
    pub id: &'a str,
    /// What is shown, in a few words.
    pub title: &'a str,
    /// The language of numbers and of everything that is said of them.
    pub locale: Locale,
}

/// How many comments got which decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Published.
    pub approved: usize,
    /// Refused.
    pub rejected: usize,
    /// Left for later.
    pub deferred: usize,
}

/// A share that is known from a sample, 0 to 1, and how far off it may be. What lies beyond is drawn at the edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The likeliest.
    pub value: f64,
    /// The least that is plausible.
    pub lower: f64,
    /// The most.
    pub upper: f64,
}

impl Estimate {
    /// The same within 0 to 1; nothing where it is no number.
    fn drawn(self) -> Option<Estimate> {
        let Estimate { value, lower, upper } = self;
        let within = |share: f64| share.clamp(0.0, 1.0);
        (!value.is_nan() && !lower.is_nan() && !upper.is_nan()).then(|| Estimate {
            value: within(value),
            lower: within(lower),
            upper: within(upper),
        })
    }
}
