//! Streams a file of any charset as UTF-8, in constant memory.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8};

use super::encoding::{HEAD, charset, push_windows_1252, take_utf8};
use crate::error::Result;

/// Yields UTF-8 whatever the bytes were; only the head is looked at to tell the charset.
///
/// Where the head is UTF-8 and a later byte is not, that byte is read as Windows-1252 and counted.
pub struct Decoder {
    inner: Box<dyn Read + Send>,
    /// Bytes read and not yet decoded.
    bytes: Vec<u8>,
    ended: bool,
    /// What stopped the reading; told once what was read before it is given.
    failure: Option<io::Error>,
    text: String,
    /// How much of `text` was handed out.
    given: usize,
    /// `None` for UTF-8.
    other: Option<encoding_rs::Decoder>,
    encoding: &'static Encoding,
    repaired: u64,
}

impl Decoder {
    /// Reads the head of `inner`; refuses what is not text.
    pub fn new(mut inner: Box<dyn Read + Send>) -> Result<Decoder> {
        let mut bytes = Vec::with_capacity(HEAD);
        // What was read before a failure is good: a cut archive gives its rows, and then the error.
        let mut failure = inner.by_ref().take(HEAD as u64).read_to_end(&mut bytes).err();
        if bytes.is_empty()
            && let Some(error) = failure.take()
        {
            return Err(error.into());
        }
        let encoding = charset(&bytes)?;
        if let Some((_, mark)) = Encoding::for_bom(&bytes) {
            bytes.drain(..mark);
        }
        let other = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        let mut decoder = Decoder {
            inner,
            bytes,
            ended: false,
            failure,
            text: String::with_capacity(HEAD + HEAD / 4),
            given: 0,
            other,
            encoding,
            repaired: 0,
        };
        decoder.decode();
        Ok(decoder)
    }

    /// The head of the text, as far as it was decoded.
    pub fn head(&self) -> &str {
        &self.text[self.given..]
    }

    /// The name of the charset.
    pub fn charset(&self) -> &'static str {
        self.encoding.name()
    }

    /// How many bytes so far did not fit the charset and were read as Windows-1252, or replaced in UTF-16.
    pub fn repaired(&self) -> u64 {
        self.repaired
    }

    /// Decodes what was read into `text`, but for a character that is not yet whole.
    fn decode(&mut self) {
        self.text.clear();
        self.given = 0;
        if let Some(other) = &mut self.other {
            let room = other.max_utf8_buffer_length(self.bytes.len()).unwrap_or(4 * HEAD);
            self.text.reserve(room);
            let (_, read, replaced) =
                other.decode_to_string(&self.bytes, &mut self.text, self.ended);
            self.repaired += u64::from(replaced);
            self.bytes.drain(..read);
        } else {
            let mut rest = self.bytes.as_slice();
            while let Some(broken) = take_utf8(&mut rest, &mut self.text, self.ended) {
                self.repaired += broken.len() as u64;
                push_windows_1252(broken, &mut self.text);
            }
            let left = rest.len();
            self.bytes.drain(..self.bytes.len() - left);
        }
    }
}

impl Read for Decoder {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            if let Some(error) = self.failure.take() {
                self.ended = true;
                return Err(error);
            }
            match self.inner.by_ref().take(HEAD as u64).read_to_end(&mut self.bytes) {
                Ok(read) => self.ended = read == 0,
                Err(error) => self.failure = Some(error),
            }
            self.decode();
        }
        let ready = &self.text.as_bytes()[self.given..];
        let length = ready.len().min(out.len());
        out[..length].copy_from_slice(&ready[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: Vec<u8>) -> (String, u64) {
        let mut decoder = Decoder::new(Box::new(Cursor::new(bytes))).unwrap();
        let mut text = String::new();
        decoder.read_to_string(&mut text).unwrap();
        (text, decoder.repaired())
    }

    #[test]
    fn characters_cut_by_a_chunk_are_whole_again() {
        for shift in 0..4 {
            let text = "x".repeat(shift) + &"é😀’".repeat(HEAD / 4);
            assert_eq!(read(text.clone().into_bytes()), (text.clone(), 0));
            let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
            assert_eq!(read([0xff, 0xfe].into_iter().chain(utf16).collect()), (text, 0));
        }
    }

    #[test]
    fn bytes_that_break_utf8_after_the_head_are_windows_1252() {
        let mut bytes = vec![b'a'; HEAD + 10];
        bytes.extend(b"l\x92\xe9t\xe9 d\xe9j\xe0 \xf0\x9f");
        let (text, repaired) = read(bytes);
        assert!(text.ends_with("al’été déjà ðŸ"), "{}", &text[HEAD..]);
        assert_eq!(repaired, 7);
    }

    #[test]
    fn a_windows_1252_head_decides_for_the_whole_file() {
        let mut bytes = b"id;texte\n1;\xe7a d\xe9pend de l\x92heure\n".repeat(4000);
        bytes.extend(b"2;\x80\n");
        assert!(read(bytes).0.ends_with("1;ça dépend de l’heure\n2;€\n"));
    }
}
