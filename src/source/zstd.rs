//! Undoes Zstandard as it streams by: any number of frames, with those to be skipped between them.

use std::io::{self, BufRead, BufReader, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// A last block with nothing in it, and room for a checksum.
const CLOSING: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

/// Whether a file that begins so is compressed with Zstandard; what is to be skipped may come first.
pub(super) fn opens(head: &[u8]) -> bool {
    head.starts_with(b"\x28\xb5\x2f\xfd") || matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Yields what was compressed. The window, which is held in memory, is bounded as in the `zstd` program itself.
pub(super) struct Unzstd<R> {
    source: Source<BufReader<R>>,
    decoder: FrameDecoder,
    state: State,
}

enum State {
    /// Between two frames.
    Between,
    Within,
    /// What was decoded before the file was cut is given, and then this is told.
    Cut,
    Done,
}

impl<R: Read> Unzstd<R> {
    pub fn new(reader: R) -> Unzstd<R> {
        Unzstd {
            source: Source { reader: BufReader::new(reader), ended: false, failure: None },
            decoder: FrameDecoder::new(),
            state: State::Between,
        }
    }

    /// Reads the head of the next frame; what is to be skipped is.
    fn begin(&mut self) -> io::Result<State> {
        loop {
            if self.source.reader.fill_buf()?.is_empty() {
                return Ok(State::Done);
            }
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(State::Within),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let length = u64::from(length);
                    let mut skipped = self.source.by_ref().take(length);
                    if io::copy(&mut skipped, &mut io::sink())? < length {
                        return Err(cut());
                    }
                }
                Err(error) => return Err(self.told(&error)),
            }
        }
    }

    /// Decodes on until something can be given, or the frame ends.
    fn decode(&mut self) -> io::Result<State> {
        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            let one = BlockDecodingStrategy::UptoBlocks(1);
            let Err(error) = self.decoder.decode_blocks(&mut self.source, one) else { continue };
            let error = self.told(&error);
            if error.kind() != io::ErrorKind::UnexpectedEof {
                return Err(error);
            }
            // The window is given at the end of a frame only, so the frame is ended for what was cut.
            let all = BlockDecodingStrategy::All;
            if !self.decoder.is_finished()
                && self.decoder.decode_blocks(CLOSING.as_slice(), all).is_err()
            {
                return Err(error);
            }
            return Ok(State::Cut);
        }
        Ok(State::Within)
    }

    /// What went wrong, in words.
    fn told(&mut self, error: &FrameDecoderError) -> io::Error {
        if let Some(failure) = self.source.failure.take() {
            return failure;
        }
        if let FrameDecoderError::WindowSizeTooBig { requested, max } = error {
            return io::Error::other(format!(
                "its Zstandard window is {} MB, more than {} MB; unpack it with: zstd -d --long=31 FILE",
                requested >> 20,
                max >> 20
            ));
        }
        if self.source.ended { cut() } else { damaged(&error.to_string()) }
    }
}

impl<R: Read> Read for Unzstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            // A failure is told once, and ends it.
            self.state = match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(0),
                State::Between => {
                    self.state = self.begin()?;
                    continue;
                }
                State::Within => self.decode()?,
                State::Cut => State::Cut,
            };
            let given = self.decoder.read(buffer)?;
            if given > 0 {
                return Ok(given);
            }
            let cut_short = matches!(self.state, State::Cut);
            self.state = State::Done;
            if cut_short {
                return Err(cut());
            }
            let sum = self.decoder.get_checksum_from_data();
            if sum.is_some() && sum != self.decoder.get_calculated_checksum() {
                return Err(damaged("its checksum differs"));
            }
            self.state = State::Between;
        }
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the Zstandard archive is cut short")
}

fn damaged(why: &str) -> io::Error {
    let message = format!("the Zstandard archive is damaged: {why}");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Remembers whether the file came to its end, or failed: the decoder's errors do not tell.
struct Source<R> {
    reader: R,
    ended: bool,
    failure: Option<io::Error>,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.reader.read(buffer) {
            Ok(read) => {
                self.ended = read == 0 && !buffer.is_empty();
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.failure = Some(error);
                Err(kind.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    fn text() -> String {
        (0..20_000).map(|n| format!("ligne {n}, été\n")).collect()
    }

    fn frame(text: &str) -> Vec<u8> {
        compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
    }

    fn read(bytes: &[u8]) -> (String, Option<String>) {
        let mut out = Vec::new();
        let failure = Unzstd::new(bytes).read_to_end(&mut out).err().map(|error| error.to_string());
        (String::from_utf8_lossy(&out).into_owned(), failure)
    }

    #[test]
    fn frames_follow_each_other_and_some_are_skipped() {
        let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
        let whole = [skipped, frame(&text()).as_slice(), skipped, &frame("fin")].concat();
        assert!(opens(&whole) && opens(&frame("")) && !opens(b"id,text"));
        let (read, failure) = read(&whole);
        assert!(read == text() + "fin" && failure.is_none(), "{failure:?}");
    }

    #[test]
    fn what_came_before_a_cut_is_given_and_damage_is_told() {
        let frame = frame(&text());
        for cut in [1, 3, 5, 7, frame.len() / 2, frame.len() - 1] {
            let (read, failure) = read(&frame[..cut]);
            assert_eq!(failure.as_deref(), Some("the Zstandard archive is cut short"), "{cut}");
            assert!(text().starts_with(&read));
        }
        let (some, _) = read(&frame[..frame.len() - 1]);
        assert!(some.len() > 100_000, "{}", some.len());
        for at in 0..frame.len().min(2_000) {
            let mut frame = frame.clone();
            frame[at] ^= 0x55;
            let (_, failure) = read(&frame);
            assert!(failure.is_none_or(|failure| failure.lines().count() == 1), "{at}");
        }
    }

    #[test]
    fn a_vast_window_is_refused_before_it_is_held() {
        let (_, failure) = read(b"\x28\xb5\x2f\xfd\x00\xa8\x01\0\0");
        let told = "its Zstandard window is 2048 MB, more than 128 MB; unpack it with: zstd -d --long=31 FILE";
        assert_eq!(failure.as_deref(), Some(told));
    }
}
