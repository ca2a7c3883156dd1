//! Bounds how deep the elements of a page may nest before it is parsed: the parser looks through all open elements at every
//! tag, so that a hostile page of nested elements would cost the square of its length.

use super::excess::{DEEPEST, Excess, MOST_TAGS};
use rustc_hash::FxHashMap;

/// How many open elements the parser may look through, over all tags: a page of 1,000,000 tags, 400 deep.
const MOST_WORK: usize = 400_000_000;
/// How many elements the parser may open again because they were left open.
const MOST_REOPENED: usize = 1_000_000;
/// So many tags are never too much: half of them, left open, would be opened again by each of the other half.
const HARMLESS: usize = 2_000;
/// Alike formatting elements left open are opened again up to this number.
const MOST_ALIKE: usize = 3;

/// Where a page becomes too much for the parser, and of what.
///
/// Only tags are looked at, in one walk: an end tag closes what was opened since its start tag, as in a parser, so that
/// what a page forgets to close does not add up.
pub fn excess(html: &str) -> Option<(usize, Excess)> {
    // Most pages have fewer tags than could be too much.
    memchr::memchr_iter(b'<', html.as_bytes()).nth(HARMLESS)?;
    let mut open = Open::default();
    for (tags, start) in memchr::memchr_iter(b'<', html.as_bytes()).enumerate() {
        if tags >= MOST_TAGS {
            return Some((start, Excess::Tags));
        }
        let tag = &html.as_bytes()[start + 1..];
        let (closes, tag) = match tag.strip_prefix(b"/") {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'<');
        let name = &tag[..tag.iter().position(ends).unwrap_or(tag.len())];
        open.work += open.list.len();
        let name = key(name);
        match KINDS.get(&name).copied().unwrap_or(Kind::Other) {
            Kind::Unnested => {}
            kind if closes => open.close(name, kind),
            kind => open.open(tag, name, kind),
        }
        if open.is_too_much() {
            return Some((start, Excess::Depth));
        }
    }
    None
}

/// What a parser does with an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It holds nothing, or its end may be left out.
    Unnested,
    /// It is opened again where its end is missing, and its end closes no block.
    Formatting,
    /// A block.
    Block,
    /// Any other.
    Other,
}

const UNNESTED: &str = "area base body br col colgroup dd dt embed head hr html img input li link meta optgroup option p \
    param rb rp rt rtc source tbody td tfoot th thead tr track wbr";
const FORMATTING: &str = "a b big code em font i nobr s small strike strong tt u";
const BLOCKS: &str = "address applet article aside blockquote button center details dir div dl fieldset figcaption \
    figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup iframe listing main marquee menu nav noscript object \
    ol pre search section select summary table template textarea title ul xmp";

/// The kinds of names, by what stands for a name.
static KINDS: std::sync::LazyLock<FxHashMap<Key, Kind>> = std::sync::LazyLock::new(|| {
    let lists = [(Kind::Unnested, UNNESTED), (Kind::Formatting, FORMATTING), (Kind::Block, BLOCKS)];
    let names = lists.iter().flat_map(|&(kind, names)| {
        names.split_whitespace().map(move |name| (key(name.as_bytes()), kind))
    });
    names.collect()
});

/// A name in lower case: its first bytes, and its length with the sum of those that have no room.
type Key = (u64, u64);

fn key(name: &[u8]) -> Key {
    let (first, rest) = name.split_at(name.len().min(8));
    let lower = |word: u64, byte: &u8| word << 8 | u64::from(byte.to_ascii_lowercase());
    let sum = |sum: u64, byte: &u8| {
        sum.wrapping_mul(0x0100_0000_01b3).wrapping_add(u64::from(byte.to_ascii_lowercase()))
    };
    (first.iter().fold(0, lower), rest.iter().fold(name.len() as u64, sum))
}

/// What is open at a place of the page, as far as tags tell.
#[derive(Default)]
struct Open {
    list: Vec<(Key, Kind)>,
    count: FxHashMap<Key, usize>,
    /// Formatting elements without an end so far: name, and the whole tag.
    formatting: Vec<(Key, Key)>,
    work: usize,
    reopened: usize,
}

impl Open {
    fn is_too_much(&self) -> bool {
        self.list.len() > DEEPEST
            || self.formatting.len() > DEEPEST
            || self.work > MOST_WORK
            || self.reopened > MOST_REOPENED
    }

    fn open(&mut self, tag: &[u8], own: Key, kind: Kind) {
        if kind == Kind::Formatting {
            let end = memchr::memchr(b'>', &tag[..tag.len().min(400)]);
            let whole = end.map_or(own, |end| key(&tag[..end]));
            let alike = self.formatting.iter().filter(|(_, other)| *other == whole);
            if alike.count() >= MOST_ALIKE
                && let Some(first) = self.formatting.iter().position(|(_, other)| *other == whole)
            {
                self.formatting.remove(first);
            }
            self.formatting.push((own, whole));
            self.work += self.formatting.len();
        }
        self.list.push((own, kind));
        *self.count.entry(own).or_default() += 1;
    }

    fn close(&mut self, name: Key, kind: Kind) {
        if kind == Kind::Formatting
            && let Some(last) = self.formatting.iter().rposition(|&(other, _)| other == name)
        {
            self.formatting.remove(last);
        }
        if !self.count.contains_key(&name) {
            return;
        }
        let Some(at) = self.list.iter().rposition(|&(other, _)| other == name) else { return };
        // The end of a formatting element leaves the blocks inside it open.
        let block = self.list[at..].iter().position(|&(_, kind)| kind == Kind::Block);
        let end = match block {
            Some(block) if kind == Kind::Formatting => at + block,
            _ => self.list.len(),
        };
        let mut formatting = 0;
        for (closed, kind) in self.list.drain(at..end) {
            formatting += usize::from(kind == Kind::Formatting);
            // What is no longer open is forgotten: the table never holds more than `DEEPEST` names.
            match self.count.get_mut(&closed) {
                Some(count) if *count > 1 => *count -= 1,
                _ => _ = self.count.remove(&closed),
            }
        }
        if formatting > usize::from(kind == Kind::Formatting) {
            self.reopened += self.formatting.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_nested_beyond_sense_is_too_much() {
        let cut = |piece: &str| excess(&piece.repeat(DEEPEST + 1)).is_some();
        for nested in [
            "<div>",
            "<DIV class='a'>",
            "<x-y/>",
            "<ul><li>",
            "<table><tr><td>",
            "<b><div></b>",
            "<a href=x><i><p><div></i></a>",
        ] {
            assert!(cut(nested), "{nested}");
        }
        for beside in [
            "<div><p>é</p></div>",
            "<p>un",
            "<li>deux",
            "<br/>",
            "<i></I>",
            "1 < é </b>",
            "<div><b>x</div>",
            "<b><div></b></div>",
            "<a><span></a>",
            "<a><svg><path/></a>",
        ] {
            assert!(!cut(beside), "{beside}");
        }
        assert_eq!(excess("<é <"), None);
    }

    #[test]
    fn what_would_be_opened_again_and_again_is_too_much() {
        let fonts: String =
            (0..2_000).map(|size| format!("<div><font size={size}>x</div>")).collect();
        assert_eq!(excess(&fonts).map(|(_, what)| what), Some(Excess::Depth));
        assert_eq!(excess(&fonts[..10_000]), None);
        assert_eq!(excess(&"<br>".repeat(MOST_TAGS)), None);
        let tags = "<br>".repeat(MOST_TAGS + 1);
        assert_eq!(excess(&tags).map(|(_, what)| what), Some(Excess::Tags));
    }
}
