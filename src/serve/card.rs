//! Draws one item of the queue: what was said, in answer to what, by whom, and why it is here; then the decision.

use maud::{Markup, PreEscaped, html};

use super::visitor::{Calm, Visitor};
use super::{Desk, address, form};
use crate::comment::Comment;
use crate::model::Scratch;
use crate::report::fragment::{self, filled, shown};
use crate::report::{Sentence, sentences};
use crate::scorer::{Confidence, Evidence};
use crate::store::{Band, Card, Kept, Scope, State, View};

/// Word lists whose entries are covered in calm mode.
const HARSH: [&str; 6] = ["ableist", "group_contempt", "insult_severe", "slur", "threat", "vulgar"];
/// A quoted comment with more characters than this is folded.
const FOLDED: usize = 280;
/// Characters shown of a page's name.
const PAGE: usize = 90;

/// A card with everything that is drawn of it.
pub(super) struct Drawn {
    pub card: Card,
    /// Why the comment is here.
    pub told: Vec<Sentence>,
    /// The labels that it seems to bear, to be confirmed or corrected.
    pub flagged: Vec<String>,
    /// Who else looks at it.
    pub other: Option<String>,
}

impl Drawn {
    /// Reads what is drawn of a card for this visitor.
    pub fn of(card: Card, desk: &Desk, visitor: &Visitor, scratch: &mut Scratch) -> Drawn {
        let judge = desk.judge();
        let comment = &card.lead.comment;
        let reasons = judge.reasons(comment, scratch);
        let adviser = judge.adviser();
        let flagged = adviser.flagged(&card.lead.scores);
        Drawn {
            told: sentences(visitor.locale, &comment.text, &reasons),
            flagged: flagged.into_iter().map(|label| adviser.labels()[label].clone()).collect(),
            other: desk.claims.other(card.item, &visitor.name),
            card,
        }
    }
}

/// Where a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// In the queue, with a way to its thread.
    InQueue,
    /// On its own page, in its thread.
    Alone,
}

/// The card.
pub(super) fn draw(visitor: &Visitor, drawn: &Drawn, labels: &[String], stand: Stand) -> Markup {
    let words = &visitor.words().card;
    let Drawn { card, told, flagged, other } = drawn;
    let (item, kept) = (card.item, &card.lead);
    let comment = &kept.comment;
    html! {
        article.card #{ "i" (item) } data-item=(item) tabindex="-1" aria-labelledby={ "a" (item) } {
            header {
                h2 #{ "a" (item) } { (author(visitor, comment)) }
                (history(visitor, card))
                p.claim hidden[other.is_none()] {
                    @if let Some(name) = other {
                        (PreEscaped(shown(&filled(&words.looked_at, &[("name", name)]))))
                    }
                }
                (meta(visitor, card, stand))
            }
            div.said {
                @if stand == Stand::InQueue { (answered(visitor, card)) }
                (text(visitor, kept, told))
                @if stand == Stand::InQueue {
                    div.around data-from={ "/item/" (item) } {
                        a.thread href={ "/item/" (item) } { (words.open) }
                    }
                }
            }
            div.why {
                h3 { (words.why) }
                @if told.is_empty() { p { (words.reasonless) } }
                @else {
                    ol { @for one in told { li { (reason(one)) } } }
                }
            }
            @let waits = matches!(kept.state, State::Open | State::Deferred);
            @if waits {
                (form::decision(visitor, card, flagged, labels))
            } @else if kept.state == State::Out {
                p.decided { (state(visitor, kept.state)) }
            } @else {
                details.decided {
                    summary {
                        (filled(&visitor.words().decide.decided, &[("state", state(visitor, kept.state))]))
                        " · " span { (visitor.words().decide.again) }
                    }
                    (form::decision(visitor, card, flagged, labels))
                }
            }
        }
    }
}

/// A reason; its quotations apart, which are covered with the text that they come from.
fn reason(told: &Sentence) -> Markup {
    let (what, quotes) = match told.text.strip_prefix(&told.what) {
        Some(quotes) => (told.what.as_str(), quotes),
        None => ("", told.text.as_str()),
    };
    html! { (PreEscaped(shown(what))) span.quotes { (PreEscaped(shown(quotes))) } }
}

/// What a state is called.
pub(super) fn state(visitor: &Visitor, state: State) -> &'static str {
    let words = &visitor.words().state;
    match state {
        State::Open => &words.open,
        State::Deferred => &words.deferred,
        State::Approved => &words.approved,
        State::Rejected => &words.rejected,
        State::Out => &words.out,
    }
}

/// Who wrote it.
pub(super) fn author(visitor: &Visitor, comment: &Comment) -> Markup {
    let name = comment.author.as_deref().map(str::trim).filter(|name| !name.is_empty());
    html! {
        @match name {
            Some(name) => { bdi.author { (PreEscaped(shown(name))) } }
            None => { i.author { (visitor.words().card.nameless) } }
        }
    }
}

/// The view of everything that an author wrote.
pub(super) fn by(author: &str) -> View {
    View { author: Some(author.to_string()), ..everything() }
}

/// The view of all comments, decided or not.
fn everything() -> View {
    View { state: Scope::All, band: Band::All, ..View::default() }
}

