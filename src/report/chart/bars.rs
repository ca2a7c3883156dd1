//! Draws estimates beside one another: a bar each, and a whisker over what may be the truth.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{
    APPROVED, INK, anchored, empty, estimated, grid, letters, listed, percent, svg,
};
use super::scale::Scale;
use super::{Estimate, Frame};
use crate::report::excerpt::excerpt;

/// Pixels of a bar and the space around it.
const ROW: u32 = 30;
/// Pixels of what stands below the bars, and above.
const AROUND: u32 = 44;
/// Letters of a name that there is room for.
const NAME: usize = 17;

/// A bar a label, say, or a moderator, the first on top; none where nothing is known.
pub fn bars(frame: &Frame, bars: &[(String, Option<Estimate>)]) -> String {
    let words = frame.locale.words();
    let bars: Vec<(&str, Option<Estimate>)> = bars
        .iter()
        .map(|(name, estimate)| (name.as_str(), estimate.and_then(Estimate::drawn)))
        .collect();
    let values = bars.iter().map(|(name, bar)| (name.to_string(), estimated(words, *bar)));
    let height = ROW * bars.len().max(2) as u32 + AROUND;
    svg(frame, &listed(words, values), height, |area| {
        if bars.is_empty() {
            return empty(area, words);
        }
        let count = bars.len() as f64;
        // The scale goes up and the list goes down.
        let ticks: Vec<f64> = (0..bars.len()).map(|index| index as f64 + 0.5).collect();
        let place = |at: f64| (count - at).floor().max(0.0) as usize;
        let mut plot = ChartBuilder::on(area)
            .margin_top(12)
            .margin_right(60)
            .x_label_area_size(28)
            .y_label_area_size(136)
            .build_cartesian_2d(0.0..1.0, Scale::new(0.0..count, ticks))?;
        plot.configure_mesh()
            .disable_y_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(grid())
            .x_labels(6)
            .x_label_formatter(&|share| percent(words, *share))
            .y_label_formatter(&|at| {
                bars.get(place(*at)).map(|(name, _)| excerpt(name, NAME)).unwrap_or_default()
            })
            .label_style(letters())
            .draw()?;
        for (index, (_, bar)) in bars.iter().enumerate() {
            let middle = count - index as f64 - 0.5;
            let label = bar.map_or("–".to_string(), |bar| percent(words, bar.value));
            let label = Text::new(label, (8, 0), anchored(HPos::Left));
            plot.draw_series([EmptyElement::at((1.0, middle)) + label])?;
            let Some(Estimate { value, lower, upper }) = *bar else { continue };
            let corners = [(0.0, middle - 0.3), (value, middle + 0.3)];
            plot.draw_series([Rectangle::new(corners, APPROVED.filled())])?;
            let whisker = vec![(lower, middle), (upper, middle)];
            plot.draw_series([PathElement::new(whisker, INK.stroke_width(2))])?;
            let end = |at| {
                EmptyElement::at((at, middle))
                    + PathElement::new(vec![(0, -5), (0, 5)], INK.stroke_width(2))
            };
            plot.draw_series([end(lower), end(upper)])?;
        }
        Ok(())
    })
}
