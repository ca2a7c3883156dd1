//! What every reader must keep, whatever bytes it is given: the promises that the targets hold it to.

mod promise;
mod reading;

pub use promise::{check, check_extraction};
pub use reading::{OPTIONS, Reading, read_bytes, read_crumbs, read_file};
