//! Tells the comment answered where the source gives no id: by depth, or by words.

use super::Comment;

/// Parents from depths, in reading order: the nearest earlier comment that stands less deep.
///
/// A first comment that is already deep has no parent; a depth that jumps by more than one still has one.
pub fn parents_by_depth(depths: &[u32]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(depths.len());
    for (index, &depth) in depths.iter().enumerate() {
        while open.last().is_some_and(|&last| depths[last] >= depth) {
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(index);
    }
    parents
}

/// The comment meant by « en réponse à `author` »: the latest of `earlier` by that author.
///
/// Names are compared without case and outer blanks.
pub fn latest_by(earlier: &[Comment], author: &str) -> Option<usize> {
    let wanted = author.trim().to_lowercase();
    earlier.iter().rposition(|comment| {
        comment.author.as_deref().is_some_and(|name| name.trim().to_lowercase() == wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_names_the_nearest_shallower_comment() {
        let parents = parents_by_depth(&[0, 1, 2, 1, 0, 3]);
        assert_eq!(parents, [None, Some(0), Some(1), Some(0), None, Some(4)]);
    }

    #[test]
    fn words_name_the_latest_earlier_comment_of_the_author() {
        let by = |author: &str| Comment { author: Some(author.into()), ..Comment::default() };
        let earlier = [by("Ada"), by("Bob"), by("Ada")];
        assert_eq!(latest_by(&earlier, " ada"), Some(2));
        assert_eq!(latest_by(&earlier, "Eve"), None);
    }
}
