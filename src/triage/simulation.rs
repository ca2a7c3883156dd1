//! Tells what thresholds would have done to an archive: flagged by day, missed, and gained or lost against others.
//!
//! Comments stream by: what is kept is a count a day and the few examples nearest to the threshold.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::example::{Example, Nearest};
use super::{Advice, Adviser, Plan};
use crate::comment::{Comment, Status};
use crate::evaluation::{Confusion, Promise};
use crate::scorer::{Confidence, Scores};

/// One comment of an archive.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The comment.
    pub comment: &'a Comment,
    /// The day on which it was written, where its date tells it.
    pub day: Option<Date>,
    /// What the model says of it.
    pub scores: &'a Scores,
    /// What a person said of it, by label; none where unknown.
    pub gold: &'a [Option<bool>],
}

/// What thresholds, and others to compare them with, would have done.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The thresholds simulated.
    pub plan: Side,
    /// Those that they are compared with.
    pub against: Side,
    /// Comments that only the first flag.
    pub gained: Nearest,
    /// Comments that only the others flag.
    pub lost: Nearest,
}

/// What one adviser would have done.
#[derive(Clone, Debug)]
pub struct Side {
    /// What advises.
    pub adviser: Adviser,
    /// By label: what the folds promised of its review threshold, where the model tells.
    pub promises: Vec<Option<Promise>>,
    /// By day on which somebody wrote.
    pub days: BTreeMap<Date, Flags>,
    /// The comments whose date tells no day.
    pub undated: Flags,
    /// By label: what stays below review.
    pub missed: Vec<Missed>,
    /// Flags against what moderators did, over the comments of which that is known.
    pub moderated: Confusion,
}

/// How many comments were read, and how many of them are flagged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// All.
    pub read: u64,
    /// Those flagged, for whatever label, in the band that the advice names.
    pub flagged: Banded,
    /// Those flagged for a label; a comment may count for several.
    pub labels: Vec<Banded>,
}

/// Comments in the two bands that a moderator reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Banded {
    /// To review.
    pub review: u64,
    /// Advised to reject.
    pub reject: u64,
}

/// What of a label stays below the review threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Missed {
    /// Over the comments of which a person said whether they bear it: exact.
    pub labelled: Confusion,
    /// Comments below the threshold of which nobody said it.
    pub unlabelled: u64,
    /// The sum of their probabilities: about how many of them bear it, where the model's probabilities hold.
    pub estimate: f64,
}

/// How a count spreads over the days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Over all days.
    pub total: u64,
    /// On the quietest day.
    pub least: u64,
    /// On the day in the middle, or between the two in the middle.
    pub median: f64,
    /// On average.
    pub mean: f64,
    /// On the busiest day.
    pub most: u64,
}

impl Banded {
    /// Both bands together.
    pub fn all(self) -> u64 {
        self.review + self.reject
    }

    fn count(&mut self, advice: Advice) {
        match advice {
            Advice::Approve => {}
            Advice::Review => self.review += 1,
            Advice::Reject => self.reject += 1,
        }
    }
}

impl Spread {
    /// The spread of one count a day; none without days.
    pub fn of(counts: impl Iterator<Item = u64>) -> Option<Spread> {
        let mut counts: Vec<u64> = counts.collect();
        counts.sort_unstable();
        let (&least, &most) = (counts.first()?, counts.last()?);
        let (total, days) = (counts.iter().sum::<u64>(), counts.len());
        let median = (counts[(days - 1) / 2] + counts[days / 2]) as f64 / 2.0;
        Some(Spread { total, least, median, mean: total as f64 / days as f64, most })
    }
}

impl Simulation {
    /// Nothing seen yet. Both advise on the labels of one model; `examples` are kept of what is gained, and of what
    /// is lost.
    pub fn new(plan: Plan, against: Plan, examples: usize) -> Simulation {
        let (gained, lost) = (Nearest::new(examples), Nearest::new(examples));
        Simulation { plan: Side::new(plan), against: Side::new(against), gained, lost }
    }

