//! Finds the anchors of a list of comments: the lines of one kind that recur once in every item.

use super::head::Shape;
use super::name;
use super::sheet::{Sheet, Voice};

/// No item is longer where no opening vouches for it, in lines.
const LONGEST_ITEM: usize = 150;

/// What the anchors are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Heads of one or of several shapes.
    Heads(&'static [Shape]),
    /// Bullets with a name behind.
    Bullets,
    /// The lines behind the buttons of the item before.
    Buttons,
}

pub(super) const WAYS: [Way; 11] = [
    Way::Heads(&[Shape::Signed]),
    Way::Heads(&[Shape::Dated]),
    Way::Heads(&[Shape::Said]),
    Way::Heads(&[Shape::Answered]),
    Way::Heads(&[Shape::By]),
    Way::Heads(&[Shape::Numbered]),
    Way::Heads(&[Shape::Signed, Shape::Said]),
    Way::Heads(&[Shape::Signed, Shape::By]),
    Way::Heads(&[Shape::Signed, Shape::Dated]),
    Way::Bullets,
    Way::Buttons,
];

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Way::Heads([Shape::Dated]) => "text: dates",
            Way::Heads([Shape::Said]) => "text: says",
            Way::Heads([Shape::Numbered]) => "text: numbers",
            Way::Heads(_) => "text: heads",
            Way::Bullets => "text: bullets",
            Way::Buttons => "text: buttons",
        }
    }

    /// How much an item found this way is to be believed.
    pub fn weight(self) -> f64 {
        match self {
            Way::Heads([Shape::Dated]) => 0.95,
            Way::Heads([Shape::Numbered]) => 0.8,
            Way::Heads([Shape::By]) => 0.7,
            Way::Heads(_) => 1.0,
            Way::Bullets => 0.6,
            Way::Buttons => 0.55,
        }
    }
}

/// The lines of the whole dump at which this way cuts.
pub(super) fn anchors(sheet: &Sheet, way: Way) -> Vec<usize> {
    let lines = 0..sheet.lines.len();
    match way {
        Way::Heads(shapes) => lines
            .filter(|&at| sheet.shape(at).is_some_and(|shape| shapes.contains(&shape)))
            .collect(),
        Way::Bullets => lines.filter(|&at| is_bulleted_name(sheet, at)).collect(),
        Way::Buttons => lines
            .filter(|&at| at > 0 && sheet.voices[at - 1] == Voice::Tail && is_plain_name(sheet, at))
            .collect(),
    }
}

/// Those from the line `start` on. The first item has no buttons before it.
pub(super) fn from(sheet: &Sheet, all: &[usize], start: usize, way: Way) -> Vec<usize> {
    let rest = &all[all.partition_point(|&at| at < start)..];
    let opens = way == Way::Buttons
        && start < sheet.lines.len()
        && rest.first() != Some(&start)
        && is_plain_name(sheet, start);
    opens.then_some(start).into_iter().chain(rest.iter().copied()).collect()
}

fn is_plain_name(sheet: &Sheet, at: usize) -> bool {
    sheet.is_text(at) && !sheet.is_date(at) && name::is_name(sheet.lines[at].text)
}

/// Without an opening: the longest run of anchors with text and buttons between each and the next, and where it begins.
pub(super) fn longest_run(sheet: &Sheet, anchors: &[usize]) -> Option<(usize, Vec<usize>)> {
    let is_item = |from: usize, to: usize| {
        let lines = from + 1..to.min(from + LONGEST_ITEM);
        let buttons = lines.rev().find(|&at| sheet.vouchers[at]);
        to - from <= LONGEST_ITEM
            && buttons.is_some_and(|buttons| {
                (from + 1..buttons).any(|at| sheet.is_text(at) && !sheet.is_date(at))
            })
    };
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for &at in anchors {
        match runs.last_mut() {
            Some(run) if is_item(run[run.len() - 1], at) => run.push(at),
            // A line in the text that looks like a head, if the next one joins.
            Some(run) if run.len() > 1 && at - run[run.len() - 1] <= LONGEST_ITEM => {}
            _ => runs.push(vec![at]),
        }
    }
    // Of equals the first.
    let best = runs.into_iter().rev().max_by_key(Vec::len)?;
    let first = *best.first()?;
    let before =
        anchors[..anchors.partition_point(|&at| at < first)].last().map_or(0, |&at| at + 1);
    Some((before.max(first.saturating_sub(4)), best))
}

