//! Formats figures for a terminal, each as wide as its column.

use vigie::evaluation::{Estimate, Gap, Interval};

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

/// The share of a mistake in a subgroup, of how many, and its gap to the background in points: 33 columns.
pub fn gap(gap: Option<Gap>) -> String {
    let told = gap.map(|Gap { subgroup, gap, interval, .. }| {
        format!(
            "{:>5.1} % of {:<4} {:>+6.1} [{:>+5.1}, {:>+5.1}]",
            100.0 * subgroup.share().unwrap_or_default(),
            subgroup.of,
            100.0 * gap,
            100.0 * interval.low,
            100.0 * interval.high,
        )
    });
    format!("{:<35}", told.unwrap_or("    -".to_string()))
}
