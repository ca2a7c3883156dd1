//! Tests the tally against counts by hand, and its intervals against draws of which the truth is known.

use std::collections::BTreeMap;

use super::*;
use crate::evaluation::{Estimate, Rate};
use crate::store::{Decision, Verdict};
use crate::text::mix;

/// A Monday in milliseconds: 23 November 2026, 12:00 UTC.
const MONDAY: i64 = 1_795_435_200_000;
const DAY: i64 = 86_400_000;

/// A log that is written as it is read.
#[derive(Default)]
struct Log {
    replay: Replay,
    seq: i64,
}

/// What is said of a comment, by Ana on Monday unless it is changed.
struct Said {
    comment: i64,
    act: Option<i64>,
    fold: i64,
    advice: &'static str,
    sample: Option<f64>,
    moderator: &'static str,
    made: i64,
    labels: &'static [&'static str],
    undoes: Option<i64>,
}

fn of(comment: i64, advice: &'static str) -> Said {
    let labels: &[&str] = &[];
    let (moderator, made, fold) = ("Ana", MONDAY, comment);
    Said { comment, act: None, fold, advice, sample: None, moderator, made, labels, undoes: None }
}

fn drawn(comment: i64, rate: f64) -> Said {
    Said { sample: Some(rate), ..of(comment, "approve") }
}

impl Log {
    /// Writes a decision down; its act.
    fn say(&mut self, verdict: Verdict, said: Said) -> i64 {
        self.seq += 1;
        let act = said.act.unwrap_or(self.seq);
        let decision = Decision {
            seq: self.seq,
            act,
            comment: said.comment,
            uid: [0; 16],
            verdict,
            undoes: said.undoes,
            reason: String::new(),
            labels: said.labels.iter().map(|label| (label.to_string(), true)).collect(),
            note: None,
            moderator: said.moderator.into(),
            made: said.made,
            model: "m".into(),
            scores: BTreeMap::from([("conspiracy".into(), 0.1), ("insult".into(), 0.6)]),
            advice: said.advice.into(),
            sample: said.sample,
        };
        self.replay.take(decision, Some(said.fold), None);
        act
    }

    /// The same of all these comments.
    fn say_all(
        &mut self,
        verdict: Verdict,
        comments: impl IntoIterator<Item = i64>,
        said: impl Fn(i64) -> Said,
    ) {
        for comment in comments {
            self.say(verdict, said(comment));
        }
    }

    fn tally(&self, flagged_open: usize, unflagged_open: usize) -> Tally {
        Tally::of(&self.replay, Waiting { flagged_open, unflagged_open, ..Waiting::default() })
    }
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 5e-4, "{found} {expected}");
}

fn share(estimate: Option<Estimate>) -> (f64, f64, f64) {
    let Estimate { value, interval } = estimate.unwrap();
    let interval = interval.unwrap();
    (value, interval.low, interval.high)
}

/// Ten flagged comments of which eight come down; fifty drawn at 5 % of which two do.
fn evening() -> Log {
    let mut log = Log::default();
    for comment in 1..=10 {
        let verdict = if comment <= 8 { Verdict::Reject } else { Verdict::Approve };
        log.say(verdict, Said { labels: &["insult"], ..of(comment, "reject") });
    }
    for comment in 11..=60 {
        let verdict = if comment <= 12 { Verdict::Reject } else { Verdict::Approve };
        log.say(verdict, Said { moderator: "Bob", made: MONDAY + 7 * DAY, ..drawn(comment, 0.05) });
    }
    log
}

#[test]
fn the_figures_of_an_evening_are_those_counted_by_hand() {
    let tally = evening().tally(0, 950);
    let whole = &tally.whole;
    assert_eq!(whole.flagged, Decided { approved: 2, rejected: 8 });
    assert_eq!(whole.unflagged, Decided { approved: 48, rejected: 2 });
    assert_eq!(whole.precision.rate, Rate { count: 8, of: 10 });
    // Oracle: Wilson's interval of 8 of 10 (R, binom::binom.wilson): 0.4902 to 0.9433.
    let (value, low, high) = share(whole.precision.estimate());
    close(value, 0.8);
    close(low, 0.4902);
    close(high, 0.9433);
    // 2 of 50, and 1,000 unflagged: 40. Exact interval of 2 of 50: 0.00488 to 0.13714; what was read is 5 %, so that both
    // sides shrink by √0.95 = 0.97468: 1000 × (0.04 - 0.97468 × 0.03512) and 1000 × (0.04 + 0.97468 × 0.09714).
    let missed = whole.missed.unwrap();
    assert_eq!(whole.audit, Rate { count: 2, of: 50 });
    close(missed.value, 40.0);
    close(missed.of, 1000.0);
    assert!((missed.interval.low - 5.77).abs() < 0.02, "{missed:?}");
    assert!((missed.interval.high - 134.68).abs() < 0.02, "{missed:?}");
    // 8 caught: 8 / 48, 8 / (8 + 134.68), 8 / (8 + 5.77).
    let (value, low, high) = share(whole.recall);
    close(value, 1.0 / 6.0);
    close(low, 0.0561);
    close(high, 0.5810);
    // Two approved against “reject”, two rejected against “approve”.
    assert_eq!(whole.overturned.rate, Rate { count: 4, of: 60 });
    assert_eq!(whole.reversed, Rate { count: 0, of: 60 });
    // Of 1,010: 8 + 960 agree. By chance (48 × 10 + 962 × 1000) / 1010² = 0.94353.
    let agreement = whole.agreement.unwrap();
    close(agreement.share.value, 968.0 / 1010.0);
    close(agreement.kappa.unwrap().value, (0.958_416 - 0.943_535) / (1.0 - 0.943_535));
}