fn is_bulleted_name(sheet: &Sheet, at: usize) -> bool {
    let line = &sheet.lines[at];
    let words = line.text.split_whitespace().count();
    let follows = sheet.lines.get(at + 1).is_some_and(|next| next.bullet.is_none() && !next.spaced);
    let answered = sheet.shape(at) == Some(Shape::Answered);
    line.bullet.is_some() && follows && (answered || name::is_name(line.text) && words <= 4)
}

/// Without the anchors that differ from the many: a date in a quotation has no bullet, where all others have one.
pub(super) fn alike(sheet: &Sheet, mut anchors: Vec<usize>, way: Way) -> Vec<usize> {
    if let Way::Heads(&[first, second]) = way {
        anchors = interleaved(sheet, anchors, first, second);
    }
    if !matches!(way, Way::Heads(_)) || anchors.len() < 4 {
        return anchors;
    }
    let is_bulleted = |at: usize| {
        // The button of the item before may have a bullet of its own.
        let is_head =
            |before: &usize| sheet.is_text(*before) && anchors.binary_search(before).is_err();
        let before = at.checked_sub(1).filter(is_head);
        before.into_iter().chain([at]).any(|at| {
            let line = &sheet.lines[at];
            line.bullet.is_some() && !line.text.is_empty()
        })
    };
    let bulleted = anchors.iter().filter(|&&at| is_bulleted(at)).count();
    if bulleted * 10 < anchors.len() * 8 {
        return anchors;
    }
    anchors.iter().copied().filter(|&at| is_bulleted(at)).collect()
}

/// Two shapes are heads of one list only where they alternate: the rarer one counts between the first and the last of
/// the other.
fn interleaved(sheet: &Sheet, anchors: Vec<usize>, first: Shape, second: Shape) -> Vec<usize> {
    let of =
        |wanted: Shape| anchors.iter().copied().filter(move |&at| sheet.shape(at) == Some(wanted));
    let main = if of(first).count() >= of(second).count() { first } else { second };
    if main == Shape::Dated {
        // A list without names and a few bylines are two things.
        return Vec::new();
    }
    let (Some(from), Some(to)) = (of(main).next(), of(main).next_back()) else { return anchors };
    // Answers often close a list, in another shape than what they answer.
    let last = (to + LONGEST_ITEM / 10).min(sheet.lines.len());
    anchors.into_iter().filter(|&at| at >= from && at <= last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_broken_by_what_has_no_buttons() {
        let text = "Ada 3 mai 2012\nTeaser.\nBob 3 mai 2012\nUn.\nRépondre\nEve 4 mai 2012\nDeux.\nRépondre";
        let sheet = Sheet::read(text);
        let all = anchors(&sheet, Way::Heads(&[Shape::Signed]));
        assert_eq!(all, [0, 2, 5]);
        assert_eq!(longest_run(&sheet, &all).map(|(_, run)| run), Some(vec![2, 5]));
    }

    #[test]
    fn a_date_in_a_quotation_has_no_bullet() {
        let text = "• Ada 3 mai 2012\na\n• Bob 3 mai 2012\nEve 1 mai 2012\nb\n• Eve 4 mai 2012\nc\n• Zoé 5 mai 2012\nd";
        let sheet = Sheet::read(text);
        let way = Way::Heads(&[Shape::Signed]);
        assert_eq!(alike(&sheet, anchors(&sheet, way), way), [0, 2, 5, 7]);
    }
}
