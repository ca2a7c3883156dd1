//! Counts decisions for reports to the public, in the words of Regulation (EU) 2022/2065.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use serde_json::{Value, json};

use super::moment;
use super::rows::{Rows, Sheet};
use crate::error::Result;
use crate::store::{Reason, Store, Verdict};
use crate::triage::Advice;

/// Decisions of one month with one verdict and one reason: what article 15(1)(c) and (e) of Regulation (EU) 2022/2065 asks
/// to be counted, categorised as in the statements of reasons of article 17.
///
/// A decision is `taken_back` where it was undone, `revised` where another one on the same comment stands in its place;
/// otherwise it stands. What was put off, and notes, are no decisions to report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// `YYYY-MM` in UTC.
    pub month: String,
    /// `approve` or `reject`.
    pub verdict: String,
    /// The reason's name in the log; empty where none was given.
    pub reason: String,
    /// Decisions made, all of them by people.
    pub decisions: u64,
    /// Those made together with others, in one act.
    pub in_bulk: u64,
    /// Those on comments that the model brought up: its advice was to review or to reject.
    pub detected: u64,
    /// Those as the model advised.
    pub advice_followed: u64,
    /// Those against its advice.
    pub advice_not_followed: u64,
    /// Those where it advised to review: it left them open.
    pub advice_open: u64,
    /// Those without advice.
    pub without_advice: u64,
    /// Those taken back since.
    pub taken_back: u64,
    /// Those replaced by another decision since.
    pub revised: u64,
}

/// The columns of a count.
const COLUMNS: [&str; 18] = [
    "month",
    "verdict",
    "reason",
    "decision_ground",
    "category",
    "category_specification",
    "decision_visibility",
    "automated_decision",
    "decisions",
    "in_bulk",
    "automated_detection",
    "advice_followed",
    "advice_not_followed",
    "advice_open",
    "without_advice",
    "taken_back",
    "revised",
    "standing",
];

/// Counts the decisions of a database by month, verdict and reason, in this order.
///
/// # Errors
/// When the database cannot be read.
pub fn counts(store: &Store) -> Result<Vec<Count>> {
    let mut acts: HashMap<i64, u64> = HashMap::new();
    let mut last: HashMap<i64, i64> = HashMap::new();
    store.each_record(|record| {
        *acts.entry(record.decision.act).or_default() += 1;
        let settles = matches!(record.decision.verdict, Verdict::Approve | Verdict::Reject);
        if !record.undone && settles {
            last.insert(record.decision.comment, record.decision.seq);
        }
        Ok(())
    })?;
    let mut counts: BTreeMap<(String, &str, String), Count> = BTreeMap::new();
    store.each_record(|record| {
        let decision = record.decision;
        let verdict = match decision.verdict {
            Verdict::Approve | Verdict::Reject => decision.verdict.name(),
            Verdict::Defer | Verdict::Note | Verdict::Undo => return Ok(()),
        };
        let key = (moment::month(decision.made), verdict, decision.reason);
        let count = counts.entry(key).or_default();
        count.decisions += 1;
        count.in_bulk += u64::from(acts.get(&decision.act).is_some_and(|&made| made > 1));
        let advice = [Advice::Approve, Advice::Review, Advice::Reject]
            .into_iter()
            .find(|advice| advice.name() == decision.advice);
        count.detected += u64::from(advice.is_some_and(|advice| advice > Advice::Approve));
        *match advice {
            None => &mut count.without_advice,
            Some(Advice::Review) => &mut count.advice_open,
            Some(advice) if advice.name() == verdict => &mut count.advice_followed,
            Some(_) => &mut count.advice_not_followed,
        } += 1;
        if record.undone {
            count.taken_back += 1;
        } else if last.get(&decision.comment) != Some(&decision.seq) {
            count.revised += 1;
        }
        Ok(())
    })?;
    let named = counts.into_iter().map(|((month, verdict, reason), count)| {
        let verdict = verdict.to_string();
        Count { month, verdict, reason, ..count }
    });
    Ok(named.collect())
}

pub(super) fn write(store: &Store, rows: Rows, out: &mut dyn Write) -> Result<u64> {
    let mut sheet = Sheet::new(rows, COLUMNS.map(str::to_string).into(), out)?;
    for count in counts(store)? {
        sheet.row(values(&count))?;
    }
    sheet.finish()
}

fn values(count: &Count) -> Vec<Value> {
    let reject = count.verdict == Verdict::Reject.name();
    let reason = Reason::named(&count.reason).filter(|_| reject);
    let visibility = reject.then_some("DECISION_VISIBILITY_CONTENT_REMOVED");
    let named = Some(&count.reason).filter(|reason| !reason.is_empty());
    vec![
        json!(count.month),
        json!(count.verdict),
        json!(named),
        json!(reason.map(|reason| reason.ground.name())),
        json!(reason.map(|reason| &reason.category)),
        json!(reason.map(|reason| &reason.keyword)),
        json!(visibility),
        // vigie advises; people decide.
        json!("AUTOMATED_DECISION_NOT_AUTOMATED"),
        json!(count.decisions),
        json!(count.in_bulk),
        json!(count.detected),
        json!(count.advice_followed),
        json!(count.advice_not_followed),
        json!(count.advice_open),
        json!(count.without_advice),
        json!(count.taken_back),
        json!(count.revised),
        json!(count.decisions - count.taken_back - count.revised),
    ]
}
