//! Keeps the few comments of a stream that stand nearest to a threshold.

use crate::comment::Comment;
use crate::scorer::Scores;

/// A comment that one threshold flags and another does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The comment.
    pub comment: Comment,
    /// What the model says of it.
    pub scores: Scores,
    /// The label (index) whose threshold it crosses.
    pub label: usize,
    /// What a person said of it, by label; none where unknown.
    pub gold: Vec<Option<bool>>,
    /// Ten thousandths between its probability and the threshold simulated.
    pub distance: u16,
}

/// The nearest examples, and how many there were.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// How many comments crossed.
    pub comments: u64,
    /// The nearest of them, the nearest first; of equals the first that came.
    pub examples: Vec<Example>,
    most: usize,
}

impl Nearest {
    /// None yet, and never more than `most`.
    pub(super) fn new(most: usize) -> Nearest {
        Nearest { comments: 0, examples: Vec::new(), most }
    }

    /// Counts an example at this distance, and keeps it where it is near enough: it is only then made.
    pub(super) fn see(&mut self, distance: u16, example: impl FnOnce() -> Example) {
        self.comments += 1;
        let place = self.examples.partition_point(|kept| kept.distance <= distance);
        if place < self.most {
            self.examples.truncate(self.most - 1);
            self.examples.insert(place, example());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_kept_in_order() {
        let mut nearest = Nearest::new(3);
        for (index, distance) in [5, 9, 1, 5, 7, 0].into_iter().enumerate() {
            nearest.see(distance, || Example {
                comment: Comment { id: index.to_string(), ..Comment::default() },
                scores: Scores::default(),
                label: 0,
                gold: Vec::new(),
                distance,
            });
        }
        let ids: Vec<&str> = nearest.examples.iter().map(|one| one.comment.id.as_str()).collect();
        assert_eq!((ids, nearest.comments), (vec!["5", "2", "0"], 6));
        let mut none = Nearest::new(0);
        none.see(0, || unreachable!("nothing is kept"));
        assert_eq!(none.comments, 1);
    }
}
