//! Turns a comment in its thread into named numbers: the features, in the order of their [`Schema`].

mod context;
mod lexical;
mod ngram;
mod reading;
mod schema;
mod surface;

pub use context::{Context, Places};
pub(crate) use lexical::{marks_in, speaks};
pub use ngram::{Gram, ngrams};
pub use reading::{Reader, Reading};
pub use schema::Schema;

use std::sync::LazyLock;

/// `ln(1 + count)`: the tenth exclamation mark says less than the second.
pub(crate) fn log_count(count: u32) -> f64 {
    static TABLE: LazyLock<Vec<f64>> =
        LazyLock::new(|| (0..256).map(|n| libm::log1p(f64::from(n))).collect());
    TABLE.get(count as usize).copied().unwrap_or_else(|| libm::log1p(f64::from(count)))
}
