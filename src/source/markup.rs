//! Turns the markup in which exports keep a comment's text into plain text.

/// The plain text of `html`: entities decoded, breaks and paragraphs as newlines, tags dropped.
///
/// A text without a tag or an entity is returned as it is. Without the feature `html` only the commonest entities and
/// breaks are understood.
pub(super) fn plain(html: &str) -> String {
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
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        // « <3 » is no tag.
        if !rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            text.push('<');
            rest = &rest[at + 1..];
            continue;
        }
        let (tag, after) = rest[at..].split_once('>').unwrap_or((&rest[at..], ""));
        if ["<br", "</p", "</div", "</li"].iter().any(|end| tag.starts_with(end)) {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    for (entity, character) in entities {
        text = text.replace(entity, character);
    }
    text.trim().to_owned()
}

#[cfg(test)]
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
