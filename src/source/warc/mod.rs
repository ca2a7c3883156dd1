//! Reads web archives (WARC, WET) record by record: each page that was kept gives its comments.

mod http;

pub(super) use http::decode;

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

use super::reader::{Item, Options, page_items, too_large};
use super::sniff::Kind;
use super::table::Reject;
use crate::error::{Error, Result};

/// The longest header of a record; real ones are below 2 kB.
const HEADER_LIMIT: u64 = 64 * 1024;

/// Whether a file that begins so is a web archive.
pub(super) fn opens(head: &[u8]) -> bool {
    head.starts_with(b"WARC/1.") || head.starts_with(b"WARC/0.")
}

/// The items of an archive, in constant memory: one page at a time is held.
pub(super) struct Archive<R> {
    reader: BufReader<R>,
    name: String,
    options: Options,
    record: u64,
    ready: VecDeque<Item>,
    ended: bool,
}

/// What the header of a record tells.
#[derive(Default)]
struct Header {
    kind: String,
    page: String,
    media: String,
    length: Option<u64>,
}

impl<R: Read> Archive<R> {
    pub(super) fn new(reader: R, name: &str, options: &Options) -> Archive<R> {
        Archive {
            reader: BufReader::new(reader),
            name: name.to_owned(),
            options: options.clone(),
            record: 0,
            ready: VecDeque::new(),
            ended: false,
        }
    }

    /// A line of a header without its end; none at the end of the file.
    fn line(&mut self) -> Result<Option<String>> {
        let mut line = Vec::new();
        self.reader.by_ref().take(HEADER_LIMIT).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if !line.ends_with(b"\n") && line.len() as u64 == HEADER_LIMIT {
            return Err(Error::input("the header of the record is damaged: a line has no end"));
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    /// The next record's header; none at the end of the archive.
    fn header(&mut self) -> Result<Option<Header>> {
        let version = loop {
            match self.line()? {
                None => return Ok(None),
                Some(line) if line.is_empty() => {}
                Some(line) => break line,
            }
        };
        self.record += 1;
        if !version.starts_with("WARC/") {
            let why = "the archive is damaged: expected `WARC/1.` where a record begins";
            return Err(Error::input(why));
        }
        let (mut header, mut size) = (Header::default(), 0);
        loop {
            let line = self.line()?.ok_or_else(cut)?;
            if line.is_empty() {
                return Ok(Some(header));
            }
            size += line.len() as u64;
            if size > HEADER_LIMIT {
                return Err(Error::input("the header of the record is damaged: it has no end"));
            }
            let Some((field, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match field.trim().to_ascii_lowercase().as_str() {
                "warc-type" => header.kind = value.to_ascii_lowercase(),
                "warc-target-uri" => value.trim_matches(['<', '>']).clone_into(&mut header.page),
                "content-type" => header.media = value.to_ascii_lowercase(),
                "content-length" => header.length = value.parse().ok(),
                _ => {}
            }
        }
    }

    /// Reads one record; false at the end of the archive.
    fn advance(&mut self) -> Result<bool> {
        let Some(mut header) = self.header()? else { return Ok(false) };
        if header.page.is_empty() {
            // Pages without an address must not become one page.
            header.page = format!("{} record {}", self.name, self.record);
        }
        let length = header.length.ok_or_else(|| {
            Error::input("the header of the record is damaged: expected a Content-Length")
        })?;
        let wanted = match header.kind.as_str() {
            "response" => header.media.starts_with("application/http"),
            "resource" => http::is_html(&header.media),
            "conversion" => header.media.starts_with("text/plain"),
            _ => false,
        };
        let limit = self.options.page_limit;
        if !wanted || length > limit {
            let skipped = io::copy(&mut self.reader.by_ref().take(length), &mut io::sink())?;
            if skipped < length {
                return Err(cut());
            }
            if wanted {
                self.reject(too_large(limit).kind().to_string(), header.page);
            }
            return Ok(true);
        }
        let mut block = Vec::new();
        self.reader.by_ref().take(length).read_to_end(&mut block)?;
        if (block.len() as u64) < length {
            return Err(cut());
        }
        if let Err(error) = self.page(&header, &block) {
            self.reject(error.kind().to_string(), header.page);
        }
        Ok(true)
    }

    /// Takes the comments of the page that a record holds.
    fn page(&mut self, header: &Header, block: &[u8]) -> Result<()> {
        let (kind, body, charset) = match header.kind.as_str() {
            "response" => match http::page(block, self.options.page_limit)? {
                Some(page) => (Kind::Html, page.body, page.charset),
                None => return Ok(()),
            },
            "resource" => (Kind::Html, block.to_vec(), http::charset(&header.media)),
            _ => (Kind::Dump, block.to_vec(), Some("utf-8".to_owned())),
        };
        let text = http::decode(&body, charset.as_deref())?;
        let (name, record) = (&self.name, self.record);
        let items = page_items(kind, &text, &header.page, &self.options)?;
        self.ready.extend(items.into_iter().map(|item| match item {
            Item::Comment(mut comment) => {
                comment.found = format!("{name} record {record} {}", comment.found);
                Item::Comment(comment)
            }
            other => other,
        }));
        Ok(())
    }

    fn reject(&mut self, reason: String, page: String) {
        let (path, record) = (self.name.clone(), self.record);
        self.ready.push_back(Item::Reject(Reject { path, record, line: None, reason, raw: page }));
    }
}

fn cut() -> Error {
    Error::input("the archive is cut short")
}

impl<R: Read> Iterator for Archive<R> {
    type Item = Result<Item>;

    fn next(&mut self) -> Option<Result<Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(Ok(item));
            }
            if self.ended {
                return None;
            }
            match self.advance() {
                Ok(more) => self.ended = !more,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error.at_path(&self.name).at_record(self.record)));
                }
            }
        }
    }
}
