//! Formats figures and names for a terminal, each as wide as its column.

use vigie::evaluation::{Estimate, Gap, Interval};

/// How wide a terminal is taken to be.
const TERMINAL: usize = 100;

/// How wide a column of names is: as the longest, but not below `least` nor above `most`.
pub fn width<'a>(names: impl Iterator<Item = &'a str>, least: usize, most: usize) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0).clamp(least, most)
}

/// What a part is called whose column is empty.
pub fn named(value: &str) -> &str {
    if value.is_empty() { "(empty)" } else { value }
}

/// Items in lines, none wider than a terminal unless one item is; each line begins with `indent`.
pub fn lines(items: impl Iterator<Item = String>, indent: &str) -> String {
    let mut lines = indent.to_string();
    let mut at = indent.len();
    for (number, item) in items.enumerate() {
        let columns = item.chars().count() + 2;
        if number > 0 {
            lines.push(',');
            if at + columns > TERMINAL {
                lines.push('\n');
                lines.push_str(indent);
                at = indent.len();
            } else {
                lines.push(' ');
            }
        }
        at += columns;
        lines.push_str(&item);
    }
    lines
}

/// A number from 0 to 1, or a dash.
pub fn number(value: Option<f64>) -> String {
    value.map_or("   -".to_string(), |value| format!("{value:.3}"))
}

/// A number from 0 to 1 with its interval: 17 columns.
pub fn estimate(estimate: Option<Estimate>) -> String {
    let told = estimate.map(|Estimate { value, interval }| {
        let interval = interval.map(|Interval { low, high }| format!(" [{low:.2}, {high:.2}]"));
        format!("{value:.2}{}", interval.unwrap_or_default())
    });
    format!("{:<17}", told.unwrap_or("   -".to_string()))
}

/// The interval of a share.
pub fn percent_interval(Interval { low, high }: Interval) -> String {
    format!("[{:.1}, {:.1}]", 100.0 * low, 100.0 * high)
}

/// The share of a mistake in a subgroup, of how many, and its gap to the background in points: 35 columns.
pub fn gap(gap: Option<Gap>) -> String {
    let told = gap.map(|Gap { subgroup, gap, interval, .. }| {
        format!(
            "{:>5.1} % of {:<4} {:>+6.1} [{:>+4.0}, {:>+4.0}]",
            100.0 * subgroup.share().unwrap_or_default(),
            subgroup.of,
            100.0 * gap,
            100.0 * interval.low,
            100.0 * interval.high,
        )
    });
    format!("{:<35}", told.unwrap_or("    -".to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_broken_into_lines() {
        let items = || (0..30).map(|number| format!("group {number:02}"));
        let told = lines(items(), "    ");
        assert!(told.lines().all(|line| line.len() <= 100 && line.starts_with("    g")), "{told}");
        assert_eq!(told.lines().count(), 4, "{told}");
        assert_eq!(told.matches("group").count(), 30);
        assert_eq!(lines(items().take(1), "  "), "  group 00");
    }

    #[test]
    fn a_column_is_as_wide_as_its_names() {
        assert_eq!(width(["été", "automne"].into_iter(), 5, 10), 7);
        assert_eq!(width(["été"].into_iter(), 5, 10), 5);
        assert_eq!(width(["un nom qui ne finit pas"].into_iter(), 5, 10), 10);
    }
}
