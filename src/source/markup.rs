//! Turns the markup in which exports keep a comment's text into plain text.

/// The plain text of `html`: entities decoded, breaks and paragraphs as newlines, tags dropped.
///
/// A text without a tag or an entity is returned as it is. Without the feature `html`, all are.
pub(crate) fn plain(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    render(html)
}

#[cfg(feature = "html")]
fn render(html: &str) -> String {
    super::page::plain(html)
}

#[cfg(not(feature = "html"))]
fn render(html: &str) -> String {
    html.trim().to_owned()
}

#[cfg(all(test, feature = "html"))]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_paragraphs() {
        assert_eq!(plain("l'été <3"), "l'été <3");
        assert_eq!(
            plain("<p>Un &amp; deux.</p><p>Trois<br>quatre</p>"),
            "Un & deux.\nTrois\nquatre"
        );
        assert_eq!(plain(" sans balise "), "sans balise");
    }
}
