//! Audits a model: does it treat comments that name a group of people like the others?

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use vigie::Error;
use vigie::evaluation::{Bootstrap, POWER, Subgroup, generalised_mean};
use vigie::identity::{Groups, Term, shipped};
use vigie::report::{cell, excerpt};

use super::figure::{estimate, gap, lines, number};
use super::judged::Known;

/// Whether to audit, and by which words.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Audit")]
pub struct AuditArgs {
    /// Also measure by the groups of people that comments name: areas (AUC) within a group and against the others, and
    /// gaps in false positives and false negatives
    #[arg(long)]
    pub audit: bool,

    /// A table (CSV) with the columns term, group and, if it likes, lang, that adds to the terms that ship with the
    /// program; an empty group takes a term away
    #[arg(long, value_name = "FILE", requires = "audit")]
    terms: Option<PathBuf>,

    /// What a number must be computed on at the least: so many positives, and so many negatives
    #[arg(long, value_name = "N", default_value_t = 10, requires = "audit")]
    least: usize,
}

impl AuditArgs {
    /// The groups to look for.
    pub fn groups(&self) -> anyhow::Result<Groups> {
        let mut terms = shipped()?;
        if let Some(path) = &self.terms {
            terms = Term::change(terms, read(path).map_err(|error| error.at_path(path))?);
        }
        Ok(Groups::build(&terms)?)
    }

    /// Audits one label: `members` tells by place among all rows which groups a comment names.
    pub fn measure<'a>(
        &self,
        groups: &Groups,
        known: &Known,
        threshold: f64,
        bootstrap: &Bootstrap,
        members: impl Fn(usize) -> &'a [usize],
    ) -> Audit {
        let mut of_group = vec![vec![false; known.at.len()]; groups.names().len()];
        for (row, &at) in known.at.iter().enumerate() {
            members(at).iter().for_each(|&group| of_group[group][row] = true);
        }
        let measured = Subgroup::measure(&known.pairs, &of_group, threshold, self.least, bootstrap);
        let names = groups.names().iter().cloned();
        let named = names.zip(measured).map(|(group, subgroup)| Named { group, subgroup });
        let mut named: Vec<Named> = named.filter(|named| named.subgroup.rows > 0).collect();
        // Stable, so that equal ones stay sorted by name.
        named.sort_by_key(|named| std::cmp::Reverse(named.subgroup.rows));
        let (groups, too_few): (Vec<Named>, Vec<Named>) =
            named.into_iter().partition(|named| named.subgroup.is_measured());
        let mean = |area: usize| {
            let areas = groups.iter().filter_map(|named| named.subgroup.areas()[area]);
            generalised_mean(areas.map(|area| area.value))
        };
        let mean = Mean { power: POWER, auc: mean(0), bpsn: mean(1), bnsp: mean(2) };
        let drawn = Drawn { resamples: bootstrap.resamples, groups: bootstrap.groups() };
        Audit { least: self.least, drawn, mean, groups, too_few }
    }
}

fn read(path: &Path) -> vigie::Result<Vec<Term>> {
    Term::read(File::open(path).map_err(Error::from)?)
}

/// How a model treats comments that name a group of people.
#[derive(Debug, Serialize)]
pub struct Audit {
    least: usize,
    drawn: Drawn,
    mean: Mean,
    /// The largest first, then by name.
    groups: Vec<Named>,
    /// Those without any number.
    too_few: Vec<Named>,
}

/// How the intervals of areas were computed.
#[derive(Debug, Serialize)]
struct Drawn {
    resamples: usize,
    /// Threads, or whatever was drawn whole.
    groups: usize,
}

/// Generalised means of the areas over the groups that have them.
#[derive(Debug, Serialize)]
struct Mean {
    power: f64,
    auc: Option<f64>,
    bpsn: Option<f64>,
    bnsp: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Named {
    group: String,
    #[serde(flatten)]
    subgroup: Subgroup,
}

/// Columns of a terminal that the name of a group may fill.
const WIDTH: usize = 26;

impl Audit {
    /// Tells it in two tables.
    pub fn tell(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let Audit { least, drawn, mean, groups, too_few } = self;
        if groups.is_empty() {
            writeln!(out, "  groups of people: none with {least} positives or negatives")?;
        } else {
            writeln!(
                out,
                "  {}  positive   AUC within         BPSN               BNSP",
                cell("groups of people", WIDTH)
            )?;
        }
        for Named { group, subgroup } in groups {
            let [auc, bpsn, bnsp] = subgroup.areas().map(estimate);
            let of = format!("{}/{}", subgroup.positives, subgroup.rows);
            let line = format!("  {} {of:>9}   {auc}  {bpsn}  {bnsp}", cell(group, WIDTH));
            writeln!(out, "{}", line.trim_end())?;
        }
        if !groups.is_empty() {
            let [auc, bpsn, bnsp] = [mean.auc, mean.bpsn, mean.bnsp].map(number);
            let what = cell(&format!("generalised mean, p = {}", mean.power), WIDTH + 10);
            writeln!(out, "  {what}   {auc:<17}  {bpsn:<17}  {bnsp}")?;
            writeln!(
                out,
                "  {}  innocent but flagged, and gap      guilty but not flagged, and gap",
                cell("", WIDTH)
            )?;
        }
        for Named { group, subgroup } in groups {
            let [disturbed, missed] = [subgroup.false_positives, subgroup.false_negatives].map(gap);
            let line = format!("  {}{disturbed} {missed}", cell(group, WIDTH));
            writeln!(out, "{}", line.trim_end())?;
        }
        if !too_few.is_empty() {
            let named = too_few.iter().map(|Named { group, subgroup }| {
                let negatives = subgroup.rows - subgroup.positives;
                format!("{} ({} + {negatives})", excerpt(group, WIDTH), subgroup.positives)
            });
            writeln!(
                out,
                "  too few to measure (positives + negatives):\n{}",
                lines(named, "    ")
            )?;
        }
        writeln!(
            out,
            "  95 % intervals: AUC by bootstrap ({} draws of {} threads); gaps, in points, by Newcombe",
            drawn.resamples, drawn.groups
        )?;
        Ok(())
    }
}
