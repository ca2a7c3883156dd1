//! A window on a stream of text: what was read and not yet taken, grown only as far as one record needs.

use std::io::Read;

use crate::error::Result;
use crate::source::decoder::Decoder;

/// How much is read at a time.
const CHUNK: usize = 256 * 1024;

pub(super) struct Window {
    reader: Decoder,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// What stopped the reading; told once what was read before it is taken.
    failure: Option<std::io::Error>,
}

impl Window {
    pub fn new(reader: Decoder) -> Window {
        Window { reader, buffer: Vec::new(), start: 0, end: 0, ended: false, failure: None }
    }

    /// What was read and not yet taken.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether nothing comes after [`Window::bytes`].
    pub fn ended(&self) -> bool {
        self.ended
    }

    pub fn take(&mut self, length: usize) {
        self.start += length;
    }

    pub fn reader(&self) -> &Decoder {
        &self.reader
    }

    /// Reads on: at least as much again as is there, so that a long record costs linear time.
    pub fn fill(&mut self) -> Result<()> {
        if let Some(error) = self.failure.take() {
            return Err(error.into());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let room = (self.end * 2).max(CHUNK);
        if self.buffer.len() < room {
            self.buffer.resize(room, 0);
        }
        while self.end < room && !self.ended && self.failure.is_none() {
            match self.reader.read(&mut self.buffer[self.end..room]) {
                Ok(read) => {
                    self.end += read;
                    self.ended = read == 0;
                }
                Err(error) => self.failure = Some(error),
            }
        }
        Ok(())
    }

    /// Takes everything up to and with the next `line_end`, keeping none of it.
    pub fn skip_line(&mut self, line_end: u8) -> Result<()> {
        loop {
            if let Some(length) = memchr::memchr(line_end, self.bytes()) {
                self.take(length + 1);
                return Ok(());
            }
            self.start = self.end;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }
}
