//! Draws the question, the comment, and the answers to press; nothing that would answer before the moderator does.

use maud::{Markup, PreEscaped, html};

use super::super::frame::{self, Here};
use super::super::visitor::Visitor;
use super::super::words::Label as Words;
use super::super::{card, filter, keys, outcome};
use super::Found;
use super::asked::Asked;
use super::board::Board;
use crate::report::Locale;
use crate::report::fragment::{self, filled};
use crate::store::{Card, Reason, Round};
use crate::triage::Strategy;

/// The page.
pub(super) fn page(visitor: &Visitor, found: &Found, labels: &[String]) -> Markup {
    let words = &visitor.words().label;
    let Found { asked, card, round, did, board, head } = found;
    let behind = head - board.as_ref().and_then(|board| board.seq).unwrap_or(-1);
    let taught = board.as_ref().map_or(0, |board| board.taught);
    let at = Visitor { here: asked.path(), ..visitor.clone() };
    let main = html! {
        (outcome::notice(&at, did))
        // How many answers the choice knows of, and how many decisions it has not seen yet.
        div #ask data-taught=(taught) data-behind=(behind) {
            div.over {
                h1 { (question(visitor, &asked.label)) }
                p.count { (progress(visitor, round)) }
            }
            @match card {
                Some(card) => { (ask(visitor, asked, card)) }
                None => {
                    div.empty { p { (words.nothing) } p.quiet { (words.nothing_told) } }
                }
            }
        }
        (settings(visitor, asked, labels))
        p.quiet.told { (learned(visitor, taught)) " " (capped(visitor, board.as_deref())) }
        (keys::asking(visitor))
    };
    frame::page(&at, Here::Label, &words.title, &main)
}

/// The question in one sentence.
fn question(visitor: &Visitor, label: &str) -> String {
    let words = &visitor.words().label;
    match label {
        "insult" => words.ask_insult.clone(),
        "conspiracy" => words.ask_conspiracy.clone(),
        other => filled(&words.ask, &[("label", fragment::label(visitor.locale, other))]),
    }
}

/// The comment with the answers.
fn ask(visitor: &Visitor, asked: &Asked, asks: &Card) -> Markup {
    let words = &visitor.words().label;
    let (item, kept) = (asks.item, &asks.lead);
    let bears = |reason: &&Reason| reason.label.as_deref() == Some(&asked.label);
    let reason = Reason::all().iter().find(bears).map(|reason| reason.name.as_str());
    // Both do it in both languages; told is the one that says it.
    let yes = if visitor.locale == Locale::Fr { "o" } else { "y" };
    html! {
        article.card.asked #{ "i" (item) } data-item=(item) tabindex="-1" aria-labelledby={ "a" (item) } {
            header {
                h2 #{ "a" (item) } { (card::author(visitor, &kept.comment)) }
                p.claim hidden {}
                ul.meta {
                    (card::twins(visitor, asks))
                    @if let Some(date) = &kept.comment.date {
                        li { (PreEscaped(fragment::date(visitor.locale, date))) }
                    }
                    @if let Some(page) = card::page(&kept.comment) { li.page { (page) } }
                }
            }
            div.said {
                (card::answered(visitor, asks))
                (card::bare(visitor, kept))
                div.around data-from={ "/item/" (item) } {
                    a.thread href={ "/item/" (item) } { (visitor.words().card.open) " " kbd { "e" } }
                }
            }
            form.answer method="post" action="/decide" {
                input type="hidden" name="item" value=(item);
                input type="hidden" name="seen" value=(asks.seen);
                input type="hidden" name="back" value=(asked.path());
                input type="hidden" name="asked" value=(asked.label);
                input type="hidden" name={ "label." (asked.label) } value="1";
                @if let Some(reason) = reason { input type="hidden" name="reason" value=(reason); }
                div.verdicts {
                    button.yes name="verdict" value="reject" { (words.yes) " " kbd { (yes) } }
                    button.no name="verdict" value="approve" { (words.no) " " kbd { "n" } }
                    button.later name="verdict" value="defer" { (words.skip) " " kbd { "s" } }
                }
            }
            p.quiet.meaning { (words.meaning) " " a href={ "/item/" (item) } { (words.other) } }
        }
    }
}

