//! Builds the plain text of a part of a page: blocks and `<br>` become newlines, white space is folded.

use super::dom::{At, Dom, Kind};

/// Whether elements of this name begin and end a line.
fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "br"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tr"
            | "ul"
            | "video"
    )
}

/// The plain text of `from .. to`, without the subtrees for which `cut` is true.
pub fn plain(dom: &Dom<'_>, from: At, to: At, cut: impl Fn(At) -> bool) -> String {
    let mut writer = Writer::default();
    write(dom, from, to, cut, &mut writer);
    writer.out
}

/// The text of one node, on one line.
pub fn line(dom: &Dom<'_>, at: At) -> String {
    let mut out = String::new();
    let mut add = |word: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    };
    for text in (at..dom.end(at)).filter_map(|index| dom.text(index)) {
        if text.is_ascii() {
            let space = |c: char| matches!(c, '\t'..='\r' | ' ');
            text.split(space).filter(|word| !word.is_empty()).for_each(&mut add);
        } else {
            text.split_whitespace().for_each(&mut add);
        }
    }
    out
}

/// Like [`plain`], behind what was written before.
pub fn write(dom: &Dom<'_>, from: At, to: At, cut: impl Fn(At) -> bool, writer: &mut Writer) {
    let mut closing: Vec<At> = Vec::new();
    let mut at = from;
    while at < to {
        while closing.last().is_some_and(|&end| end <= at) {
            closing.pop();
            writer.newline();
        }
        if cut(at) {
            at = dom.end(at);
            continue;
        }
        match dom.node(at).kind {
            Kind::Text(text) => writer.fold(text),
            Kind::Element(element) => {
                let tag = dom.tag(at);
                if is_block(tag) {
                    writer.newline();
                    closing.push(dom.end(at));
                } else if tag == "td" || tag == "th" {
                    writer.space();
                } else if tag == "img" {
                    // Smileys are drawn as images; their name is what was typed.
                    let drawn = element
                        .attr("class")
                        .is_some_and(|class| class.contains("smil") || class.contains("emoji"));
                    if drawn && let Some(name) = element.attr("alt") {
                        writer.space();
                        writer.fold(name);
                        writer.space();
                    }
                }
            }
        }
        at += 1;
    }
    writer.newline();
}

/// Folds white space while text is written.
#[derive(Default)]
pub struct Writer {
    out: String,
    gap: Gap,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Newline,
}

impl Writer {
    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    /// Starts a line, unless nothing is written yet.
    pub fn newline(&mut self) {
        self.gap = Gap::Newline;
    }

    fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    fn fold(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.space();
        }
        let mut first = true;
        for word in text
            .split(|c: char| c.is_whitespace() || c == '\u{200b}')
            .filter(|word| !word.is_empty())
        {
            if !first {
                self.space();
            }
            first = false;
            if !self.out.is_empty() {
                match self.gap {
                    Gap::None => {}
                    Gap::Space => self.out.push(' '),
                    Gap::Newline => self.out.push('\n'),
                }
            }
            self.gap = Gap::None;
            self.out.push_str(word);
        }
        if text.ends_with(char::is_whitespace) {
            self.space();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn blocks_part_lines_and_blanks_fold() {
        let html = Html::parse_document(
            "<div> <p>Un\n  <b>deux</b>, trois</p><p>quatre<br>cinq<button>Non</button></p></div>",
        );
        let dom = Dom::new(&html);
        let text = plain(&dom, 0, dom.len(), |at| dom.tag(at) == "button");
        assert_eq!(text, "Un deux, trois\nquatre\ncinq");
    }
}
