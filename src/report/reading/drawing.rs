//! Draws how soon reading finds what bears a label, as SVG: a panel a file, a line an order.

use std::io;

use plotters::prelude::*;

use super::Readings;
use crate::error::{Error, Result};
use crate::model::Probability;
use crate::report::Locale;
use crate::report::visible::visible;
use crate::report::words::Words;
use crate::triage::{Sequence, Strategy};

/// Pixels of a panel.
const PANEL: (u32, u32) = (480, 380);
/// Panels beside each other, at most.
const ACROSS: usize = 3;
/// Points of a line, at most: more than pixels are not seen.
const POINTS: usize = 400;

/// The curves of `readings`: share read to the right, share found upwards.
///
/// # Errors
/// When nothing can be drawn; plotters does not say when that is.
pub fn draw_readings(readings: &[Readings], locale: Locale) -> Result<String> {
    let mut svg = String::new();
    let across = readings.len().clamp(1, ACROSS);
    let down = readings.len().div_ceil(across).max(1);
    let size = (PANEL.0 * across as u32, PANEL.1 * down as u32);
    draw(readings, (down, across), size, locale.words(), &mut svg)
        .map_err(|error| Error::from(io::Error::other(error.to_string())))?;
    Ok(svg)
}

type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

fn draw(
    readings: &[Readings],
    cells: (usize, usize),
    size: (u32, u32),
    words: &Words,
    svg: &mut String,
) -> Drawn {
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    root.fill(&WHITE)?;
    for (area, readings) in root.split_evenly(cells).iter().zip(readings) {
        let title = visible(&readings.file);
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 15))
            .margin(12)
            .x_label_area_size(34)
            .y_label_area_size(46)
            .build_cartesian_2d(0.0..1.0f64, 0.0..1.0f64)?;
        let percent = |share: &f64| words.percent(Probability::new(*share + 1e-9));
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_desc(&words.reading["read"])
            .y_desc(&words.reading["found"])
            .x_label_formatter(&percent)
            .y_label_formatter(&percent)
            .draw()?;
        for (sequence, discovery) in &readings.by {
            let (count, all) = (discovery.comments as f64, discovery.positives as f64);
            let step = discovery.found_at.len().div_ceil(POINTS).max(1);
            let last = discovery.found_at.len().wrapping_sub(1);
            let points = discovery.found_at.iter().enumerate();
            let kept = points.filter(|&(before, _)| before % step == 0 || before == last);
            let points =
                kept.map(|(before, &read)| (read as f64 / count, (before + 1) as f64 / all));
            let style = colour(*sequence).stroke_width(2);
            chart
                .draw_series(LineSeries::new([(0.0, 0.0)].into_iter().chain(points), style))?
                .label(words.sequence(*sequence))
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE.mix(0.8))
            .draw()?;
    }
    Ok(root.present()?)
}

/// Colours that can be told apart without seeing red and green (Okabe and Ito, "Color universal design", 2008).
fn colour(sequence: Sequence) -> RGBColor {
    match sequence {
        Sequence::File => RGBColor(153, 153, 153),
        Sequence::Model => RGBColor(86, 180, 233),
        Sequence::Strategy(Strategy::Risk) => RGBColor(213, 94, 0),
        Sequence::Strategy(Strategy::Uncertain) => RGBColor(0, 158, 115),
        Sequence::Strategy(Strategy::Random) => RGBColor(204, 121, 167),
        Sequence::Strategy(Strategy::Mix) => RGBColor(0, 114, 178),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::readings;
    use super::*;

    #[test]
    fn a_drawing_has_a_line_for_each_order_and_harmless_names() {
        let mut readings = readings();
        readings[0].file = "<script>alert(1)</script>.csv".into();
        let svg = draw_readings(&readings, Locale::Fr).unwrap();
        assert_eq!(svg, draw_readings(&readings, Locale::Fr).unwrap());
        assert!(svg.starts_with("<svg") && svg.contains("ordre du fichier"), "{svg}");
        assert!(!svg.contains("<script"), "{svg}");
        // A line and its legend for each of three orders.
        assert!(svg.matches("<polyline").count() >= 6, "{svg}");
        draw_readings(&[], Locale::En).unwrap();
    }
}
