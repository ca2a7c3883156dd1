//! Defines where one comment stands in the page: its element, and the parts of the page that are its own and nobody else's.

use std::ops::Range;

use super::dom::{At, Dom};

/// One comment's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The element that stands for it.
    pub item: At,
    /// What belongs to it, without the comments inside it.
    pub ranges: Vec<Range<At>>,
}

/// Which siblings of its element belong to a comment too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// None.
    #[default]
    Item,
    /// The ones behind it until the next comment (`dt` and `dd`, table rows).
    Following,
    /// The ones before it since the last comment (a head outside the element).
    Preceding,
}

impl Record {
    /// The places of everything that is its own, in order.
    pub fn places(&self) -> impl Iterator<Item = At> + '_ {
        self.ranges.iter().cloned().flatten()
    }

    /// Letters and digits of its own text.
    pub fn letters(&self, dom: &Dom<'_>) -> u32 {
        self.ranges.iter().map(|range| dom.letters_between(range.start, range.end)).sum()
    }

    /// Whether it owns the node.
    pub fn owns(&self, at: At) -> bool {
        self.ranges.iter().any(|range| range.contains(&at))
    }
}

/// The records of these elements, which are sorted; an element inside another is cut out of it.
pub fn records(dom: &Dom<'_>, items: &[At], extent: Extent) -> Vec<Record> {
    let mut records = Vec::with_capacity(items.len());
    for (index, &item) in items.iter().enumerate() {
        let (mut from, mut to) = (item, dom.end(item));
        let parent = dom.parent(item);
        match extent {
            Extent::Item => {}
            Extent::Following => {
                let limit = parent.map_or(to, |parent| dom.end(parent));
                let next = items.partition_point(|&other| other < to);
                to = items.get(next).map_or(limit, |&next| {
                    sibling_holding(dom, item, next).unwrap_or(limit).min(limit)
                });
            }
            Extent::Preceding => {
                let start = parent.map_or(from, |parent| parent + 1);
                from = match index.checked_sub(1).map(|last| items[last]) {
                    Some(last) => dom.end(last).max(start),
                    None => start,
                };
            }
        }
        let mut ranges = Vec::new();
        let mut cursor = from;
        let mut inner = index + 1;
        while let Some(&nested) = items.get(inner).filter(|&&nested| nested < to) {
            if cursor < nested {
                ranges.push(cursor..nested);
            }
            cursor = dom.end(nested);
            inner = items.partition_point(|&other| other < cursor);
        }
        if cursor < to {
            ranges.push(cursor..to);
        }
        records.push(Record { item, ranges });
    }
    records
}

/// The sibling of `item` that is or holds `other`.
fn sibling_holding(dom: &Dom<'_>, item: At, other: At) -> Option<At> {
    let parent = dom.parent(item)?;
    if !dom.holds(parent, other) {
        return None;
    }
    let mut at = other;
    while dom.parent(at)? != parent {
        at = dom.parent(at)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::page::text;
    use scraper::Html;

    fn texts(page: &str, tag: &str, extent: Extent) -> Vec<String> {
        let html = Html::parse_document(page);
        let dom = Dom::new(&html);
        let items: Vec<At> = (0..dom.len()).filter(|&at| dom.tag(at) == tag).collect();
        let line = |record: &Record| {
            let parts = record
                .ranges
                .iter()
                .map(|range| text::plain(&dom, range.start, range.end, |_| false));
            parts.collect::<Vec<_>>().join("|")
        };
        records(&dom, &items, extent).iter().map(line).collect()
    }

    #[test]
    fn a_reply_inside_is_cut_out() {
        assert_eq!(texts("<ul><li>a<ul><li>b</ul>c</ul>", "li", Extent::Item), ["a|c", "b"]);
    }

    #[test]
    fn siblings_behind_belong_to_it() {
        assert_eq!(
            texts("<dl><dt>a<dd>b<dt>c<dd>d</dl><p>e", "dt", Extent::Following),
            ["a\nb", "c\nd"]
        );
    }

    #[test]
    fn siblings_before_belong_to_it() {
        assert_eq!(
            texts("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "dd", Extent::Preceding),
            ["a\nb", "c\nd"]
        );
    }
}
