//! Measures how soon reading in some order finds the comments that bear a label.

/// Comments in the order in which they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// How many comments there are, read or not.
    pub comments: usize,
    /// How many of them bear the label.
    pub positives: usize,
    /// By comment found: how many had been read by then, itself among them.
    pub found_at: Vec<usize>,
}

impl Discovery {
    /// What reading finds, where `order` holds indices of `gold`; those that it leaves out are never read.
    pub fn of(order: &[usize], gold: &[bool]) -> Discovery {
        let found = order.iter().enumerate().filter(|&(_, &comment)| gold[comment]);
        Discovery {
            comments: gold.len(),
            positives: gold.iter().filter(|bears| **bears).count(),
            found_at: found.map(|(before, _)| before + 1).collect(),
        }
    }

    /// How many comments are read until `target` (a share, 0 to 1) of those that bear the label are found, rounded up to
    /// whole comments. None where they never are.
    pub fn read_until(&self, target: f64) -> Option<usize> {
        match self.wanted(target) {
            0 => Some(0),
            wanted => self.found_at.get(wanted - 1).copied(),
        }
    }

    /// The same as a share of all comments.
    pub fn share_until(&self, target: f64) -> Option<f64> {
        self.read_until(target).map(|read| read as f64 / self.comments as f64)
    }

    /// The least share that any order could read: it would read nothing else.
    pub fn least(&self, target: f64) -> f64 {
        self.wanted(target) as f64 / self.comments as f64
    }

    fn wanted(&self, target: f64) -> usize {
        // 0.95 × 20 is 19, not a comment more for the sake of its last binary digit.
        (target * self.positives as f64 - 1e-9).ceil().max(0.0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Oracle: counted by hand.
    #[test]
    fn what_was_read_until_a_share_was_found_is_counted() {
        let gold = [false, true, true, false, true, true];
        let discovery = Discovery::of(&[1, 0, 4, 3, 2, 5], &gold);
        assert_eq!(discovery.found_at, [1, 3, 5, 6]);
        let read = [0.0, 0.25, 0.5, 0.51, 0.95, 1.0].map(|target| discovery.read_until(target));
        assert_eq!(read, [Some(0), Some(1), Some(3), Some(5), Some(6), Some(6)]);
        assert_eq!((discovery.share_until(0.5), discovery.least(0.5)), (Some(0.5), 2.0 / 6.0));
        let stopped = Discovery::of(&[1, 0], &gold);
        assert_eq!((stopped.read_until(0.25), stopped.read_until(0.5)), (Some(1), None));
    }
}
