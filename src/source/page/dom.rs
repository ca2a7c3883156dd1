//! Defines the page as one flat list in reading order, so that every walk over it is a loop: no recursion, and the text
//! under an element is counted once.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use scraper::{ElementRef, Html, Node as Parsed};

use super::memo::Memo;
use super::names::{Meanings, Name};

/// The place of a node in the list.
pub type At = usize;

/// Whether the content of elements of this name is never text that a reader sees.
fn is_unread(tag: &str) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "iframe"
            | "object"
            | "select"
            | "textarea"
            | "option"
            | "canvas"
    )
}

/// Longer lines are not remembered.
const LONGEST_KNOWN: usize = 400;

/// A page in reading order: the descendants of node `i` are the nodes `i + 1 .. end(i)`.
pub struct Dom<'a> {
    nodes: Vec<Node<'a>>,
    /// Letters and digits of text before node `i`; of those, the ones in links.
    letters: Vec<u32>,
    linked: Vec<u32>,
    /// What was found out of each node whether it is foreign to a text; asked again and again.
    foreign: Vec<Cell<Option<bool>>>,
    /// The texts under nodes that were asked for, on one line.
    lines: Vec<OnceCell<Box<str>>>,
}

/// One element or text.
pub struct Node<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// The element around it; the first node is its own.
    pub parent: At,
    /// The node after its last descendant.
    pub end: At,
    tag: &'a str,
    class: &'a str,
    id: &'a str,
    classed: Meanings,
    marked: Meanings,
}

