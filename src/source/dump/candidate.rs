//! Weighs the ways to cut a dump into comments, and keeps the one that explains most: what recurs in every item, under
//! an opening that promises comments.

use super::anchor::{self, WAYS, Way};
use super::area::{Notice, Opening};
use super::body::{self, Draft};
use super::cut::{self, Foothold, Item};
use super::head::Shape;
use super::sheet::Sheet;

/// One way to cut, with what it finds.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The finer name of the way, for `matched`.
    pub way: Way,
    pub opening: Option<Opening>,
    pub drafts: Vec<Draft>,
    worth: f64,
}

/// Openings beyond these are the page's teasers.
const MOST_OPENINGS: usize = 16;
/// So many lines (a form, rules) may stand between the opening and the first comment.
const MOST_PREAMBLE: usize = 70;

/// The best way to cut, if any is good enough.
pub(super) fn best(sheet: &Sheet) -> Option<Candidate> {
    let ways = WAYS.map(|way| (way, anchor::anchors(sheet, way)));
    let mut best: Option<Candidate> = None;
    // From the last opening up: the nearest to the comments wins unless an earlier one finds clearly more.
    for opening in openings(sheet).into_iter().rev() {
        for (way, anchors) in &ways {
            let Some(found) = weigh(sheet, Some(opening), *way, anchors) else { continue };
            if best.as_ref().is_none_or(|best| found.worth > best.worth * margin(best, &found)) {
                best = Some(found);
            }
        }
    }
    best.or_else(|| {
        let found = ways.iter().filter_map(|(way, anchors)| weigh(sheet, None, *way, anchors));
        // Of equals the first.
        found.reduce(|best, found| if found.worth > best.worth { found } else { best })
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
fn weigh(sheet: &Sheet, opening: Option<Opening>, way: Way, all: &[usize]) -> Option<Candidate> {
    let (start, anchors) = match opening {
        Some(opening) => (opening.line + 1, anchor::from(sheet, all, opening.line + 1, way)),
        None => anchor::longest_run(sheet, all)?,
    };
    let &first = anchors.first()?;
    if opening.is_some() && first - start > MOST_PREAMBLE {
        return None;
    }
    let end = end(sheet, start, &anchors)?;
    let anchors: Vec<usize> = anchors.into_iter().take_while(|&at| at < end).collect();
    let anchors = anchor::alike(sheet, anchors, way);
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
    let vouched = items.iter().filter(|item| is_vouched(sheet, item)).count();
    let candidate =
        Candidate { way, opening, worth: worth(way, opening, &drafts, items.len()), drafts };
    is_credible(&candidate, items.len(), vouched).then_some(candidate)
}

/// The line where the area ends: the first that says so behind the first anchor. Nothing where the page says, before
/// the first anchor, that there are none, or turns to something else.
fn end(sheet: &Sheet, start: usize, anchors: &[usize]) -> Option<usize> {
    let (first, last) = (anchors[0], anchors[anchors.len() - 1]);
    let ended = |notice: &Option<Notice>| matches!(notice, Some(Notice::None | Notice::End));
    if sheet.notices[start..first].iter().any(ended) {
        return None;
    }
    let floor = floor(sheet, start, anchors);
    let says_so = |at: usize| match sheet.notices[at] {
        // A button of every item ends none.
        Some(Notice::End | Notice::Form) => sheet.ends_between(at, first..last) < 3,
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

/// Buttons that only a comment has stand in its head, at its foot or right behind it.
fn is_vouched(sheet: &Sheet, item: &Item) -> bool {
    let head = item.head.start.saturating_sub(1)..item.body.start;
    let foot = item.body.end.saturating_sub(6).max(item.body.start);
    let foot = foot..(item.body.end + 1).min(sheet.lines.len());
    head.chain(foot).any(|at| sheet.vouchers[at])
}

/// Good enough to be shown: invented comments are worse than none.
fn is_credible(candidate: &Candidate, items: usize, vouched: usize) -> bool {
    let drafts = &candidate.drafts;
    let count = drafts.len();
    if count == 0 || count * 10 < items * 6 {
        return false;
    }
    let authors = drafts.iter().filter(|draft| draft.author.is_some()).count();
    let Some(opening) = candidate.opening else {
        // Without an opening only a clear recurrence with buttons counts.
        let shapes = [Shape::Signed, Shape::Dated, Shape::Said];
        let is_head = matches!(candidate.way, Way::Heads([shape, ..]) if shapes.contains(shape));
        return is_head && count >= 3 && vouched * 10 >= items * 7 && authors * 10 >= count * 8;
    };
    let told = opening.count.is_some_and(|told| told as usize == count);
    // One item recurs nowhere, two may be a byline and a teaser: a number or their buttons vouch for them.
    let is_plain = matches!(candidate.way, Way::Heads([Shape::Said | Shape::Answered]));
    let few = if is_plain || opening.count.is_some() { 1 } else { 2 };
    if count <= few && !told && vouched == 0 {
        return false;
    }
    let is_spoken = |draft: &&Draft| draft.text.lines().any(|line| line.chars().count() >= 25);
    let spoken = drafts.iter().filter(is_spoken).count();
    match candidate.way {
        Way::Heads([Shape::Dated]) => told || authors * 10 >= count * 7,
        Way::Heads([Shape::Signed, Shape::Dated]) => authors * 2 >= count,
        Way::Heads([Shape::Signed | Shape::Said | Shape::Answered]) => authors > 0,
        Way::Heads(_) => authors * 10 >= count * 7,
        // Menus have bullets and names too, but nobody who says something.
        Way::Bullets | Way::Buttons => authors * 10 >= count * 7 && spoken * 2 >= count,
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
        let text = "Tous les commentaires\n• Ada\n  Une phrase qui dit quelque chose.\n• Bob\n  Une autre, qui en dit autant.\n\
                    • Eve\n  Non.\nGrands titres\n• Un titre\n  Du texte.";
        let three = vec!["Ada".into(), "Bob".into(), "Eve".into()];
        assert_eq!(authors(text), Some(("text: bullets", three)));
    }

    #[test]
    fn nothing_clear_is_nothing() {
        assert_eq!(authors("Commentaires\n• Sport\n• Culture\n• Monde\nMentions légales"), None);
        assert_eq!(authors("Un article.\nPar Ada le 3 mai 2012\nDu texte."), None);
        assert_eq!(authors("2 commentaires\nAucun commentaire\nAda dit :\nOui."), None);
    }
}
