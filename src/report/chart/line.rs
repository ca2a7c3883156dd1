//! Draws an estimate over time: a line, and around it the band in which the truth may lie.

use plotters::prelude::*;

use super::canvas::{APPROVED, INK, empty, estimated, grid, letters, listed, percent, svg};
use super::scale::Scale;
use super::{Estimate, Frame};
use crate::report::visible::visible;

const HEIGHT: u32 = 240;
/// Names below points; of more of them, some are left out.
const MOST_NAMES: usize = 7;

/// A point a week, say, each with its name; none where nothing is known, and the line is broken there.
pub fn line(frame: &Frame, points: &[(String, Option<Estimate>)]) -> String {
    let words = frame.locale.words();
    let points: Vec<(&str, Option<Estimate>)> = points
        .iter()
        .map(|(name, estimate)| (name.as_str(), estimate.and_then(Estimate::drawn)))
        .collect();
    let values = points.iter().map(|(name, point)| (name.to_string(), estimated(words, *point)));
    svg(frame, &listed(words, values), HEIGHT, |area| {
        if points.iter().all(|(_, point)| point.is_none()) {
            return empty(area, words);
        }
        let step = points.len().div_ceil(MOST_NAMES).max(1);
        let ticks: Vec<f64> = (0..points.len()).step_by(step).map(|index| index as f64).collect();
        let mut plot = ChartBuilder::on(area)
            .margin_top(12)
            .margin_right(24)
            .x_label_area_size(28)
            .y_label_area_size(52)
            .build_cartesian_2d(Scale::new(-0.5..points.len() as f64 - 0.5, ticks), 0.0..1.0)?;
        plot.configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(grid())
            .y_labels(6)
            .x_label_formatter(&|at| {
                let point = points.get(at.round() as usize);
                point.map(|(name, _)| visible(name).into_owned()).unwrap_or_default()
            })
            .y_label_formatter(&|share| percent(words, *share))
            .label_style(letters())
            .draw()?;
        let known: Vec<(f64, Option<Estimate>)> =
            points.iter().enumerate().map(|(index, (_, point))| (index as f64, *point)).collect();
        for run in known.split(|(_, point)| point.is_none()) {
            let run: Vec<(f64, Estimate)> =
                run.iter().filter_map(|(at, point)| Some((*at, (*point)?))).collect();
            let path = |of: fn(&Estimate) -> f64| -> Vec<(f64, f64)> {
                run.iter().map(|(at, point)| (*at, of(point))).collect()
            };
            let (lower, upper) = (path(|point| point.lower), path(|point| point.upper));
            if let [(at, point)] = run[..] {
                // Alone between weeks of which nothing is known: a band would have no width.
                let whisker = vec![(at, point.lower), (at, point.upper)];
                plot.draw_series([PathElement::new(whisker, APPROVED.stroke_width(1))])?;
            } else {
                let outline = lower.iter().chain(upper.iter().rev()).copied().collect::<Vec<_>>();
                plot.draw_series([Polygon::new(outline, APPROVED.mix(0.25))])?;
            }
            for edge in [lower, upper] {
                plot.draw_series([PathElement::new(edge, APPROVED.stroke_width(1))])?;
            }
            let values = path(|point| point.value);
            plot.draw_series([PathElement::new(values.clone(), INK.stroke_width(2))])?;
            plot.draw_series(values.into_iter().map(|at| Circle::new(at, 3, INK.filled())))?;
        }
        Ok(())
    })
}
