//! Estimates from counts: precision of flags, what is missed, recall, overturned advice, agreement.

use super::replay::Weighed;
use super::{Decided, Waiting};
use crate::evaluation::{Agreement, Confusion, Estimate, Interval, Rate, Witnesses};

/// So many of so many, with the interval that their independent witnesses allow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// The counts.
    pub rate: Rate,
    /// Where the share lies; none of nothing.
    pub interval: Option<Interval>,
}

impl Share {
    fn of(rate: Rate, witnesses: &Witnesses) -> Share {
        Share { rate, interval: rate.share().map(|share| Interval::score(share, witnesses.size())) }
    }

    /// The share, 0 to 1, with its interval; none of nothing.
    pub fn estimate(&self) -> Option<Estimate> {
        self.rate.share().map(|value| Estimate { value, interval: self.interval })
    }
}

/// How many unflagged comments should come down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Missed {
    /// The likeliest number.
    pub value: f64,
    /// Where it lies.
    pub interval: Interval,
    /// Of so many unflagged comments.
    pub of: f64,
}

/// What decisions tell, of all or of some.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Flagged comments that were decided.
    pub flagged: Decided,
    /// Unflagged comments that were decided, drawn or not.
    pub unflagged: Decided,
    /// Comments whose last decision was to put them off.
    pub deferred: usize,
    /// Of the flagged comments that were decided, those decided together with others that are no copies.
    pub bulk: usize,
    /// Precision of flags: of the flagged comments that were decided, those rejected.
    pub precision: Share,
    /// Of the comments drawn for the audit and decided one by one, those rejected (for a label: with that label).
    pub audit: Rate,
    /// What the queue missed, by the audit; none before it began.
    pub missed: Option<Missed>,
    /// Of everything that should come down, the share that was flagged.
    pub recall: Option<Estimate>,
    /// Of the decisions where vigie advised to approve or to reject, those that did the contrary.
    pub overturned: Share,
    /// Of all approvals and rejections, those taken back or contradicted later.
    pub reversed: Rate,
    /// How far flags and rejections agree over all comments, those drawn standing for those that were not.
    pub agreement: Option<Agreement>,
}

/// What figures are made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    flagged: Decided,
    unflagged: Decided,
    deferred: usize,
    bulk: usize,
    flags: Witnesses,
    overturned: Rate,
    advice: Witnesses,
    reversed: Rate,
    /// What was drawn: missed or rightly passed.
    counts: Confusion,
    drawn: Witnesses,
    /// Rejections that count as caught.
    caught: usize,
    /// Rejections among the unflagged, however they were found, and what was kept there.
    known: usize,
    kept: usize,
    audit: Rate,
    /// The weights of the audit: all, those of rejections, squares.
    weight: f64,
    weight_rejected: f64,
    weight_squared: f64,
}

impl Sums {
    /// Counts a decision that was made, whether it stands or not.
    pub(super) fn made(&mut self, one: &Weighed) {
        self.reversed.of += 1;
        self.reversed.count += usize::from(one.is_reversed());
    }

    /// Counts what became of the advice; `alone` says that no other fold was decided with it.
    pub(super) fn advised(&mut self, one: &Weighed, alone: bool) {
        if !one.is_decided() {
            self.deferred += 1;
            return;
        }
        let decided = if one.is_flagged() { &mut self.flagged } else { &mut self.unflagged };
        *if one.is_rejected() { &mut decided.rejected } else { &mut decided.approved } += 1;
        if let Some(contradicts) = one.contradicts() {
            self.overturned.of += 1;
            self.overturned.count += usize::from(contradicts);
            self.advice.add(one.fold, 1.0);
        }
        if one.is_flagged() {
            self.bulk += usize::from(!alone);
            self.flags.add(one.fold, 1.0);
        } else if let Some(weight) = weight(one, alone) {
            self.counts.count(one.is_rejected(), false, weight);
            self.drawn.add(one.fold, weight);
        }
    }

    /// Counts what should come down, `is` it or not; `alone` as above.
    pub(super) fn found(&mut self, one: &Weighed, alone: bool, is: bool) {
        if !one.is_decided() {
            return;
        }
        if one.is_flagged() {
            self.caught += usize::from(is);
            return;
        }
        *if is { &mut self.known } else { &mut self.kept } += 1;
        if let Some(weight) = weight(one, alone) {
            self.audit.of += 1;
            self.audit.count += usize::from(is);
            self.weight += weight;
            self.weight_rejected += if is { weight } else { 0.0 };
            self.weight_squared += weight * weight;
        }
    }

