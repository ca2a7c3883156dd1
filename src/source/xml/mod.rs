//! Reads XML exports as they stream by: WordPress (WXR) and Disqus, told by their root and their namespaces.
//!
//! Entities of a document type are never expanded, depth and length are bounded, and a record that cannot be read is refused
//! with its reason while the rest goes on.

mod disqus;
mod element;
mod wxr;

use std::collections::VecDeque;
use std::io::{BufReader, Read};

use quick_xml::Reader as XmlReader;
use quick_xml::events::Event;

use self::element::Element;
use super::Item;
use super::decoder::Decoder;
use super::reader::{Items, items_of};
use super::table::{LIMIT, Reject};
use crate::error::{Error, Result};

/// Elements inside each other; what is deeper is no export.
const DEEPEST: usize = 64;

/// The most bytes of one record, markup and all; what is longer ends the reading.
const LONGEST: usize = 20_000_000;

/// What turns elements into comments.
trait System: Send {
    /// The elements that are read whole.
    fn records(&self) -> &'static [&'static str];

    /// Takes note of an element that is not read whole.
    fn begin(&mut self, _name: &str) {}

    /// What a whole element gives: nothing, a comment, or the reason why it is none.
    fn take(
        &mut self,
        element: Element,
    ) -> Option<std::result::Result<crate::comment::Comment, String>>;
}

/// The comments of an XML export; `name` is the file as the user named it.
pub(super) fn open(reader: Box<dyn Read + Send>, name: &str) -> Result<Items> {
    let decoder = Decoder::new(reader)?;
    let system = system(decoder.head(), name)?;
    let mut reader =
        XmlReader::from_reader(BufReader::with_capacity(64 * 1024, Start::new(decoder)));
    let config = reader.config_mut();
    config.check_end_names = true;
    config.expand_empty_elements = true;
    let mut stream = Stream {
        reader,
        system,
        path: name.to_owned(),
        record: 0,
        depth: 0,
        ready: VecDeque::new(),
    };
    Ok(items_of(name, move || stream.next()))
}

fn system(head: &str, name: &str) -> Result<Box<dyn System>> {
    if head.contains("disqus.com/disqus-internals") && head.contains("<disqus") {
        return Ok(Box::new(disqus::Disqus::new(name)));
    }
    if head.contains("wordpress.org/export/") || head.contains("<wp:comment") {
        return Ok(Box::new(wxr::Wxr::new(name)));
    }
    let root = head.split('<').skip(1).find(|tag| tag.starts_with(char::is_alphabetic));
    let root: String =
        root.unwrap_or_default().chars().take_while(|c| c.is_alphanumeric() || *c == ':').collect();
    Err(Error::input(format!(
        "XML with the root <{root}>; expected an export of WordPress (WXR) or Disqus"
    )))
}

struct Stream {
    reader: XmlReader<BufReader<Start>>,
    system: Box<dyn System>,
    path: String,
    record: u64,
    depth: usize,
    ready: VecDeque<Item>,
}

impl Stream {
    /// Reads on until something is ready; none at the end.
    fn next(&mut self) -> Result<Option<Item>> {
        let mut buffer = Vec::new();
        while self.ready.is_empty() {
            buffer.clear();
            self.reader.get_mut().get_mut().left = LONGEST;
            match self.reader.read_event_into(&mut buffer) {
                Ok(Event::Start(start)) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(Error::input(format!(
                            "more than {DEEPEST} elements inside each other, too deep for an export"
                        )));
                    }
                    let name = start.name();
                    if self.system.records().contains(&name.as_ref()) {
                        let element = element::read(&mut self.reader, &start)?;
                        self.depth -= 1;
                        self.take(element);
                    } else {
                        self.system.begin(name.as_ref());
                    }
                }
                Ok(Event::End(_)) => self.depth = self.depth.saturating_sub(1),
                Ok(Event::Eof) if self.depth > 0 => return Err(element::cut()),
                Ok(Event::Eof) => return Ok(None),
                Ok(_) => {}
                Err(error) => return Err(element::wrong(&error)),
            }
        }
        Ok(self.ready.pop_front())
    }

    fn take(&mut self, element: Element) {
        let raw = element.excerpt();
        let too_long = element.too_long;
        let Some(taken) = self.system.take(element) else { return };
        self.record += 1;
        let (path, record) = (self.path.clone(), self.record);
        let taken =
            if too_long { Err(format!("longer than {} MB", LIMIT / 1_000_000)) } else { taken };
        self.ready.push_back(match taken {
            Ok(mut comment) => {
                comment.found = format!("{path} record {record}");
                if comment.id.is_empty() {
                    comment.id = format!("r{record}");
                }
                Item::Comment(comment)
            }
            Err(reason) => Item::Reject(Reject { path, record, line: None, reason, raw }),
        });
    }
}

/// Leaves out what stands before the first `<`: a stray character there is no reason to refuse an export.
struct Start {
    inner: Decoder,
    skipped: bool,
    /// Bytes that the record being read may still have: the parser holds a text whole, however long it is.
    left: usize,
}

impl Start {
    fn new(inner: Decoder) -> Start {
        Start { inner, skipped: false, left: LONGEST }
    }
}

impl Read for Start {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let read = self.inner.read(buffer)?;
            let Some(left) = self.left.checked_sub(read) else {
                let most = LONGEST / 1_000_000;
                return Err(std::io::Error::other(format!("an element is longer than {most} MB")));
            };
            self.left = left;
            if self.skipped || read == 0 {
                return Ok(read);
            }
            if let Some(first) = memchr::memchr(b'<', &buffer[..read]) {
                self.skipped = true;
                buffer.copy_within(first..read, 0);
                return Ok(read - first);
            }
        }
    }
}
