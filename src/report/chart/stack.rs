//! Draws decisions upon one another: a column a week, or a bin of scores.

use plotters::prelude::*;

use super::canvas::{
    APPROVED, Area, DEFERRED, Drawn, REJECTED, empty, grid, legend, letters, listed, percent, svg,
    told, top,
};
use super::scale::Scale;
use super::{Decided, Frame};
use crate::report::visible::visible;
use crate::report::words::Words;

const HEIGHT: u32 = 260;
/// Of the height, what parts two decisions in a column.
const GAP: f64 = 0.006;
/// Of a column's place, what is left free on each side.
const SIDE: f64 = 0.1;
/// Names below columns; of more of them, some are left out.
const MOST_NAMES: usize = 7;

/// Columns side by side, each with its name: what was decided in a week, say.
pub fn columns(frame: &Frame, columns: &[(String, Decided)]) -> String {
    let words = frame.locale.words();
    let values = columns.iter().map(|(name, counts)| (name.clone(), told(words, counts)));
    svg(frame, &listed(words, values), HEIGHT, |area| {
        let counts: Vec<Decided> = columns.iter().map(|(_, counts)| *counts).collect();
        let step = columns.len().div_ceil(MOST_NAMES).max(1);
        // Ticks stand in the middle of a column.
        let ticks = (0..columns.len()).step_by(step).map(|index| index as f64 + 0.5).collect();
        let name = |at: f64| {
            let column = columns.get(at as usize);
            column.map(|(name, _)| visible(name).into_owned()).unwrap_or_default()
        };
        stacked(area, words, &counts, SIDE, (ticks, &name))
    })
}

/// Bins of equal width between the scores 0 and 1, the lowest first: what was decided of comments scored like this.
pub fn histogram(frame: &Frame, bins: &[Decided]) -> String {
    let words = frame.locale.words();
    let edge = |index: usize| percent(words, index as f64 / bins.len() as f64);
    let values = bins.iter().enumerate().map(|(index, counts)| {
        let name = format!("{}–{}", edge(index), edge(index + 1));
        (name, told(words, counts))
    });
    svg(frame, &listed(words, values), HEIGHT, |area| {
        let count = bins.len() as f64;
        let ticks = (0..=5).map(|fifth| f64::from(fifth) / 5.0 * count).collect();
        stacked(area, words, bins, 0.04, (ticks, &|at| percent(words, at / count)))
    })
}

/// Columns in their places, 0 to 1, 1 to 2 and so on, above these ticks.
fn stacked(
    area: &Area,
    words: &Words,
    columns: &[Decided],
    side: f64,
    (ticks, name): (Vec<f64>, &dyn Fn(f64) -> String),
) -> Drawn {
    let all = |counts: &Decided| counts.approved + counts.rejected + counts.deferred;
    let Some(most) = columns.iter().map(all).max().filter(|&most| most > 0) else {
        return empty(area, words);
    };
    let chart = &words.chart;
    legend(
        area,
        &[(&chart.approved, APPROVED), (&chart.rejected, REJECTED), (&chart.deferred, DEFERRED)],
    )?;
    let height = top(most);
    let mut plot = ChartBuilder::on(area)
        .margin_top(30)
        .margin_right(24)
        .x_label_area_size(28)
        .y_label_area_size(52)
        .build_cartesian_2d(Scale::new(0.0..columns.len() as f64, ticks), 0.0..height)?;
    plot.configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(grid())
        .y_labels(5)
        .x_label_formatter(&|at| name(*at))
        .y_label_formatter(&|count| words.number(count.round() as usize))
        .label_style(letters())
        .draw()?;
    for (index, counts) in columns.iter().enumerate() {
        let place = index as f64;
        let mut base = 0.0;
        let parts =
            [(counts.approved, APPROVED), (counts.rejected, REJECTED), (counts.deferred, DEFERRED)];
        for (count, colour) in parts.into_iter().filter(|(count, _)| *count > 0) {
            let count = count as f64;
            let gap = if base > 0.0 { (height * GAP).min(count / 2.0) } else { 0.0 };
            let corners = [(place + side, base + gap), (place + 1.0 - side, base + count)];
            plot.draw_series([Rectangle::new(corners, colour.filled())])?;
            base += count;
        }
    }
    Ok(())
}
