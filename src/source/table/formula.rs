//! Neutralises cells that a spreadsheet would run as formulas, and restores them: a comment is hostile input there too.
//!
//! The rule is the usual one, an apostrophe in front; cells that already begin like a neutralised one get another, so
//! that nothing is lost on the way out and back.

use std::borrow::Cow;

/// What a spreadsheet may take for the start of a formula.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The cell as it may be written to a CSV file: `=1+1` becomes `'=1+1`, and `'=1+1` becomes `''=1+1`.
///
/// Plain numbers stay: `-3` is a count of votes, and harmless.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
pub fn neutralise(cell: &str) -> Cow<'_, str> {
    if could_run(cell.trim_start_matches('\'').as_bytes()) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell as it was before [`neutralise`].
pub fn restore(cell: &str) -> Cow<'_, str> {
    Cow::Borrowed(if is_neutralised(cell.as_bytes()) { &cell[1..] } else { cell })
}

/// Whether [`restore`] takes the first byte away.
pub(super) fn is_neutralised(cell: &[u8]) -> bool {
    if cell.first() != Some(&b'\'') {
        return false;
    }
    let quotes = cell.iter().take_while(|&&byte| byte == b'\'').count();
    could_run(&cell[quotes..])
}

fn could_run(cell: &[u8]) -> bool {
    match cell.split_first() {
        Some((b'-' | b'+', rest)) => !is_number(rest),
        Some((first, _)) => STARTS.contains(&char::from(*first)),
        None => false,
    }
}

/// Digits, with at most one decimal point or comma among them.
fn is_number(cell: &[u8]) -> bool {
    let points = cell.iter().filter(|byte| matches!(byte, b'.' | b',')).count();
    let digits = cell.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits > 0 && points <= 1 && digits + points == cell.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_get_an_apostrophe_and_lose_it_again() {
        assert_eq!(neutralise("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(neutralise("'-1+2"), "''-1+2");
        assert_eq!(neutralise("-3"), "-3");
        assert_eq!(neutralise("-"), "'-");
        assert_eq!(neutralise("c'est =1"), "c'est =1");
        assert_eq!(restore("'@toi"), "@toi");
        assert_eq!(restore("'tis"), "'tis");
    }

    proptest! {
        #[test]
        fn restoring_undoes_neutralising(cell in "['=+@\\-\t\r\na]{0,6}|\\PC{0,20}") {
            let neutralised = neutralise(&cell);
            prop_assert_eq!(restore(&neutralised), cell.as_str());
        }

        #[test]
        fn nothing_neutralised_can_run(cell in "['=+@\\-\t\r\na]{0,6}|\\PC{0,20}") {
            prop_assert!(!could_run(neutralise(&cell).as_bytes()));
        }
    }
}
