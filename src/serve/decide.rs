//! Takes decisions and takes them back, from forms as from the script.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{PreEscaped, html};
use serde_json::json;

use super::frame::{self, Here};
use super::visitor::{Visitor, Wants, place};
use super::{Desk, address, answer, moment, outcome};
use crate::error::Result;
use crate::report::fragment::{self, filled, shown};
use crate::store::{Decision, Outcome, Reason, Ruling, Target, To, Verdict, now};

/// The most characters of a note.
const NOTE: usize = 4_000;

/// The fields of a form.
pub(super) struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The value of a field; empty is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// The number in a field.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// Where to go back to.
    pub fn back(&self) -> &str {
        place(self.get("back").unwrap_or_default())
    }

    /// What the moderator says of comments that a model with these labels advised on; none where it is no verdict.
    ///
    /// Rejecting says of every label whether it holds: the boxes ticked do. Approving says that none does. Putting off
    /// says nothing. Who was asked about one label alone says nothing of the others.
    pub fn ruling(&self, labels: &[String], moderator: &str) -> Option<Ruling> {
        let verdict = Verdict::named(self.get("verdict")?).filter(|one| *one != Verdict::Undo)?;
        let reason = self.get("reason").unwrap_or_default();
        let rejects = verdict == Verdict::Reject;
        if rejects && !reason.is_empty() && Reason::named(reason).is_none() {
            return None;
        }
        let asked = self.get("asked");
        if asked.is_some_and(|asked| labels.iter().all(|label| label != asked)) {
            return None;
        }
        let ticked = |label: &String| self.get(&format!("label.{label}")) == Some("1");
        let said = |label: &String| (label.clone(), rejects && ticked(label));
        let note = self.get("note").map(|note| note.chars().take(NOTE).collect::<String>());
        if verdict == Verdict::Note && note.is_none() {
            return None;
        }
        Some(Ruling {
            verdict,
            reason: if rejects { reason.to_string() } else { String::new() },
            labels: match verdict {
                Verdict::Approve | Verdict::Reject => {
                    let labels =
                        labels.iter().filter(|one| asked.is_none_or(|asked| asked == *one));
                    labels.map(said).collect()
                }
                _ => BTreeMap::new(),
            },
            note,
            moderator: moderator.to_string(),
            made: now(),
        })
    }
}

/// Takes a decision on an item or a comment.
pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let to = match (fields.number("item"), fields.number("comment")) {
        (Some(item), _) => To::Item(item),
        (None, Some(comment)) => To::Comment(comment),
        (None, None) => return answer::bad(&visitor),
    };
    let ruling = fields.ruling(&desk.labels(), &visitor.name);
    let (Some(ruling), Some(seen)) = (ruling, fields.number("seen")) else {
        return answer::bad(&visitor);
    };
    let target = Target { to, seen };
    let made = desk.ask(move |desk| desk.store.decide(&target, &ruling)).await;
    done(&desk, &visitor, &fields, made).await
}

/// Takes an act back: the one named, or the moderator's last.
pub(super) async fn undo(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let (act, name) = (fields.number("act"), visitor.name.clone());
    let undone = desk
        .ask(move |desk| {
            let act = match act {
                Some(act) => Some(act),
                None => desk.store.last_act(&name)?,
            };
            match act {
                Some(act) => desk.store.undo(act, &name, now()),
                None => Ok(Outcome::Nothing),
            }
        })
        .await;
    done(&desk, &visitor, &fields, undone).await
}

/// Tells what came of a decision, and goes back to where it was made.
pub(super) async fn done(
    desk: &Arc<Desk>,
    visitor: &Visitor,
    fields: &Fields,
    made: Result<Outcome>,
) -> Response {
    let (act, comments, left) = match made {
        Ok(Outcome::Made { act, comments, left }) => (act, comments, left),
        Ok(Outcome::Overtaken(by)) => return overtaken(visitor, fields, &by),
        Ok(Outcome::Nothing) => return answer::missing(visitor),
        Err(error) => return answer::failed(visitor, &error),
    };
    if visitor.wants == Wants::Page {
        return Redirect::to(&address::did(fields.back(), act)).into_response();
    }
    match desk.ask(move |desk| desk.store.act(act)).await {
        Ok(decisions) => {
            let told = outcome::told(visitor, &decisions);
            let value = json!({ "act": act, "comments": comments, "left": left, "told": told });
            answer::json(StatusCode::OK, &value)
        }
        Err(error) => answer::failed(visitor, &error),
    }
}

/// Somebody else was faster: their decision stands, and is shown.
fn overtaken(visitor: &Visitor, fields: &Fields, by: &Decision) -> Response {
    let words = visitor.words();
    let verdict = outcome::verdict(visitor, by);
    let name = fragment::plain(&by.moderator);
    let values = [("name", name.as_str()), ("verdict", verdict.as_str())];
    if visitor.wants == Wants::Json {
        let told = filled(&words.live.taken, &values);
        let taken = json!({ "name": name, "verdict": by.verdict.name() });
        let value = json!({ "taken": taken, "told": told });
        return answer::json(StatusCode::CONFLICT, &value);
    }
    let theirs = filled(&words.conflict.theirs, &values);
    let main = html! {
        div.message {
            h1 { (words.conflict.title) }
            p { (words.conflict.told) }
            p.theirs {
                (PreEscaped(shown(&theirs))) " · "
                (PreEscaped(moment::told(visitor.locale, by.made)))
            }
            p { (words.conflict.kept) }
            p {
                a.button.main href=(fields.back()) { (words.conflict.back) } " "
                @if let Some(item) = fields.number("item") {
                    a.button href={ "/item/" (item) } { (words.conflict.anew) }
                }
            }
        }
    };
    let page = frame::page(visitor, Here::Beside, &words.conflict.title, &main);
    (StatusCode::CONFLICT, page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruling(fields: &[(&str, &str)]) -> Option<Ruling> {
        let fields = fields.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let labels = ["insult".to_string(), "conspiracy".to_string()];
        Fields(fields.collect()).ruling(&labels, "Camille")
    }

    #[test]
    fn a_verdict_says_what_it_means_for_every_label() {
        let labels = |ruling: Ruling| ruling.labels.into_values().collect::<Vec<_>>();
        let ticked = ("label.insult", "1");
        let rejected = ruling(&[("verdict", "reject"), ("reason", "insult"), ticked]).unwrap();
        assert_eq!(rejected.reason, "insult");
        assert_eq!(labels(rejected), [false, true]);
        let approved = ruling(&[("verdict", "approve"), ("reason", "insult"), ticked]).unwrap();
        assert_eq!(approved.reason, "");
        assert_eq!(labels(approved), [false, false]);
        assert_eq!(labels(ruling(&[("verdict", "defer"), ticked]).unwrap()), [false; 0]);
        let asked = ("asked", "insult");
        let of_one = |verdict| ruling(&[("verdict", verdict), asked, ticked]).unwrap().labels;
        assert_eq!(of_one("reject"), BTreeMap::from([("insult".to_string(), true)]));
        assert_eq!(of_one("approve"), BTreeMap::from([("insult".to_string(), false)]));
    }

    #[test]
    fn what_is_no_verdict_is_refused() {
        for fields in [
            &[("verdict", "undo")][..],
            &[("verdict", "x")],
            &[],
            &[("verdict", "note"), ("note", "  ")],
            &[("verdict", "reject"), ("reason", "<script>")],
            &[("verdict", "approve"), ("asked", "joke")],
        ] {
            assert_eq!(ruling(fields), None, "{fields:?}");
        }
    }
}
