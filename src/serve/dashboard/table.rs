//! Writes the figures of the dashboard as tables, for those who do not see the charts or want the numbers.

use maud::{Markup, PreEscaped, html};

use super::finding::{number, range, span};
use super::measure::{self, Measure};
use crate::evaluation::{Agreement, Estimate, Rate};
use crate::report::Locale;
use crate::report::fragment;
use crate::serve::words;
use crate::store::{Figures, Tally};

/// A line of a table.
pub(super) struct Row<'a> {
    /// What it is about, as HTML.
    pub(super) name: String,
    /// Its figures.
    pub(super) figures: &'a Figures,
}

/// How many are decided, put off, waiting.
pub(super) fn counts(tally: &Tally, locale: Locale) -> Markup {
    let words = &words::of(locale).dashboard;
    let (waiting, whole) = (&tally.waiting, &tally.whole);
    let rows = [
        (&words.flagged, whole.flagged, waiting.flagged_deferred, waiting.flagged_open),
        (&words.unflagged, whole.unflagged, waiting.unflagged_deferred, waiting.unflagged_open),
    ];
    html! {
        div.scroll role="region" aria-label=(words.counts) tabindex="0" {
            table.figures {
                thead {
                    tr {
                        td {}
                        @for head in [&words.approved, &words.rejected, &words.deferred, &words.open, &words.total] {
                            th scope="col" { (head) }
                        }
                    }
                }
                tbody {
                    @for (name, decided, deferred, open) in rows {
                        tr {
                            th scope="row" { (name) }
                            @let all = decided.all() + deferred + open;
                            @for count in [decided.approved, decided.rejected, deferred, open, all] {
                                td { (number(locale, count)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// All figures of some parts, a line each.
pub(super) fn table(head: &str, title: &str, rows: &[Row], locale: Locale) -> Markup {
    let words = &words::of(locale).dashboard;
    let [precision, recall, overturned, agreement] =
        Measure::ALL.map(|measure| measure.title(locale));
    let heads = [
        &words.approved,
        &words.rejected,
        &words.deferred,
        precision,
        &words.audit,
        &words.missed,
        recall,
        overturned,
        &words.reversed,
        agreement,
        &words.kappa,
    ];
    html! {
        details.tabled {
            summary { (words.table) }
            div.scroll role="region" aria-label=(title) tabindex="0" {
                table.figures {
                    thead {
                        tr {
                            th scope="col" { (head) }
                            @for head in heads { th scope="col" { (head) } }
                        }
                    }
                    tbody {
                        @for row in rows { (line(row, locale)) }
                    }
                }
            }
        }
    }
}

fn line(row: &Row, locale: Locale) -> Markup {
    let figures = row.figures;
    let decided = measure::decided(figures);
    let kappa = figures.agreement.and_then(|agreement: Agreement| agreement.kappa);
    let missed = figures.missed.map(|missed| range(locale, &missed));
    html! {
        tr {
            th scope="row" { (PreEscaped(&row.name)) }
            td { (number(locale, decided.approved)) }
            td { (number(locale, decided.rejected)) }
            td { (number(locale, decided.deferred)) }
            (cell(locale, Measure::Precision, figures, Some(figures.precision.rate)))
            td { (counted(locale, figures.audit)) }
            td { (missed.unwrap_or_else(none)) }
            (cell(locale, Measure::Recall, figures, None))
            (cell(locale, Measure::Overturned, figures, Some(figures.overturned.rate)))
            td { (counted(locale, figures.reversed)) }
            (cell(locale, Measure::Agreement, figures, None))
            td { (kappa.map_or_else(none, |kappa| told_kappa(locale, kappa))) }
        }
    }
}

/// A share with its interval, and what it is made of where that is a count.
fn cell(locale: Locale, measure: Measure, figures: &Figures, rate: Option<Rate>) -> Markup {
    let told = measure.of(figures).map(|estimate| span(locale, estimate));
    html! {
        td {
            (told.clone().unwrap_or_else(none))
            @if let Some(rate) = rate.filter(|_| told.is_some()) {
                " " span.quiet { (counted(locale, rate)) }
            }
        }
    }
}

fn counted(locale: Locale, rate: Rate) -> String {
    if rate.of == 0 {
        return none();
    }
    format!("{}\u{a0}/\u{a0}{}", number(locale, rate.count), number(locale, rate.of))
}

/// Kappa with its interval.
pub(super) fn told_kappa(locale: Locale, kappa: Estimate) -> String {
    let words = &words::of(locale).dashboard;
    let number = |value| fragment::hundredths(locale, value);
    let value = number(kappa.value);
    let Some(interval) = kappa.interval else { return value };
    let (low, high) = (number(interval.low), number(interval.high));
    fragment::filled(&words.range, &[("value", &value), ("low", &low), ("high", &high)])
}

fn none() -> String {
    "–".to_string()
}
