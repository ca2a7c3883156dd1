//! Defines the shape of an element: its name and first telling class, which repeated records share.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::source::page::dom::{At, Dom};
use crate::source::page::memo::Memo;

/// Elements of equal shape look alike in the markup.
pub type Shape = u64;

/// Class names that tell the place in a list, not the kind.
const VARIATIONS: [&str; 16] = [
    "odd",
    "even",
    "alt",
    "first",
    "last",
    "new",
    "clearfix",
    "cf",
    "row",
    "active",
    "hidden",
    "collapsed",
    "parent",
    "byuser",
    "bypostauthor",
    "admin",
];

/// The shapes of all nodes; a text has the shape of nothing.
pub fn shapes(dom: &Dom<'_>) -> Vec<Shape> {
    let mut known = Memo::new();
    let mut plain = Memo::new();
    let shape = |at: At| match (dom.tag(at), dom.class(at)) {
        ("", _) => 0,
        (tag, "") => plain.get(tag, |_| shape(dom, at)),
        (tag, class) => {
            let (last, found): (&str, Shape) = known.get(class, |_| (tag, shape(dom, at)));
            if last == tag { found } else { shape(dom, at) }
        }
    };
    (0..dom.len()).map(shape).collect()
}

fn shape(dom: &Dom<'_>, at: At) -> Shape {
    let tag = dom.tag(at);
    if tag.is_empty() {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    tag.hash(&mut hasher);
    let telling = dom.classes(at).find(|class| !VARIATIONS.contains(class));
    if let Some(class) = telling {
        // `depth-1` and `depth-2` are one kind.
        for byte in class.bytes().filter(|byte| !byte.is_ascii_digit()) {
            hasher.write_u8(byte);
        }
    }
    hasher.finish() | 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn numbers_and_stripes_do_not_change_the_shape() {
        let html =
            Html::parse_document("<p class='odd post-1 x'></p><p class='even post-22'></p><p></p>");
        let dom = Dom::new(&html);
        let list: Vec<Shape> =
            (0..dom.len()).filter(|&at| dom.tag(at) == "p").map(|at| shape(&dom, at)).collect();
        assert_eq!(list[0], list[1]);
        assert_ne!(list[0], list[2]);
    }
}