/// What is known of the author here, as a link to all of it.
fn history(visitor: &Visitor, card: &Card) -> Markup {
    let words = &visitor.words().card;
    let (Some(history), Some(author)) = (card.history, card.lead.comment.author.as_deref()) else {
        return html! {};
    };
    let number = |count: u64| fragment::number(visitor.locale, count as usize);
    let mut told = match history.comments {
        0 | 1 if history.rejected == 0 => words.history_first.clone(),
        0 | 1 => words.history_one.clone(),
        many => filled(&words.history_many, &[("n", &number(many))]),
    };
    match history.rejected {
        0 => {}
        1 => told = format!("{told}, {}", words.history_rejected),
        many => {
            let rejected = filled(&words.history_rejected_many, &[("n", &number(many))]);
            told = format!("{told}, {rejected}");
        }
    }
    html! { p.history { a href=(address::of(&by(author))) { (told) } } }
}

/// When, on which page, in which language, and how many say nearly the same.
fn meta(visitor: &Visitor, card: &Card, stand: Stand) -> Markup {
    let words = &visitor.words().card;
    let kept = &card.lead;
    let comment = &kept.comment;
    let code = kept.scores.language.code();
    html! {
        ul.meta {
            @if stand == Stand::InQueue { (twins(visitor, card)) }
            @if let Some(date) = &comment.date {
                li { (PreEscaped(fragment::date(visitor.locale, date))) }
            }
            @if let Some(page) = page(comment) {
                @let all = View { page: Some(comment.page.clone()), ..everything() };
                li.page { (page) }
                li { a href=(address::of(&all)) { (words.of_page) } }
            }
            @if code != visitor.locale.code() && code != "und" {
                li { (visitor.words().language(code)) }
            }
            @if kept.scores.confidence == Confidence::Low { li.low { (words.low) } }
        }
    }
}

/// How many say nearly the same: what is decided is decided of them all.
pub(super) fn twins(visitor: &Visitor, card: &Card) -> Markup {
    let words = &visitor.words().card;
    let n = fragment::number(visitor.locale, (card.counts.members as usize).saturating_sub(1));
    html! {
        @match card.counts.members {
            0 | 1 => {}
            members => {
                @let told = if members == 2 { words.twin.clone() } else { filled(&words.twins, &[("n", &n)]) };
                li.fold { a href={ "/item/" (card.item) "#members" } { (told) } }
            }
        }
    }
}

/// The page commented on: by its title where it has one, a link where a browser may follow it.
pub(super) fn page(comment: &Comment) -> Option<Markup> {
    let title = comment.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let bare = comment.page.split_once("://").map_or(comment.page.as_str(), |(_, rest)| rest);
    let told = PreEscaped(fragment::opening(title.unwrap_or(bare), PAGE));
    match fragment::address(&comment.page) {
        Some(address) => Some(html! {
            a href=(address) rel="noreferrer noopener" target="_blank" { bdi { (told) } }
        }),
        None if title.unwrap_or(bare).is_empty() => None,
        None => Some(html! { bdi { (told) } }),
    }
}

/// The comment answered.
pub(super) fn answered(visitor: &Visitor, card: &Card) -> Markup {
    let words = &visitor.words().card;
    match (&card.parent, &card.lead.comment.parent) {
        (Some(parent), _) => {
            let name = author(visitor, parent).into_string();
            let caption = filled(&words.reply, &[("author", &name)]);
            html! {
                figure.answered {
                    figcaption { (PreEscaped(caption)) }
                    blockquote dir="auto" { (quoted(visitor, &parent.text)) }
                }
            }
        }
        (None, Some(_)) => html! { p.adrift { (words.orphan) } },
        (None, None) => html! {},
    }
}

/// A text beside the one to decide on: its beginning, and the rest behind a click.
pub(super) fn quoted(visitor: &Visitor, text: &str) -> Markup {
    let words = &visitor.words().card;
    let text = text.trim();
    html! {
        @if text.is_empty() { i { (words.empty) } }
        @else if text.chars().count() > FOLDED {
            details {
                summary {
                    span.start { (PreEscaped(fragment::opening(text, FOLDED * 2 / 3))) " " }
                    span.whole { (words.whole) }
                    span.folding { (words.fold) }
                }
                (PreEscaped(shown(text)))
            }
        } @else { (PreEscaped(shown(text))) }
    }
}

/// The text with its evidence marked; covered where it is harsh and the visitor wants calm.
fn text(visitor: &Visitor, kept: &Kept, told: &[Sentence]) -> Markup {
    let body = written(visitor, kept, told);
    let mut harsh: Vec<&str> =
        told.iter().filter(|one| is_harsh(one)).map(|one| one.what.as_str()).collect();
    harsh.dedup();
    if harsh.is_empty() { body } else { veiled(visitor, &harsh, &body) }
}

/// The text as it stands: nothing marked, nothing said of it. In calm mode all of it is covered, or the cover would tell.
pub(super) fn bare(visitor: &Visitor, kept: &Kept) -> Markup {
    veiled(visitor, &[], &written(visitor, kept, &[]))
}

fn written(visitor: &Visitor, kept: &Kept, told: &[Sentence]) -> Markup {
    let text = &kept.comment.text;
    html! {
        @if text.trim().is_empty() { p.text.nothing { (visitor.words().card.empty) } }
        @else {
            p.text dir="auto" lang=(kept.scores.language.code()) {
                (PreEscaped(fragment::marked(text, told)))
            }
        }
    }
}

/// A text that can be covered. The script opens and covers the same element when calm mode is switched by key.
fn veiled(visitor: &Visitor, why: &[&str], body: &Markup) -> Markup {
    let words = &visitor.words().card;
    html! {
        details.veil open[visitor.calm == Calm::Off] {
            summary {
                (words.covered) " · "
                @if !why.is_empty() { (why.join(", ")) " · " }
                span { (words.uncover) }
            }
            (body)
        }
    }
}

fn is_harsh(told: &Sentence) -> bool {
    matches!(&told.evidence, Evidence::Lexicon(name) if HARSH.contains(&name.as_str()))
}
