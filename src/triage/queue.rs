//! Builds the queue: the comments that a moderator should see, worst first, each with its place in its thread.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Advice, Adviser, Assessment};
use crate::comment::{Comment, Node, Thread};
use crate::scorer::{Reason, Scored, Scores};

/// How much of the queue is kept, and how it is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which comments it holds.
    pub extent: Extent,
    /// Keep only so many entries, the most urgent ones.
    pub top: Option<usize>,
    /// The order in which the kept ones stand.
    pub order: Order,
}

/// Which comments a queue holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// Every one; those with nothing to report come last.
    #[default]
    All,
    /// Those to review or to reject.
    Flagged,
}

/// The order in which entries stand. Ranks are the same in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The most urgent first.
    #[default]
    Rank,
    /// As on the pages, in the order in which the pages came.
    Page,
}

/// Comments, ranked, with everything around them that a moderator needs to see.
///
/// They rank by [`Urgency`](super::Urgency): those advised to reject, then those to review, then the rest; within each,
/// by how far up in its band the leading label stands, so that 0.7 for a label reviewed from 0.6 on ranks below
/// 0.7 for one reviewed from 0.2 on. A comment scored with low confidence that would be advised to reject heads
/// those to review. Equals stand in the order of their pages, then as they stand on the page.
#[derive(Clone, Debug)]
pub struct Queue {
    /// What ranked it.
    pub adviser: Adviser,
    /// All comments read, in the order in which they came.
    pub comments: Vec<Comment>,
    /// Their threads.
    pub thread: Thread,
    /// Those to see, in order.
    pub entries: Vec<Entry>,
    /// How many there were of each.
    pub counts: Counts,
}

/// One comment to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its rank, counted from 1.
    pub rank: usize,
    /// Its index in [`Queue::comments`] and in the thread's nodes.
    pub index: usize,
    /// The advice on it and the label that leads to it.
    pub assessment: Assessment,
    /// What the model says of it.
    pub scores: Scores,
    /// Why: the reasons of the labels at review or above, the strongest first.
    pub reasons: Vec<Reason>,
}

/// How many comments were read, and how many of them got which advice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub read: usize,
    /// Below review for every label that counts.
    pub approve: usize,
    /// To review.
    pub review: usize,
    /// Advised to reject.
    pub reject: usize,
}

impl Queue {
    /// Ranks `scored` and builds their threads. Replies find their parents among all comments, in the queue or not.
    pub fn build(scored: Vec<Scored>, adviser: Adviser, options: &Options) -> Queue {
        let mut counts = Counts { read: scored.len(), ..Counts::default() };
        let mut comments = Vec::with_capacity(scored.len());
        let mut entries = Vec::new();
        for Scored { comment, scores, reasons } in scored {
            let assessment = adviser.assess(&scores);
            match assessment.advice() {
                Advice::Approve => counts.approve += 1,
                Advice::Review => counts.review += 1,
                Advice::Reject => counts.reject += 1,
            }
            if options.extent == Extent::All || assessment.advice() > Advice::Approve {
                let reasons = adviser.telling(&scores, &reasons).cloned().collect();
                let index = comments.len();
                entries.push(Entry { rank: 0, index, assessment, scores, reasons });
            }
            comments.push(comment);
        }
        let places = places(&comments);
        entries.sort_by_key(|entry| {
            (Reverse(entry.assessment.urgency), places[entry.index], entry.index)
        });
        entries.truncate(options.top.unwrap_or(usize::MAX));
        for (above, entry) in entries.iter_mut().enumerate() {
            entry.rank = above + 1;
        }
        if options.order == Order::Page {
            entries.sort_by_key(|entry| (places[entry.index], entry.index));
        }
        let thread = Thread::build(&comments);
        Queue { adviser, comments, thread, entries, counts }
    }

    /// The comment of an entry.
    pub fn comment(&self, entry: &Entry) -> &Comment {
        &self.comments[entry.index]
    }

