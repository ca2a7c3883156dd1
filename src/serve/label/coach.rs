//! Learns beside the desk: a thread that is told of every answer, and says what is worth asking next.
//!
//! Pages never wait for it: they take what its last finished step said. Each step learns anew from all answers, so that
//! what it says depends on them alone, and not on how fast they came.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::super::Desk;
use super::board::Board;
use crate::error::Result;
use crate::model::fit::{Learner, Learning, Pool};
use crate::store::{Judge, Stock, Study};

/// The most items to choose from, and the most answers to learn from.
const MOST: usize = 20_000;

/// What the pages and the thread share.
#[derive(Debug, Default)]
pub(in super::super) struct Coach {
    shared: Mutex<Shared>,
    stirred: Condvar,
}

#[derive(Debug, Default)]
struct Shared {
    /// The labels that somebody is asked about.
    labels: BTreeSet<String>,
    boards: BTreeMap<String, Arc<Board>>,
    call: Call,
    worker: Option<JoinHandle<()>>,
}

/// What the thread is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Call {
    #[default]
    Wait,
    Look,
    End,
}

impl Coach {
    /// The last board of a label; and a hint to see whether there is anything new to learn.
    pub(super) fn board(&self, desk: &Arc<Desk>, label: &str) -> Option<Arc<Board>> {
        let mut shared = self.lock();
        if shared.call == Call::End {
            return None;
        }
        shared.labels.insert(label.to_string());
        shared.call = Call::Look;
        self.stirred.notify_all();
        if shared.worker.is_none() {
            let desk = Arc::clone(desk);
            let thread = std::thread::Builder::new().name("label".into());
            // Without a thread the order stays the model's: labelling goes on.
            shared.worker = thread.spawn(move || work(&desk)).ok();
        }
        shared.boards.get(label).cloned()
    }

    /// Ends the thread, once it has finished the step that it is at.
    pub fn end(&self) {
        let worker = {
            let mut shared = self.lock();
            shared.call = Call::End;
            self.stirred.notify_all();
            shared.worker.take()
        };
        if let Some(worker) = worker {
            let _ = worker.join();
        }
    }

    /// Waits until there may be something to learn: the labels to learn; none at the end.
    fn next(&self) -> Option<BTreeSet<String>> {
        let waits = |shared: &mut Shared| shared.call == Call::Wait;
        let shared = self.stirred.wait_while(self.lock(), waits);
        let mut shared = shared.unwrap_or_else(PoisonError::into_inner);
        if shared.call == Call::End {
            return None;
        }
        shared.call = Call::Wait;
        Some(shared.labels.clone())
    }

    fn ends(&self) -> bool {
        self.lock().call == Call::End
    }

    fn show(&self, label: &str, board: Board) {
        self.lock().boards.insert(label.to_string(), Arc::new(board));
    }

    fn shown(&self, label: &str) -> Option<Arc<Board>> {
        self.lock().boards.get(label).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Comments read once, and what has been said of them since.
struct Class {
    judge: Arc<Judge>,
    stock: Stock,
    study: Study,
    pool: Pool,
}

fn work(desk: &Desk) {
    let mut class = None;
    while let Some(labels) = desk.coach.next() {
        // A database that does not answer is asked again with the next page; until then the last board stands.
        class = step(desk, class.take(), &labels).ok().flatten();
    }
}

/// Sees what is new, and learns every label that lags behind; none where the desk ends.
fn step(desk: &Desk, class: Option<Class>, labels: &BTreeSet<String>) -> Result<Option<Class>> {
    let (judge, stock) = (desk.judge(), desk.store.stock()?);
    let fresh = class.filter(|class| {
        class.stock == stock && Arc::ptr_eq(&class.judge, &judge) && !class.is_used_up()
    });
    let goes_on = fresh.is_some();
    let begun = match fresh {
        Some(mut class) => {
            class.hear(desk)?;
            Some(class)
        }
        None => Class::begin(desk, judge, stock, labels)?,
    };
    let Some(class) = begun else { return Ok(None) };
    for label in labels {
        let known = desk.coach.shown(label).and_then(|board| board.seq);
        if goes_on && known == Some(class.study.seq) {
            continue;
        }
        if desk.coach.ends() {
            return Ok(None);
        }
        if let Some(board) = class.learn(label) {
            desk.coach.show(label, board);
        }
    }
    Ok(Some(class))
}

impl Class {
    /// Reads the comments. What the model says of them stands on the board while they are read more closely.
    fn begin(
        desk: &Desk,
        judge: Arc<Judge>,
        stock: Stock,
        labels: &BTreeSet<String>,
    ) -> Result<Option<Class>> {
        let study = desk.store.study(judge.adviser().labels(), MOST)?;
        for label in labels.iter().filter(|label| desk.coach.shown(label).is_none()) {
            let Some(at) = at(&judge, label) else { continue };
            let said = |at: usize| study.exercises.iter().map(move |one| one.probabilities.get(at));
            let said: Vec<f64> = said(at).map(|p| p.copied().unwrap_or_default()).collect();
            let board = Board::new(&study, &said, threshold(&judge, at), Learning::default().seed);
            desk.coach.show(label, board);
        }
        if desk.coach.ends() {
            return Ok(None);
        }
        let texts: Vec<_> =
            study.exercises.iter().map(|one| (one.text.as_str(), one.place)).collect();
        let pool = Pool::new(judge.scorer().model(), &texts, &Learning::default());
        Ok(Some(Class { judge, stock, study, pool }))
    }

    /// Takes note of what was decided since.
    fn hear(&mut self, desk: &Desk) -> Result<()> {
        let since = desk.store.said_since(self.study.seq, self.judge.adviser().labels())?;
        for (comment, answer) in since.answers {
            let exercises = &mut self.study.exercises;
            if let Ok(at) = exercises.binary_search_by_key(&comment, |one| one.comment) {
                exercises[at].answer = answer;
            }
        }
        self.study.seq = since.seq;
        Ok(())
    }

    /// Whether all that it holds is decided, but not all that waited.
    fn is_used_up(&self) -> bool {
        let asked = self.study.exercises.iter().filter(|one| one.answer.is_none());
        self.study.waiting > self.study.held && asked.count() == 0
    }

    /// Learns a label from every answer; none where the model does not know the label.
    fn learn(&self, label: &str) -> Option<Board> {
        let at = at(&self.judge, label)?;
        let learning = Learning::default();
        let mut learner = Learner::new(&self.pool, label, &learning);
        let (mut taught, mut found) = (0, 0);
        for (row, exercise) in self.study.exercises.iter().enumerate() {
            let said = exercise.answer.as_ref().and_then(|labels| labels[at]);
            if let Some(bears) = said {
                learner.tell(row, bears);
                taught += 1;
                found += usize::from(bears);
            }
        }
        let threshold = threshold(&self.judge, at);
        let mut board = Board::new(&self.study, &learner.probabilities(), threshold, learning.seed);
        board.seq = Some(self.study.seq);
        // Answers of one kind teach nothing.
        board.taught = if found == 0 || found == taught { 0 } else { taught };
        Some(board)
    }
}

fn at(judge: &Judge, label: &str) -> Option<usize> {
    judge.adviser().labels().iter().position(|known| known == label)
}

fn threshold(judge: &Judge, label: usize) -> f64 {
    judge.adviser().bands(label).review.value()
}
