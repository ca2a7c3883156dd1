//! Builds the queue: the comments that a moderator should see, worst first, each with its place in its thread.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::num::NonZeroUsize;

use super::{Advice, Adviser, Assessment, Urgency};
use crate::comment::{Comment, Node, Thread};
use crate::scorer::{Reason, Scored, Scores};

/// How much of the queue is kept, and how it is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which comments it holds.
    pub extent: Extent,
    /// How many comments are to be read, the most urgent ones, whatever the thresholds; the advice on the rest is to
    /// approve. None where the thresholds decide.
    pub budget: Option<NonZeroUsize>,
    /// Keep only so many entries, the most urgent ones; changes no advice.
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
    /// Its bands; under a budget, those that the budget comes to.
    pub adviser: Adviser,
    /// All comments read, in the order in which they came.
    pub comments: Vec<Comment>,
    /// Their threads.
    pub thread: Thread,
    /// Those to see, in order.
    pub entries: Vec<Entry>,
    /// How many there were of each.
    pub counts: Counts,
    /// By label: how many of those with nothing to report would bear it, were the probabilities right. An estimate.
    pub left: Vec<f64>,
}

/// One comment to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its rank, counted from 1.
    pub rank: usize,
    /// Its index in [`Queue::comments`] and in the thread's nodes.
    pub index: usize,
    /// How urgent it is and the label that leads to it.
    pub assessment: Assessment,
    /// The advice on it: that of its urgency, unless a budget reaches further down or less far.
    pub advice: Advice,
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
    ///
    /// Under a budget, reasons must be those of [`cut`]'s adviser: it may flag more than `adviser`.
    pub fn build(scored: Vec<Scored>, adviser: Adviser, options: &Options) -> Queue {
        let mut ranked: Vec<(Assessment, Scores, Vec<Reason>)> = Vec::with_capacity(scored.len());
        let mut comments = Vec::with_capacity(scored.len());
        for Scored { comment, scores, reasons } in scored {
            ranked.push((adviser.assess(&scores), scores, reasons));
            comments.push(comment);
        }
        let places = places(&comments);
        let mut order: Vec<usize> = (0..ranked.len()).collect();
        order.sort_by_key(|&index| (Reverse(ranked[index].0.urgency), places[index], index));

        let last = options.budget.and_then(|budget| last_read(order.len(), budget));
        let adviser = match last {
            Some(last) => adviser.down_to(ranked[order[last]].0.urgency),
            None => adviser,
        };
        let mut counts = Counts { read: order.len(), ..Counts::default() };
        let mut left = vec![0.0; adviser.labels().len()];
        let mut entries = Vec::new();
        for (above, index) in order.into_iter().enumerate() {
            let (assessment, scores, reasons) = &mut ranked[index];
            let (assessment, scores) = (*assessment, std::mem::take(scores));
            let advice = match last {
                None => assessment.advice(),
                Some(last) if above <= last => assessment.advice().max(Advice::Review),
                Some(_) => Advice::Approve,
            };
            match advice {
                Advice::Approve => {
                    counts.approve += 1;
                    for (sum, probability) in left.iter_mut().zip(&scores.probabilities) {
                        *sum += probability.value();
                    }
                }
                Advice::Review => counts.review += 1,
                Advice::Reject => counts.reject += 1,
            }
            let kept = options.extent == Extent::All || advice > Advice::Approve;
            if kept && entries.len() < options.top.unwrap_or(usize::MAX) {
                let reasons = match advice {
                    Advice::Approve => Vec::new(),
                    _ => adviser.telling(&scores, reasons).cloned().collect(),
                };
                let rank = above + 1;
                entries.push(Entry { rank, index, assessment, advice, scores, reasons });
            }
        }
        if options.order == Order::Page {
            entries.sort_by_key(|entry| (places[entry.index], entry.index));
        }
        let thread = Thread::build(&comments);
        Queue { adviser, comments, thread, entries, counts, left }
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
        self.entries.iter().partition(|entry| entry.advice > Advice::Approve)
    }

    /// The comment that an entry answers.
    pub fn parent(&self, entry: &Entry) -> Option<&Comment> {
        self.node(entry).parent.map(|index| &self.comments[index])
    }
}

/// The adviser that a budget of `budget` comments comes to where comments score like this: whose reasons are worth
/// finding before the queue is built.
pub fn cut<'s>(
    adviser: &Adviser,
    scores: impl Iterator<Item = &'s Scores>,
    budget: NonZeroUsize,
) -> Adviser {
    let mut urgencies: Vec<Urgency> = scores.map(|scores| adviser.assess(scores).urgency).collect();
    urgencies.sort_unstable_by_key(|&urgency| Reverse(urgency));
    match last_read(urgencies.len(), budget) {
        Some(last) => adviser.clone().down_to(urgencies[last]),
        None => adviser.clone(),
    }
}

/// The place in the ranking, counted from 0, of the last comment that a budget leaves to read; none without comments.
fn last_read(comments: usize, budget: NonZeroUsize) -> Option<usize> {
    comments.min(budget.get()).checked_sub(1)
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
    fn a_budget_reaches_as_far_down_as_it_must() {
        let list = || {
            let mut low = scored("p", "low", 0.95);
            low.scores.confidence = Confidence::Low;
            vec![
                scored("p", "a", 0.6),
                scored("p", "b", 0.95),
                scored("p", "calm", 0.3),
                low,
                scored("q", "d", 0.7),
                scored("q", "twin", 0.6),
            ]
        };
        let within = |budget| {
            let budget = NonZeroUsize::new(budget);
            build(list(), &Options { budget, ..Options::default() })
        };
        let advice = |queue: &Queue| -> Vec<Advice> {
            queue.entries.iter().map(|entry| entry.advice).collect()
        };
        use Advice::{Approve, Reject, Review};
        let queue = within(1);
        assert_eq!(ids(&queue), ["b", "low", "d", "a", "twin", "calm"], "the order is the same");
        assert_eq!(advice(&queue), [Reject, Approve, Approve, Approve, Approve, Approve]);
        assert_eq!(queue.adviser.bands(0).review, Probability::new(0.95));
        // Equals are parted by their place: what is read is what was asked for.
        let queue = within(4);
        assert_eq!(advice(&queue), [Reject, Review, Review, Review, Approve, Approve]);
        assert_eq!(queue.adviser.bands(0).review, Probability::new(0.6));
        assert_eq!(queue.counts, Counts { read: 6, approve: 2, review: 3, reject: 1 });
        // By hand: twin 0.6 and calm 0.3.
        assert!((queue.left[0] - 0.9).abs() < 1e-12);
        assert!(queue.entries[4].reasons.is_empty() && !queue.entries[3].reasons.is_empty());
        let queue = within(100);
        assert_eq!((queue.counts.approve, queue.left[0]), (0, 0.0));
        assert_eq!(queue.adviser.bands(0).review, Probability::new(0.3));
        let scores: Vec<Scores> = list().into_iter().map(|one| one.scores).collect();
        let bands = Bands { review: Probability::new(0.5), reject: Probability::new(0.9) };
        let adviser = Adviser::new(&["insult".to_string()], &[bands]).unwrap();
        let budget = NonZeroUsize::new(4).unwrap();
        assert_eq!(cut(&adviser, scores.iter(), budget), within(4).adviser);
        assert_eq!(cut(&adviser, [].iter(), budget), adviser);
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
