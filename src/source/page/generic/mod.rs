//! Finds comments on pages that no profile covers.

use super::dom::Dom;
use super::draft::Draft;

/// The comments of the page.
pub fn read(_dom: &Dom<'_>) -> Vec<Draft> {
    Vec::new()
}
