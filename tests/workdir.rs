//! A folder of its own for each test, and the real program run in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

/// A file of `fixtures/`.
pub fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

/// The program, with nothing on its standard input and a help as wide as it gets.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.stdin(Stdio::null()).env("COLUMNS", "100");
    command
}

/// A folder that goes away with the test.
pub struct Workdir(tempfile::TempDir);

impl Workdir {
    /// An empty one.
    pub fn new() -> Workdir {
        Workdir(tempfile::tempdir().unwrap())
    }

    /// One with copies of these files of `fixtures/`.
    pub fn with(fixtures: &[&str]) -> Workdir {
        let workdir = Workdir::new();
        for name in fixtures {
            let name = fixture(name);
            workdir.write(name.file_name().unwrap().to_str().unwrap(), fs::read(&name).unwrap());
        }
        workdir
    }

    /// Where a file of this name is or would be.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file; folders are made.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// What a file holds.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files and folders in it, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the program here.
    pub fn vigie(&self, arguments: &[&str]) -> Ran {
        self.run(program().args(arguments), b"")
    }

    /// Runs the program here with `input` on its standard input.
    pub fn vigie_fed(&self, arguments: &[&str], input: &[u8]) -> Ran {
        self.run(program().args(arguments), input)
    }

    /// Runs a command here with `input` on its standard input.
    pub fn run(&self, command: &mut Command, input: &[u8]) -> Ran {
        command.current_dir(self.0.path()).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let output = thread::scope(|scope| {
            // A program that has read enough closes the pipe: no failure of the test.
            scope.spawn(move || stdin.write_all(input));
            child.wait_with_output().unwrap()
        });
        Ran {
            status: output.status.code().expect("the program ends by itself"),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// What a run of the program gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    pub status: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Ran {
    /// The same, once it is sure that all was done.
    pub fn done(self) -> Ran {
        assert_eq!(self.status, 0, "{}", self.stderr);
        self
    }

    /// Standard output as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// Standard output as JSON, one value a line.
    pub fn jsonl(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Standard output as a table.
    pub fn csv(&self) -> Csv {
        Csv::parse(self.text(), b',')
    }

    /// What was said, but for the sums at the end and how columns were understood.
    pub fn told(&self) -> Vec<&str> {
        let common =
            |line: &&str| !line.contains(" Comments: ") && !line.contains("; no column for ");
        self.stderr.lines().filter(common).collect()
    }

    /// The sums: read, done, rejected.
    pub fn sums(&self) -> Option<[u64; 3]> {
        let (_, sums) = self.stderr.lines().last()?.split_once(" Comments: ")?;
        let numbers: Vec<u64> =
            sums.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        numbers.try_into().ok()
    }
}

/// A table: its header, and its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    pub fn parse(text: &str, delimiter: u8) -> Csv {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_string).collect();
        let header = cells(reader.headers().unwrap());
        Csv { header, rows: reader.records().map(|record| cells(&record.unwrap())).collect() }
    }

    /// The cells of a column.
    pub fn column(&self, name: &str) -> Vec<&str> {
        let index = self.header.iter().position(|column| column == name);
        let index = index.unwrap_or_else(|| panic!("no column {name} in {:?}", self.header));
        self.rows.iter().map(|row| row[index].as_str()).collect()
    }
}
