//! Writes a simulation as tables for a terminal.

use std::cmp::Reverse;
use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::{BANDS, Band, Count, counting};
use crate::error::Result;
use crate::evaluation::Confusion;
use crate::model::Probability;
use crate::report::excerpt::{fit, one_line};
use crate::report::visible::visible;
use crate::report::words::{Words, fill};
use crate::report::{Style, excerpt};
use crate::triage::{Example, Flags, Nearest, Side, Simulation};

/// Columns that a name takes.
const NAME: usize = 38;
/// Columns that a number takes.
const CELL: usize = 10;
/// Columns that a pair of numbers takes.
const WIDE: usize = 20;
/// Columns that a number of a day takes.
const DAY: usize = 16;
/// Of more days than a month has, only the busiest are told.
const ALL_DAYS: usize = 31;
/// How many of them.
const BUSIEST: usize = 7;

/// What tables are written with.
struct Page<'a> {
    simulation: &'a Simulation,
    labels: Vec<usize>,
    seconds: f64,
    words: &'a Words,
    width: usize,
    out: &'a mut dyn Write,
}

pub(super) fn write(
    simulation: &Simulation,
    seconds: f64,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    let words = style.locale.words();
    let labels = counting(simulation);
    let mut page = Page { simulation, labels, seconds, words, width: style.width, out };
    page.head(&style.model)?;
    page.thresholds()?;
    page.flagged()?;
    page.missed()?;
    page.days()?;
    page.examples(&words.simulation.gained, &simulation.gained)?;
    page.examples(&words.simulation.lost, &simulation.lost)?;
    page.out.flush()?;
    Ok(())
}

