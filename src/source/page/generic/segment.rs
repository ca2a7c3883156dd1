//! Cuts the page into records around the pivots of a group: each record is all that lies nearer to its pivot than to another.

use super::pivot::Group;
use super::shape::Shape;
use crate::source::page::dom::{At, Dom};
use crate::source::page::record::Extent;
use crate::source::page::record::{Record, records};

/// How far a pivot's surroundings reach up.
const HIGHEST: usize = 60;

/// The records around these pivots; none where they cannot be told apart.
pub fn segment(dom: &Dom<'_>, shapes: &[Shape], group: &Group) -> Vec<Record> {
    let items = items(dom, shapes, &group.pivots);
    let runs = runs(dom, shapes, &items);
    runs.unwrap_or_else(|| records(dom, &items, Extent::Item))
}

/// The elements that stand for the records: from each pivot as many steps up as can be gone in all of them alike, without
/// meeting an earlier pivot. A later one may lie inside: that is a reply.
///
/// Pivots that leave the common way (the article's own date) are given up, if they are few.
fn items(dom: &Dom<'_>, shapes: &[Shape], pivots: &[At]) -> Vec<At> {
    let mut alive: Vec<(At, At, usize)> =
        pivots.iter().enumerate().map(|(index, &pivot)| (pivot, pivot, index)).collect();
    for _ in 0..if pivots.len() > 1 { HIGHEST } else { 0 } {
        let mut kinds: Vec<(Shape, usize)> = Vec::new();
        let mut next: Vec<Option<At>> = Vec::with_capacity(alive.len());
        for &(_, at, index) in &alive {
            let up = dom.parent(at).filter(|&up| {
                (index == 0 || pivots[index - 1] < up)
                    && !matches!(dom.tag(up), "body" | "html" | "main")
            });
            if let Some(up) = up {
                match kinds.iter().position(|&(kind, _)| kind == shapes[up]) {
                    Some(known) => kinds[known].1 += 1,
                    None if kinds.len() < 16 => kinds.push((shapes[up], 1)),
                    None => {}
                }
            }
            next.push(up);
        }
        kinds.sort_by_key(|&(kind, count)| (std::cmp::Reverse(count), kind));
        let most = 1 + alive.len() / 9;
        let common: Vec<Shape> = kinds
            .iter()
            .take(most)
            .filter(|&&(_, count)| count > 1)
            .map(|&(kind, _)| kind)
            .collect();
        let stays = |up: &Option<At>| up.is_some_and(|up| common.contains(&shapes[up]));
        // The first and the last pivot may be of something else, such as the article's own date.
        let strays = |index: usize| pivots.len() >= 4 && (index == 0 || index + 1 == pivots.len());
        let leaves =
            |&(_, _, index): &(At, At, usize), up: &Option<At>| !stays(up) && !strays(index);
        if common.is_empty() || alive.iter().zip(&next).any(|(pivot, up)| leaves(pivot, up)) {
            break;
        }
        let kept = alive.iter().zip(&next).filter(|(_, up)| stays(up));
        alive = kept.map(|(&(pivot, at, index), up)| (pivot, up.unwrap_or(at), index)).collect();
    }
    alive.into_iter().map(|(_, item, _)| item).collect()
}

/// Records whose parts are siblings (`dt` and `dd`, rows, heads and paragraphs without an element around them): each element
/// is then only the head of a run. None where the elements hold the texts themselves.
fn runs(dom: &Dom<'_>, shapes: &[Shape], items: &[At]) -> Option<Vec<Record>> {
    let parent = dom.parent(*items.first()?)?;
    if items.len() < 2 || items.iter().any(|&item| dom.parent(item) != Some(parent)) {
        return None;
    }
    let mut inside: Vec<u32> = items.iter().map(|&item| dom.letters(item)).collect();
    let mut between: Vec<u32> =
        items.windows(2).map(|pair| dom.letters_between(dom.end(pair[0]), pair[1])).collect();
    inside.sort_unstable();
    between.sort_unstable();
    let (own, gap) = (inside[inside.len() / 2], between[between.len() / 2]);
    if gap < 8 || own > 160 || gap * 2 < own {
        return None;
    }
    let siblings: Vec<At> = dom
        .children(parent)
        .filter(|&at| dom.element(at).is_some() || dom.letters(at) > 0)
        .collect();
    let places: Vec<usize> =
        items.iter().map(|item| siblings.binary_search(item).ok()).collect::<Option<_>>()?;
    let shape = |place: usize| shapes[siblings[place]];
    let known: Vec<Shape> = (places[0]..places[places.len() - 1]).map(shape).collect();
    // How many siblings before each head belong to it, because they look alike before all of them and nowhere else.
    let mut lead = 0;
    while lead < 3 && places[0] > lead {
        let before = shape(places[0] - lead - 1);
        let everywhere =
            places.iter().all(|&place| place > lead && shape(place - lead - 1) == before);
        let count = known.iter().filter(|&&other| other == before).count();
        if !everywhere || count >= places.len() || before == 0 {
            break;
        }
        lead += 1;
    }
    let last = places[places.len() - 1];
    let mut after = last + 1;
    while after < siblings.len()
        && known.contains(&shape(after))
        && !is_heading(dom, siblings[after])
    {
        after += 1;
    }
    let follows = after > last + 1 || lead > 0;
    let mut list = Vec::with_capacity(items.len());
    for (index, &place) in places.iter().enumerate() {
        let (from, to) = if follows {
            let next = places.get(index + 1).map_or(after, |&next| next - lead);
            (place - lead, next)
        } else {
            // The head stands behind the text: a run begins after the head before.
            let longest = places.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(1);
            let from = if index > 0 {
                places[index - 1] + 1
            } else {
                first_before(shapes, &siblings, &known, place, longest)
            };
            (from, place + 1)
        };
        let end = siblings
            .get(to)
            .copied()
            .unwrap_or_else(|| dom.end(siblings[to - 1]))
            .min(dom.end(siblings[to - 1]));
        list.push(Record {
            item: items[index],
            ranges: std::iter::once(siblings[from]..end).collect(),
        });
    }
    Some(list)
}

/// Where the first run begins when heads stand behind their texts.
fn first_before(
    shapes: &[Shape],
    siblings: &[At],
    known: &[Shape],
    place: usize,
    longest: usize,
) -> usize {
    let mut from = place;
    while from > 0 && place - from < longest && known.contains(&shapes[siblings[from - 1]]) {
        from -= 1;
    }
    from
}

fn is_heading(dom: &Dom<'_>, at: At) -> bool {
    matches!(dom.tag(at), "h1" | "h2" | "h3" | "form")
}
