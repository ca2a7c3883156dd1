//! Gives the pages of the desk what the page of a queue is made of: marked text, dates, numbers, addresses.

use super::html;
use super::visible::visible;
use super::words::fill;
use super::{Locale, Sentence, excerpt};
use crate::model::Probability;

/// A comment's text as HTML, with a `<mark>` around what `told` is about; the text itself stays whole.
pub fn marked(text: &str, told: &[Sentence]) -> String {
    html::marked(text, told)
}

/// Any text as HTML; what would act unseen is shown by its code.
pub fn shown(text: &str) -> String {
    html::text(text)
}

/// Any text as it may stand in a value for a script: what would act unseen is shown by its code.
pub fn plain(text: &str) -> String {
    visible(text).into_owned()
}

/// The first so many characters of a text in one line, as HTML.
pub fn opening(text: &str, characters: usize) -> String {
    html::text(&excerpt::first(&excerpt::one_line(text), characters))
}

/// The address, if it is one that a browser may follow from a page of ours.
pub fn address(page: &str) -> Option<&str> {
    html::address(page)
}

/// A date as HTML: written out where machines wrote it, else as the source shows it.
pub fn date(locale: Locale, date: &str) -> String {
    html::time(date, locale.words())
}

/// What a label is called.
pub fn label(locale: Locale, label: &str) -> &str {
    locale.words().label(label)
}

/// A number with its thousands parted.
pub fn number(locale: Locale, number: usize) -> String {
    locale.words().number(number)
}

/// A probability in whole percent, never rounded up.
pub fn percent(locale: Locale, probability: Probability) -> String {
    locale.words().percent(probability)
}

/// A difference of shares in points of a hundred, to one digit, with its sign.
pub fn points(locale: Locale, difference: f64) -> String {
    let told = format!("{:+.1}", 100.0 * difference).replace('-', "\u{2212}");
    match locale {
        Locale::Fr => told.replace('.', ","),
        Locale::En => told,
    }
}

/// Fills `{name}`s of a phrase. Values are never read again: a comment may say `{name}` too.
pub fn filled(phrase: &str, values: &[(&str, &str)]) -> String {
    fill(phrase, values)
}

/// A number with two decimals.
pub fn hundredths(locale: Locale, number: f64) -> String {
    locale.words().hundredths(number)
}
