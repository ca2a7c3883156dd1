//! Gives an input that holds nothing its reason: no silent zero.

use super::Absence;
use super::reader::{Item, Items};
use crate::error::Result;

/// The items of `inner`, or, where there are none, why.
pub(super) struct Told {
    inner: Items,
    /// Taken with the first item.
    silence: Option<Item>,
}

impl Told {
    /// `name` is the file as the user named it; `absence` is what it means that nothing comes.
    pub(super) fn new(inner: Items, name: &str, absence: Absence) -> Told {
        Told { inner, silence: Some(Item::Absent { page: name.to_owned(), absence }) }
    }
}

impl Iterator for Told {
    type Item = Result<Item>;

    fn next(&mut self) -> Option<Result<Item>> {
        let silence = self.silence.take();
        self.inner.next().or(silence.map(Ok))
    }
}
