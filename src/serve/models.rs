//! Draws the models: the one that advises, those that were, and a proposal with what it would change.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};

use super::frame::{self, Here};
use super::retraining::Work;
use super::visitor::Visitor;
use super::{Desk, answer, card, moment};
use crate::error::Result;
use crate::model::Probability;
use crate::report::fragment::{self, filled};
use crate::retrain::{Change, Example, Measure, Measured, Report, Stage};
use crate::store::{Kept, KeptModel};

/// What the page is made of.
struct Found {
    models: Vec<Told>,
    work: Work,
    /// Decided comments that a model can learn from.
    lessons: usize,
}

/// A model with what its retraining measured, and the comments that change sides.
struct Told {
    model: KeptModel,
    report: Option<Report>,
    examples: Vec<(Example, Kept)>,
}

/// Measures that are told, of those that are taken.
const MEASURES: [&str; 3] = ["precision", "recall", "auc"];

/// The page. While a model is being fitted it comes anew by itself, with or without a script.
pub(super) async fn get(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    match desk.ask(read).await {
        Ok(found) => {
            let page = page(&visitor, &found).into_response();
            match found.work {
                Work::Fitting(_) => ([(header::REFRESH, "2")], page).into_response(),
                _ => page,
            }
        }
        Err(error) => answer::failed(&visitor, &error),
    }
}

fn read(desk: &Desk) -> Result<Found> {
    let mut models = Vec::new();
    for model in desk.store.models()? {
        let report: Option<Report> =
            model.report.as_deref().and_then(|report| serde_json::from_str(report).ok());
        let mut examples = Vec::new();
        if !model.active {
            for example in
                report.iter().flat_map(|report| &report.labels).flat_map(|label| &label.examples)
            {
                let comment = desk.store.comment(example.comment)?;
                examples.extend(comment.map(|comment| (*example, comment)));
            }
        }
        models.push(Told { model, report, examples });
    }
    let lessons = desk.store.lessons(&desk.labels())?.len();
    Ok(Found { models, work: desk.background.now(), lessons })
}

fn page(visitor: &Visitor, found: &Found) -> Markup {
    let words = &visitor.words().models;
    let n = fragment::number(visitor.locale, found.lessons);
    let main = html! {
        h1 { (words.title) }
        p.lead { (words.told) }
        section.retrain {
            p { (filled(&words.lessons, &[("n", &n)])) }
            @match &found.work {
                Work::Fitting(stage) => {
                    p.working role="status" { (match stage {
                        Stage::Reading => &words.reading,
                        Stage::Fitting => &words.fitting,
                        Stage::Comparing => &words.comparing,
                    }) }
                }
                Work::None | Work::Failed(_) => {
                    form method="post" action="/retrain" { button #retrain .main { (words.retrain) } }
                }
            }
            @if let Work::Failed(why) = &found.work { p.problem role="alert" { (words.failed) " " (why) } }
        }
        @for told in &found.models { (model(visitor, told)) }
    };
    frame::page(visitor, Here::Models, &words.title, &main)
}

fn model(visitor: &Visitor, told: &Told) -> Markup {
    let words = &visitor.words().models;
    let Told { model, report, examples } = told;
    html! {
        article.model data-model=(model.name) {
            h2 { (model.name) @if model.active { " " span.badge { (words.active) } } }
            p.quiet {
                (PreEscaped(moment::told(visitor.locale, model.made)))
                @if let Some(base) = &model.base { " · " (filled(&words.base, &[("name", base)])) }
            }
            @if let Some(report) = report { (measured(visitor, report)) }
            @if !examples.is_empty() { (changes(visitor, examples)) }
            @if !model.active {
                details.confirm {
                    summary { (words.switch) }
                    p { (words.switch_told) }
                    form method="post" action="/switch" {
                        input type="hidden" name="model" value=(model.name);
                        button.main { (words.confirm) }
                    }
                }
            }
        }
    }
}

fn measured(visitor: &Visitor, report: &Report) -> Markup {
    let words = &visitor.words().models;
    let number = |count: usize| fragment::number(visitor.locale, count);
    html! {
        p { (filled(&words.rows, &[("n", &number(report.rows))])) }
        @if report.fitted_since.is_some() { p.quiet { (words.since) } }
        @for label in &report.labels {
            @let Measured { rows, positives, to_right, to_wrong, .. } = label;
            h3 { (fragment::label(visitor.locale, &label.label)) }
            p { (filled(&words.compared, &[("n", &number(*rows)), ("yes", &number(*positives))])) }
            table.measures {
                thead { tr { th scope="col" { (words.measure) } th scope="col" { (words.before) } th scope="col" { (words.after) } th scope="col" { (words.difference) } } }
                tbody {
                    @for measure in MEASURES.iter().filter_map(|name| label.changes.iter().find(|one| one.measure == *name)) {
                        (row(visitor, measure))
                    }
                }
            }
            p { (filled(&words.sides, &[("right", &number(*to_right)), ("wrong", &number(*to_wrong))])) }
        }
    }
}

fn row(visitor: &Visitor, measure: &Measure) -> Markup {
    let words = &visitor.words().models;
    let name = match measure.measure.as_str() {
        "precision" => &words.precision,
        "recall" => &words.recall,
        _ => &words.auc,
    };
    let share = |value: Option<f64>| match value {
        Some(value) => fragment::percent(visitor.locale, Probability::new(value)),
        None => "–".to_string(),
    };
    let points = |value: f64| fragment::points(visitor.locale, value);
    html! {
        tr {
            th scope="row" { (name) }
            td { (share(measure.before)) }
            td { (share(measure.after)) }
            td {
                @if let (Some(low), Some(high)) = (measure.low, measure.high) {
                    (filled(&words.interval, &[("low", &points(low)), ("high", &points(high))]))
                } @else { (words.unsure) }
            }
        }
    }
}

fn changes(visitor: &Visitor, examples: &[(Example, Kept)]) -> Markup {
    let words = &visitor.words().models;
    let percent = |value: f64| fragment::percent(visitor.locale, Probability::new(value));
    html! {
        details.changes {
            summary { (words.examples) }
            ol.comments {
                @for (example, kept) in examples {
                    li {
                        p.who {
                            strong { (match example.change { Change::ToRight => &words.to_right, Change::ToWrong => &words.to_wrong }) }
                            " " (percent(example.before)) " → " (percent(example.after)) " · "
                            a href={ "/item/" (kept.item) } { (words.see) }
                        }
                        div.words dir="auto" { (card::quoted(visitor, &kept.comment.text)) }
                    }
                }
            }
        }
    }
}
