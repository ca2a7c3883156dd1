//! Builds the reply trees of comments: nothing is lost, orphans are kept and marked, cycles are cut.

use std::collections::HashMap;

use super::Comment;

/// The reply trees of a list of comments, of one page or of several.
///
/// `nodes[i]` is the place of `comments[i]`: the order of the list is the order of the thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// One node a comment, in the comments' order.
    pub nodes: Vec<Node>,
    /// What did not fit, in the comments' order.
    pub troubles: Vec<Trouble>,
}

/// Where one comment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The index of the comment answered.
    pub parent: Option<usize>,
    /// The indices of the direct replies, in order.
    pub replies: Vec<usize>,
    /// 0 for the first comment of a chain, 1 for a reply to it, and so on.
    pub depth: u32,
    /// How it came to stand there.
    pub place: Place,
}

/// How a comment came to stand where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Answers nobody.
    Root,
    /// Answers a comment of the list.
    Reply,
    /// Says that it answers a comment that is not in the list; stands as a root.
    Orphan,
    /// Says that it answers one of its own descendants, or itself; stands as a root.
    Cycle,
}

/// What did not fit, by index of the comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// `second` bears the id of `first`; replies go to `first`.
    DuplicateId {
        /// The first comment with the id.
        first: usize,
        /// The later one.
        second: usize,
    },
    /// The parent that this comment names is not in the list.
    MissingParent(usize),
    /// This comment's chain of parents comes back to it; it was cut here.
    Cycle(usize),
}

impl Thread {
    /// Builds the trees of `comments`. Ids are looked up within the same page.
    pub fn build(comments: &[Comment]) -> Thread {
        let mut troubles = Vec::new();
        let mut by_id = HashMap::with_capacity(comments.len());
        for (index, comment) in comments.iter().enumerate() {
            let first = *by_id.entry((comment.page.as_str(), comment.id.as_str())).or_insert(index);
            if first != index {
                troubles.push(Trouble::DuplicateId { first, second: index });
            }
        }
        let mut nodes: Vec<Node> = Vec::with_capacity(comments.len());
        for (index, comment) in comments.iter().enumerate() {
            let named = comment.parent.as_deref();
            let parent = named.and_then(|id| by_id.get(&(comment.page.as_str(), id))).copied();
            let place = match (named, parent) {
                (None, _) => Place::Root,
                (Some(_), Some(_)) => Place::Reply,
                (Some(_), None) => {
                    troubles.push(Trouble::MissingParent(index));
                    Place::Orphan
                }
            };
            nodes.push(Node { parent, replies: Vec::new(), depth: 0, place });
        }
        cut_cycles(&mut nodes, &mut troubles);
        set_depths(&mut nodes);
        for index in 0..nodes.len() {
            if let Some(parent) = nodes[index].parent {
                nodes[parent].replies.push(index);
            }
        }
        Thread { nodes, troubles }
    }

    /// The chain of comments answered, nearest first.
    pub fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.nodes[index].parent, |&at| self.nodes[at].parent)
    }
}

/// Walks up from every comment once; a walk that meets itself is cut at the comment where it began to turn.
fn cut_cycles(nodes: &mut [Node], troubles: &mut Vec<Trouble>) {
    // 0: not yet seen, otherwise the walk (counted from 1) that saw it.
    let mut seen_by = vec![0usize; nodes.len()];
    for start in 0..nodes.len() {
        let walk = start + 1;
        let mut at = start;
        while seen_by[at] == 0 {
            seen_by[at] = walk;
            match nodes[at].parent {
                None => break,
                Some(parent) if seen_by[parent] == walk => {
                    nodes[at].parent = None;
                    nodes[at].place = Place::Cycle;
                    troubles.push(Trouble::Cycle(at));
                    break;
                }
                Some(parent) => at = parent,
            }
        }
    }
}

