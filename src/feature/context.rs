//! Measures where a comment stands in its thread.

use super::log_count;

/// Where a comment stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Whether it answers another comment, even one that is not at hand.
    pub reply: bool,
    /// How many known comments stand above it in its chain.
    pub depth: u32,
}

/// Names of the context features.
pub(super) const NAMES: [&str; 2] = ["context.reply", "context.depth"];

/// Measures `context` into `values` (as long as [`NAMES`]).
pub(super) fn measure(context: Context, values: &mut [f64]) {
    values.copy_from_slice(&[f64::from(u8::from(context.reply)), log_count(context.depth)]);
}
