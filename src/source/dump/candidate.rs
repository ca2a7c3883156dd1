//! Weighs the ways to cut a dump into comments, and keeps the one that explains most: what recurs in every item, under
//! an opening that promises comments.

use std::collections::HashMap;

use super::area::{Notice, Opening};
use super::body::{self, Draft};
use super::cut::{self, Foothold};
use super::head::Shape;
use super::name;
use super::sheet::{Sheet, Voice};

/// One way to cut, with what it finds.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The finer name of the way, for `matched`.
    pub way: Way,
    pub opening: Option<Opening>,
    pub drafts: Vec<Draft>,
    worth: f64,
}

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
    fn weight(self) -> f64 {
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

const WAYS: [Way; 11] = [
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

/// Openings beyond these are the page's teasers.
const MOST_OPENINGS: usize = 16;
/// So many lines (a form, rules) may stand between the opening and the first comment.
const MOST_PREAMBLE: usize = 70;
/// No item is longer where no opening vouches for it, in lines.
const LONGEST_ITEM: usize = 150;

/// The best way to cut, if any is good enough.
pub(super) fn best(sheet: &Sheet) -> Option<Candidate> {
    let openings = openings(sheet);
    let mut best: Option<Candidate> = None;
    // From the last opening up: the nearest to the comments wins unless an earlier one finds clearly more.
    for opening in openings.into_iter().rev() {
        for way in WAYS {
            let Some(found) = weigh(sheet, Some(opening), way) else { continue };
            if best.as_ref().is_none_or(|best| found.worth > best.worth * margin(best, &found)) {
                best = Some(found);
            }
        }
    }
    best.or_else(|| {
        let mut found: Vec<Candidate> =
            WAYS.into_iter().filter_map(|way| weigh(sheet, None, way)).collect();
        found.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        found.into_iter().next()
    })
}

fn margin(best: &Candidate, found: &Candidate) -> f64 {
    if best.opening == found.opening { 1.0 } else { 1.3 }
}

fn openings(sheet: &Sheet) -> Vec<Opening> {
    let mut all: Vec<Opening> = sheet
        .notices
        .iter()
        .enumerate()
        .filter_map(|(line, notice)| match notice {
            Some(Notice::Opening(count)) => Some(Opening { line, count: *count }),
            _ => None,
        })
        .collect();
    if all.len() > MOST_OPENINGS {
        let last = all.split_off(all.len() - MOST_OPENINGS / 2);
        all.truncate(MOST_OPENINGS / 2);
        all.extend(last);
    }
    all
}

/// Cuts one way under one opening, and weighs what comes out.
fn weigh(sheet: &Sheet, opening: Option<Opening>, way: Way) -> Option<Candidate> {
    let mut start = opening.map_or(0, |opening| opening.line + 1);
    let mut anchors = anchors(sheet, start, way);
    if opening.is_none() {
        (start, anchors) = longest_run(sheet, &anchors)?;
    }
    let &first = anchors.first()?;
    if opening.is_some() && first - start > MOST_PREAMBLE {
        return None;
    }
    let end = end(sheet, start, &anchors)?;
    let anchors: Vec<usize> = anchors.into_iter().take_while(|&at| at < end).collect();
    let anchors = alike(sheet, anchors, way);
    if anchors.is_empty() {
        return None;
    }
    let range = start..end;
    let foothold = match way {
        Way::Heads(_) => cut::foothold(sheet, &range, &anchors),
        Way::Bullets | Way::Buttons => Foothold::Head,
    };
    let items = cut::cut(sheet, range.clone(), &anchors, foothold);
    let stop = items.iter().map(|item| item.body.end.max(item.anchor + 1)).max().unwrap_or(end);
    let furniture = sheet.recurring(start..stop, (items.len() * 2 / 5).max(3));
    let drafts: Vec<Draft> = items
        .iter()
        .map(|item| body::read(sheet, item, &furniture))
        .filter(|draft| !draft.text.is_empty())
        .collect();
    let tails = items.iter().filter(|item| {
        (item.head.start.saturating_sub(2)..item.body.end).any(|at| sheet.is_voucher(at))
    });
    let candidate =
        Candidate { way, opening, worth: worth(way, opening, &drafts, items.len()), drafts };
    is_credible(&candidate, items.len(), tails.count(), first - start).then_some(candidate)
}

/// The lines at which this way cuts, from `start` on.
fn anchors(sheet: &Sheet, start: usize, way: Way) -> Vec<usize> {
    let range = start..sheet.lines.len();
    match way {
        Way::Heads(shapes) => range
            .filter(|&at| sheet.shape(at).is_some_and(|shape| shapes.contains(&shape)))
            .collect(),
        Way::Bullets => range.filter(|&at| is_bulleted_name(sheet, at)).collect(),
        Way::Buttons => range
            .filter(|&at| {
                let opens = at == start || sheet.voices[at - 1] == Voice::Tail;
                opens
                    && sheet.is_text(at)
                    && !sheet.is_date(at)
                    && name::is_name(sheet.lines[at].text)
            })
            .collect(),
    }
}

/// Without an opening: the longest run of anchors with text and buttons between each and the next, and where it begins.
fn longest_run(sheet: &Sheet, anchors: &[usize]) -> Option<(usize, Vec<usize>)> {
    let is_item = |from: usize, to: usize| {
        let lines = from + 1..to.min(from + LONGEST_ITEM);
        let buttons = lines.rev().find(|&at| sheet.is_voucher(at));
        to - from <= LONGEST_ITEM
            && buttons.is_some_and(|buttons| {
                (from + 1..buttons).any(|at| sheet.is_text(at) && !sheet.is_date(at))
            })
    };
    let mut best: Vec<usize> = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    for &at in anchors {
        match run.last() {
            Some(&last) if is_item(last, at) => run.push(at),
            // A line in the text that looks like a head, if the next one joins.
            Some(&last) if at - last <= LONGEST_ITEM => {}
            _ => run = vec![at],
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
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

/// The line where the area ends: the first that says so behind the first anchor. Nothing where the page says, before
/// the first anchor, that there are none.
fn end(sheet: &Sheet, start: usize, anchors: &[usize]) -> Option<usize> {
    let (first, last) = (anchors[0], anchors[anchors.len() - 1]);
    if sheet.notices[start..first].contains(&Some(Notice::None)) {
        return None;
    }
    let floor = floor(sheet, start, anchors);
    let mut buttons: HashMap<&str, usize> = HashMap::new();
    for at in (first..last).filter(|&at| sheet.notices[at] == Some(Notice::End)) {
        *buttons.entry(sheet.lines[at].text).or_default() += 1;
    }
    let says_so = |at: usize| match sheet.notices[at] {
        // A button of every item ends none.
        Some(Notice::End) => buttons.get(sheet.lines[at].text).is_none_or(|&count| count < 3),
        Some(Notice::None) => sheet.lines[at].text.len() > 12,
        _ => sheet.lines[at].indent < floor,
    };
    Some((first + 1..sheet.lines.len()).find(|&at| says_so(at)).unwrap_or(sheet.lines.len()))
}

/// Where indentation was kept, the list stands no further left than its first item and the opening.
fn floor(sheet: &Sheet, start: usize, anchors: &[usize]) -> u32 {
    let last = anchors.get(1).copied().unwrap_or(anchors[0] + 2).min(sheet.lines.len());
    let lines = &sheet.lines[anchors[0]..last];
    let opening = start.checked_sub(1).map(|opening| &sheet.lines[opening]);
    let lowest = lines.iter().chain(opening).map(|line| line.indent).min().unwrap_or(0);
    if lowest < 4 { 0 } else { lowest - 1 }
}

/// Without the anchors that differ from the many: a date in a quotation has no bullet, where all others have one.
fn alike(sheet: &Sheet, mut anchors: Vec<usize>, way: Way) -> Vec<usize> {
    if let Way::Heads(&[first, second]) = way {
        anchors = interleaved(sheet, anchors, first, second);
    }
    if !matches!(way, Way::Heads(_)) || anchors.len() < 4 {
        return anchors;
    }
    let is_bulleted = |at: usize| {
        (at.saturating_sub(1)..=at)
            .any(|at| sheet.lines[at].bullet.is_some() && !sheet.lines[at].text.is_empty())
    };
    let bulleted = anchors.iter().filter(|&&at| is_bulleted(at)).count();
    if bulleted * 10 < anchors.len() * 8 {
        return anchors;
    }
    anchors.into_iter().filter(|&at| is_bulleted(at)).collect()
}

/// Two shapes are heads of one list only where they alternate: the rarer one counts between the first and the last of
/// the other.
fn interleaved(sheet: &Sheet, anchors: Vec<usize>, first: Shape, second: Shape) -> Vec<usize> {
    let of =
        |wanted: Shape| anchors.iter().copied().filter(move |&at| sheet.shape(at) == Some(wanted));
    let main = if of(first).count() >= of(second).count() { first } else { second };
    let (Some(from), Some(to)) = (of(main).next(), of(main).last()) else { return anchors };
    // Answers often close a list, in another shape than what they answer.
    let last = (to + LONGEST_ITEM / 10).min(sheet.lines.len());
    anchors.into_iter().filter(|&at| at >= from && at <= last).collect()
}

/// What the items explain: texts, authors, dates, and the number that the opening told.
fn worth(way: Way, opening: Option<Opening>, drafts: &[Draft], items: usize) -> f64 {
    let count = drafts.len() as f64;
    let authors = drafts.iter().filter(|draft| draft.author.is_some()).count() as f64;
    let dates = drafts.iter().filter(|draft| draft.date.is_some()).count() as f64;
    let filled = count / items.max(1) as f64;
    let told = opening.and_then(|opening| opening.count).map_or(1.0, |told| {
        let told = f64::from(told);
        if count == told {
            1.4
        } else if count > told * 1.2 + 1.0 {
            0.6
        } else {
            1.0
        }
    });
    (count + 0.6 * authors + 0.3 * dates) * way.weight() * filled * told
}

/// Good enough to be shown: invented comments are worse than none.
fn is_credible(candidate: &Candidate, items: usize, tails: usize, preamble: usize) -> bool {
    let drafts = &candidate.drafts;
    let count = drafts.len();
    if count == 0 || count * 10 < items * 6 {
        return false;
    }
    let authors = drafts.iter().filter(|draft| draft.author.is_some()).count();
    let told = candidate.opening.and_then(|opening| opening.count) == u32::try_from(count).ok();
    let Some(_) = candidate.opening else {
        // Without an opening only a clear recurrence with buttons counts.
        return count >= 3
            && tails * 10 >= items * 7
            && authors * 10 >= count * 8
            && matches!(
                candidate.way,
                Way::Heads([Shape::Signed | Shape::Dated | Shape::Said, ..])
            );
    };
    match candidate.way {
        Way::Heads([Shape::Signed | Shape::Said | Shape::Answered, ..]) => {
            authors > 1 || told || preamble <= 8
        }
        Way::Heads([Shape::Dated]) if authors * 2 < count => told,
        Way::Heads([Shape::Dated]) => count >= 2 || told || preamble <= 8,
        Way::Heads(_) | Way::Bullets | Way::Buttons => {
            (count >= 2 || told) && authors * 10 >= count * 7
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authors(text: &str) -> Option<(&'static str, Vec<String>)> {
        let best = best(&Sheet::read(text))?;
        let authors =
            best.drafts.into_iter().map(|draft| draft.author.unwrap_or_default()).collect();
        Some((best.way.name(), authors))
    }

    #[test]
    fn what_recurs_under_the_opening_is_cut() {
        let text = "3 mai 2012\nUn article.\n2 commentaires\nAda dit :\nOui.\nBob dit :\nNon.\nÀ lire aussi\nAda dit :\nFaux.";
        assert_eq!(authors(text), Some(("text: says", vec!["Ada".into(), "Bob".into()])));
    }

    #[test]
    fn bullets_are_names_only_with_text_under_them() {
        let text = "Tous les commentaires\n• Ada\n  Une phrase.\n• Bob\n  Une autre.\nGrands titres\n• Un titre\n  Du texte.";
        assert_eq!(authors(text), Some(("text: bullets", vec!["Ada".into(), "Bob".into()])));
    }

    #[test]
    fn nothing_clear_is_nothing() {
        assert_eq!(authors("Commentaires\n• Sport\n• Culture\n• Monde\nMentions légales"), None);
        assert_eq!(authors("Un article.\nPar Ada le 3 mai 2012\nDu texte."), None);
        assert_eq!(authors("2 commentaires\nAucun commentaire\nAda dit :\nOui."), None);
    }
}
