//! Cuts a stream of JSON into records: one object a line, or the objects of one array.

use super::window::Window;
use crate::error::{Error, Result};

/// How the objects stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// One a line.
    Lines,
    /// In one array, over any number of lines.
    Array,
    /// One after the other, over any number of lines.
    Values,
}

/// A record found at the front of the window, to be taken once it was read.
pub(super) enum Found {
    /// `length` bytes that should be an object.
    Value { length: usize },
    /// Longer than the limit: `length` bytes of it stand in the window.
    TooLong { length: usize },
}

/// How far a JSON value was scanned.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scan {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Reads on; returns how much of `bytes` belongs to the value, when it ends there.
    pub fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => self.depth += 1,
                // The end of the array, or of a value that is no object.
                b']' | b',' if self.depth == 0 => return Some(at),
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// The next value of an array whose opening bracket was taken, or `None` at its end. Counts the lines passed.
pub(super) fn next_in_array(
    window: &mut Window,
    line: &mut u64,
    limit: usize,
) -> Result<Option<Found>> {
    match skip_blanks(window, line)? {
        Some(b']') => Ok(None),
        Some(_) => value(window, limit),
        None => Err(Error::table("the array of objects does not end: is the file cut short?")),
    }
}

/// The next of values that follow each other, or `None` at the end. Counts the lines passed.
pub(super) fn next_value(
    window: &mut Window,
    line: &mut u64,
    limit: usize,
) -> Result<Option<Found>> {
    match skip_blanks(window, line)? {
        Some(b'{') => value(window, limit),
        // Where one object was damaged, nothing tells where the next begins.
        Some(_) => Err(Error::table(format!(
            "line {line}: expected an object after the one before: is the file damaged?"
        ))),
        None => Ok(None),
    }
}

/// Takes blanks and commas; gives the byte that follows them, if one does.
fn skip_blanks(window: &mut Window, line: &mut u64) -> Result<Option<u8>> {
    loop {
        let blank = |byte: &&u8| byte.is_ascii_whitespace() || **byte == b',';
        let blanks = window.bytes().iter().take_while(blank).count();
        *line += newlines(&window.bytes()[..blanks]);
        window.take(blanks);
        match window.bytes().first() {
            Some(&byte) => return Ok(Some(byte)),
            None if window.ended() => return Ok(None),
            None => window.fill()?,
        }
    }
}

/// The value at the front of the window.
fn value(window: &mut Window, limit: usize) -> Result<Option<Found>> {
    let (mut scan, mut scanned) = (Scan::default(), 0);
    loop {
        if let Some(length) = scan.feed(&window.bytes()[scanned..]) {
            let length = scanned + length;
            return Ok(Some(if length > limit {
                Found::TooLong { length }
            } else {
                Found::Value { length }
            }));
        }
        scanned = window.bytes().len();
        if window.ended() {
            return Err(Error::table("the last object does not end: is the file cut short?"));
        }
        if scanned > limit {
            return Ok(Some(Found::TooLong { length: scanned }));
        }
        window.fill()?;
    }
}

/// Takes the rest of a value that was found too long, keeping none of it.
pub(super) fn skip_value(window: &mut Window, line: &mut u64) -> Result<()> {
    let mut scan = Scan::default();
    loop {
        let end = scan.feed(window.bytes());
        let length = end.unwrap_or(window.bytes().len());
        *line += newlines(&window.bytes()[..length]);
        window.take(length);
        if end.is_some() || window.ended() {
            return Ok(());
        }
        window.fill()?;
    }
}

/// The next line that is not blank, without its end, or `None` at the end. Counts the lines passed.
pub(super) fn next_line(
    window: &mut Window,
    line: &mut u64,
    limit: usize,
) -> Result<Option<Found>> {
    let mut scanned = 0;
    loop {
        let bytes = window.bytes();
        let end = memchr::memchr(b'\n', &bytes[scanned..]).map(|at| scanned + at);
        match end {
            Some(length) if bytes[..length].trim_ascii().is_empty() => {
                window.take(length + 1);
                *line += 1;
                scanned = 0;
            }
            Some(length) if length > limit => return Ok(Some(Found::TooLong { length })),
            Some(length) => return Ok(Some(Found::Value { length })),
            None if bytes.len() > limit => return Ok(Some(Found::TooLong { length: bytes.len() })),
            None if window.ended() => {
                let length = bytes.len();
                let blank = bytes.trim_ascii().is_empty();
                return Ok((!blank).then_some(Found::Value { length }));
            }
            None => {
                scanned = bytes.len();
                window.fill()?;
            }
        }
    }
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