    /// Takes one more comment into account.
    pub fn see(&mut self, seen: Seen) {
        let with = self.plan.see(&seen);
        let without = self.against.see(&seen);
        let (crossing, nearest) = match (with.is_empty(), without.is_empty()) {
            (false, true) => (with, &mut self.gained),
            (true, false) => (without, &mut self.lost),
            _ => return,
        };
        let distance = |&label: &usize| {
            let threshold = self.plan.adviser.bands(label).review;
            seen.scores.probabilities[label].parts().abs_diff(threshold.parts())
        };
        let Some(label) = crossing.into_iter().min_by_key(distance) else { return };
        let distance = distance(&label);
        nearest.see(distance, || Example {
            comment: seen.comment.clone(),
            scores: seen.scores.clone(),
            label,
            gold: seen.gold.to_vec(),
            distance,
        });
    }
}

impl Side {
    fn new(Plan { adviser, promises, .. }: Plan) -> Side {
        let missed = vec![Missed::default(); adviser.labels().len()];
        let (days, undated) = (BTreeMap::new(), Flags::default());
        Side { adviser, promises, days, undated, missed, moderated: Confusion::default() }
    }

    /// Counts a comment; the labels (indices) that it is flagged for.
    fn see(&mut self, seen: &Seen) -> Vec<usize> {
        let Seen { comment, day, scores, gold } = *seen;
        let advice = self.adviser.assess(scores).advice();
        let flagged = self.adviser.flagged(scores);
        let flags = match day {
            Some(day) => self.days.entry(day).or_default(),
            None => &mut self.undated,
        };
        flags.read += 1;
        flags.flagged.count(advice);
        flags.labels.resize(self.adviser.labels().len(), Banded::default());
        for &label in &flagged {
            let own = self.adviser.bands(label).advice(scores.probabilities[label]);
            let held = scores.confidence == Confidence::Low && own == Advice::Reject;
            flags.labels[label].count(if held { Advice::Review } else { own });
        }
        for (label, missed) in self.missed.iter_mut().enumerate() {
            let flagged = flagged.contains(&label);
            match gold.get(label).copied().flatten() {
                Some(gold) => missed.labelled.count(gold, flagged, 1.0),
                None if flagged => {}
                None => {
                    missed.unlabelled += 1;
                    missed.estimate +=
                        scores.probabilities.get(label).map_or(0.0, |one| one.value());
                }
            }
        }
        if let Some(refused) = comment.status.and_then(refused) {
            self.moderated.count(refused, !flagged.is_empty(), 1.0);
        }
        flagged
    }

    /// All comments, dated or not.
    pub fn total(&self) -> Flags {
        let mut total = self.undated.clone();
        total.labels.resize(self.adviser.labels().len(), Banded::default());
        for day in self.days.values() {
            total.read += day.read;
            let pairs = total.labels.iter_mut().zip(&day.labels);
            for (sum, banded) in pairs.chain([(&mut total.flagged, &day.flagged)]) {
                sum.review += banded.review;
                sum.reject += banded.reject;
            }
        }
        total
    }

    /// How what `count` counts of a day spreads over the days; none without days.
    pub fn spread(&self, count: impl Fn(&Flags) -> u64) -> Option<Spread> {
        Spread::of(self.days.values().map(count))
    }
}

