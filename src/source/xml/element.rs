//! Reads one element of an export whole: its children's texts and attributes by their names.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::events::{BytesStart, Event};

use super::DEEPEST;
use crate::error::{Error, Result};
use crate::source::table::{LIMIT, Reject};

/// The most elements and attributes that one record may have: each takes memory, however short it is written.
const MOST_PARTS: usize = 10_000;

/// An element and what stands in it, in order.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// Its name without a prefix.
    pub name: String,
    /// Its attributes, by the full name.
    pub attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Element>,
    /// Whether it was longer than what is kept.
    pub too_long: bool,
}

impl Element {
    /// The text of the first child of this name; empty without one.
    pub fn child(&self, name: &str) -> &str {
        self.find(name).map_or("", |child| child.text.trim())
    }

    /// The first child of this name.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The attribute of this name; empty without one.
    pub fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// How it begins, for a refusal.
    pub fn excerpt(&self) -> String {
        let told: Vec<String> = self
            .children
            .iter()
            .map(|child| {
                let text: String = child.text.chars().take(200).collect();
                format!("{}: {}", child.name, text.trim())
            })
            .collect();
        Reject::excerpt(told.join("; ").as_bytes())
    }
}

/// The name without its prefix: `comment_id` of `wp:comment_id`.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

/// Reads the element that `start` opens, to its end.
pub fn read(reader: &mut Reader<impl BufRead>, start: &BytesStart<'_>) -> Result<Element> {
    let mut open = vec![opened(start)];
    let (mut kept, mut parts) = (0, 0);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| wrong(&error))?;
        let text = match &event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(Error::input(format!(
                        "more than {DEEPEST} elements inside each other, too deep for an export"
                    )));
                }
                parts += 1 + start.attributes().count();
                if parts > MOST_PARTS {
                    return Err(Error::input(format!(
                        "more than {MOST_PARTS} elements and attributes in one record, too many for a comment"
                    )));
                }
                open.push(opened(start));
                continue;
            }
            Event::End(_) => {
                let Some(closed) = open.pop() else { continue };
                match open.last_mut() {
                    Some(parent) => {
                        parent.too_long |= closed.too_long;
                        parent.children.push(closed);
                    }
                    None => return Ok(closed),
                }
                continue;
            }
            Event::Text(text) => (**text).to_owned(),
            Event::CData(text) => (**text).to_owned(),
            Event::GeneralRef(name) => entity(name),
            Event::Eof => return Err(cut()),
            _ => continue,
        };
        kept += text.len();
        if let Some(element) = open.last_mut() {
            if kept > LIMIT {
                element.too_long = true;
            } else {
                element.text.push_str(&text);
            }
        }
    }
}

fn opened(start: &BytesStart<'_>) -> Element {
    let attribute = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let name = attribute.key.as_ref().to_owned();
        (name, attribute.value.to_string())
    };
    Element {
        name: local(start.name().as_ref()).to_owned(),
        attributes: start.attributes().flatten().map(attribute).collect(),
        ..Element::default()
    }
}

/// The character of an entity; one that XML does not know stays as it is written, for it may be HTML's. What a document
/// type declares is never looked up.
fn entity(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    if let Some(character) = number.and_then(char::from_u32) {
        return character.to_string();
    }
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => format!("&{other};"),
    }
}

/// The file ended inside an element.
pub fn cut() -> Error {
    Error::input("the XML is cut short: an element does not end")
}

/// What the parser met.
pub fn wrong(error: &quick_xml::Error) -> Error {
    match error {
        quick_xml::Error::Io(error) => Error::input(error.to_string()),
        quick_xml::Error::Syntax(error) => {
            Error::input(format!("the XML is cut short or damaged: {error}"))
        }
        quick_xml::Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            Error::input(format!(
                "expected well-formed XML: expected `</{}>`, found `</{}>`",
                tag(expected),
                tag(found)
            ))
        }
        quick_xml::Error::IllFormed(IllFormedError::UnmatchedEndTag(found)) => Error::input(
            format!("expected well-formed XML: found `</{}>`, which nothing opens", tag(found)),
        ),
        // It may quote the file at any length, across lines.
        other => {
            let words = other.to_string();
            let words: String =
                words.lines().next().unwrap_or_default().chars().take(120).collect();
            Error::input(format!("expected well-formed XML: {words}"))
        }
    }
}

/// What is a name of what stands where one should be: in a damaged file comments may stand there, and no message bears them.
fn tag(found: &str) -> String {
    let named = |c: &char| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.');
    found.chars().take_while(named).take(40).collect()
}
