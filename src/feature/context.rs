//! Measures where a comment stands in its thread.

use std::collections::HashMap;

use super::log_count;
use crate::text::{hash, mix};

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

/// Comments remembered in each of two generations.
const REMEMBERED: usize = 1 << 16;

/// Tells the context of comments as they stream by, in constant memory.
///
/// A parent is known when it came before, among the last 65,536 comments at least: further back, threads have
/// long ended, and a million comments must not need more memory than a thousand.
#[derive(Clone, Debug, Default)]
pub struct Places {
    young: HashMap<u64, u32>,
    old: HashMap<u64, u32>,
}

impl Places {
    /// The context of the next comment, by its page, its id and its parent's.
    pub fn next(&mut self, page: &str, id: &str, parent: Option<&str>) -> Context {
        let key = |id: &str| mix(hash(page.as_bytes()) ^ hash(id.as_bytes()).rotate_left(17));
        let above = parent.map(key);
        let depth = above.and_then(|above| self.young.get(&above).or_else(|| self.old.get(&above)));
        let depth = depth.map_or(0, |depth| depth + 1);
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        // The first of two equal ids is the one that replies go to.
        self.young.entry(key(id)).or_insert(depth);
        Context { reply: parent.is_some(), depth }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_known_ancestors() {
        let mut places = Places::default();
        assert_eq!(places.next("p", "a", None), Context { reply: false, depth: 0 });
        assert_eq!(places.next("p", "b", Some("a")), Context { reply: true, depth: 1 });
        assert_eq!(places.next("p", "c", Some("b")), Context { reply: true, depth: 2 });
        assert_eq!(places.next("q", "d", Some("a")), Context { reply: true, depth: 0 });
    }

    #[test]
    fn memory_stays_bounded() {
        let mut places = Places::default();
        for id in 0..300_000 {
            places.next("p", &id.to_string(), None);
        }
        assert!(places.young.len() + places.old.len() <= 2 * REMEMBERED);
        assert_eq!(places.next("p", "x", Some("299999")).depth, 1);
    }
}
