//! Draws the form of a decision. It works as it stands; the script only presses its buttons.

use maud::{Markup, html};

use super::address;
use super::visitor::Visitor;
use super::words;
use crate::report::fragment;
use crate::store::{Card, Reason};

/// The most labels that have a key.
const KEYS: usize = 9;

/// The form that decides on an item.
pub(super) fn decision(
    visitor: &Visitor,
    card: &Card,
    flagged: &[String],
    labels: &[String],
) -> Markup {
    let words = &visitor.words().decide;
    let item = card.item;
    html! {
        form.decide method="post" action="/decide" {
            input type="hidden" name="item" value=(item);
            input type="hidden" name="seen" value=(card.seen);
            input type="hidden" name="back" value=(address::undone(&visitor.here));
            div.verdicts {
                button.approve name="verdict" value="approve" { (words.approve) " " kbd { "a" } }
                button.reject name="verdict" value="reject" { (words.reject) " " kbd { "r" } }
                button.defer name="verdict" value="defer" { (words.defer) " " kbd { "d" } }
            }
            (grounds(visitor, &item.to_string(), flagged, labels))
            details.note {
                summary { (words.note) " " kbd { "n" } }
                label.unheard for={ "n" (item) } { (words.note) }
                textarea #{ "n" (item) } name="note" rows="2" maxlength="4000" {}
                button name="verdict" value="note" { (words.note_only) }
            }
        }
    }
}

/// Why a comment is rejected: the reason and the labels. `name` keeps the fields of several forms apart.
pub(super) fn grounds(
    visitor: &Visitor,
    name: &str,
    flagged: &[String],
    labels: &[String],
) -> Markup {
    let words = visitor.words();
    let says =
        |reason: &&Reason| reason.label.as_ref().is_some_and(|label| flagged.contains(label));
    let likely = Reason::all().iter().find(says);
    html! {
        div.grounds {
            div.reason {
                label.unheard for={ "r" (name) } { (words.decide.reason) }
                select #{ "r" (name) } name="reason" {
                    option value="" { (words.decide.reason_any) }
                    @for reason in Reason::all() {
                        option value=(reason.name) selected[likely == Some(reason)] {
                            (words::called(visitor.locale, reason))
                        }
                    }
                }
            }
            fieldset.labels {
                legend { (words.decide.labels) }
                @for (index, label) in labels.iter().enumerate() {
                    label {
                        input type="checkbox" name={ "label." (label) } value="1" checked[flagged.contains(label)];
                        span { (fragment::label(visitor.locale, label)) }
                        @if index < KEYS { " " kbd { (index + 1) } }
                    }
                }
            }
        }
    }
}
