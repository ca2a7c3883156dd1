//! Neutralises cells that a spreadsheet would run: a comment must not become a formula.
//!
//! <https://owasp.org/www-community/attacks/CSV_Injection>

use std::borrow::Cow;

/// Puts `'` before a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return.
///
/// A cell that already begins so, with one `'` or more before it, gets one more: taking one away restores every cell.
pub fn neutralise(cell: &str) -> Cow<'_, str> {
    if cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_quoted_and_quoted_ones_once_more() {
        for (cell, expected) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("''@x", "'''@x"),
            ("'quoted'", "'quoted'"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(neutralise(cell), expected);
        }
    }
}
