//! Holds what the learner would ask about next, as of the last step that it finished.

use crate::store::{Drawn, Exercise, Study};
use crate::triage::{Outlook, Strategy, order};

/// Items to ask about, by what chooses them.
#[derive(Clone, Debug)]
pub(super) struct Board {
    /// The last decision that it knows of; none where it has only what the model said.
    pub seq: Option<i64>,
    /// How many answers about the label it was taught.
    pub taught: usize,
    /// How many items it was made from.
    pub held: usize,
    /// How many waited then.
    pub waiting: usize,
    /// By strategy, but for the mix: items, the first one first.
    orders: [Vec<i64>; 3],
}

/// The strategies that choose by themselves.
const SINGLE: [Strategy; 3] = [Strategy::Risk, Strategy::Uncertain, Strategy::Random];

impl Board {
    /// The board where the exercises bear the label with these probabilities. Only those that nobody decided are on it.
    pub fn new(study: &Study, probabilities: &[f64], threshold: f64, seed: u64) -> Board {
        let asked: Vec<(&Exercise, f64)> = study
            .exercises
            .iter()
            .zip(probabilities.iter().copied())
            .filter(|(one, _)| one.answer.is_none())
            .collect();
        let orders = SINGLE.map(|strategy| {
            // What stands high in the queue is no fair sample.
            let fair = |one: &Exercise| strategy != Strategy::Random || one.drawn == Drawn::Chance;
            let asked: Vec<&(&Exercise, f64)> = asked.iter().filter(|(one, _)| fair(one)).collect();
            let outlooks: Vec<Outlook> =
                asked.iter().map(|(_, p)| Outlook::of(&[*p], &[threshold])).collect();
            let picks = order(&outlooks, strategy, seed);
            picks.into_iter().map(|pick| asked[pick.index].0.item).collect()
        });
        Board { seq: None, taught: 0, held: study.held, waiting: study.waiting, orders }
    }

    /// All items, those first whose turn it is.
    pub fn items(&self, turn: Strategy) -> impl Iterator<Item = i64> {
        let first = SINGLE.iter().position(|one| *one == turn).unwrap_or_default();
        // The first strategy leaves nothing out.
        self.orders[first].iter().chain(&self.orders[0]).copied()
    }
}
