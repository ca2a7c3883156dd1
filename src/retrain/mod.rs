//! Fits a model on what moderators decided, from the shipped base on, and holds it against the one that it would replace.
//!
//! Nothing is switched here: what comes out is a proposal with its measures.

mod report;

pub use report::{Change, Example, Measure, Measured, Report};

use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::{Bootstrap, Judge, Pair, Turn, Turns};
use crate::model::fit::{Options, Pull, Sample, Wide, refit};
use crate::model::{Card, Corpus, Model, Scratch};
use crate::scorer::Scorer;
use crate::store::Lesson;

/// What is being done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Decisions are read.
    Reading,
    /// A model is fitted, and others in folds to measure it by.
    Fitting,
    /// The two are compared.
    Comparing,
}

/// A model fitted on decisions, and how it compares.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The model.
    pub model: Model,
    /// How it compares to the one that advises now.
    pub report: Report,
}

/// The model that is fitted from, and the one that advises now.
#[derive(Clone, Copy, Debug)]
pub struct Models<'m> {
    /// Where the fit begins.
    pub base: &'m Model,
    /// What the proposal would replace.
    pub active: &'m Model,
    /// When the active one was fitted on decisions, in milliseconds since 1970; none where it was not. It knows what was
    /// decided before: there it is not compared.
    pub fitted: Option<i64>,
}

/// How often differences are drawn again for their intervals.
const RESAMPLES: usize = 500;

/// Comments that change sides, shown for each label.
const EXAMPLES: usize = 20;

/// Fits a model named `name` on `lessons`, whose labels are in the order of the base's.
///
/// Each lesson is scored by a model that saw nothing of its page: those scores are held against the active model's, on the
/// decisions that the active one was not fitted on.
///
/// # Errors
/// When there are not decisions both ways for any label.
pub fn retrain(
    name: &str,
    models: Models,
    lessons: &[Lesson],
    stage: impl Fn(Stage),
) -> Result<Proposal> {
    let Models { base, active, fitted } = models;
    let labels: Vec<String> = base.labels().map(str::to_string).collect();
    stage(Stage::Fitting);
    let count = |label: usize, gold: bool| {
        lessons.iter().filter(|lesson| lesson.labels[label] == Some(gold)).count()
    };
    let counts = |gold: bool| (0..labels.len()).map(|label| count(label, gold)).collect::<Vec<_>>();
    let (positives, negatives) = (counts(true), counts(false));
    let learnable = |label: usize| positives[label].min(negatives[label]) > 0;
    if !(0..labels.len()).any(learnable) {
        let told = labels.iter().enumerate().map(|(label, name)| {
            format!("{name} {} yes and {} no", positives[label], negatives[label])
        });
        let told = told.collect::<Vec<_>>().join(", ");
        return Err(Error::new(ErrorKind::Fit(format!(
            "expected decisions both ways for a label, found {told}"
        ))));
    }
    let samples: Vec<Sample> = lessons.iter().map(sample).collect();
    let corpus = Corpus {
        name: "decisions".into(),
        digest: String::new(),
        rows: lessons.len(),
        positives: positives.clone(),
        negatives: negatives.clone(),
        weight: 1.0,
        together: None,
        in_folds: Vec::new(),
    };
    let card = Card {
        name: name.into(),
        vigie: env!("CARGO_PKG_VERSION").into(),
        corpora: vec![corpus],
        ..Card::default()
    };
    let options = Options {
        priors: Default::default(),
        bits: base.layer.bits,
        folds: Options::default().folds.min(groups(lessons)).max(2),
        ..Options::default()
    };
    let wide = Wide::new(base, &labels, &[])?;
    let result = refit(card, wide, &samples, &options, &Pull::default())?;
    stage(Stage::Comparing);
    let scorer = Scorer::new(active.clone());
    let mut measured = Vec::new();
    for (label, pairs) in result.out_of_fold.iter().enumerate() {
        if !learnable(label) {
            continue;
        }
        let seen = |row: usize| fitted.is_some_and(|fitted| lessons[row].made <= fitted);
        let rows: Vec<(usize, Pair)> =
            pairs.iter().copied().filter(|(row, _)| !seen(*row)).collect();
        let thresholds =
            [threshold(active, &labels[label]), Some(result.model.heads[label].review)];
        let [Some(before), Some(after)] = thresholds else { continue };
        let compared =
            Compared { label: &labels[label], scorer: &scorer, lessons, rows, before, after };
        measured.push(compared.measure());
    }
    let rows = lessons.len();
    Ok(Proposal {
        model: result.model,
        report: Report { rows, fitted_since: fitted, labels: measured },
    })
}

fn sample(lesson: &Lesson) -> Sample {
    Sample {
        text: lesson.text.clone(),
        place: lesson.place,
        labels: lesson.labels.clone(),
        group: lesson.group,
        weight: 1.0,
        ..Sample::default()
    }
}

fn groups(lessons: &[Lesson]) -> usize {
    let groups: HashMap<u64, ()> = lessons.iter().map(|lesson| (lesson.group, ())).collect();
    groups.len()
}

