//! Draws the dashboard: what the queue caught, what it missed, and how sure that is.

mod finding;
mod measure;
mod table;

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::frame::{self, Here};
use super::visitor::Visitor;
use super::{Desk, answer, words};
use crate::report::Locale;
use crate::report::chart::{self, Frame};
use crate::report::fragment::{self, filled};
use crate::store::{Figures, Tally, Week};
use measure::Measure;

/// Weeks that charts show; the table shows all.
const WEEKS: usize = 26;
/// Labels or moderators that charts show, those with most decisions; the table shows all.
const BARS: usize = 12;

/// The dashboard.
pub(super) async fn get(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    match desk.ask(|desk| desk.store.tally()).await {
        Ok(tally) => {
            let title = &visitor.words().dashboard.title;
            let main = dashboard(&tally, visitor.locale);
            frame::page(&visitor, Here::Dashboard, title, &main).into_response()
        }
        Err(error) => answer::failed(&visitor, &error),
    }
}

/// What the page says.
pub(super) fn dashboard(tally: &Tally, locale: Locale) -> Markup {
    let words = &words::of(locale).dashboard;
    let decided = tally.whole.flagged.all() + tally.whole.unflagged.all();
    html! {
        div.over { h1 { (words.title) } }
        section.findings {
            @for told in finding::findings(tally, locale) { p { (told) } }
            h2 { (words.better) }
            ul { @for told in finding::needs(tally, locale) { li { (told) } } }
        }
        section {
            h2 { (words.counts) }
            (table::counts(tally, locale))
        }
        @if decided > 0 {
            section { (weeks(tally, locale)) }
            section { (labels(tally, locale)) }
            section { (moderators(tally, locale)) }
            (how(locale))
        }
    }
}

fn weeks(tally: &Tally, locale: Locale) -> Markup {
    let words = &words::of(locale).dashboard;
    let weeks = without_gaps(tally);
    let name = |week: &Week| filled(&words.week, &[("n", &week.number.to_string())]);
    let decisions: Vec<(String, chart::Decided)> =
        weeks.iter().map(|(week, figures)| (name(week), measure::decided(figures))).collect();
    let frame = Frame { id: "week-decisions", title: &words.decisions, locale };
    let rows: Vec<table::Row> = tally
        .weeks
        .iter()
        .rev()
        .map(|(week, figures)| {
            let monday = fragment::date(locale, &week.monday());
            table::Row {
                name: format!("{} <span class=\"quiet\">{monday}</span>", name(week)),
                figures,
            }
        })
        .collect();
    html! {
        h2 { (words.by_week) }
        div.charts {
            (figure(&words.decisions, &chart::columns(&frame, &decisions)))
            @for measure in Measure::ALL {
                @let points: Vec<_> = weeks.iter().map(|(week, figures)| (name(week), measure.drawn(figures))).collect();
                @let id = format!("week-{}", measure.id());
                @let title = measure.title(locale);
                (figure(title, &chart::line(&Frame { id: &id, title, locale }, &points)))
            }
        }
        (table::table(&words.week_head, &words.by_week, &rows, locale))
    }
}

/// The last weeks in a row, those in which nothing was decided too.
fn without_gaps(tally: &Tally) -> Vec<(Week, Figures)> {
    let (Some(first), Some(last)) =
        (tally.weeks.keys().next().copied(), tally.weeks.keys().next_back().copied())
    else {
        return Vec::new();
    };
    let row = std::iter::successors(Some(first), |week| Some(week.next()));
    let mut row: Vec<Week> = row.take_while(|week| *week <= last).collect();
    row.drain(..row.len().saturating_sub(WEEKS));
    let figures = |week: Week| (week, tally.weeks.get(&week).cloned().unwrap_or_default());
    row.into_iter().map(figures).collect()
}

fn labels(tally: &Tally, locale: Locale) -> Markup {
    let words = &words::of(locale).dashboard;
    let named = tally
        .labels
        .iter()
        .map(|(name, figures)| (fragment::label(locale, name).to_string(), figures));
    parts("label", [&words.by_label, &words.label_head], named.collect(), locale)
}

fn moderators(tally: &Tally, locale: Locale) -> Markup {
    let words = &words::of(locale).dashboard;
    let named = tally.moderators.iter().map(|(name, figures)| (name.clone(), figures)).collect();
    parts("moderator", [&words.by_moderator, &words.moderator_head], named, locale)
}

/// Bars beside one another for parts of the decisions, and their table.
fn parts(
    id: &str,
    [title, head]: [&str; 2],
    parts: Vec<(String, &Figures)>,
    locale: Locale,
) -> Markup {
    let rows: Vec<table::Row> = parts
        .iter()
        .map(|(name, figures)| table::Row { name: fragment::shown(name), figures })
        .collect();
    let mut most: Vec<&(String, &Figures)> = parts.iter().collect();
    most.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.reversed.of));
    most.truncate(BARS);
    html! {
        h2 { (title) }
        div.charts {
            @for measure in Measure::ALL {
                @let bars: Vec<_> = most.iter().map(|(name, figures)| (name.clone(), measure.drawn(figures))).collect();
                @let id = format!("{id}-{}", measure.id());
                @let title = measure.title(locale);
                (figure(title, &chart::bars(&Frame { id: &id, title, locale }, &bars)))
            }
        }
        (table::table(head, title, &rows, locale))
    }
}

fn figure(title: &str, svg: &str) -> Markup {
    html! {
        figure.chart {
            figcaption { (title) }
            (maud::PreEscaped(svg))
        }
    }
}

/// How the figures are made, for whoever wants to know.
fn how(locale: Locale) -> Markup {
    let words = &words::of(locale).dashboard;
    html! {
        details.method {
            summary { (words.how) }
            ul {
                li { (words.how_precision) }
                li { (words.how_missed) }
                li { (words.how_recall) }
                li { (words.how_overturned) }
                li { (words.how_agreement) }
                li { (words.how_parts) }
                li { (words.how_draw) }
            }
        }
    }
}
