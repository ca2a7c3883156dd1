//! Draws what stands around every page: the head, the ways to the other pages, who is at work, in which language.

use maud::{DOCTYPE, Markup, html};

use super::asset;
use super::visitor::{Calm, Named, Visitor};
use crate::report::Locale;
use crate::report::fragment::{filled, shown};

/// Which page one is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    Queue,
    Label,
    Dashboard,
    Models,
    Export,
    /// A page that the navigation does not name.
    Beside,
}

/// A whole page. `title` stands in the tab; `main` between the landmarks.
pub(super) fn page(visitor: &Visitor, here: Here, title: &str, main: &Markup) -> Markup {
    let words = visitor.words();
    let frame = &words.frame;
    let calm = if visitor.calm == Calm::On { "on" } else { "off" };
    html! {
        (head(visitor.locale, title))
        body data-calm=(calm) {
            a.skip href="#main" { (frame.skip) }
            header.top {
                a.brand href="/" title=(frame.motto) { (frame.title) }
                nav aria-label=(frame.navigation) {
                    ul {
                        (way("/", &frame.queue, here == Here::Queue))
                        (way("/label", &frame.label, here == Here::Label))
                        (way("/dashboard", &frame.dashboard, here == Here::Dashboard))
                        (way("/models", &frame.models, here == Here::Models))
                        (way("/export", &frame.export, here == Here::Export))
                    }
                }
                div.tools {
                    (who(visitor))
                    form method="post" action="/calm" {
                        (back(visitor))
                        @let (next, told) = match visitor.calm {
                            Calm::On => ("off", &frame.calm_off),
                            Calm::Off => ("on", &frame.calm_on),
                        };
                        button #calm .quiet name="calm" value=(next) data-on=(frame.calm_on) data-off=(frame.calm_off) { (told) }
                    }
                    form method="post" action="/lang" {
                        (back(visitor))
                        @let other = match visitor.locale { Locale::Fr => "en", Locale::En => "fr" };
                        button.quiet name="lang" value=(other) lang=(other) { (frame.tongue) }
                    }
                    // Shown by the script: without it there are no keys.
                    button #help .quiet type="button" hidden { (frame.help) " " kbd { "?" } }
                }
            }
            main #main tabindex="-1" { (main) }
            p #live .unheard role="status" aria-live="polite" {}
        }
    }
}

/// The head of a page.
pub(super) fn head(locale: Locale, title: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(locale.code());
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="robots" content="noindex";
            title { (title) " · vigie" }
            link rel="stylesheet" href=(asset::style());
            script src=(asset::script()) defer {}
        }
    }
}

/// The hidden field by which a form comes back to this page.
pub(super) fn back(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name="back" value=(visitor.here); }
}

fn way(to: &str, told: &str, current: bool) -> Markup {
    html! {
        li { a href=(to) aria-current=[current.then_some("page")] { (told) } }
    }
}

/// Who is at work, with a way to say otherwise.
fn who(visitor: &Visitor) -> Markup {
    let frame = &visitor.words().frame;
    let told = filled(&frame.who, &[("name", &visitor.name)]);
    let told = maud::PreEscaped(shown(&told));
    html! {
        @if visitor.named == Named::ByToken {
            form method="post" action="/leave" {
                span.name { (told) } " "
                button.quiet { (frame.leave) }
            }
        } @else {
            details.who {
                summary { (told) }
                form method="post" action="/who" {
                    (back(visitor))
                    label for="who" { (frame.who_label) }
                    input #who name="name" value=(visitor.name) maxlength="60" autocomplete="name" required;
                    button { (frame.who_set) }
                }
                @if visitor.named == Named::Inside {
                    form method="post" action="/leave" { button.quiet { (frame.leave) } }
                }
            }
        }
    }
}
