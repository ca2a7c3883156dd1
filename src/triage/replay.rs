//! Replays labelled comments: a moderator reads a batch, the model learns, the strategy orders what is left.

use super::strategy::{Outlook, Pick, Strategy, order};

/// An order in which a file can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// As it stands.
    File,
    /// The most probable first, by a model that learns nothing on the way.
    Model,
    /// As a strategy says, by a model that learns on the way.
    Strategy(Strategy),
}

impl Sequence {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Sequence> {
        let learning = Strategy::ALL.into_iter().map(Sequence::Strategy);
        [Sequence::File, Sequence::Model].into_iter().chain(learning)
    }

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Sequence::File => "file order",
            Sequence::Model => "model alone",
            Sequence::Strategy(strategy) => strategy.name(),
        }
    }
}

/// How many comments are read before the model learns anew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// In the first batch, and in every other at the least; above 0.
    pub batch: usize,
    /// A batch grows to this share of what has been read: what a few labels more would change gets smaller.
    pub growth: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { batch: 10, growth: 0.05 }
    }
}

impl Pace {
    /// How many comments to read where so many have been read.
    pub fn next(self, read: usize) -> usize {
        ((read as f64 * self.growth) as usize).max(self.batch).max(1)
    }
}

/// The comments in the order in which they are read, until every one that bears the label is found.
///
/// `gold` says what the moderator finds; `learn` is told of each batch (index, gold) and says how probably each comment
/// bears the label. Nothing else is known to it.
pub fn replay(
    gold: &[bool],
    strategy: Strategy,
    threshold: f64,
    pace: Pace,
    seed: u64,
    mut learn: impl FnMut(&[(usize, bool)]) -> Vec<f64>,
) -> Vec<usize> {
    let mut unfound = gold.iter().filter(|bears| **bears).count();
    let mut left: Vec<usize> = (0..gold.len()).collect();
    let mut read = Vec::new();
    let mut batch: Vec<(usize, bool)> = Vec::new();
    while unfound > 0 {
        let probabilities = learn(&batch);
        let outlook = |&one: &usize| Outlook::of(&[probabilities[one]], &[threshold]);
        let outlooks: Vec<Outlook> = left.iter().map(outlook).collect();
        // Another seed a batch: the hat is shaken each time.
        let picks = order(&outlooks, strategy, seed.wrapping_add(read.len() as u64));
        let next = picks.iter().take(pace.next(read.len()));
        batch = next.map(|&Pick { index, .. }| (left[index], gold[left[index]])).collect();
        unfound -= batch.iter().filter(|(_, bears)| *bears).count();
        read.extend(batch.iter().map(|(comment, _)| comment));
        let mut gone = vec![false; gold.len()];
        batch.iter().for_each(|&(comment, _)| gone[comment] = true);
        left.retain(|&comment| !gone[comment]);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_grows_with_what_was_read() {
        let pace = Pace { batch: 10, growth: 0.05 };
        assert_eq!(
            [0, 100, 199, 200, 300, 1000].map(|read| pace.next(read)),
            [10, 10, 10, 10, 15, 50]
        );
        assert_eq!(Pace { batch: 0, growth: 0.0 }.next(0), 1);
    }

    #[test]
    fn nothing_is_read_twice_and_labels_are_told_only_once_read() {
        let gold: Vec<bool> = (0..30).map(|one| one % 7 == 3).collect();
        let pace = Pace { batch: 4, growth: 0.0 };
        for strategy in Strategy::ALL {
            let mut told = Vec::new();
            let read = replay(&gold, strategy, 0.5, pace, 1, |batch| {
                assert!(batch.len() <= 4);
                told.extend(batch.iter().map(|(comment, _)| *comment));
                batch.iter().for_each(|&(comment, bears)| assert_eq!(bears, gold[comment]));
                // Knows nothing: every comment alike.
                vec![0.5; gold.len()]
            });
            assert_eq!(told, read[..told.len()]);
            let mut once = read.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), read.len());
            let found = read.iter().filter(|comment| gold[**comment]).count();
            assert_eq!(found, 4);
        }
    }

    #[test]
    fn who_learns_finds_sooner() {
        let gold: Vec<bool> = (0..40).map(|one| one >= 36).collect();
        let pace = Pace { batch: 2, growth: 0.0 };
        let knowing = |_: &[(usize, bool)]| (0..40).map(|one| f64::from(one) / 40.0).collect();
        assert_eq!(replay(&gold, Strategy::Risk, 0.5, pace, 1, knowing), [39, 38, 37, 36]);
    }
}
