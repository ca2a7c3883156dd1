//! Cuts out of a page, before it is parsed, what nobody reads and no profile asks for: the inside of scripts, of styles and
//! of plain drawings. They are a third of the bytes of most pages.

use std::ops::Range;

use super::excess::MOST_ATTRIBUTES;

/// The page without the inside of its scripts, styles and drawings; the elements themselves stay. It ends before an
/// element with too many attributes: the second value is then true.
///
/// Tags are told as a parser tells them. Where that would need more than tags (a style in a drawing that is never closed,
/// a script that writes a script), the rest of the page stays as it is.
pub fn slim(html: &str) -> (String, bool) {
    let mut walk =
        Walk { bytes: html.as_bytes(), at: 0, cuts: Vec::new(), excess: None, attributes: 0 };
    while walk.advance().is_some() {}
    if walk.excess.is_none() {
        walk.count_attributes();
    }
    let to = walk.excess.unwrap_or(html.len());
    let mut kept = String::with_capacity(html.len());
    let mut from = 0;
    for cut in walk.cuts {
        kept.push_str(&html[from..cut.start]);
        from = cut.end;
    }
    kept.push_str(&html[from..to]);
    (kept, walk.excess.is_some())
}

/// A start tag or an end tag.
struct Tag<'a> {
    name: &'a [u8],
    closes: bool,
    /// It ends in `/>`.
    empty: bool,
    attributes: &'a [u8],
}

impl Tag<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    cuts: Vec<Range<usize>>,
    /// Where an element begins that has too many attributes.
    excess: Option<usize>,
    /// Those of the last tag.
    attributes: usize,
}

impl<'a> Walk<'a> {
    /// Goes past the next piece of markup; none where the walk ends.
    fn advance(&mut self) -> Option<()> {
        self.at += memchr::memchr(b'<', &self.bytes[self.at..])?;
        let Some(tag) = self.markup()? else { return Some(()) };
        if tag.closes {
            return Some(());
        }
        let mut name = [0u8; 10];
        // The names below are no longer.
        let Some(name) = name.get_mut(..tag.name.len()) else { return Some(()) };
        name.copy_from_slice(tag.name);
        name.make_ascii_lowercase();
        match &*name {
            b"script" => {
                let told = has(tag.attributes, b"json");
                let inside = self.raw("script")?;
                let text = &self.bytes[inside.clone()];
                // Inside a comment, a script's end may be another's.
                if memchr::memmem::find(text, b"<!--").is_some() && has(text, b"<script") {
                    return None;
                }
                self.cuts.extend((!told).then_some(inside));
            }
            b"style" => {
                let inside = self.raw("style")?;
                self.cuts.push(inside);
            }
            b"textarea" | b"title" | b"xmp" | b"iframe" | b"noembed" | b"noframes"
            | b"noscript" => {
                self.raw(std::str::from_utf8(name).ok()?)?;
            }
            b"plaintext" | b"frameset" => return None,
            b"svg" if !tag.empty => self.drawing()?,
            b"math" if !tag.empty => return None,
            b"select" => self.list()?,
            _ => {}
        }
        Some(())
    }

