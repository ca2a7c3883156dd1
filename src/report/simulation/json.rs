//! Writes a simulation as one JSON object.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::{BANDS, Band, Count, counting};
use crate::error::Result;
use crate::evaluation::Confusion;
use crate::report::{Style, excerpt, visible};
use crate::triage::{Example, Flags, Nearest, Side, Simulation, Spread};

/// `plan` and `against` hold the thresholds, the flags (`total` with comments without a day, the rest over the days)
/// and what is missed, `promised` being what the model's folds say of the threshold; `days` holds the flags of the plan
/// day by day; `gained` and `lost` hold examples. What was not known is null.
pub(super) fn write(
    simulation: &Simulation,
    seconds: f64,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    let labels = counting(simulation);
    let plan = &simulation.plan;
    let days: Vec<Value> = plan
        .days
        .iter()
        .map(|(day, flags)| {
            let mut told = flags_of(flags, plan, &labels);
            told.insert("day".into(), json!(day.to_string()));
            told.insert("minutes".into(), json!(minutes(flags.flagged.all(), seconds)));
            Value::Object(told)
        })
        .collect();
    let report = json!({
        "model": style.model,
        "seconds": seconds,
        "read": plan.total().read,
        "plan": side(plan, &labels, seconds),
        "against": side(&simulation.against, &labels, seconds),
        "days": days,
        "undated": flags_of(&plan.undated, plan, &labels),
        "gained": nearest(&simulation.gained, plan),
        "lost": nearest(&simulation.lost, plan),
    });
    writeln!(out, "{}", visible::ascii_unseen(&format!("{report:#}")))?;
    Ok(())
}

fn side(side: &Side, labels: &[usize], seconds: f64) -> Value {
    let total = side.total();
    let of = |label: Option<usize>| -> Map<String, Value> {
        let told = BANDS.map(|band| {
            let count = Count { label, band };
            let spread = side.spread(|day| count.of(day));
            (name(band).to_string(), spread_of(count.of(&total), spread))
        });
        told.into_iter().collect()
    };
    let by_label = labels.iter().map(|&label| {
        let (bands, missed) = (side.adviser.bands(label), &side.missed[label]);
        let promised = side.promises[label].map(|promise| {
            json!({ "precision": rounded(promise.precision), "recall": rounded(promise.recall) })
        });
        json!({
            "label": side.adviser.labels()[label],
            "review": bands.review.value(),
            "reject": bands.reject.value(),
            "promised": promised,
            "flagged": of(Some(label)),
            "labelled": known(&missed.labelled),
            "unlabelled_below": missed.unlabelled,
            "missed_estimate": rounded(missed.estimate),
        })
    });
    json!({
        "flagged": of(None),
        "minutes": rounded(minutes(total.flagged.all(), seconds)),
        "moderated": known(&side.moderated),
        "labels": by_label.collect::<Vec<_>>(),
    })
}

fn flags_of(flags: &Flags, side: &Side, labels: &[usize]) -> Map<String, Value> {
    let of =
        |label| BANDS.map(|band| (name(band).to_string(), json!(Count { label, band }.of(flags))));
    let mut told = Map::from_iter([("read".to_string(), json!(flags.read))]);
    told.insert("flagged".into(), Value::Object(Map::from_iter(of(None))));
    let by_label = labels.iter().map(|&label| {
        let counts = Value::Object(Map::from_iter(of(Some(label))));
        (side.adviser.labels()[label].clone(), counts)
    });
    told.insert("labels".into(), Value::Object(by_label.collect()));
    told
}

fn spread_of(total: u64, spread: Option<Spread>) -> Value {
    let spread = spread.map(|Spread { least, median, mean, most, .. }| {
        json!({ "min": least, "median": median, "mean": rounded(mean), "max": most })
    });
    json!({ "total": total, "per_day": spread })
}

/// Null where nothing is known.
fn known(confusion: &Confusion) -> Value {
    if *confusion == Confusion::default() {
        return Value::Null;
    }
    let Confusion { caught, disturbed, missed, passed } = confusion;
    let whole = |count: &f64| *count as u64;
    json!({
        "caught": whole(caught),
        "disturbed": whole(disturbed),
        "missed": whole(missed),
        "passed": whole(passed),
    })
}

fn nearest(nearest: &Nearest, side: &Side) -> Value {
    let labels = side.adviser.labels();
    let example = |one: &Example| {
        let golds = labels.iter().zip(&one.gold);
        let gold: Map<String, Value> =
            golds.map(|(label, gold)| (label.clone(), json!(gold.map(u8::from)))).collect();
        json!({
            "label": labels[one.label],
            "probability": one.scores.probabilities[one.label].value(),
            "id": one.comment.id,
            "page": one.comment.page,
            "author": one.comment.author,
            "date": one.comment.date,
            "status": one.comment.status,
            "gold": gold,
            "text": excerpt::first(&one.comment.text, excerpt::QUOTED),
        })
    };
    let examples: Vec<Value> = nearest.examples.iter().map(example).collect();
    json!({ "comments": nearest.comments, "examples": examples })
}

fn name(band: Band) -> &'static str {
    match band {
        Band::All => "all",
        Band::Review => "review",
        Band::Reject => "reject",
    }
}

fn minutes(comments: u64, seconds: f64) -> f64 {
    comments as f64 * seconds / 60.0
}

/// Four digits: sums of fractions say no more.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