/// An element or a text.
#[derive(Clone, Copy)]
pub enum Kind<'a> {
    /// An element, as the parser knows it.
    Element(ElementRef<'a>),
    /// A text that a reader sees.
    Text(&'a str),
}

impl<'a> Dom<'a> {
    /// Lists the nodes of a parsed page, without comments, scripts' text and the like.
    pub fn new(html: &'a Html) -> Dom<'a> {
        let most = html.tree.nodes().len();
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(most);
        let mut letters = Vec::with_capacity(most + 1);
        let mut linked = Vec::with_capacity(most + 1);
        letters.push(0u32);
        linked.push(0u32);
        let mut links = 0u32;
        let mut open: At = 0;
        let root = html.root_element();
        let mut cursor = *root;
        let mut unread_inside;
        let mut known = Memo::new();
        loop {
            let at = nodes.len();
            unread_inside = false;
            let mut entered = false;
            match cursor.value() {
                Parsed::Element(element) => {
                    let reference = ElementRef::wrap(cursor).expect("the node is an element");
                    let (mut class, mut id): (&'a str, &'a str) = ("", "");
                    for (name, value) in element.attrs() {
                        match name {
                            "class" => class = value,
                            "id" => id = value,
                            _ => {}
                        }
                    }
                    let tag: &'a str = element.name();
                    let classed = match class {
                        "" => Meanings::default(),
                        class => known.get(class, Meanings::of),
                    };
                    // An id stands on a page once.
                    let marked = classed.and(Meanings::of(id));
                    nodes.push(Node {
                        kind: Kind::Element(reference),
                        parent: open,
                        end: at + 1,
                        tag,
                        class,
                        id,
                        classed,
                        marked,
                    });
                    letters.push(letters[at]);
                    linked.push(linked[at]);
                    let shadow = tag == "template" && element.attr("shadowrootmode").is_some();
                    unread_inside = is_unread(tag) && !shadow;
                    entered = true;
                }
                Parsed::Text(text) => {
                    let text: &'a str = text;
                    let count = letters_of(text);
                    nodes.push(Node {
                        kind: Kind::Text(text),
                        parent: open,
                        end: at + 1,
                        tag: "",
                        class: "",
                        id: "",
                        classed: Meanings::default(),
                        marked: Meanings::default(),
                    });
                    letters.push(letters[at] + count);
                    linked.push(linked[at] + if links > 0 { count } else { 0 });
                }
                _ => {}
            }
            let child = match cursor.first_child() {
                // The content of a template stands in a fragment of its own.
                Some(child) if child.value().is_fragment() => child.first_child(),
                child => child,
            };
            if entered
                && !unread_inside
                && let Some(child) = child
            {
                open = at;
                links += u32::from(is_link(&nodes[at]));
                cursor = child;
                continue;
            }
            // Up until there is a next sibling, closing what ends on the way.
            loop {
                if cursor.id() == root.id() {
                    return Dom::with(nodes, letters, linked);
                }
                if let Some(next) = cursor.next_sibling() {
                    cursor = next;
                    break;
                }
                let up = match cursor.parent() {
                    Some(up) if up.value().is_fragment() => up.parent(),
                    up => up,
                };
                let Some(up) = up else { return Dom::with(nodes, letters, linked) };
                cursor = up;
                let end = nodes.len();
                nodes[open].end = end;
                links -= u32::from(is_link(&nodes[open]));
                open = nodes[open].parent;
            }
        }
    }

    fn with(nodes: Vec<Node<'a>>, letters: Vec<u32>, linked: Vec<u32>) -> Dom<'a> {
        let foreign = vec![Cell::new(None); nodes.len()];
        let lines = (0..nodes.len()).map(|_| OnceCell::new()).collect();
        Dom { nodes, letters, linked, foreign, lines }
    }

    /// The text under a node, on one line; a short one is found once a node.
    pub fn line(&self, at: At) -> Cow<'_, str> {
        if let Some(known) = self.lines[at].get() {
            return Cow::Borrowed(known);
        }
        let line = super::text::line(self, at);
        // Long ones inside each other would fill the memory.
        if line.len() > LONGEST_KNOWN {
            return Cow::Owned(line);
        }
        Cow::Borrowed(self.lines[at].get_or_init(|| line.into_boxed_str()))
    }

    /// Whether the element's class means this.
    pub fn classed(&self, at: At, name: Name) -> bool {
        self.nodes[at].classed.has(name)
    }

    /// Whether the element's class or id means this.
    pub fn marked(&self, at: At, name: Name) -> bool {
        self.nodes[at].marked.has(name)
    }

    /// The answer of `find`, which is asked once a node.
    pub fn foreign(&self, at: At, find: impl FnOnce() -> bool) -> bool {
        let known = self.foreign[at].get();
        known.unwrap_or_else(|| {
            let found = find();
            self.foreign[at].set(Some(found));
            found
        })
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node at this place.
    pub fn node(&self, at: At) -> &Node<'a> {
        &self.nodes[at]
    }

    /// The place after the last descendant.
    pub fn end(&self, at: At) -> At {
        self.nodes[at].end
    }

    /// The element around, none for the root.
    pub fn parent(&self, at: At) -> Option<At> {
        (at > 0).then(|| self.nodes[at].parent)
    }

    /// The elements around, nearest first.
    pub fn ancestors(&self, at: At) -> impl Iterator<Item = At> + '_ {
        std::iter::successors(self.parent(at), |&up| self.parent(up))
    }

    /// Whether `inner` is `outer` or inside it.
    pub fn holds(&self, outer: At, inner: At) -> bool {
        outer <= inner && inner < self.end(outer)
    }

    /// The children, texts too.
    pub fn children(&self, at: At) -> impl Iterator<Item = At> + '_ {
        let end = self.end(at);
        let first = (at + 1 < end).then_some(at + 1);
        std::iter::successors(first, move |&child| {
            let next = self.end(child);
            (next < end).then_some(next)
        })
    }

    /// The element at this place, unless it is a text.
    pub fn element(&self, at: At) -> Option<ElementRef<'a>> {
        match self.nodes[at].kind {
            Kind::Element(element) => Some(element),
            Kind::Text(_) => None,
        }
    }

    /// The text at this place, unless it is an element.
    pub fn text(&self, at: At) -> Option<&'a str> {
        match self.nodes[at].kind {
            Kind::Text(text) => Some(text),
            Kind::Element(_) => None,
        }
    }

    /// The element's name, empty for a text.
    pub fn tag(&self, at: At) -> &'a str {
        self.nodes[at].tag
    }

    /// An attribute of the element.
    pub fn attr(&self, at: At, name: &str) -> Option<&'a str> {
        // The parser's own search first makes a name of `name`, which costs more than to look at the few there are.
        let attrs = &self.element(at)?.value().attrs;
        let named = attrs.iter().find(|(own, _)| own.prefix.is_none() && *own.local == *name);
        named.map(|(_, value)| &**value)
    }

    /// The element's `class`, empty if it has none.
    pub fn class(&self, at: At) -> &'a str {
        self.nodes[at].class
    }

    /// The element's `id`, empty if it has none.
    pub fn id(&self, at: At) -> &'a str {
        self.nodes[at].id
    }

    /// The `name` of an anchor, empty if it has none.
    pub fn attr_if_anchor(&self, at: At) -> &'a str {
        if self.tag(at) == "a" { self.attr(at, "name").unwrap_or_default() } else { "" }
    }

    /// The names in the element's `class`.
    pub fn classes(&self, at: At) -> impl Iterator<Item = &'a str> + use<'a> {
        self.class(at).split_ascii_whitespace()
    }

    /// Letters and digits under the node.
    pub fn letters(&self, at: At) -> u32 {
        self.letters[self.end(at)] - self.letters[at]
    }

    /// Letters and digits from one place to before another.
    pub fn letters_between(&self, from: At, to: At) -> u32 {
        self.letters[to] - self.letters[from]
    }

    /// Letters and digits in links, from one place to before another.
    pub fn linked_between(&self, from: At, to: At) -> u32 {
        self.linked[to] - self.linked[from]
    }
}

