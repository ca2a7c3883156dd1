//! Makes an SVG of what is drawn: its frame, its title and description, its colours, its legend.
//!
//! plotters places axes, ticks and shapes; it writes each colour into each element, so that one place, here, turns
//! black into the colour of the text around.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use unicode_width::UnicodeWidthStr;

use super::{Decided, Estimate, Frame};
use crate::model::Probability;
use crate::report::html::escape;
use crate::report::visible::visible;
use crate::report::words::{Words, fill};

/// Wide enough for a year of weeks, and small enough that words can still be read where a phone shrinks it.
pub(super) const WIDTH: u32 = 480;
/// Pixels of the letters.
const LETTERS: f64 = 13.0;
/// What a letter takes, about.
const LETTER: i32 = 7;
/// plotters takes the height of a line for the size of letters.
const LINE: f64 = 1.24;

/// Blue, orange and grey are told apart by everybody (Okabe, Ito: *Color Universal Design*, 2008), and each has a
/// contrast of 3 at least to white and to the darkest page.
pub(super) const APPROVED: RGBColor = RGBColor(0x00, 0x72, 0xB2);
pub(super) const REJECTED: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
pub(super) const DEFERRED: RGBColor = RGBColor(0x80, 0x80, 0x80);
/// The colour of the text around.
pub(super) const INK: RGBColor = RGBColor(0, 0, 0);

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// An SVG so high, its values `told` in words, with what `draw` draws.
pub(super) fn svg(
    frame: &Frame,
    told: &str,
    height: u32,
    draw: impl FnOnce(&Area) -> Drawn,
) -> String {
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, (WIDTH, height)).into_drawing_area();
        let done = draw(&area).and_then(|()| area.present());
        done.expect("a string takes whatever is drawn");
    }
    let shapes = drawn.split_once('\n').map_or("", |(_, shapes)| shapes);
    let [id, title, told] = [frame.id, frame.title, told].map(escape::attribute);
    let language = frame.locale.code();
    let mut page = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         lang=\"{language}\" aria-labelledby=\"{id}-title {id}-desc\" font-size=\"{LETTERS}\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{told}</desc>\n"
    );
    page.push_str(&attributes(shapes));
    page
}

/// What plotters wrote, without the font that it supposes, black as the colour of the text around. Quotes within words
/// are escaped: only attributes have such.
fn attributes(shapes: &str) -> String {
    let mut kept = shapes
        .replace("fill=\"#000000\"", "fill=\"currentColor\"")
        .replace("stroke=\"#000000\"", "stroke=\"currentColor\"")
        .replace(" opacity=\"1\"", "")
        .replace(" font-family=\"sans-serif\"", "");
    while let Some((start, rest)) = kept.split_once(" font-size=\"")
        && let Some((_, end)) = rest.split_once('"')
    {
        kept = format!("{start}{end}");
    }
    kept
}

/// How words are written.
pub(super) fn letters() -> TextStyle<'static> {
    ("sans-serif", LETTERS * LINE).into_font().color(&INK)
}

/// The same, set from this side of their place, at the height of their middle.
pub(super) fn anchored(side: HPos) -> TextStyle<'static> {
    letters().pos(Pos::new(side, VPos::Center))
}

/// The lines behind the values.
pub(super) fn grid() -> ShapeStyle {
    INK.mix(0.2).stroke_width(1)
}

/// A sign for each name in a line at the top.
pub(super) fn legend(area: &Area, names: &[(&str, RGBColor)]) -> Drawn {
    let mut x = 10;
    for (name, colour) in names {
        area.draw(&Rectangle::new([(x, 6), (x + 12, 18)], colour.filled()))?;
        area.draw(&Text::new(visible(name), (x + 18, 12), anchored(HPos::Left)))?;
        x += 18 + LETTER * name.width() as i32 + 20;
    }
    Ok(())
}

/// The end of a scale of counts: five steps at least, so that no tick is a fraction.
pub(super) fn top(most: usize) -> f64 {
    (most as f64 * 1.05).max(5.0)
}

/// Whole percent of a share.
pub(super) fn percent(words: &Words, share: f64) -> String {
    words.percent(Probability::new(share))
}

/// Counts in words.
pub(super) fn told(words: &Words, counts: &Decided) -> String {
    let chart = &words.chart;
    let parts = [
        (&chart.approved, counts.approved),
        (&chart.rejected, counts.rejected),
        (&chart.deferred, counts.deferred),
    ];
    let parts = parts.map(|(what, count)| format!("{} {what}", words.number(count)));
    parts.join(", ")
}

/// An estimate in words.
pub(super) fn estimated(words: &Words, estimate: Option<Estimate>) -> String {
    let Some(Estimate { value, lower, upper }) = estimate else { return words.chart.none.clone() };
    let [value, lower, upper] = [value, lower, upper].map(|share| percent(words, share));
    fill(&words.chart.estimate, &[("value", &value), ("lower", &lower), ("upper", &upper)])
}

/// Named values in words, or that there are none.
pub(super) fn listed(words: &Words, values: impl Iterator<Item = (String, String)>) -> String {
    let value = |(name, value): (String, String)| {
        fill(&words.chart.value, &[("name", &name), ("value", &value)])
    };
    let listed: Vec<String> = values.map(value).collect();
    if listed.is_empty() { words.chart.empty.clone() } else { listed.join(&words.chart.between) }
}

/// Says in the middle that there is nothing to draw.
pub(super) fn empty(area: &Area, words: &Words) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let middle = (width as i32 / 2, height as i32 / 2);
    area.draw(&Text::new(words.chart.empty.as_str(), middle, anchored(HPos::Center)))
}
