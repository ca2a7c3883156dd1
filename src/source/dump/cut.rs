//! Cuts a comment area into items at its anchors: the lines of one shape that recur once in every item.
//!
//! An anchor may stand at the item's head (« Par Ada, le 3 mai ») with lines before it that belong to it (the author's
//! name, a title), or at its foot (`Posted by: Ada, 3 May`). Which, is told by what recurs before and behind the anchors.

use std::ops::Range;

use super::head::Shape;
use super::name;
use super::sheet::{Sheet, Voice};

/// One comment, as lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The line by which it was found.
    pub anchor: usize,
    /// The lines before the text that belong to it, the anchor among them when it stands there.
    pub head: Range<usize>,
    /// The lines of the text, with what stands around it.
    pub body: Range<usize>,
}

/// Where the anchors stand in their items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foothold {
    Head,
    Foot,
}

/// So many lines may stand before an anchor and belong to its head.
const MOST_LEAD: usize = 6;

/// The items of the area `range`, cut at `anchors` (not empty, ascending, inside the range).
pub(super) fn cut(
    sheet: &Sheet,
    range: Range<usize>,
    anchors: &[usize],
    foothold: Foothold,
) -> Vec<Item> {
    match foothold {
        Foothold::Head => by_heads(sheet, range, anchors),
        Foothold::Foot => by_feet(sheet, range, anchors),
    }
}

/// The anchors seem to stand at the foot of their items: text before the first, none behind the last.
pub(super) fn foothold(sheet: &Sheet, range: &Range<usize>, anchors: &[usize]) -> Foothold {
    let (first, last) = (anchors[0], anchors[anchors.len() - 1]);
    let prose =
        |at: usize| sheet.is_text(at) && sheet.heads[at].is_none() && sheet.notices[at].is_none();
    let long = |at: usize| prose(at) && sheet.lines[at].raw.chars().count() > 60;
    let text_before =
        (range.start..first).any(long) || (range.start..first).filter(|&at| prose(at)).count() >= 2;
    let text_behind = (last + 1..range.end.min(last + 3)).any(long);
    // The line before an anchor at the head is a name, a title, a button; before one at the foot it is the text's last.
    let long_before = anchors.iter().filter(|&&at| at > range.start && long(at - 1)).count();
    if text_before && !text_behind && long_before * 2 > anchors.len() {
        Foothold::Foot
    } else {
        Foothold::Head
    }
}

fn by_heads(sheet: &Sheet, range: Range<usize>, anchors: &[usize]) -> Vec<Item> {
    let starts = head_starts(sheet, &range, anchors);
    let mut items: Vec<Item> = Vec::with_capacity(anchors.len());
    for (index, &anchor) in anchors.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(range.end);
        items.push(Item { anchor, head: starts[index]..anchor + 1, body: anchor + 1..end });
    }
    end_last(sheet, &mut items);
    items
}

/// The last item has no next one to end it: it ends with its buttons if the others do, or is no longer than them.
fn end_last(sheet: &Sheet, items: &mut [Item]) {
    let Some((last, others)) = items.split_last_mut() else { return };
    let ended = others
        .iter()
        .filter(|item| item.body.clone().any(|at| sheet.voices[at] == Voice::Tail))
        .count();
    let longest = others.iter().map(|item| item.body.len()).max().unwrap_or(0);
    let most = last.body.start + (longest * 2).max(30);
    last.body.end = last.body.end.min(most);
    if ended * 2 > others.len() || others.is_empty() {
        let mut spoken = false;
        for at in last.body.clone() {
            match sheet.voices[at] {
                Voice::Text if !sheet.is_date(at) => spoken = true,
                Voice::Tail if spoken => {
                    let behind =
                        (at..last.body.end).find(|&at| sheet.is_text(at) && !sheet.is_date(at));
                    last.body.end = behind.unwrap_or(last.body.end);
                    break;
                }
                _ => {}
            }
        }
    }
}

/// Where each item begins, by what recurs before the anchors: a bullet, the buttons of the item before, a short line.
fn head_starts(sheet: &Sheet, range: &Range<usize>, anchors: &[usize]) -> Vec<usize> {
    let gaps: Vec<Range<usize>> = anchors
        .iter()
        .enumerate()
        .map(|(index, &anchor)| {
            (if index == 0 { range.start } else { anchors[index - 1] + 1 })..anchor
        })
        .collect();
    let bullets: Vec<Option<usize>> =
        gaps.iter().zip(anchors).map(|(gap, &anchor)| bullet_before(sheet, gap, anchor)).collect();
    let buttons: Vec<Option<usize>> = gaps
        .iter()
        .enumerate()
        .map(|(index, gap)| behind_buttons(sheet, gap, index == 0))
        .collect();
    let most = |found: &[Option<usize>], skipped: usize, share: usize| {
        let told = found.iter().skip(skipped).flatten().count();
        told > 0 && told * 10 >= (found.len() - skipped) * share
    };
    let by_bullets = most(&bullets, 0, 8);
    let by_buttons = anchors.len() > 1 && most(&buttons, 1, 6);
    let lead = if by_bullets { 0 } else { lead(sheet, range, anchors, &gaps) };
    let usual = usual_lead(&buttons, anchors);
    let start = |index: usize| {
        let anchor = anchors[index];
        let gap = &gaps[index];
        let bullet = bullets[index].filter(|_| by_bullets);
        let button = buttons[index].filter(|_| by_buttons);
        match (bullet, button) {
            (Some(bullet), Some(button)) => bullet.min(button),
            (Some(start), None) | (None, Some(start)) => start,
            (None, None) if by_buttons => anchor.saturating_sub(usual).max(gap.start),
            (None, None) => anchor.saturating_sub(lead).max(gap.start),
        }
    };
    (0..anchors.len()).map(start).collect()
}

