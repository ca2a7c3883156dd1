//! Scores texts with the model of the moment.

use std::cell::RefCell;

use crate::attribute::{Values, values};
use crate::error::Result;
use crate::feature::Context;
use crate::model::{Model, Scratch};
use crate::scorer::{Scorer, Scores};
use crate::triage::{Adviser, Plan, Settings};

/// A model with the bands that advise.
pub(super) struct Engine {
    pub scorer: Scorer,
    pub adviser: Adviser,
}

thread_local! {
    /// What scoring writes to: one for each thread that answers.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Engine {
    /// # Errors
    /// When the settings contradict the model.
    pub(super) fn new(model: Model, settings: &Settings) -> Result<Engine> {
        let Plan { adviser, .. } = Plan::new(&model.heads, &[], settings, None)?;
        Ok(Engine { scorer: Scorer::new(model), adviser })
    }

    pub(super) fn model(&self) -> &Model {
        self.scorer.model()
    }

    /// The scores of a text, and its attributes.
    pub(super) fn values(&self, text: &str, place: Context) -> (Scores, Values) {
        with_scratch(|scratch| {
            let scores = self.scorer.scores(text, place, scratch);
            let values = values(self.model(), &scores, scratch);
            (scores, values)
        })
    }
}

/// Lends the thread's scratch.
pub(super) fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    SCRATCH.with(|scratch| work(&mut scratch.borrow_mut()))
}
