//! Defines folded text: what was undone to get it, and the way back to the original.

/// What folding had to undo: signs that a writer meant to slip past a filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disguises {
    /// Digits or signs read as letters.
    pub leet: u32,
    /// Greek or Cyrillic letters inside Latin words.
    pub twins: u32,
    /// Words put together from single letters.
    pub spaced: u32,
    /// Invisible characters inside words.
    pub invisible: u32,
    /// Runs of a letter cut short.
    pub stretched: u32,
    /// Words with stars for letters, whether a lexicon knew which or not.
    pub starred: u32,
}

/// Where folded bytes come from. The fast road keeps no map (`()`), an explanation does ([`OffsetMap`]).
pub trait Offsets {
    /// Notes that the next `length` folded bytes come from `start..end` of the original.
    fn push(&mut self, length: usize, start: usize, end: usize);
    /// Forgets all but the first `length` folded bytes.
    fn truncate(&mut self, length: usize);
}

impl Offsets for () {
    fn push(&mut self, _: usize, _: usize, _: usize) {}
    fn truncate(&mut self, _: usize) {}
}

/// For every folded byte the original bytes that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap(pub(super) Vec<(u32, u32)>);

impl Offsets for OffsetMap {
    fn push(&mut self, length: usize, start: usize, end: usize) {
        self.0.extend(std::iter::repeat_n((start as u32, end as u32), length));
    }
    fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }
}

impl OffsetMap {
    /// The original byte range of a folded byte range that is not empty.
    pub fn original(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        self.0[start].0 as usize..self.0[end - 1].1 as usize
    }
}

/// Folded text, with the way back when `O` is an [`OffsetMap`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded<O = OffsetMap> {
    /// Lower case, without accents or disguises; words parted by single blanks.
    pub text: String,
    /// Where each byte comes from.
    pub offsets: O,
    /// What was undone.
    pub disguises: Disguises,
    /// Where the second letter stands of each run that was cut to two (`aaaa`): it may be one too many.
    pub stretches: Vec<u32>,
}

impl<O: Offsets> Folded<O> {
    pub(super) fn push(&mut self, c: char, start: usize, end: usize) {
        self.text.push(c);
        self.offsets.push(c.len_utf8(), start, end);
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        self.offsets.truncate(length);
    }
}
