//! Reads one input, whatever its kind, as comments and as reasons why there are none.

use std::io::{Cursor, Read};
#[cfg(feature = "html")]
use std::sync::Arc;

use super::decoder::Decoder;
use super::encoding::{HEAD, decode};
use super::input::Input;
#[cfg(feature = "html")]
use super::page::{Mode, Profiles};
use super::saved::placed;
use super::sniff::{Kind, sniff};
use super::table::{Mapping, Overrides, Record, Reject, Table};
use super::told::Told;
use super::warc::Archive;
use super::{Absence, Extraction};
use crate::comment::Comment;
use crate::error::{Error, Result};

/// What an input yields.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A comment.
    Comment(Comment),
    /// A record of a table that could not be read.
    Reject(Reject),
    /// A page that yields no comments.
    Absent {
        /// The page, as the user named it.
        page: String,
        /// Why.
        absence: Absence,
    },
    /// Something to know of an input whose comments were read.
    Remark {
        /// The input, as the user named it.
        page: String,
        /// What.
        told: String,
    },
}

/// The largest page, unless told otherwise, in bytes.
const PAGE_LIMIT: u64 = 64 * 1024 * 1024;

/// Room for most pages, in bytes.
const USUAL_PAGE: usize = 256 * 1024;

/// How inputs are read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the user says of the columns of tables.
    pub overrides: Overrides,
    /// The largest page, in bytes after decompression: pages are read whole.
    pub page_limit: u64,
    /// The comment systems known.
    #[cfg(feature = "html")]
    pub profiles: Arc<Profiles>,
    /// Whether they are used.
    #[cfg(feature = "html")]
    pub mode: Mode,
}

impl Options {
    /// The comment systems that ship with the program, and columns found by name.
    ///
    /// # Errors
    /// Never in a released program: the tests read every profile.
    pub fn new() -> Result<Options> {
        #[cfg(feature = "html")]
        let options = Options::with_profiles(Profiles::embedded()?);
        #[cfg(not(feature = "html"))]
        let options = Options { overrides: Overrides::default(), page_limit: PAGE_LIMIT };
        Ok(options)
    }

    /// As [`Options::new`], with these comment systems: to make profiles takes as long as to read some pages.
    #[cfg(feature = "html")]
    pub fn with_profiles(profiles: Profiles) -> Options {
        Options {
            overrides: Overrides::default(),
            page_limit: PAGE_LIMIT,
            profiles: Arc::new(profiles),
            mode: Mode::default(),
        }
    }
}

/// Comments as they come out of a page, an archive or an export that is no table.
pub type Items = Box<dyn Iterator<Item = Result<Item>> + Send>;

/// The items that `next` gives up to its end or its first failure, which is told with the file's name.
pub(super) fn items_of(
    name: &str,
    mut next: impl FnMut() -> Result<Option<Item>> + Send + 'static,
) -> Items {
    let (path, mut ended) = (name.to_owned(), false);
    Box::new(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let read = next().map_err(|error| error.at_path(&path)).transpose();
        ended = !matches!(read, Some(Ok(_)));
        read
    }))
}

/// The items of one input. An error ends it.
pub enum Reader {
    /// Whatever is no table.
    Items(Items),
    /// A table, read as it comes.
    Table(Box<Table>),
}

impl Reader {
    /// `items`; where there are none, the reason.
    pub(super) fn told(items: Items, name: &str, absence: Absence) -> Reader {
        Reader::Items(Box::new(Told::new(items, name, absence)))
    }

    /// How the columns were understood, where the input is a table.
    pub fn mapping(&self) -> Option<&Mapping> {
        match self {
            Reader::Items(_) => None,
            Reader::Table(table) => Some(table.mapping()),
        }
    }

    /// What a table held so far that does not fit its charset, in words; none where all was well.
    pub fn repairs(&self) -> Option<String> {
        match self {
            Reader::Items(_) => None,
            Reader::Table(table) => table.repairs(),
        }
    }
}

/// Opens `input` and tells its kind.
pub fn read(input: &Input, options: &Options) -> Result<Reader> {
    let name = input.to_string();
    #[cfg(feature = "sqlite")]
    if let Input::File(path) = input
        && begins_as_database(path)
    {
        let items = super::sqlite::open(path).map_err(|error| error.at_path(&name))?;
        return Ok(Reader::told(items, &name, Absence::NoRecord));
    }
    read_from(input.open()?, &name, options).map_err(|error| error.at_path(&name))
}

