//! Fits a model on the decisions in the background, and switches models when a moderator confirms.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::decide::Fields;
use super::visitor::Visitor;
use super::{Desk, answer};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::retrain::{Models, Proposal, Stage, retrain};
use crate::store::{Judge, KeptModel, now};

/// What the background does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Work {
    /// Nothing.
    #[default]
    None,
    /// A model is being fitted.
    Fitting(Stage),
    /// The last one could not be fitted, and why.
    Failed(String),
}

/// What the background does, for all who ask.
#[derive(Debug, Default)]
pub(super) struct Background(Mutex<Work>);

impl Background {
    pub fn now(&self) -> Work {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is(&self, work: Work) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = work;
    }

    /// Begins, unless something is under way.
    fn begin(&self) -> bool {
        let mut work = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = !matches!(*work, Work::Fitting(_));
        if free {
            *work = Work::Fitting(Stage::Reading);
        }
        free
    }
}

/// What models fitted here are called, before their checksum.
const NAME: &str = "desk";

/// Begins to fit a model. It is kept when it is done, and advises nobody until it is switched to.
pub(super) async fn begin(State(desk): State<Arc<Desk>>) -> Response {
    if desk.background.begin() {
        let worker = Arc::clone(&desk);
        // A thread of its own: it takes minutes, and must not hold up those who decide.
        let spawned = std::thread::Builder::new().name("retrain".into()).spawn(move || {
            let work = match fit(&worker) {
                Ok(()) => Work::None,
                Err(error) => Work::Failed(error.to_string()),
            };
            worker.background.is(work);
        });
        if let Err(error) = spawned {
            desk.background.is(Work::Failed(error.to_string()));
        }
    }
    Redirect::to("/models").into_response()
}

fn fit(desk: &Desk) -> Result<()> {
    let kept = desk.store.models()?;
    let active = desk.judge();
    let active = active.scorer().model();
    let base = base(desk, &kept, active.id())?;
    let made = kept.iter().find(|one| one.name == active.id()).filter(|one| one.base.is_some());
    let labels: Vec<String> = base.labels().map(str::to_string).collect();
    let lessons = desk.store.lessons(&labels)?;
    let models = Models { base: &base, active, fitted: made.map(|one| one.made) };
    let stage = |stage| desk.background.is(Work::Fitting(stage));
    let Proposal { model, report } = retrain(NAME, models, &lessons, stage)?;
    let report =
        serde_json::to_string(&report).map_err(|error| Error::database(error.to_string()))?;
    desk.store.keep_model(&model, Some(base.id()), now(), Some(&report))
}

/// The model that fits begin from: the one at the root of the active one's line.
fn base(desk: &Desk, kept: &[KeptModel], active: &str) -> Result<Model> {
    let mut name = active;
    while let Some(base) =
        kept.iter().find(|one| one.name == name).and_then(|one| one.base.as_deref())
    {
        name = base;
    }
    let missing = || Error::database(format!("the model {name} is not in it any more"));
    desk.store.model(Some(name))?.ok_or_else(missing)
}

/// Makes a kept model the one that advises, from now on and for what waits.
pub(super) async fn switch(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let Some(name) = Fields(fields).get("model").map(str::to_string) else {
        return answer::bad(&visitor);
    };
    let switched = desk.ask(move |desk| {
        let Some(model) = desk.store.model(Some(&name))? else { return Ok(false) };
        let judge = Judge::new(model, &desk.settings)?;
        desk.store.adopt(&judge)?;
        desk.judged_by(judge);
        Ok(true)
    });
    match switched.await {
        Ok(true) => Redirect::to("/models").into_response(),
        Ok(false) => answer::missing(&visitor),
        Err(error) => answer::failed(&visitor, &error),
    }
}
