//! Draws the filters of the queue. They are a form that asks for another address, so that a link is a view.

use maud::{Markup, PreEscaped, html};

use super::address;
use super::visitor::Visitor;
use super::words::Words;
use crate::report::fragment::{self, filled, shown};
use crate::store::{Band, Order, Scope, View};
use crate::text::Language;

/// The form, with what filters now as tags that take it away.
pub(super) fn form(visitor: &Visitor, view: &View, labels: &[String]) -> Markup {
    let words = visitor.words();
    let filter = &words.filter;
    let any = || [("", filter.any.as_str())].into_iter();
    let told = |value: &Option<String>| value.clone().unwrap_or_default();
    let states = Scope::ALL.iter().map(|one| (one.name(), scope(words, *one)));
    let bands = Band::ALL.iter().map(|one| (one.name(), band(words, *one)));
    let orders = Order::ALL.iter().map(|one| (one.name(), order(words, *one)));
    let names = labels.iter().map(|one| (one.as_str(), fragment::label(visitor.locale, one)));
    let codes = Language::LISTED.iter().chain(&[Language::Unknown]);
    let codes = codes.map(|one| (one.code(), words.language(one.code())));
    html! {
        form.filters method="get" action="/" role="search" aria-label=(filter.title) {
            div.search {
                label.unheard for="text" { (filter.search) }
                input #text type="search" name="text" value=[view.text.as_deref()] placeholder=(filter.search)
                    autocomplete="off" spellcheck="false";
                button { (filter.apply) }
            }
            details {
                summary { (filter.title) }
                div.fields {
                    (select(&filter.state, "state", view.state.name(), states))
                    (select(&filter.band, "band", view.band.name(), bands))
                    (select(&filter.label, "label", &told(&view.label), any().chain(names)))
                    (select(&filter.language, "language", &told(&view.language), any().chain(codes)))
                    (select(&filter.order, "order", view.order.name(), orders))
                    (field(&filter.author, "author", "text", view.author.as_deref()))
                    (field(&filter.page, "page", "text", view.page.as_deref()))
                    (field(&filter.from, "from", "date", view.from.as_deref()))
                    (field(&filter.to, "to", "date", view.to.as_deref()))
                }
            }
        }
        (tags(visitor, view))
    }
}

/// What filters now, each with a way to take it away.
pub(super) fn tags(visitor: &Visitor, view: &View) -> Markup {
    let tags = active(visitor, view);
    let filter = &visitor.words().filter;
    html! {
        @if !tags.is_empty() {
            ul.tags {
                @for (told, without) in &tags {
                    li {
                        a href=(address::of(without)) aria-label=(filled(&filter.without, &[("what", told)])) {
                            span { (PreEscaped(shown(told))) } span aria-hidden="true" { " ×" }
                        }
                    }
                }
                @if tags.len() > 1 { li { a.clear href="/" { (filter.clear) } } }
            }
        }
    }
}

/// What filters, in words, with the view that lacks it.
pub(super) fn active(visitor: &Visitor, view: &View) -> Vec<(String, View)> {
    let words = visitor.words();
    let filter = &words.filter;
    let mut tags = Vec::new();
    let mut add = |told: String, without: View| tags.push((told, without));
    if view.state != Scope::default() {
        add(scope(words, view.state).to_string(), View { state: Scope::default(), ..view.clone() });
    }
    if view.band != Band::default() {
        add(band(words, view.band).to_string(), View { band: Band::default(), ..view.clone() });
    }
    if let Some(label) = &view.label {
        add(
            fragment::label(visitor.locale, label).to_string(),
            View { label: None, ..view.clone() },
        );
    }
    if let Some(code) = &view.language {
        add(words.language(code).to_string(), View { language: None, ..view.clone() });
    }
    let named = |name: &str, value: &str| format!("{name} {value}");
    if let Some(author) = &view.author {
        add(named(&filter.author, author), View { author: None, ..view.clone() });
    }
    if let Some(page) = &view.page {
        add(named(&filter.page, page), View { page: None, ..view.clone() });
    }
    if let Some(from) = &view.from {
        add(named(&filter.from, from), View { from: None, ..view.clone() });
    }
    if let Some(to) = &view.to {
        add(named(&filter.to, to), View { to: None, ..view.clone() });
    }
    if let Some(text) = &view.text {
        add(filled(&filter.quotes, &[("words", text)]), View { text: None, ..view.clone() });
    }
    if view.order != Order::default() {
        add(order(words, view.order).to_string(), View { order: Order::default(), ..view.clone() });
    }
    tags
}

/// A choice of one, with what it is called above.
pub(super) fn select<'a>(
    told: &str,
    name: &str,
    current: &str,
    options: impl Iterator<Item = (&'a str, &'a str)>,
) -> Markup {
    html! {
        div {
            label for={ "f-" (name) } { (told) }
            select #{ "f-" (name) } name=(name) {
                @for (value, told) in options {
                    option value=(value) selected[value == current] { (told) }
                }
            }
        }
    }
}

fn field(told: &str, name: &str, kind: &str, value: Option<&str>) -> Markup {
    html! {
        div {
            label for={ "f-" (name) } { (told) }
            input #{ "f-" (name) } type=(kind) name=(name) value=[value] autocomplete="off";
        }
    }
}

fn scope(words: &Words, scope: Scope) -> &str {
    let words = &words.filter;
    match scope {
        Scope::Open => &words.state_open,
        Scope::Deferred => &words.state_deferred,
        Scope::Approved => &words.state_approved,
        Scope::Rejected => &words.state_rejected,
        Scope::All => &words.state_all,
    }
}

fn band(words: &Words, band: Band) -> &str {
    let words = &words.filter;
    match band {
        Band::Flagged => &words.band_flagged,
        Band::Reject => &words.band_reject,
        Band::Review => &words.band_review,
        Band::Approve => &words.band_approve,
        Band::All => &words.band_all,
    }
}

fn order(words: &Words, order: Order) -> &str {
    let words = &words.filter;
    match order {
        Order::Harm => &words.order_harm,
        Order::Uncertain => &words.order_uncertain,
        Order::Random => &words.order_random,
        Order::Newest => &words.order_newest,
        Order::Oldest => &words.order_oldest,
    }
}