#[test]
fn labels_weeks_and_moderators_have_their_own() {
    let tally = evening().tally(0, 950);
    assert_eq!(tally.moderators.keys().collect::<Vec<_>>(), ["Ana", "Bob"]);
    assert_eq!(tally.moderators["Ana"].precision.rate, Rate { count: 8, of: 10 });
    assert_eq!(tally.moderators["Ana"].recall, None, "she read nothing that was drawn");
    let bob = &tally.moderators["Bob"];
    assert_eq!(bob.precision.estimate(), None);
    assert_eq!(share(bob.recall).0, 0.0, "he caught nothing");
    close(bob.missed.unwrap().value, 40.0);
    let weeks: Vec<Week> = tally.weeks.keys().copied().collect();
    assert_eq!(weeks, [Week { year: 2026, number: 48 }, Week { year: 2026, number: 49 }]);
    // The moderator said “insult” of what was caught, nothing of what was missed.
    let insult = &tally.labels["insult"];
    assert_eq!(insult.precision.rate, Rate { count: 8, of: 10 });
    assert_eq!(insult.audit, Rate { count: 0, of: 50 });
    assert_eq!(share(insult.recall).0, 1.0);
    // Oracle: none of 50 may be 1 - 0.025^(1/50) = 7.11 % of 1,000, drawn in by √0.95: 69.34 missed.
    close(share(insult.recall).1, 8.0 / (8.0 + 69.34));
}

#[test]
fn what_was_taken_back_or_contradicted_does_not_stand() {
    let mut log = Log::default();
    let act = log.say(Verdict::Reject, of(1, "reject"));
    log.say(Verdict::Undo, Said { undoes: Some(act), ..of(1, "reject") });
    let tally = log.tally(1, 0);
    assert_eq!(tally.whole.flagged, Decided::default());
    assert_eq!(tally.whole.reversed, Rate { count: 1, of: 1 });
    // A colleague decides the contrary; a note and a postponement contradict nobody.
    log.say(Verdict::Approve, of(2, "review"));
    log.say(Verdict::Note, of(2, "review"));
    log.say(Verdict::Reject, Said { moderator: "Bob", ..of(2, "review") });
    log.say(Verdict::Defer, of(3, "reject"));
    let tally = log.tally(2, 0);
    assert_eq!(tally.whole.flagged, Decided { approved: 0, rejected: 1 });
    assert_eq!(tally.whole.deferred, 1);
    assert_eq!(tally.whole.reversed, Rate { count: 2, of: 3 });
    assert_eq!(tally.moderators["Ana"].reversed, Rate { count: 2, of: 2 });
    assert_eq!(tally.whole.overturned.rate, Rate::default(), "“to review” takes no side");
}

#[test]
fn what_waits_widens_recall_and_what_was_not_drawn_bounds_it() {
    let log = evening();
    // Ten flagged wait: of them, none to all may have to come down.
    let (value, low, high) = share(log.tally(10, 950).whole.recall);
    close(value, 16.0 / 56.0);
    close(low, 0.0561);
    close(high, 18.0 / (18.0 + 5.77));
    // Moderators found 200 by themselves: the audit's interval ends below, and is no less than that.
    let mut log = evening();
    log.say_all(Verdict::Reject, 100..300, |comment| of(comment, "approve"));
    let missed = log.tally(0, 750).whole.missed.unwrap();
    assert_eq!((missed.value, missed.interval.low, missed.interval.high), (202.0, 202.0, 202.0));
}