fn is_link(node: &Node<'_>) -> bool {
    node.tag == "a"
}

fn letters_of(text: &str) -> u32 {
    // Small sums are added up many at a time.
    let ascii = |part: &[u8]| part.iter().map(|b| u8::from(b.is_ascii_alphanumeric())).sum::<u8>();
    let ascii: u32 = text.as_bytes().chunks(255).map(|part| u32::from(ascii(part))).sum();
    if text.is_ascii() {
        return ascii;
    }
    let beyond = text.chars().filter(|c| !c.is_ascii() && c.is_alphanumeric());
    ascii + beyond.count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_a_reader_sees_in_order() {
        let html =
            Html::parse_document("<div><p>un <a>deux</a></p><script>no</script><p>trois</p></div>");
        let dom = Dom::new(&html);
        let texts: Vec<&str> = (0..dom.len()).filter_map(|at| dom.text(at)).collect();
        assert_eq!(texts, ["un ", "deux", "trois"]);
        let link = (0..dom.len()).find(|&at| dom.tag(at) == "a").unwrap();
        assert_eq!((dom.letters(0), dom.letters(link)), (11, 4));
        assert_eq!(dom.linked_between(0, dom.len()), 4);
    }

    #[test]
    fn what_stands_in_a_shadow_is_seen_and_a_template_is_not() {
        let html = Html::parse_document(
            "<div><template shadowrootmode=open><p>un</p><b><template shadowrootmode=open>deux</template></b>\
             </template></div><template><p>no</p></template><template shadowrootmode=closed></template><p>trois</p>",
        );
        let dom = Dom::new(&html);
        let texts: Vec<At> = (0..dom.len()).filter(|&at| dom.text(at).is_some()).collect();
        let seen: Vec<&str> = texts.iter().filter_map(|&at| dom.text(at)).collect();
        assert_eq!(seen, ["un", "deux", "trois"]);
        let around = |at| dom.ancestors(at).map(|at| dom.tag(at)).collect::<Vec<_>>().join(" ");
        assert_eq!(around(texts[1]), "template b template div body html");
        assert_eq!(around(texts[2]), "p body html");
    }

    #[test]
    fn fifty_thousand_nested_elements_are_listed_and_dropped() {
        let html = Html::parse_document(&"<b>".repeat(50_000));
        assert!(Dom::new(&html).len() > 50_000);
    }
}
