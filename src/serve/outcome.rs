//! Tells what a moderator did, what vigie had advised, and whether the comment was drawn for the audit: only afterwards,
//! so that neither score nor lot leads anybody.

use maud::{Markup, PreEscaped, html};

use super::address;
use super::visitor::Visitor;
use super::words;
use crate::model::Probability;
use crate::report::fragment::{self, filled, shown};
use crate::store::{Decision, Verdict};

/// What an act came to, in one line of text.
pub(super) fn told(visitor: &Visitor, decisions: &[Decision]) -> String {
    let Some(first) = decisions.first() else { return String::new() };
    let words = &visitor.words().decide;
    let done = match first.verdict {
        Verdict::Approve => &words.done_approve,
        Verdict::Reject => &words.done_reject,
        Verdict::Defer => &words.done_defer,
        Verdict::Note => &words.done_note,
        Verdict::Undo => &words.done_undo,
    };
    let number = fragment::number(visitor.locale, decisions.len());
    if first.verdict == Verdict::Undo && decisions.len() > 1 {
        return filled(&words.undone_many, &[("n", &number)]);
    }
    let mut parts = vec![done.clone()];
    if decisions.len() > 1 {
        parts.push(filled(&words.told_many, &[("n", &number)]));
    } else if matches!(first.verdict, Verdict::Approve | Verdict::Reject) {
        parts.extend(advised(visitor, first));
    }
    parts.join(" · ")
}

/// What vigie had said: the advice, the scores, and whether the lot chose the comment.
fn advised(visitor: &Visitor, decision: &Decision) -> Vec<String> {
    let words = visitor.words();
    let advice = match decision.advice.as_str() {
        "reject" => &words.advice.reject,
        "review" => &words.advice.review,
        _ => &words.advice.approve,
    };
    let mut parts = vec![filled(&words.decide.told_advice, &[("advice", advice)])];
    let mut scores: Vec<_> = decision.scores.iter().collect();
    scores.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    for (label, score) in scores {
        let label = fragment::label(visitor.locale, label);
        let percent = fragment::percent(visitor.locale, Probability::new(*score));
        parts.push(filled(&words.decide.told_score, &[("label", label), ("percent", &percent)]));
    }
    if decision.sample.is_some() {
        parts.push(words.decide.told_sample.clone());
    }
    parts
}

/// What a verdict is called, with its reason.
pub(super) fn verdict(visitor: &Visitor, decision: &Decision) -> String {
    let words = visitor.words();
    let called = match decision.verdict {
        Verdict::Approve => &words.state.approved,
        Verdict::Reject => &words.state.rejected,
        Verdict::Defer => &words.state.deferred,
        Verdict::Note => &words.decide.note,
        Verdict::Undo => &words.decide.undo,
    };
    match decision.reason.as_str() {
        "" => called.clone(),
        reason => format!("{called} ({})", words::reason(visitor.locale, reason)),
    }
}

/// On which model's advice something was decided, and the note beside it.
pub(super) fn basis(visitor: &Visitor, decision: &Decision) -> String {
    let model = filled(&visitor.words().item.model, &[("model", &decision.model)]);
    let mut parts = advised(visitor, decision);
    parts.push(model);
    parts.join(" · ")
}

/// The notice of what was just done, with the way to take it back.
pub(super) fn notice(visitor: &Visitor, decisions: &[Decision]) -> Markup {
    let told = told(visitor, decisions);
    let Some(first) = decisions.first() else { return html! {} };
    html! {
        div.notice role="status" {
            p { (PreEscaped(shown(&told))) }
            @if first.verdict != Verdict::Undo {
                form method="post" action="/undo" {
                    input type="hidden" name="act" value=(first.act);
                    input type="hidden" name="back" value=(address::undone(&visitor.here));
                    button { (visitor.words().decide.undo) " " kbd { "u" } }
                }
            }
        }
    }
}
