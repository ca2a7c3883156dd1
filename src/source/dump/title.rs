//! Finds the title of the article commented on, where the dump shows it plainly.

use std::collections::HashSet;

use super::head::Shape;
use super::sheet::Sheet;

/// So far down a title is looked for.
const MOST_LINES: usize = 400;

/// The title, looked for in the lines before `area`: quoted by the opening, standing twice, or over the byline.
pub(super) fn title(sheet: &Sheet, area: usize) -> Option<String> {
    let before = area.min(MOST_LINES).min(sheet.lines.len());
    quoted(sheet.lines.get(area).map_or("", |line| line.raw))
        .or_else(|| twice(sheet, before))
        .or_else(|| over_byline(sheet, before))
}

/// `25 thoughts on “How to wait”`.
fn quoted(opening: &str) -> Option<String> {
    let start = opening.find(['“', '«', '„', '"'])?;
    let rest = &opening[start..];
    let rest = rest.trim_start_matches(['“', '«', '„', '"']);
    let end = rest.rfind(['”', '»', '“', '"'])?;
    let title = rest[..end].trim();
    (title.chars().count() >= 8).then(|| title.to_owned())
}

/// A headline that stands at the top twice, as page title and as heading.
fn twice(sheet: &Sheet, before: usize) -> Option<String> {
    let mut seen = HashSet::new();
    let line = sheet.lines[..before].iter().find(|line| {
        let words = line.text.split_whitespace().count();
        line.is_short()
            && line.bullet.is_none()
            && (4..=30).contains(&words)
            && !seen.insert(line.text)
    })?;
    Some(line.text.to_owned())
}

/// The line over « Par Ada » or « Publié le 3 mai 2012 ».
fn over_byline(sheet: &Sheet, before: usize) -> Option<String> {
    let byline = (1..before)
        .find(|&at| matches!(sheet.shape(at), Some(Shape::By | Shape::Signed | Shape::Dated)))?;
    let line = &sheet.lines[byline - 1];
    let words = line.text.split_whitespace().count();
    let headline =
        line.bullet.is_none() && (4..=30).contains(&words) && !line.text.ends_with(['.', ':']);
    headline.then(|| line.text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_quoted_or_twice_or_over_the_byline() {
        let told = |text: &str, area: usize| title(&Sheet::read(text), area);
        assert_eq!(
            told("a\n3 thoughts on “How to wait a day”", 1).as_deref(),
            Some("How to wait a day")
        );
        assert_eq!(
            told("Le port rouvre ses portes\nx\nLe port rouvre ses portes\ny", 3).as_deref(),
            Some("Le port rouvre ses portes")
        );
        assert_eq!(
            told("Menu\nLe port rouvre ses portes\nPar Zoé Ada\ny", 3).as_deref(),
            Some("Le port rouvre ses portes")
        );
        assert_eq!(told("Menu\nContact\nx", 2), None);
    }
}
