//! Keeps the account of what was read: every record is scored, or rejected with its reason.

use std::path::{Path, PathBuf};

use vigie::comment::{Comment, Trouble};
use vigie::source::table::{Mapping, Reject, neutralise};
use vigie::source::{Input, Item, Options, read};

use super::Status;
use super::output::Output;
use super::score::Note;

/// The account of one run.
pub struct Account {
    /// Records that became comments.
    pub comments: u64,
    rejected: u64,
    rejects: PathBuf,
    /// Opened with the first reject.
    rejects_file: Option<csv::Writer<Output>>,
    /// Pages and exports read to their end.
    pub inputs: u64,
    /// Pages without comments.
    pub absent: u64,
    /// Inputs that could not be read, or not to their end.
    pub failed: u64,
}

/// Rejects told one by one; the rest are in their file.
const NOTES: u64 = 5;

impl Account {
    /// An account whose rejects go to `rejects`.
    pub fn new(rejects: &Path) -> Account {
        Account {
            comments: 0,
            rejected: 0,
            rejects: rejects.to_path_buf(),
            rejects_file: None,
            inputs: 0,
            absent: 0,
            failed: 0,
        }
    }

    /// Reads every input to its end and hands its comments over.
    pub fn read_all(
        &mut self,
        inputs: &[Input],
        options: &Options,
        mut take: impl FnMut(Comment) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for input in inputs {
            match read(input, options) {
                Err(error) => self.fail(&error),
                Ok(reader) => {
                    if let Some(mapping) = reader.mapping() {
                        self.tell_mapping(input, mapping);
                    }
                    let mut whole = true;
                    for item in reader {
                        match item {
                            Ok(Item::Comment(comment)) => {
                                self.comments += 1;
                                take(comment)?;
                            }
                            Ok(Item::Reject(reject)) => self.reject(&reject)?,
                            Ok(Item::Absent { page, absence }) => {
                                self.absent += 1;
                                eprintln!("{page}: no comments: {absence}");
                            }
                            Err(error) => {
                                whole = false;
                                self.fail(&error);
                            }
                        }
                    }
                    self.inputs += u64::from(whole);
                }
            }
        }
        Ok(())
    }

    /// Says how the columns of an export were understood.
    pub fn tell_mapping(&self, input: &Input, mapping: &Mapping) {
        if !mapping.is_own() {
            eprintln!("{input}: {}", mapping.describe());
        }
    }

    /// Takes note of an input that failed.
    pub fn fail(&mut self, error: &vigie::Error) {
        self.failed += 1;
        eprintln!("{error}");
    }

    /// Takes note of a record that was refused, and writes it out.
    pub fn reject(&mut self, reject: &Reject) -> anyhow::Result<()> {
        let Reject { path, record, line, reason, raw } = reject;
        self.rejected += 1;
        if self.rejected <= NOTES {
            eprintln!("{path}: record {record} (line {line}): {reason}");
        } else if self.rejected == NOTES + 1 {
            eprintln!("more records are rejected; all are in {}", self.rejects.display());
        }
        if self.rejects_file.is_none() {
            let mut file = csv::Writer::from_writer(Output::open(Some(&self.rejects))?);
            file.write_record(["file", "record", "line", "reason", "raw"])?;
            self.rejects_file = Some(file);
        }
        if let Some(file) = &mut self.rejects_file {
            let (record, line, raw) = (record.to_string(), line.to_string(), neutralise(raw));
            file.write_record([path.as_str(), &record, &line, reason, &raw])?;
        }
        Ok(())
    }

    /// Takes note of what came along with comments.
    pub fn note(&mut self, note: Note) -> anyhow::Result<()> {
        match note {
            Note::Reject(reject) => self.reject(&reject)?,
            Note::Absent(line) => {
                self.absent += 1;
                eprintln!("{line}");
            }
        }
        Ok(())
    }

    /// Says what did not fit in the threads, a line each kind.
    pub fn tell_troubles(&self, comments: &[Comment], troubles: &[Trouble]) {
        let tell = |what: &str, indices: Vec<usize>| {
            if let Some(&first) = indices.first() {
                let Comment { page, id, .. } = &comments[first];
                eprintln!("{what}: {} (the first: {page}, comment {id})", indices.len());
            }
        };
        let (mut twice, mut orphans, mut cycles) = (Vec::new(), Vec::new(), Vec::new());
        for trouble in troubles {
            match *trouble {
                Trouble::DuplicateId { second, .. } => twice.push(second),
                Trouble::MissingParent(index) => orphans.push(index),
                Trouble::Cycle(index) => cycles.push(index),
            }
        }
        tell("ids used more than once, replies go to the earlier comment", twice);
        tell("replies to comments that are not here, kept as roots", orphans);
        tell("chains of replies that come back to themselves, cut", cycles);
    }

    /// Closes the rejects file, tells the sums, and says how the run ended. `verb` is what was done to comments.
    pub fn close(self, verb: &str) -> anyhow::Result<Status> {
        let Account { comments, rejected, inputs, absent, failed, .. } = self;
        let note = |count: u64, what: &str| {
            if count > 0 { format!("; {count} {what}") } else { String::new() }
        };
        let mut kept = String::new();
        if let Some(file) = self.rejects_file {
            file.into_inner().map_err(|error| error.into_error())?.finish()?;
            kept = format!(", see {}", self.rejects.display());
        }
        eprintln!(
            "{} inputs{}{}. Comments: {} read = {comments} {verb} + {rejected} rejected{kept}",
            inputs + failed,
            note(absent, "without comments"),
            note(failed, "failed"),
            comments + rejected,
        );
        Ok(if failed == 0 && rejected == 0 {
            Status::Done
        } else if inputs == 0 && comments == 0 {
            Status::Nothing
        } else {
            Status::Partial
        })
    }
}