#[test]
fn nothing_missed_in_the_sample_is_not_nothing_missed() {
    let mut log = Log::default();
    log.say(Verdict::Reject, of(1, "reject"));
    assert_eq!(log.tally(0, 3000).whole.missed, None, "without a sample nothing is known");
    log.say_all(Verdict::Approve, 2..62, |comment| drawn(comment, 0.02));
    let missed = log.tally(0, 2940).whole.missed.unwrap();
    assert_eq!((missed.value, missed.interval.low), (0.0, 0.0));
    // Oracle: 1 - 0.025^(1/60) = 5.963 % of 3,000, drawn in by √0.98.
    assert!((missed.interval.high - 177.1).abs() < 0.1, "{missed:?}");
    // Who read everything knows it.
    let mut log = Log::default();
    log.say_all(Verdict::Approve, 1..=40, |comment| drawn(comment, 1.0));
    assert_eq!(log.tally(0, 0).whole.missed.unwrap().interval.high, 0.0);
}

#[test]
fn copies_bear_witness_once_and_what_was_decided_in_bulk_was_not_read() {
    let mut log = Log::default();
    // A fold of 20 in one act, and 20 alone.
    log.say_all(Verdict::Reject, 1..=20, |one| Said { act: Some(1), fold: 1, ..of(one, "reject") });
    log.say_all(Verdict::Approve, 21..=40, |one| of(one, "reject"));
    let whole = log.tally(0, 0).whole;
    assert_eq!((whole.precision.rate, whole.bulk), (Rate { count: 20, of: 40 }, 0));
    // Oracle: 40² / (20² + 20) = 3.81 witnesses; Wilson's interval of a half of them.
    let (_, low, high) = share(whole.precision.estimate());
    close(
        high - low,
        2.0 * 1.959_964 * (0.25_f64 / 3.8095 + 3.8415 / (4.0 * 14.512)).sqrt()
            / (1.0 + 3.8415 / 3.8095),
    );
    // A whole view at once: what was drawn is decided, but nobody read it.
    log.say_all(Verdict::Approve, 41..=60, |one| Said { act: Some(41), ..drawn(one, 0.02) });
    let whole = log.tally(0, 0).whole;
    assert_eq!(whole.unflagged, Decided { approved: 20, rejected: 0 });
    assert_eq!((whole.audit, whole.missed), (Rate::default(), None));
}

/// A fraction from 0 to 1, the same for the same numbers.
fn chance(draw: u64, comment: u64, purpose: u64) -> f64 {
    let mixed = mix(mix(mix(mix(draw ^ (purpose << 32))).wrapping_add(comment)));
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// How often the interval of recall holds the truth, over draws of the audit from one stream: of 6,000 comments `bad` are
/// to be rejected, of which `recall` was flagged, beside as many flagged in error as give `precision`.
fn coverage(bad: i64, recall: f64, precision: f64, rate: f64) -> (usize, usize) {
    const DRAWS: u64 = 200;
    let caught = (bad as f64 * recall).round() as i64;
    let flagged = (caught as f64 / precision).round() as i64;
    let unflagged = 6000 - flagged;
    let truth = caught as f64 / bad as f64;
    let (mut held, mut told) = (0, 0);
    for draw in 0..DRAWS {
        let mut log = Log::default();
        for comment in 0..flagged {
            let verdict = if comment < caught { Verdict::Reject } else { Verdict::Approve };
            log.say(verdict, of(comment + 1, "review"));
        }
        let mut waiting = unflagged as usize;
        for comment in 0..unflagged {
            if chance(draw, comment as u64, 1) < rate {
                let is_bad = comment < bad - caught;
                let verdict = if is_bad { Verdict::Reject } else { Verdict::Approve };
                log.say(verdict, drawn(10_000 + comment, rate));
                waiting -= 1;
            }
        }
        if let Some(estimate) = log.tally(0, waiting).whole.recall {
            let (_, low, high) = share(Some(estimate));
            told += 1;
            held += usize::from((low..=high).contains(&truth));
        }
    }
    (held, told)
}

#[test]
fn the_interval_of_recall_holds_the_truth_as_often_as_it_says() {
    for (bad, recall, precision, rate) in [
        (400, 0.8, 0.7, 0.02),
        (400, 0.5, 0.9, 0.02),
        (600, 0.95, 0.6, 0.02),
        (400, 0.8, 0.7, 0.1),
        (300, 0.7, 0.8, 0.5),
    ] {
        let (held, told) = coverage(bad, recall, precision, rate);
        assert_eq!(told, 200);
        // 95 % promised; 200 draws of a true 95 % fall below 180 once in 600 times.
        assert!(held >= 180, "{bad} {recall} {precision} {rate}: {held} of {told}");
    }
}
