//! Says what the figures mean, in sentences that need no table.

use crate::evaluation::Estimate;
use crate::model::Probability;
use crate::report::Locale;
use crate::report::fragment::{self, filled};
use crate::serve::words;
use crate::store::{Missed, Tally};

use super::table::told_kappa;

/// A number with its thousands parted.
pub(super) fn number(locale: Locale, count: usize) -> String {
    fragment::number(locale, count)
}

fn percent(locale: Locale, share: f64) -> String {
    fragment::percent(locale, Probability::new(share))
}

/// A share with its interval.
pub(super) fn span(locale: Locale, estimate: Estimate) -> String {
    let value = percent(locale, estimate.value);
    let Some(interval) = estimate.interval else { return value };
    let (low, high) = (percent(locale, interval.low), percent(locale, interval.high));
    let words = &words::of(locale).dashboard;
    filled(&words.range, &[("value", &value), ("low", &low), ("high", &high)])
}

/// A number of missed comments with its interval, which is widened to whole comments.
pub(super) fn range(locale: Locale, missed: &Missed) -> String {
    let [value, low, high] = whole(locale, missed);
    let words = &words::of(locale).dashboard;
    filled(&words.range, &[("value", &value), ("low", &low), ("high", &high)])
}

fn whole(locale: Locale, missed: &Missed) -> [String; 3] {
    // What is whole already stays so where its last digit was lost.
    let (low, high) = ((missed.interval.low + 1e-6).floor(), (missed.interval.high - 1e-6).ceil());
    [missed.value.round(), low, high].map(|count| number(locale, count.max(0.0) as usize))
}

/// What was found, a sentence each.
pub(super) fn findings(tally: &Tally, locale: Locale) -> Vec<String> {
    let mut told = vec![flags(tally, locale)];
    told.extend(missed(tally, locale));
    told.extend(conduct(tally, locale));
    told
}

/// How good flags are, of how many, and what that leaves out.
fn flags(tally: &Tally, locale: Locale) -> String {
    let words = &words::of(locale).finding;
    let (precision, waiting) = (&tally.whole.precision, tally.waiting.flagged());
    let mut told = match (precision.rate.of, precision.estimate()) {
        (0, _) | (_, None) => vec![words.flags_none.clone()],
        (1, _) => vec![words.flags_one.clone()],
        (of, Some(estimate)) => {
            let (n, share) = (number(locale, of), span(locale, estimate));
            vec![filled(&words.flags_many, &[("n", &n), ("share", &share)])]
        }
    };
    match (tally.whole.bulk, waiting) {
        (0, _) => {}
        (1, _) => told.push(words.bulk_one.clone()),
        (bulk, _) => told.push(filled(&words.bulk_many, &[("n", &number(locale, bulk))])),
    }
    match waiting {
        0 => {}
        1 => told.push(words.flags_wait_one.clone()),
        _ => told.push(filled(&words.flags_wait_many, &[("n", &number(locale, waiting))])),
    }
    told.join(" ")
}

/// What the queue missed, and the share that it found.
fn missed(tally: &Tally, locale: Locale) -> Vec<String> {
    let words = &words::of(locale).finding;
    let whole = &tally.whole;
    let Some(missed) = whole.missed else { return vec![words.missed_unknown.clone()] };
    let (read, of) = (number(locale, whole.audit.of), number(locale, missed.of.round() as usize));
    let [value, low, high] = self::whole(locale, &missed);
    let rejected = number(locale, whole.audit.count);
    let values = [
        ("read", read.as_str()),
        ("of", &of),
        ("value", &value),
        ("low", &low),
        ("high", &high),
        ("rejected", &rejected),
    ];
    let mut told = vec![match (whole.audit.count, missed.value) {
        (0, value) if value < 0.5 && missed.interval.high < 0.5 => {
            filled(&words.missed_none, &values)
        }
        (0, value) if value < 0.5 => filled(&words.missed_zero, &values),
        _ => filled(&words.missed, &values),
    }];
    if let Some(recall) = whole.recall {
        let mut sentence = match recall.interval {
            // Nothing was seen to be missed: the likeliest share is 100 %, and that is not what is known.
            Some(interval) if missed.value < 0.5 && interval.low < interval.high => {
                filled(&words.recall_zero, &[("low", &percent(locale, interval.low))])
            }
            _ => filled(&words.recall, &[("share", &span(locale, recall))]),
        };
        if tally.waiting.flagged() > 0 {
            sentence = format!("{sentence} {}", words.recall_wait);
        }
        told.push(sentence);
    }
    told
}