    /// Reads what begins at a `<` and goes past it: a tag, or something without a name.
    fn markup(&mut self) -> Option<Option<Tag<'a>>> {
        let rest = &self.bytes[self.at + 1..];
        if let Some(comment) = rest.strip_prefix(b"!--") {
            let length = if comment.starts_with(b">") || comment.starts_with(b"->") {
                0
            } else {
                let end = |mark: &[u8]| memchr::memmem::find(comment, mark);
                // A comment that ends as none should is left to the parser.
                let whole = end(b"-->")?;
                if memchr::memmem::find(&comment[..whole], b"--!>").is_some() {
                    return None;
                }
                whole
            };
            self.at += 4 + length;
            return Some(None);
        }
        match rest {
            [b'!', b'[', ..] => None,
            [b'!' | b'?', ..] => {
                self.at += memchr::memchr(b'>', rest)?;
                Some(None)
            }
            [b'/', first, ..] if first.is_ascii_alphabetic() => self.tag(true).map(Some),
            [b'/', ..] => {
                self.at += memchr::memchr(b'>', rest)?;
                Some(None)
            }
            [first, ..] if first.is_ascii_alphabetic() => self.tag(false).map(Some),
            _ => {
                self.at += 1;
                Some(None)
            }
        }
    }

    /// Reads a tag with its attributes.
    fn tag(&mut self, closes: bool) -> Option<Tag<'a>> {
        let bytes = self.bytes;
        let start = self.at + 1 + usize::from(closes);
        let space = |byte: u8| byte.is_ascii_whitespace();
        let mut at = start;
        while !matches!(*bytes.get(at)?, b'>' | b'/') && !space(bytes[at]) {
            at += 1;
        }
        let (name, behind) = (&bytes[start..at], at);
        self.attributes = 0;
        loop {
            while space(*bytes.get(at)?) || bytes[at] == b'/' {
                at += 1;
            }
            if bytes[at] == b'>' {
                self.at = at + 1;
                let (empty, attributes) = (bytes[at - 1] == b'/', &bytes[behind..at]);
                return Some(Tag { name, closes, empty, attributes });
            }
            self.attributes += 1;
            if self.attributes > MOST_ATTRIBUTES {
                self.excess = Some(self.at);
                return None;
            }
            // A name may begin with `=`.
            at += 1;
            while !matches!(*bytes.get(at)?, b'>' | b'/' | b'=') && !space(bytes[at]) {
                at += 1;
            }
            while space(*bytes.get(at)?) {
                at += 1;
            }
            if bytes[at] != b'=' {
                continue;
            }
            at += 1;
            while space(*bytes.get(at)?) {
                at += 1;
            }
            match bytes[at] {
                quote @ (b'"' | b'\'') => {
                    at += 2 + memchr::memchr(quote, &bytes[at + 1..])?;
                }
                b'>' => {}
                _ => {
                    while *bytes.get(at)? != b'>' && !space(bytes[at]) {
                        at += 1;
                    }
                }
            }
        }
    }

    /// Looks, where tags were no longer told, at each place where one could begin. What would take too long has too many.
    fn count_attributes(&mut self) {
        let mut patience = 16 * self.bytes.len();
        let from = self.at;
        for start in memchr::memchr_iter(b'<', &self.bytes[from..]) {
            self.at = from + start;
            if !self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_alphabetic) {
                continue;
            }
            let begun = self.at;
            let end = if self.tag(false).is_some() { self.at } else { self.bytes.len() };
            if self.excess.is_some() {
                return;
            }
            match patience.checked_sub(end - begun) {
                Some(left) => patience = left,
                None => return self.excess = Some(begun),
            }
        }
    }

    /// Goes to the end tag of an element whose inside is no markup, and tells where the inside is.
    fn raw(&mut self, name: &str) -> Option<Range<usize>> {
        let start = self.at;
        loop {
            self.at += memchr::memmem::find(&self.bytes[self.at..], b"</")?;
            let tag = &self.bytes[self.at + 2..];
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
            if tag.len() > name.len()
                && tag[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && ends(&tag[name.len()])
            {
                return Some(start..self.at);
            }
            self.at += 2;
        }
    }

    /// Cuts the inside of a drawing that holds shapes and nothing else; otherwise the walk ends.
    fn drawing(&mut self) -> Option<()> {
        const SHAPES: [&str; 18] = [
            "circle",
            "clippath",
            "defs",
            "desc",
            "ellipse",
            "g",
            "line",
            "lineargradient",
            "mask",
            "path",
            "polygon",
            "polyline",
            "radialgradient",
            "rect",
            "stop",
            "symbol",
            "title",
            "use",
        ];
        let start = self.at;
        loop {
            self.at += memchr::memchr(b'<', &self.bytes[self.at..])?;
            let before = self.at;
            let tag = self.markup()??;
            if tag.closes && tag.is("svg") {
                self.cuts.push(start..before);
                return Some(());
            }
            if !SHAPES.iter().any(|shape| tag.is(shape)) {
                return None;
            }
        }
    }

    /// Goes past a list of options; where it holds anything else, the walk ends.
    fn list(&mut self) -> Option<()> {
        loop {
            self.at += memchr::memchr(b'<', &self.bytes[self.at..])?;
            let Some(tag) = self.markup()? else { continue };
            if tag.closes && tag.is("select") {
                return Some(());
            }
            if !["option", "optgroup", "hr", "span", "b", "i"].iter().any(|name| tag.is(name)) {
                return None;
            }
        }
    }
}

fn has(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
        || memchr::memmem::find(&text.to_ascii_lowercase(), part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reads_is_cut() {
        for (page, slimmed) in [
            ("<p>un<script>if (a < b) '</p>'</SCRIPT >deux", "<p>un<script></SCRIPT >deux"),
            ("<STYLE a='>'>p > b {}</style>x", "<STYLE a='>'></style>x"),
            ("<svg class=i><g><path d='M0'/></g></svg>x", "<svg class=i></svg>x"),
            ("<!-- <style> --><style>a</style>", "<!-- <style> --><style></style>"),
            (
                "<a title='<style>'>x</a><script>1</script>",
                "<a title='<style>'>x</a><script></script>",
            ),
        ] {
            assert_eq!(slim(page), (slimmed.to_owned(), false));
        }
    }

    #[test]
    fn what_is_read_or_in_doubt_stays() {
        for page in [
            "<script type='application/ld+json'>{}</script>",
            "<script><!-- <script> </script> --></script><style>a</style>",
            "<textarea><style>a</style></textarea>",
            "<noscript><style>a</style></noscript>",
            "<svg><style>a</style></svg>",
            "<svg><foreignObject><p>un</p></foreignObject></svg><script>1</script>",
            "<svg><path></p><script>1</script>",
            "<select><style>a</select><script>1</script>",
            "<math><style>a</math>",
            "<script>never closed <p>",
            "<style>é",
            "1 < 2 <",
            "<a href='",
            "<![CDATA[<style>]]>a</style>",
            "<!-- a --!> <style> --> a </style>",
            "</ <style> >a</style>",
        ] {
            assert_eq!(slim(page), (page.to_owned(), false));
        }
    }

    #[test]
    fn an_element_of_too_many_attributes_ends_the_page() {
        let many = "a=\"<p\" ".repeat(MOST_ATTRIBUTES + 1);
        for before in
            ["<p>é</p>", "<math><style><!--</style></math>", "<script>", "<i title=\"<p>\">"]
        {
            assert_eq!(slim(&format!("{before}<b {many}>x")), (before.to_owned(), true));
        }
        assert!(!slim(&format!("<b {}>x", &many[..8 * 1000])).1);
        assert!(slim(&"<math <a \"".repeat(3_000)).1, "each place could begin a tag without end");
    }
}