    /// Where the comment of an entry stands in its thread.
    pub fn node(&self, entry: &Entry) -> &Node {
        &self.thread.nodes[entry.index]
    }

    /// The entries to review or reject, and those with nothing to report.
    pub fn parted(&self) -> (Vec<&Entry>, Vec<&Entry>) {
        self.entries.iter().partition(|entry| entry.assessment.advice() > Advice::Approve)
    }

    /// The comment that an entry answers.
    pub fn parent(&self, entry: &Entry) -> Option<&Comment> {
        self.node(entry).parent.map(|index| &self.comments[index])
    }
}

/// For each comment, the index of the first comment of its page: the pages' order, however they are mixed.
fn places(comments: &[Comment]) -> Vec<usize> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let pages = comments.iter().map(|comment| comment.page.as_str()).enumerate();
    pages.map(|(index, page)| *first.entry(page).or_insert(index)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comment::Place;
    use crate::model::Probability;
    use crate::scorer::{Confidence, Evidence};
    use crate::triage::Bands;

    fn scored(page: &str, id: &str, probability: f64) -> Scored {
        let comment = Comment { id: id.into(), page: page.into(), ..Comment::default() };
        let probabilities = vec![Probability::new(probability)];
        let scores = Scores { probabilities, ..Scores::default() };
        let evidence = Evidence::Words;
        let reasons = vec![Reason { label: 0, evidence, span: None, log_odds: 1.0 }];
        Scored { comment, scores, reasons }
    }

    fn build(scored: Vec<Scored>, options: &Options) -> Queue {
        let bands = Bands { review: Probability::new(0.5), reject: Probability::new(0.9) };
        Queue::build(scored, Adviser::new(&["insult".to_string()], &[bands]).unwrap(), options)
    }

    fn ids(queue: &Queue) -> Vec<&str> {
        queue.entries.iter().map(|entry| queue.comment(entry).id.as_str()).collect()
    }

    #[test]
    fn the_worst_stand_first_and_equals_in_page_order() {
        let mut low = scored("p", "low", 0.99);
        low.scores.confidence = Confidence::Low;
        let list = vec![
            scored("p", "a", 0.6),
            scored("q", "b", 0.7),
            scored("p", "c", 0.7),
            scored("p", "calm", 0.1),
            low,
            scored("q", "d", 0.9),
        ];
        let queue = build(list, &Options::default());
        assert_eq!(ids(&queue), ["d", "low", "c", "b", "a", "calm"]);
        assert_eq!(queue.counts, Counts { read: 6, approve: 1, review: 4, reject: 1 });
        assert!(queue.entries.iter().map(|entry| entry.rank).eq(1..=6));
        assert_eq!(queue.parted().1.len(), 1);
    }

    #[test]
    fn the_top_is_cut_by_rank_and_laid_out_by_page() {
        let list = vec![scored("p", "a", 0.6), scored("p", "b", 0.8), scored("p", "c", 0.7)];
        let queue =
            build(list, &Options { top: Some(2), order: Order::Page, ..Options::default() });
        assert_eq!(ids(&queue), ["b", "c"]);
        assert_eq!(queue.entries[1].rank, 2);
        assert_eq!(queue.counts.review, 3);
    }

    #[test]
    fn a_reply_keeps_a_parent_that_is_not_in_the_queue() {
        let mut reply = scored("p", "b", 0.8);
        reply.comment.parent = Some("a".into());
        let mut orphan = scored("q", "c", 0.7);
        orphan.comment.parent = Some("a".into());
        let options = Options { extent: Extent::Flagged, ..Options::default() };
        let queue = build(vec![scored("p", "a", 0.1), reply, orphan], &options);
        assert_eq!(queue.parent(&queue.entries[0]).map(|parent| parent.id.as_str()), Some("a"));
        assert_eq!(queue.node(&queue.entries[0]).depth, 1);
        assert_eq!(queue.node(&queue.entries[1]).place, Place::Orphan);
    }
}