/// As [`read`], from an open reader; `name` is how the user knows it.
pub fn read_from(
    mut reader: Box<dyn Read + Send>,
    name: &str,
    options: &Options,
) -> Result<Reader> {
    let mut head = Vec::with_capacity(HEAD);
    let failure = reader.by_ref().take(HEAD as u64).read_to_end(&mut head).err();
    #[cfg(feature = "sqlite")]
    if head.starts_with(super::sqlite::MAGIC) {
        return Err(Error::input(
            "an SQLite database cannot be read from a pipe or an archive; unpack it and name the file",
        ));
    }
    let rest = Rest { reader, failure };
    // Before the text is looked at: the pictures of an archive are no text.
    if super::warc::opens(&head) {
        let archive = Archive::new(Cursor::new(head).chain(rest), name, options);
        return Ok(Reader::told(Box::new(archive), name, Absence::NoPage));
    }
    if super::mhtml::opens(&head) {
        let bytes = read_bounded(Cursor::new(head).chain(rest), options.page_limit)?;
        return super::mhtml::items(&bytes, name, options).map(Reader::Items);
    }
    #[cfg(feature = "xlsx")]
    if head.starts_with(super::spreadsheet::MAGIC) {
        let whole = Box::new(Cursor::new(head).chain(rest));
        return Ok(Reader::Table(Box::new(Table::open(whole, name, &options.overrides)?)));
    }
    let kind = sniff(Decoder::new(Box::new(Cursor::new(head.clone())))?.head(), name);
    if head.is_empty() && rest.failure.is_none() && name == "-" {
        // An earlier command of the pipe had nothing to say.
        let absent = Item::Absent { page: name.to_owned(), absence: Absence::EmptyPipe };
        return Ok(Reader::Items(Box::new(std::iter::once(Ok(absent)))));
    }
    let whole = Cursor::new(head).chain(rest);
    match kind {
        Kind::Jsonl => super::json::open(Box::new(whole), name, options),
        Kind::Csv | Kind::Spreadsheet => {
            let table = Table::open(Box::new(whole), name, &options.overrides)?;
            Ok(Reader::Table(Box::new(table)))
        }
        Kind::Html | Kind::Dump => {
            let text = read_whole(whole, options.page_limit)?;
            let address = super::saved::address(&text).filter(|_| kind == Kind::Html);
            let mut items = page_items(kind, &text, address.unwrap_or(name), options)?;
            if address.is_some() {
                items = items.into_iter().map(|item| placed(item, name, "")).collect();
            }
            Ok(Reader::Items(Box::new(items.into_iter().map(Ok))))
        }
        Kind::Xml => {
            let items = super::xml::open(Box::new(whole), name)?;
            Ok(Reader::told(items, name, Absence::NoRecord))
        }
    }
}

/// Whether a file is a database, which cannot be read as it streams by.
#[cfg(feature = "sqlite")]
fn begins_as_database(path: &std::path::Path) -> bool {
    // Looking into a pipe would take from it what is to be read.
    if !path.is_file() {
        return false;
    }
    let mut magic = Vec::new();
    let head = std::fs::File::open(path).map(|file| file.take(super::sqlite::MAGIC.len() as u64));
    head.is_ok_and(|mut head| head.read_to_end(&mut magic).is_ok()) && magic == super::sqlite::MAGIC
}

/// What a page that was read whole yields.
pub(super) fn page_items(
    kind: Kind,
    text: &str,
    page: &str,
    options: &Options,
) -> Result<Vec<Item>> {
    Ok(items(extract(kind, text, page, options)?, page))
}

/// Says that a page is not worth the time that it would take.
#[cfg(feature = "html")]
pub(super) fn too_much(excess: impl std::fmt::Display) -> Error {
    Error::input(excess.to_string())
}

/// The comments of a page that was read whole.
fn extract(kind: Kind, text: &str, page: &str, options: &Options) -> Result<Extraction> {
    match kind {
        #[cfg(feature = "html")]
        Kind::Html => super::page::extract_whole(text, page, &options.profiles, options.mode)
            .map_err(too_much),
        _ => {
            // Without the feature there is nothing to choose.
            let _ = options;
            Ok(super::dump::extract(text, page))
        }
    }
}

fn items(extraction: Extraction, page: &str) -> Vec<Item> {
    if extraction.comments.is_empty() {
        let absence = extraction.absence.unwrap_or(Absence::NoArea);
        return vec![Item::Absent { page: page.to_owned(), absence }];
    }
    extraction.comments.into_iter().map(Item::Comment).collect()
}

/// The text of a page, unless it is larger than a page can be: a small archive may hold a very large file.
pub(super) fn read_whole(reader: impl Read, limit: u64) -> Result<String> {
    let bytes = read_bounded(reader, limit)?;
    if bytes.trim_ascii().is_empty() {
        return Err(Error::input("the file is empty"));
    }
    decode(&bytes)
}

/// All the bytes of a page, unless they are more than `limit`.
pub(super) fn read_bounded(reader: impl Read, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_PAGE);
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// Says that a page has more bytes than `limit`.
pub(super) fn too_large(limit: u64) -> Error {
    Error::input(format!("larger than {} MB, too large for a page", limit / 1_000_000))
}

/// What comes after the head: first the failure that the head met, if it met one.
struct Rest {
    reader: Box<dyn Read + Send>,
    failure: Option<std::io::Error>,
}

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.failure.take() {
            Some(error) => Err(error),
            None => self.reader.read(buffer),
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Item>;

    fn next(&mut self) -> Option<Result<Item>> {
        match self {
            Reader::Items(items) => items.next(),
            Reader::Table(table) => Some(table.next()?.map(|record| match record {
                Record::Row(row) => Item::Comment(row.comment(table.mapping())),
                Record::Reject(reject) => Item::Reject(reject),
            })),
        }
    }
}