/// Whether moderators refused a comment, where its fate tells: what its author withdrew, what waits, what
/// advertises or what is only folded away says nothing of insults.
fn refused(status: Status) -> Option<bool> {
    match status {
        Status::Rejected => Some(true),
        Status::Approved | Status::Pinned => Some(false),
        Status::Pending | Status::Spam | Status::Deleted | Status::Hidden | Status::Pingback => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Probability;
    use crate::triage::Bands;

    fn plan(review: f64) -> Plan {
        let bands = |review, reject| Bands {
            review: Probability::new(review),
            reject: Probability::new(reject),
        };
        let labels = ["insult".to_string(), "conspiracy".to_string()];
        let adviser = Adviser::new(&labels, &[bands(review, 0.9), bands(0.5, 0.9)]).unwrap();
        Plan { adviser, promises: vec![None; 2], found: Vec::new(), short: Vec::new() }
    }

    fn see(
        simulation: &mut Simulation,
        day: i8,
        insult: f64,
        conspiracy: f64,
        status: Option<Status>,
        gold: Option<bool>,
    ) {
        let id = format!("{insult}");
        let comment = Comment { id, status, ..Comment::default() };
        let probabilities = vec![Probability::new(insult), Probability::new(conspiracy)];
        let scores = Scores { probabilities, ..Scores::default() };
        let day = (day > 0).then(|| jiff::civil::date(2024, 3, day));
        simulation.see(Seen { comment: &comment, day, scores: &scores, gold: &[gold, None] });
    }

    // Oracle: counted by hand.
    #[test]
    fn an_archive_is_counted_by_day_label_and_band() {
        let mut simulation = Simulation::new(plan(0.3), plan(0.6), 1);
        let (rejected, approved) = (Some(Status::Rejected), Some(Status::Approved));
        see(&mut simulation, 1, 0.95, 0.1, rejected, Some(true));
        see(&mut simulation, 1, 0.40, 0.7, approved, Some(false));
        see(&mut simulation, 2, 0.35, 0.1, rejected, Some(true));
        see(&mut simulation, 2, 0.10, 0.2, rejected, Some(true));
        see(&mut simulation, 3, 0.05, 0.0, approved, None);
        see(&mut simulation, 3, 0.25, 0.0, Some(Status::Spam), None);
        see(&mut simulation, 0, 0.31, 0.1, None, Some(false));

        let Simulation { plan, against, gained, lost } = simulation;
        let days: Vec<(u64, Banded)> =
            plan.days.values().map(|day| (day.read, day.flagged)).collect();
        let banded = |review, reject| Banded { review, reject };
        assert_eq!(days, [(2, banded(1, 1)), (2, banded(1, 0)), (2, banded(0, 0))]);
        assert_eq!((plan.undated.read, plan.undated.flagged), (1, banded(1, 0)));
        let total = plan.total();
        assert_eq!((total.read, total.flagged), (7, banded(3, 1)));
        assert_eq!(total.labels, [banded(3, 1), banded(1, 0)]);
        let spread = plan.spread(|day| day.flagged.all()).unwrap();
        let Spread { total, least, median, mean, most } = spread;
        assert_eq!((total, least, median, mean, most), (3, 0, 1.0, 1.0, 2));

        let Confusion { caught, disturbed, missed, passed } = plan.missed[0].labelled;
        assert_eq!((caught, disturbed, missed, passed), (2.0, 2.0, 1.0, 0.0));
        assert_eq!(plan.missed[0].unlabelled, 2);
        assert!((plan.missed[0].estimate - 0.30).abs() < 1e-12);
        assert_eq!((plan.missed[1].unlabelled, against.missed[1].unlabelled), (6, 6));
        let Confusion { caught, disturbed, missed, passed } = plan.moderated;
        assert_eq!((caught, disturbed, missed, passed), (2.0, 1.0, 1.0, 1.0));
        assert_eq!(against.moderated.missed, 2.0);

        // 0.35 and 0.31; 0.40 was flagged all the same, for conspiracy.
        assert_eq!((gained.comments, lost.comments), (2, 0));
        assert_eq!(gained.examples[0].comment.id, "0.31");
        assert_eq!((gained.examples.len(), gained.examples[0].distance), (1, 100));
    }

    #[test]
    fn what_is_lost_stands_nearest_below_the_threshold() {
        let mut simulation = Simulation::new(plan(0.6), plan(0.3), 5);
        for insult in [0.31, 0.59, 0.6, 0.45] {
            see(&mut simulation, 1, insult, 0.0, None, None);
        }
        let ids: Vec<&str> =
            simulation.lost.examples.iter().map(|one| one.comment.id.as_str()).collect();
        assert_eq!((ids, simulation.gained.comments), (vec!["0.59", "0.45", "0.31"], 0));
    }

    #[test]
    fn a_spread_has_its_middle() {
        let spread = |counts: &[u64]| Spread::of(counts.iter().copied());
        assert_eq!(spread(&[]), None);
        let Spread { median, mean, .. } = spread(&[1, 10, 2, 4]).unwrap();
        assert_eq!((median, mean), (3.0, 4.25));
    }
}