fn threshold(model: &Model, label: &str) -> Option<f64> {
    model.heads.iter().find(|head| head.label == label).map(|head| head.review)
}

/// What is compared for one label.
struct Compared<'a> {
    label: &'a str,
    scorer: &'a Scorer,
    lessons: &'a [Lesson],
    /// Rows with the scores of models that saw nothing of their pages.
    rows: Vec<(usize, Pair)>,
    before: f64,
    after: f64,
}

impl Compared<'_> {
    fn measure(self) -> Measured {
        let Compared { label, scorer, lessons, rows, before, after } = self;
        let at = scorer.model().labels().position(|one| one == label);
        let mut scratch = Scratch::default();
        let old: Vec<Pair> = rows
            .iter()
            .map(|&(row, pair)| {
                let scores = scorer.scores(&lessons[row].text, lessons[row].place, &mut scratch);
                let score = at.map_or(0.0, |at| scores.probabilities[at].value());
                Pair { score, ..pair }
            })
            .collect();
        let new: Vec<Pair> = rows.iter().map(|&(_, pair)| pair).collect();
        let groups: Vec<u64> = rows.iter().map(|&(row, _)| lessons[row].group).collect();
        let (judge, other) = (Judge::new(&old, before), Judge::new(&new, after));
        let differences = judge.compare(&other, &Bootstrap::new(&groups, RESAMPLES, 1));
        let mut turns = Turns::default();
        let mut examples = Vec::new();
        for (at, turn) in judge.turns(&other).into_iter().enumerate() {
            turns.add(turn);
            let change = match turn {
                Turn::None => continue,
                Turn::ToWrong => Change::ToWrong,
                Turn::ToRight => Change::ToRight,
            };
            let comment = lessons[rows[at].0].comment;
            examples.push(Example {
                comment,
                gold: old[at].gold,
                before: old[at].score,
                after: new[at].score,
                change,
            });
        }
        // The widest steps first; of those that get worse as many as of those that get better.
        examples.sort_by(|a, b| b.step().total_cmp(&a.step()).then(a.comment.cmp(&b.comment)));
        let of = |change| examples.iter().filter(move |one: &&Example| one.change == change);
        let shown =
            of(Change::ToWrong).take(EXAMPLES / 2).chain(of(Change::ToRight).take(EXAMPLES / 2));
        let examples = shown.copied().collect();
        let positives = new.iter().filter(|pair| pair.gold).count();
        Measured {
            label: label.to_string(),
            rows: new.len(),
            positives,
            changes: differences.iter().map(report::of).collect(),
            to_right: turns.wrong_to_right,
            to_wrong: turns.right_to_wrong,
            examples,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Context;

    fn lesson(comment: i64, text: &str, insult: bool) -> Lesson {
        Lesson {
            comment,
            text: text.into(),
            place: Context::default(),
            group: comment as u64 % 7,
            labels: vec![Some(insult), None],
            made: comment,
        }
    }

    /// Words that mean nothing to the shipped model.
    fn lessons() -> Vec<Lesson> {
        let mut lessons = Vec::new();
        for at in 0..60 {
            lessons.push(lesson(
                2 * at,
                &format!("Encore un zorglub du quartier {at} qui parle."),
                true,
            ));
            lessons.push(lesson(
                2 * at + 1,
                &format!("Encore un voisin du quartier {at} qui parle."),
                false,
            ));
        }
        lessons
    }

    #[test]
    fn decisions_teach_a_word_and_the_report_says_so() {
        let base = Model::shipped().unwrap();
        let models = Models { base: &base, active: &base, fitted: None };
        let proposal = retrain("local", models, &lessons(), |_| {}).unwrap();
        let insult = &proposal.report.labels[0];
        assert_eq!((insult.label.as_str(), insult.rows, insult.positives), ("insult", 120, 60));
        let auc = insult.changes.iter().find(|change| change.measure == "auc").unwrap();
        assert!(auc.after > auc.before, "{auc:?}");
        assert!(auc.low.unwrap() > 0.0);
        assert_eq!(proposal.report.labels.len(), 1, "nobody said anything of conspiracy");
        assert_eq!(proposal.model.card.base.as_deref(), Some(base.id()));
    }

    #[test]
    fn a_model_is_not_compared_on_what_it_was_fitted_on() {
        let base = Model::shipped().unwrap();
        let models = Models { base: &base, active: &base, fitted: Some(79) };
        let proposal = retrain("local", models, &lessons(), |_| {}).unwrap();
        assert_eq!(proposal.report.labels[0].rows, 40);
    }

    #[test]
    fn decisions_one_way_teach_nothing() {
        let base = Model::shipped().unwrap();
        let models = Models { base: &base, active: &base, fitted: None };
        let one_way: Vec<Lesson> = lessons().into_iter().step_by(2).collect();
        let refused = retrain("local", models, &one_way, |_| {}).unwrap_err().to_string();
        assert_eq!(
            refused,
            "training: expected decisions both ways for a label, found insult 60 yes and 0 no, conspiracy 0 yes and 0 no"
        );
    }
}