/// Depths without recursion: a chain of replies may be as long as the list.
fn set_depths(nodes: &mut [Node]) {
    let mut known = vec![false; nodes.len()];
    let mut chain = Vec::new();
    for start in 0..nodes.len() {
        let mut at = start;
        while !known[at] {
            known[at] = true;
            chain.push(at);
            match nodes[at].parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        while let Some(index) = chain.pop() {
            nodes[index].depth = nodes[index].parent.map_or(0, |parent| nodes[parent].depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn comments(edges: &[(&str, Option<&str>)]) -> Vec<Comment> {
        let comment = |(id, parent): &(&str, Option<&str>)| Comment {
            id: id.to_string(),
            parent: parent.map(str::to_string),
            ..Comment::default()
        };
        edges.iter().map(comment).collect()
    }

    #[test]
    fn replies_stand_under_their_parents() {
        let thread = Thread::build(&comments(&[
            ("a", None),
            ("b", Some("a")),
            ("c", Some("b")),
            ("d", Some("a")),
        ]));
        assert_eq!(thread.nodes[0].replies, [1, 3]);
        assert_eq!(thread.nodes[2].depth, 2);
        assert_eq!(thread.ancestors(2).collect::<Vec<_>>(), [1, 0]);
        assert!(thread.troubles.is_empty());
    }

    #[test]
    fn an_orphan_stands_as_a_marked_root() {
        let thread = Thread::build(&comments(&[("a", Some("gone")), ("b", Some("a"))]));
        assert_eq!(thread.nodes[0].place, Place::Orphan);
        assert_eq!(thread.nodes[1].depth, 1);
        assert_eq!(thread.troubles, [Trouble::MissingParent(0)]);
    }

    #[test]
    fn a_cycle_is_cut_once_and_reported() {
        let thread =
            Thread::build(&comments(&[("a", Some("c")), ("b", Some("a")), ("c", Some("b"))]));
        assert_eq!(thread.troubles.len(), 1);
        assert_eq!(thread.nodes.iter().filter(|node| node.place == Place::Cycle).count(), 1);
    }

    #[test]
    fn a_comment_that_answers_itself_is_a_root() {
        let thread = Thread::build(&comments(&[("a", Some("a"))]));
        assert_eq!(thread.nodes[0].place, Place::Cycle);
    }

    #[test]
    fn replies_go_to_the_first_of_two_equal_ids() {
        let thread = Thread::build(&comments(&[("a", None), ("a", None), ("b", Some("a"))]));
        assert_eq!(thread.nodes[2].parent, Some(0));
        assert_eq!(thread.troubles, [Trouble::DuplicateId { first: 0, second: 1 }]);
    }

    #[test]
    fn a_very_long_chain_does_not_overflow_the_stack() {
        let mut list = Vec::new();
        for index in 0..200_000u32 {
            let parent = (index > 0).then(|| (index - 1).to_string());
            list.push(Comment { id: index.to_string(), parent, ..Comment::default() });
        }
        list.reverse();
        assert_eq!(Thread::build(&list).nodes[0].depth, 199_999);
    }

    proptest! {
        #[test]
        fn no_comment_is_lost(edges in prop::collection::vec((0u8..20, prop::option::of(0u8..25)), 0..40)) {
            let list: Vec<Comment> = edges
                .iter()
                .map(|(id, parent)| Comment {
                    id: id.to_string(),
                    parent: parent.map(|parent| parent.to_string()),
                    ..Comment::default()
                })
                .collect();
            let thread = Thread::build(&list);
            prop_assert_eq!(thread.nodes.len(), list.len());
            // Every comment is reached exactly once from the roots.
            let mut open: Vec<usize> =
                (0..list.len()).filter(|&index| thread.nodes[index].parent.is_none()).collect();
            let mut reached = 0;
            while let Some(index) = open.pop() {
                reached += 1;
                open.extend(&thread.nodes[index].replies);
            }
            prop_assert_eq!(reached, list.len());
        }
    }
}
