//! Reads bytes to their end, and keeps all that came of them.

use std::io::{Cursor, Read, Result as IoResult};
use std::path::PathBuf;
use std::sync::LazyLock;

use vigie::source::{Input, Item, Options, Reader, read, read_from};

/// How everything is read.
pub static OPTIONS: LazyLock<Options> =
    LazyLock::new(|| Options::new().expect("the profiles that ship are sound"));

/// What came of some bytes.
#[derive(Debug, PartialEq)]
pub struct Reading {
    /// The name by which they were read.
    pub name: String,
    /// Their items, in order.
    pub items: Vec<Item>,
    /// What ended them, where it was no end of file.
    pub error: Option<String>,
    /// Whether they were taken for a table.
    pub is_table: bool,
    /// What did not fit a table's charset, and what else befell its cells.
    pub repairs: Option<String>,
}

/// Reads `bytes` as a file of this name.
pub fn read_bytes(bytes: &[u8], name: &str) -> Reading {
    drain(open(Cursor::new(bytes.to_vec()), name), name)
}

/// As [`read_bytes`], a few bytes at a time: where a pipe cuts them must change nothing.
pub fn read_crumbs(bytes: &[u8], name: &str) -> Reading {
    let crumbs = Crumbs { rest: Cursor::new(bytes.to_vec()), size: 0 };
    drain(open(crumbs, name), name)
}

/// Reads `bytes` from a file, as the program does: gzip is undone, databases are opened.
pub fn read_file(bytes: &[u8]) -> Reading {
    static PATH: LazyLock<PathBuf> = LazyLock::new(|| {
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
        folder.join(format!("vigie-fuzz-{}", std::process::id()))
    });
    std::fs::write(&*PATH, bytes).expect("a temporary folder that takes files");
    let reading = drain(read(&Input::File(PATH.clone()), &OPTIONS), &PATH.display().to_string());
    // An interrupted run must not leave its file behind.
    std::fs::remove_file(&*PATH).expect("our own file");
    reading
}

/// Opens as [`read`] does.
fn open(reader: impl Read + Send + 'static, name: &str) -> vigie::Result<Reader> {
    read_from(Box::new(reader), name, &OPTIONS).map_err(|error| error.at_path(name))
}

fn drain(reader: vigie::Result<Reader>, name: &str) -> Reading {
    let mut reading = Reading {
        name: name.to_owned(),
        items: Vec::new(),
        error: None,
        is_table: false,
        repairs: None,
    };
    let mut reader = match reader {
        Ok(reader) => reader,
        Err(error) => {
            reading.error = Some(error.to_string());
            return reading;
        }
    };
    reading.is_table = reader.mapping().is_some();
    for item in reader.by_ref() {
        assert!(reading.error.is_none(), "an error ends an input");
        match item {
            Ok(item) => reading.items.push(item),
            Err(error) => reading.error = Some(error.to_string()),
        }
    }
    reading.repairs = reader.repairs();
    reading
}

/// Gives 1 to 7 bytes at a time.
struct Crumbs {
    rest: Cursor<Vec<u8>>,
    size: usize,
}

impl Read for Crumbs {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        self.size = self.size % 7 + 1;
        let most = self.size.min(buffer.len());
        self.rest.read(&mut buffer[..most])
    }
}
