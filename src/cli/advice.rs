//! Defines the arguments that say from which score on a comment is flagged, and for what.

use std::path::PathBuf;

use clap::Args;
use vigie::model::{Model, Probability};
use vigie::triage::{Plan, Settings, Target, Wish};

use super::config::Config;
use super::stderr::tell;

/// From which score on a comment is flagged, and for what.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Advice")]
pub struct AdviceArgs {
    /// Only these labels count (all by default)
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub label: Vec<String>,

    /// Flag from this probability on, 0 to 1 (by default the model's own threshold for each label)
    #[arg(long, value_name = "P", value_parser = probability)]
    pub threshold: Option<Probability>,

    /// Flag from where the model's folds promise this on, for each label: precision=P (share of flags that are right)
    /// or recall=R (share of what bears the label that is flagged)
    #[arg(long, value_name = "precision=P|recall=R", conflicts_with = "threshold")]
    pub target: Option<Target>,

    /// Settings of your newsroom: bands, a budget, seconds a comment (./vigie.toml where it is there)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// A probability that was typed.
fn probability(text: &str) -> Result<Probability, String> {
    match text.replace(',', ".").parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(Probability::new(value)),
        _ => Err("expected a number from 0 to 1".into()),
    }
}

/// What advises, and the settings that it was made with.
pub struct Advised {
    /// What advises.
    pub plan: Plan,
    /// The newsroom's settings.
    pub settings: Settings,
}

impl AdviceArgs {
    /// What the model's thresholds, the newsroom's settings and these arguments advise, in this order. Says what was
    /// chosen to meet a target.
    pub fn plan(&self, model: &Model) -> anyhow::Result<Advised> {
        let config = Config::find(self.config.as_deref())?;
        let wish = self.wish();
        let plan = Plan::new(&model.heads, &self.label, &config.settings, wish);
        let plan = plan.map_err(|error| {
            let key =
                error.location().element.as_deref().is_some_and(|at| at.starts_with("bands."));
            match &config.path {
                Some(path) if key => error.at_path(path),
                _ => error,
            }
        })?;
        for (_, why) in &plan.short {
            tell(why);
        }
        for &label in &plan.found {
            let (label, promise) = (&plan.adviser.labels()[label], plan.promises[label]);
            let Some(promise) = promise else { continue };
            tell(format!(
                "{label}: review from {:.4}: in folds precision {:.2}, recall {:.2}",
                promise.threshold, promise.precision, promise.recall
            ));
        }
        Ok(Advised { plan, settings: config.settings })
    }

    /// What was typed.
    pub fn wish(&self) -> Option<Wish> {
        self.threshold.map(Wish::Threshold).or(self.target.map(Wish::Target))
    }
}