/// What was decided against the advice, what was taken back, and how far people and vigie agree.
fn conduct(tally: &Tally, locale: Locale) -> Vec<String> {
    let words = &words::of(locale).finding;
    let whole = &tally.whole;
    let mut told = Vec::new();
    if let Some(estimate) = whole.overturned.estimate().filter(|_| whole.overturned.rate.of > 1) {
        let n = number(locale, whole.overturned.rate.of);
        let share = span(locale, estimate);
        told.push(filled(&words.overturned, &[("n", &n), ("share", &share)]));
    }
    if whole.reversed.of > 1 {
        let (count, of) = (number(locale, whole.reversed.count), number(locale, whole.reversed.of));
        let phrase = match whole.reversed.count {
            0 => &words.reversed_none,
            1 => &words.reversed_one,
            _ => &words.reversed_many,
        };
        told.push(filled(phrase, &[("count", &count), ("n", &of)]));
    }
    if let Some(agreement) = whole.agreement {
        let share = span(locale, agreement.share);
        let mut sentence = filled(&words.agreement, &[("share", &share)]);
        if let Some(kappa) = agreement.kappa {
            let kappa = filled(&words.kappa, &[("kappa", &told_kappa(locale, kappa))]);
            sentence = format!("{sentence} {kappa}");
        }
        told.push(sentence);
    }
    told
}

/// What would make the estimate better.
pub(super) fn needs(tally: &Tally, locale: Locale) -> Vec<String> {
    let words = &words::of(locale).finding;
    let (waiting, whole) = (&tally.waiting, &tally.whole);
    let all = waiting.unflagged() + whole.unflagged.all();
    let mut told = Vec::new();
    match waiting.flagged() {
        0 => {}
        1 => told.push(words.need_flags_one.clone()),
        n => told.push(filled(&words.need_flags_many, &[("n", &number(locale, n))])),
    }
    match waiting.drawn {
        0 if all == 0 => {}
        0 => told.push(words.need_more.clone()),
        1 => told.push(words.need_draw_one.clone()),
        n => told.push(filled(&words.need_draw_many, &[("n", &number(locale, n))])),
    }
    if whole.audit.of > 0 && 4 * whole.audit.of <= all {
        let (read, four) = (number(locale, whole.audit.of), number(locale, 4 * whole.audit.of));
        told.push(filled(&words.need_four, &[("read", &read), ("four", &four)]));
    }
    if told.is_empty() {
        told.push(words.need_nothing.clone());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{Interval, Rate};
    use crate::store::{Decided, Figures, Share, Waiting};

    /// 412 flagged, of which 321 come down; 60 drawn of 3,000, of which `count` do.
    fn tally(count: usize, value: f64, low: f64, high: f64) -> Tally {
        let precision = Share {
            rate: Rate { count: 321, of: 412 },
            interval: Rate { count: 321, of: 412 }.interval(),
        };
        let recall = Interval { low: 321.0 / (321.0 + high), high: 321.0 / (321.0 + low) };
        let whole = Figures {
            flagged: Decided { approved: 91, rejected: 321 },
            unflagged: Decided { approved: 60 - count, rejected: count },
            precision,
            audit: Rate { count, of: 60 },
            missed: Some(Missed { value, interval: Interval { low, high }, of: 3000.0 }),
            recall: Some(Estimate { value: 321.0 / (321.0 + value), interval: Some(recall) }),
            ..Figures::default()
        };
        let waiting = Waiting { unflagged_open: 2940, ..Waiting::default() };
        Tally { whole, waiting, ..Tally::default() }
    }

    #[test]
    fn the_findings_are_what_a_moderator_would_say() {
        let told = findings(&tally(1, 50.0, 2.2, 268.4), Locale::Fr);
        assert_eq!(
            told,
            [
                "Sur 412 commentaires signalés et décidés, 77\u{a0}% (73\u{a0}% à 81\u{a0}%) ont été rejetés.",
                "Parmi 3\u{a0}000 commentaires non signalés, la file en aurait manqué environ 50 à rejeter (2 à 269), d’après ceux \
                 tirés au sort et relus\u{a0}: 60, dont 1 à rejeter.",
                "De tout ce qui était à rejeter, elle aurait donc signalé 86\u{a0}% (54\u{a0}% à 99\u{a0}%).",
            ]
        );
    }

    #[test]
    fn none_in_the_sample_is_told_as_what_it_may_hide() {
        let told = findings(&tally(0, 0.0, 0.0, 177.1), Locale::En);
        assert!(
            told[1].ends_with(
                "That does not rule out oversights: the queue may have missed up to 178."
            ),
            "{told:?}"
        );
        assert_eq!(
            told[2],
            "Of everything that was to be rejected, it would thus have flagged at least 64%."
        );
        let told = findings(&Tally::default(), Locale::En);
        assert_eq!(told[0], "No flagged comment is decided yet.");
        assert!(told[1].ends_with("what the queue missed is not known."), "{told:?}");
    }

    #[test]
    fn what_is_needed_is_what_waits_and_four_times_the_sample() {
        let mut tally = tally(1, 50.0, 2.2, 268.4);
        tally.waiting.flagged_open = 1;
        let told = needs(&tally, Locale::En);
        assert!(told[0].starts_with("Decide the flagged comment that waits"), "{told:?}");
        assert!(told[1].contains("vigie review --audit"), "{told:?}");
        assert!(told[2].ends_with("240 instead of 60."), "{told:?}");
        assert_eq!(needs(&Tally::default(), Locale::Fr), ["Rien n’est encore importé."]);
    }
}