/// The nearest bullet at or before the anchor, with nothing but short lines between.
fn bullet_before(sheet: &Sheet, gap: &Range<usize>, anchor: usize) -> Option<usize> {
    if sheet.lines[anchor].bullet.is_some() {
        return Some(anchor);
    }
    for at in gap.clone().rev().take(3) {
        let line = &sheet.lines[at];
        if line.bullet.is_some() && !line.text.is_empty() {
            return (name::is_name(line.text) || !sheet.is_text(at)).then_some(at);
        }
        if sheet.is_text(at) && !name::is_name(line.text) {
            return None;
        }
    }
    None
}

/// The line behind the last buttons of the gap, if text stands before them and few lines behind.
fn behind_buttons(sheet: &Sheet, gap: &Range<usize>, is_first: bool) -> Option<usize> {
    let last = gap.clone().rev().take(MOST_LEAD + 1).find(|&at| sheet.voices[at] == Voice::Tail)?;
    let spoken = is_first || (gap.start..last).any(|at| sheet.is_text(at) && !sheet.is_date(at));
    spoken.then_some(last + 1)
}

/// How many lines mostly stand between the buttons and the anchor.
fn usual_lead(buttons: &[Option<usize>], anchors: &[usize]) -> usize {
    let mut leads: Vec<usize> = buttons
        .iter()
        .zip(anchors)
        .filter_map(|(start, &anchor)| start.map(|start| anchor - start))
        .collect();
    leads.sort_unstable();
    leads.get(leads.len() / 2).copied().unwrap_or(0)
}

/// How many lines before each anchor belong to its head, where neither bullets nor buttons tell.
fn lead(sheet: &Sheet, range: &Range<usize>, anchors: &[usize], gaps: &[Range<usize>]) -> usize {
    let signed = anchors
        .iter()
        .filter(|&&at| sheet.heads[at].as_ref().is_some_and(|head| head.author.is_some()))
        .count();
    let is_signed = signed * 2 > anchors.len();
    let named = anchors
        .iter()
        .zip(gaps)
        .filter(|(anchor, gap)| !gap.is_empty() && is_label(sheet, **anchor - 1))
        .count();
    let first = anchors[0] > range.start && is_label(sheet, anchors[0] - 1);
    // A line that is the whole gap would leave the item before without text.
    let emptied = gaps.iter().skip(1).filter(|gap| gap.len() <= 1).count();
    if is_signed {
        // A title over « Soumis par Ada »: only where it never fails.
        let titled = first && anchors.len() >= 4 && named * 10 >= anchors.len() * 9 && emptied == 0;
        return usize::from(titled);
    }
    usize::from(named * 10 >= anchors.len() * 7 && emptied * 5 <= anchors.len())
}

/// A short line that may be a name or a title.
fn is_label(sheet: &Sheet, at: usize) -> bool {
    let text = sheet.lines[at].text;
    sheet.notices[at].is_none()
        && (name::is_name(text)
            || sheet
                .shape(at)
                .is_some_and(|shape| matches!(shape, Shape::Said | Shape::By | Shape::Answered)))
}

fn by_feet(sheet: &Sheet, range: Range<usize>, anchors: &[usize]) -> Vec<Item> {
    let mut items = Vec::with_capacity(anchors.len());
    let mut start = range.start;
    for &anchor in anchors {
        // The buttons behind the anchor belong to the item before.
        while start < anchor && (!sheet.is_text(start) || sheet.notices[start].is_some()) {
            start += 1;
        }
        // Where the anchor does not name the author, the first line may.
        let unsigned = sheet.heads[anchor].as_ref().is_none_or(|head| head.author.is_none());
        let named = unsigned && start + 1 < anchor && name::is_name(sheet.lines[start].text);
        let body = start + usize::from(named);
        items.push(Item { anchor, head: start..body, body: body..anchor });
        start = anchor + 1;
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(text: &str, shape: Shape) -> Vec<Vec<String>> {
        let sheet = Sheet::read(text);
        let range = 0..sheet.lines.len();
        let anchors: Vec<usize> =
            range.clone().filter(|&at| sheet.shape(at) == Some(shape)).collect();
        let foothold = foothold(&sheet, &range, &anchors);
        let items = cut(&sheet, range, &anchors, foothold);
        items
            .into_iter()
            .map(|item| item.body.map(|at| sheet.lines[at].raw.to_owned()).collect())
            .collect()
    }

    #[test]
    fn the_name_before_a_date_is_not_the_end_of_the_text_before() {
        let text = "Ada\n3 mai 2012\nUn.\nBob\n4 mai 2012\nDeux.\nEve\n5 mai 2012\nTrois.";
        assert_eq!(bodies(text, Shape::Dated), [["Un."], ["Deux."], ["Trois."]]);
    }

    #[test]
    fn what_stands_between_buttons_and_anchor_belongs_to_the_head() {
        let text = "Profil d'Ada\npar Ada le 3 mai 2012\nUn.\nRépondre\nProfil de Bob\nRe: un\npar Bob le 4 mai 2012\nDeux.\nRépondre";
        assert_eq!(bodies(text, Shape::Signed), [["Un.", "Répondre"], ["Deux.", "Répondre"]]);
    }

    #[test]
    fn anchors_at_the_foot_take_the_text_before_them() {
        let long =
            "Un texte assez long pour que personne ne le prenne pour un nom ou pour un titre.";
        let text = format!(
            "{long}\nPosted by: Ada, 3 May 2012\n{long}\n{long}\nPosted by: Bob, 4 May 2012"
        );
        assert_eq!(bodies(&text, Shape::Signed), [vec![long], vec![long, long]]);
    }
}