/// What was answered and found so far, and when the last was found. How many are left, nobody knows.
fn progress(visitor: &Visitor, round: &Round) -> String {
    let words = &visitor.words().label;
    let counted = |count: usize, none: &str, one: &str, many: &str| match count {
        0 => none.to_string(),
        1 => one.to_string(),
        n => filled(many, &[("n", &fragment::number(visitor.locale, n))]),
    };
    let answers = &round.answers;
    let found = answers.iter().filter(|yes| **yes).count();
    let Words { answered_none, answered_one, answered_many, .. } = words;
    let mut parts = vec![counted(answers.len(), answered_none, answered_one, answered_many)];
    if !answers.is_empty() {
        parts.push(counted(found, &words.found_none, &words.found_one, &words.found_many));
    }
    if found > 0 {
        let since = answers.iter().rev().take_while(|yes| !**yes).count();
        parts.push(counted(since, &words.last_just, &words.last_one, &words.last_many));
    }
    if round.skipped > 0 {
        let n = fragment::number(visitor.locale, round.skipped);
        parts.push(filled(&words.skipped, &[("n", &n)]));
    }
    parts.join(" · ")
}

/// Which label, and in which order; the round goes on.
fn settings(visitor: &Visitor, asked: &Asked, labels: &[String]) -> Markup {
    let (words, filter) = (&visitor.words().label, &visitor.words().filter);
    let names = labels.iter().map(|one| (one.as_str(), fragment::label(visitor.locale, one)));
    let orders = Strategy::ALL.map(|one| (one.name(), order(words, one)));
    html! {
        form.filters.settings method="get" action="/label" aria-label=(words.settings) {
            div.fields {
                (filter::select(&filter.label, "label", &asked.label, names))
                (filter::select(&filter.order, "strategy", asked.strategy.name(), orders.into_iter()))
                @if let Some(since) = asked.since { input type="hidden" name="since" value=(since); }
                button { (words.change) }
            }
        }
    }
}

fn order(words: &Words, strategy: Strategy) -> &str {
    match strategy {
        Strategy::Risk => &words.order_risk,
        Strategy::Uncertain => &words.order_uncertain,
        Strategy::Random => &words.order_random,
        Strategy::Mix => &words.order_mix,
    }
}

/// What the choice was made on.
fn learned(visitor: &Visitor, taught: usize) -> String {
    let words = &visitor.words().label;
    match taught {
        0 => words.unlearned.clone(),
        n => filled(&words.learned, &[("n", &fragment::number(visitor.locale, n))]),
    }
}

/// What is said where there were too many to choose from.
fn capped(visitor: &Visitor, board: Option<&Board>) -> Markup {
    let number = |n: usize| fragment::number(visitor.locale, n);
    html! {
        @if let Some(board) = board.filter(|board| board.waiting > board.held) {
            span.capped {
                (filled(&visitor.words().label.capped, &[("n", &number(board.held)), ("all", &number(board.waiting))]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::visitor::{Calm, Named, Wants};
    use crate::store::Study;

    fn visitor(locale: Locale) -> Visitor {
        Visitor {
            locale,
            calm: Calm::Off,
            name: "Camille".into(),
            named: Named::Freely,
            here: "/label".into(),
            wants: Wants::Page,
        }
    }

    #[test]
    fn it_says_when_there_were_too_many_to_choose_from() {
        let told = |held, waiting| {
            let study = Study { held, waiting, ..Study::default() };
            let board = Board::new(&study, &[], 0.5, 1);
            capped(&visitor(Locale::En), Some(&board)).into_string()
        };
        assert!(told(19_000, 100_000).contains("Chosen among 19,000 of the 100,000 comments"));
        assert_eq!((told(7, 7), told(0, 0)), (String::new(), String::new()));
    }

    #[test]
    fn progress_tells_when_the_last_one_was_found_and_guesses_nothing() {
        let told = |answers: &[bool], skipped| {
            let round = Round { answers: answers.to_vec(), skipped };
            progress(&visitor(Locale::Fr), &round)
        };
        assert_eq!(told(&[], 0), "Pas encore de réponse dans cette série");
        assert_eq!(told(&[false], 1), "1 réponse · aucun trouvé · 1 à plus tard");
        assert_eq!(told(&[true, true], 0), "2 réponses · 2 trouvés · le dernier lu en était un");
        assert_eq!(told(&[true, false], 0), "2 réponses · 1 trouvé · pas le dernier lu");
        let many = [&[true][..], &[false; 40]].concat();
        assert_eq!(told(&many, 0), "41 réponses · 1 trouvé · aucun parmi les 40 derniers");
    }
}
