//! Explains how one input is read: what a page's reading tried and saw, or what kind of file it is taken for.

use super::page::{self, Explanation};
use super::reader::{Options, read_bounded, read_whole, too_much};
use super::sniff::{Kind, sniff};
use super::{Input, dump};
use crate::error::Result;

/// How an input is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Explained {
    /// A page: what was tried, and what came of it.
    Page(Explanation),
    /// A text dump: by which marks it was cut, and what it gave.
    Dump(super::Extraction),
    /// Something that is not read as a page.
    Other(Kind),
}

/// How `input` is read.
///
/// # Errors
/// When it cannot be read, or is larger than a page may be.
pub fn explain(input: &Input, options: &Options) -> Result<Explained> {
    let name = input.to_string();
    explain_at(input, &name, options).map_err(|error| error.at_path(&name))
}

fn explain_at(input: &Input, name: &str, options: &Options) -> Result<Explained> {
    let bytes = read_bounded(input.open()?, options.page_limit)?;
    #[cfg(feature = "xlsx")]
    if bytes.starts_with(super::spreadsheet::MAGIC)
        && super::spreadsheet::read(bytes.as_slice())?.is_some()
    {
        return Ok(Explained::Other(Kind::Spreadsheet));
    }
    let text = match super::mhtml::opens(&bytes) {
        true => super::mhtml::text(&bytes)?,
        false => read_whole(bytes.as_slice(), options.page_limit)?,
    };
    Ok(match sniff(&text, name) {
        Kind::Html => {
            let explained = page::explain(&text, name, &options.profiles, options.mode);
            Explained::Page(explained.map_err(too_much)?)
        }
        Kind::Dump => Explained::Dump(dump::extract(&text, name)),
        other => Explained::Other(other),
    })
}