    /// The figures. Of the whole, `waiting` tells how many comments there are; of a part it is not known how many
    /// unflagged comments belong to it, so that each one drawn stands for as many as its rate says.
    pub(super) fn figures(self, waiting: Option<Waiting>) -> Figures {
        let flagged_rate = Rate { count: self.flagged.rejected, of: self.flagged.all() };
        let precision = Share::of(flagged_rate, &self.flags);
        let unflagged = match waiting {
            Some(waiting) => (waiting.unflagged() + self.unflagged.all()) as f64,
            None => self.weight.max((self.known + self.kept) as f64),
        };
        let missed = self.missed(unflagged);
        let flagged_waiting = waiting.map_or(0, |waiting| waiting.flagged());
        let recall = missed.and_then(|missed| {
            self.recall(&missed, flagged_waiting as f64, flagged_rate.share().unwrap_or_default())
        });
        let agreement = self.agreement(waiting.map(|_| unflagged), flagged_waiting);
        Figures {
            flagged: self.flagged,
            unflagged: self.unflagged,
            deferred: self.deferred,
            bulk: self.bulk,
            precision,
            audit: self.audit,
            missed,
            recall,
            overturned: Share::of(self.overturned, &self.advice),
            reversed: self.reversed,
            agreement,
        }
    }

    /// What was missed of so many unflagged comments: the share of rejections in the audit, each weighed by the inverse of
    /// the rate at which it was drawn (Horvitz and Thompson, 1952; Hájek, 1971), times their number.
    ///
    /// The interval is the exact one of that share, of the effective size of the audit, drawn in by the root of what was
    /// not read (Cochran, 1977, section 2.6): who read everything knows it. What moderators found or kept by themselves
    /// bounds it too.
    fn missed(&self, of: f64) -> Option<Missed> {
        if self.audit.of == 0 {
            return None;
        }
        let share = self.weight_rejected / self.weight;
        let size = self.weight * self.weight / self.weight_squared;
        let exact = Interval::exact(share, size);
        let unread = (1.0 - self.audit.of as f64 / of).max(0.0).sqrt();
        let (least, most) = (self.known as f64, (of - self.kept as f64).max(self.known as f64));
        let within = |number: f64| number.clamp(least, most);
        let interval = Interval {
            low: within(of * (share - unread * (share - exact.low))),
            high: within(of * (share + unread * (exact.high - share))),
        };
        Some(Missed { value: within(of * share), interval, of })
    }

    /// How far flags and rejections agree. What waits is supposed to be like what was decided; of a part, nothing waits.
    fn agreement(&self, unflagged: Option<f64>, flagged_waiting: usize) -> Option<Agreement> {
        let decided = self.flagged.all() as f64;
        let drawn = self.counts.missed + self.counts.passed;
        if decided == 0.0 || drawn == 0.0 {
            return None;
        }
        let flagged = (decided + flagged_waiting as f64) / decided;
        let unflagged = unflagged.map_or(1.0, |unflagged| unflagged / drawn);
        let counts = Confusion {
            caught: self.flagged.rejected as f64 * flagged,
            disturbed: self.flagged.approved as f64 * flagged,
            missed: self.counts.missed * unflagged,
            passed: self.counts.passed * unflagged,
        };
        let mut witnesses = Witnesses::default();
        witnesses.add_all(&self.flags, flagged);
        witnesses.add_all(&self.drawn, unflagged);
        Agreement::of(&counts, witnesses.size())
    }

    /// The share that was flagged of what should come down. Of flagged comments that wait, as many should as of those
    /// decided; at the ends of the interval, none and all of them.
    fn recall(&self, missed: &Missed, waiting: f64, precision: f64) -> Option<Estimate> {
        let caught = self.caught as f64;
        let share =
            |caught: f64, missed: f64| (caught + missed > 0.0).then(|| caught / (caught + missed));
        let value = share(caught + waiting * precision, missed.value)?;
        let low = share(caught, missed.interval.high).unwrap_or(0.0);
        let high = share(caught + waiting, missed.interval.low).unwrap_or(1.0);
        Some(Estimate { value, interval: Some(Interval { low, high }) })
    }
}

/// For how many unflagged comments one stands that was drawn and read; none for others.
fn weight(one: &Weighed, alone: bool) -> Option<f64> {
    let rate = one.sample.filter(|rate| *rate > 0.0)?;
    (alone && !one.is_flagged()).then(|| 1.0 / rate)
}