impl Page<'_> {
    fn head(&mut self, model: &str) -> Result<()> {
        let (phrases, plan) = (&self.words.simulation, &self.simulation.plan);
        let count = |count: u64| self.words.number(count as usize);
        let mut line = format!("{} {}", self.words.phrases.read, count(plan.total().read));
        if let (Some((first, _)), Some((last, _))) =
            (plan.days.first_key_value(), plan.days.last_key_value())
        {
            let (first, last) = (first.to_string(), last.to_string());
            let days = self.words.number(plan.days.len());
            let values = [("n", days.as_str()), ("first", &first), ("last", &last)];
            line.push_str(&format!(" · {}", fill(&phrases.days, &values)));
        }
        line.push_str(&format!(" · {} {}", phrases.undated, count(plan.undated.read)));
        writeln!(self.out, "{line}\n{} {}", self.words.phrases.model, visible(model))?;
        Ok(())
    }

    fn thresholds(&mut self) -> Result<()> {
        let (phrases, Simulation { plan, against, .. }) = (&self.words.simulation, self.simulation);
        self.row(&phrases.thresholds, &[&phrases.plan, &phrases.against], WIDE)?;
        let of = |side: &Side, label: usize| {
            let bands = side.adviser.bands(label);
            format!("{} / {}", bands.review, bands.reject)
        };
        let promised = |side: &Side, label: usize| {
            side.promises[label].map_or("-".to_string(), |promise| {
                let shares = [promise.precision, promise.recall];
                shares.map(|share| self.words.percent(Probability::new(share))).join(" / ")
            })
        };
        for label in self.labels.clone() {
            let name = self.name(label);
            let cells = [of(plan, label), of(against, label)];
            let promises = [promised(plan, label), promised(against, label)];
            self.row(&format!("  {name}"), &[&cells[0], &cells[1]], WIDE)?;
            self.row(&format!("    {}", phrases.promised), &[&promises[0], &promises[1]], WIDE)?;
        }
        Ok(())
    }

    fn flagged(&mut self) -> Result<()> {
        let phrases = &self.words.simulation;
        let heads = [
            &phrases.total,
            &phrases.against,
            &phrases.least,
            &phrases.median,
            &phrases.mean,
            &phrases.most,
        ];
        self.row(&phrases.flagged, &heads.map(String::as_str), CELL)?;
        let labels = self.labels.clone();
        for label in std::iter::once(None).chain(labels.into_iter().map(Some)) {
            for band in BANDS {
                let name = match band {
                    Band::All => {
                        format!("  {}", label.map_or(phrases.any.clone(), |label| self.name(label)))
                    }
                    Band::Review => format!("    {}", self.words.phrases.review),
                    Band::Reject => format!("    {}", self.words.phrases.reject),
                };
                self.count(&name, Count { label, band }, None)?;
            }
        }
        let seconds = self.seconds.to_string();
        let name = format!("  {}", fill(&phrases.minutes, &[("n", &seconds)]));
        self.count(&name, Count { label: None, band: Band::All }, Some(self.seconds / 60.0))
    }

    /// A row of a count, in units of `unit`, or of comments.
    fn count(&mut self, name: &str, count: Count, unit: Option<f64>) -> Result<()> {
        let Simulation { plan, against, .. } = self.simulation;
        let (words, dash) = (self.words, || "-".to_string());
        let whole = |value: u64| match unit {
            None => words.number(value as usize),
            Some(unit) => words.about(value as f64 * unit),
        };
        let broken = |value: f64| match unit {
            None => words.decimal(value),
            Some(unit) => words.about(value * unit),
        };
        let spread = plan.spread(|day| count.of(day));
        let cells = [
            whole(count.of(&plan.total())),
            whole(count.of(&against.total())),
            spread.map_or_else(dash, |spread| whole(spread.least)),
            spread.map_or_else(dash, |spread| broken(spread.median)),
            spread.map_or_else(dash, |spread| broken(spread.mean)),
            spread.map_or_else(dash, |spread| whole(spread.most)),
        ];
        self.row(name, &cells.each_ref().map(String::as_str), CELL)
    }

    fn missed(&mut self) -> Result<()> {
        let (phrases, words) = (&self.words.simulation, self.words);
        let Simulation { plan, against, .. } = self.simulation;
        self.row(&phrases.missed, &[&phrases.plan, &phrases.against], WIDE)?;
        let share = |part: f64, whole: f64| {
            let values = [part, whole].map(|count| words.number(count as usize));
            fill(&phrases.share, &[("part", &values[0]), ("whole", &values[1])])
        };
        let missed = |found: &Confusion| share(found.missed, found.caught + found.missed);
        let wrongly = |found: &Confusion| share(found.disturbed, found.caught + found.disturbed);
        let mut estimated = false;
        for label in self.labels.clone() {
            let sides = [&plan.missed[label], &against.missed[label]];
            let name = self.name(label);
            let named = |phrase: &str| format!("  {}", fill(phrase, &[("label", &name)]));
            if sides[0].labelled != Confusion::default() {
                let cells = sides.map(|side| missed(&side.labelled));
                self.row(&named(&phrases.missed_exact), &[&cells[0], &cells[1]], WIDE)?;
                let cells = sides.map(|side| wrongly(&side.labelled));
                self.row(&named(&phrases.wrong_exact), &[&cells[0], &cells[1]], WIDE)?;
            }
            if sides.iter().any(|side| side.unlabelled > 0) {
                let cells = sides.map(|side| {
                    let (part, whole) =
                        (words.about(side.estimate), words.number(side.unlabelled as usize));
                    fill(&phrases.estimate, &[("part", &part), ("whole", &whole)])
                });
                self.row(&named(&phrases.missed_estimate), &[&cells[0], &cells[1]], WIDE)?;
                estimated = true;
            }
        }
        let sides = [&plan.moderated, &against.moderated];
        if *sides[0] != Confusion::default() {
            let cells = sides.map(missed);
            self.row(&format!("  {}", phrases.missed_rejected), &[&cells[0], &cells[1]], WIDE)?;
            let cells = sides.map(|side| share(side.disturbed, side.disturbed + side.passed));
            self.row(&format!("  {}", phrases.flagged_published), &[&cells[0], &cells[1]], WIDE)?;
        }
        if estimated {
            writeln!(self.out, "  {}", phrases.how_estimate)?;
        }
        Ok(())
    }

    fn days(&mut self) -> Result<()> {
        let (phrases, plan) = (&self.words.simulation, &self.simulation.plan);
        let mut days: Vec<(String, &Flags)> =
            plan.days.iter().map(|(day, flags)| (day.to_string(), flags)).collect();
        let title = if days.len() > ALL_DAYS { &phrases.busiest } else { &phrases.by_day };
        if days.is_empty() {
            return Ok(());
        }
        if days.len() > ALL_DAYS {
            // Stable: of days as busy, the earlier first.
            days.sort_by_key(|(_, flags)| Reverse(flags.flagged.all()));
            days.truncate(BUSIEST);
        }
        let heads =
            [&phrases.read, &phrases.any, &self.words.phrases.reject, &phrases.short_minutes];
        self.row(title, &heads.map(String::as_str), DAY)?;
        for (day, flags) in days {
            let count = |count: u64| self.words.number(count as usize);
            let all = flags.flagged.all();
            let cells = [
                count(flags.read),
                count(all),
                count(flags.flagged.reject),
                self.words.about(all as f64 * self.seconds / 60.0),
            ];
            self.row(&format!("  {day}"), &cells.each_ref().map(String::as_str), DAY)?;
        }
        Ok(())
    }

    fn examples(&mut self, title: &str, nearest: &Nearest) -> Result<()> {
        let (shown, all) = (nearest.examples.len(), nearest.comments);
        let mut title = fill(title, &[("n", &self.words.number(all as usize))]);
        if shown > 0 && (shown as u64) < all {
            let values = [("what", title.as_str()), ("n", &self.words.number(shown))];
            title = fill(&self.words.simulation.nearest, &values);
        }
        writeln!(self.out, "\n{title}")?;
        for example in &nearest.examples {
            let head = fit(&format!("  {}", self.example(example)), self.width);
            let text = excerpt::first(&example.comment.text, excerpt::QUOTED);
            let text = fit(&format!("    {}", visible(&one_line(&text))), self.width);
            writeln!(self.out, "{head}\n{text}")?;
        }
        Ok(())
    }

    /// What is known of an example, in a line.
    fn example(&self, example: &Example) -> String {
        let (phrases, comment) = (&self.words.simulation, &example.comment);
        let probability = example.scores.probabilities[example.label];
        let mut told = vec![format!("{} {probability}", self.name(example.label))];
        let shown = [comment.author.as_deref(), comment.date.as_deref(), Some(comment.id.as_str())];
        told.extend(shown.into_iter().flatten().map(|part| visible(&one_line(part)).into_owned()));
        if let Some(gold) = example.gold.get(example.label).copied().flatten() {
            let gold = if gold { "1" } else { "0" };
            told.push(fill(&phrases.labelled, &[("n", gold)]));
        }
        told.extend(comment.status.map(|status| fill(&phrases.fate, &[("fate", status.name())])));
        told.retain(|part| !part.is_empty());
        told.join(" · ")
    }

    /// What a label is called.
    fn name(&self, label: usize) -> String {
        visible(self.words.label(&self.simulation.plan.adviser.labels()[label])).into_owned()
    }

    /// A name with its cells, each `width` columns wide; a title begins a table, after a blank line.
    fn row(&mut self, name: &str, cells: &[&str], width: usize) -> Result<()> {
        if !name.starts_with(' ') {
            writeln!(self.out)?;
        }
        let name = fit(name, NAME);
        write!(self.out, "{name}{}", " ".repeat(NAME - name.width()))?;
        for cell in cells {
            write!(self.out, "{}{cell}", " ".repeat(width.saturating_sub(cell.width()).max(1)))?;
        }
        writeln!(self.out)?;
        Ok(())
    }
}
