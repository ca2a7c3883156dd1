//! Tells people what happens, a line each, apart from what a command writes.

use std::fmt::Display;
use std::io::Write;

/// Writes one line to standard error. Names and ids come from files that anybody may have written: what would move a
/// terminal's cursor or part the line is not passed on.
///
/// Nobody may be listening (`vigie … 2>&1 | head`): that is no failure.
pub fn tell(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", harmless(&line.to_string()));
}

fn harmless(line: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    line.chars()
        .map(|c| match c {
            '\n' => ' ',
            c if c.is_control() || turns(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_and_harmless() {
        assert_eq!(harmless("a.csv: id \u{1b}[2J\n\u{202e}é"), "a.csv: id \u{fffd}[2J \u{fffd}é");
    }
}
