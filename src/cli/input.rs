//! Keeps the account of what was read: every record is scored, or rejected with its reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use vigie::comment::{Comment, Trouble};
use vigie::source::table::{Mapping, Reject, neutralise};
use vigie::source::{Absence, Input, Item, Options, Reader, read};

use super::Status;
use super::batch::Note;
use super::output::{Output, folder};
use super::stderr::tell;

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
    /// How many of them were not told one by one, by their reason.
    untold: BTreeMap<&'static str, u64>,
    /// Inputs that could not be read, or not to their end.
    pub failed: u64,
}

/// Rejects told one by one; the rest are in their file.
const NOTES: u64 = 5;

/// Pages without comments told one by one: a folder's, but not those of a whole crawl.
const ABSENCES: u64 = 50;

impl Account {
    /// An account whose rejects go to `rejects`.
    ///
    /// # Errors
    /// When they could not: better told before the first than at it.
    pub fn new(rejects: &Path) -> anyhow::Result<Account> {
        folder(rejects)?;
        Ok(Account {
            comments: 0,
            rejected: 0,
            rejects: rejects.to_path_buf(),
            rejects_file: None,
            inputs: 0,
            absent: 0,
            untold: BTreeMap::new(),
            failed: 0,
        })
    }

    /// Reads every input to its end and hands its comments over.
    pub fn read_all(
        &mut self,
        inputs: &[vigie::Result<Input>],
        options: &Options,
        mut take: impl FnMut(Comment) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for input in inputs {
            if let Some((input, reader)) = self.open(input, options) {
                self.read(input, reader, &mut take)?;
            }
        }
        Ok(())
    }

    /// Reads an input that is open to its end and hands its comments over.
    pub fn read(
        &mut self,
        input: &Input,
        mut reader: Reader,
        take: &mut impl FnMut(Comment) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut whole = true;
        for item in &mut reader {
            match item {
                Ok(Item::Comment(comment)) => {
                    self.comments += 1;
                    take(comment)?;
                }
                Ok(Item::Reject(reject)) => self.reject(&reject)?,
                Ok(Item::Absent { page, absence }) => self.absent(&page, &absence),
                Ok(Item::Remark { page, told }) => tell(format!("{page}: {told}")),
                Err(error) => {
                    whole = false;
                    self.fail(&error);
                }
            }
        }
        self.tell_repairs(input, reader.repairs());
        self.inputs += u64::from(whole);
        Ok(())
    }

    /// Opens an input and says how its columns were understood; none when it failed, which is then noted.
    pub fn open<'a>(
        &mut self,
        input: &'a vigie::Result<Input>,
        options: &Options,
    ) -> Option<(&'a Input, Reader)> {
        let opened = input.as_ref().map(|input| (input, read(input, options)));
        match opened {
            Ok((input, Ok(reader))) => {
                if let Some(mapping) = reader.mapping() {
                    self.tell_mapping(input, mapping);
                }
                Some((input, reader))
            }
            Ok((_, Err(error))) => {
                self.fail(&error);
                None
            }
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    /// Says what of an export did not fit its charset, and what else befell its cells: a line each.
    pub fn tell_repairs(&self, input: &Input, repairs: Option<String>) {
        for line in repairs.iter().flat_map(|lines| lines.lines()) {
            tell(format!("{input}: {line}"));
        }
    }

    /// Takes note of a page without comments.
    pub fn absent(&mut self, page: &str, absence: &Absence) {
        self.absent += 1;
        if self.absent > ABSENCES {
            *self.untold.entry(absence.name()).or_default() += 1;
        } else {
            tell(format!("{page}: no comments: {absence}"));
        }
    }

    /// Says how the columns of an export were understood.
    fn tell_mapping(&self, input: &Input, mapping: &Mapping) {
        if !mapping.is_own() {
            tell(format!("{input}: {}", mapping.describe()));
        }
    }

    /// Takes note of an input that failed.
    pub fn fail(&mut self, error: &vigie::Error) {
        self.failed += 1;
        tell(error);
    }

    /// Takes note of a record that was refused, and writes it out.
    pub fn reject(&mut self, reject: &Reject) -> anyhow::Result<()> {
        let Reject { path, record, line, reason, raw } = reject;
        self.rejected += 1;
        if self.rejected <= NOTES {
            let place = line.map(|line| format!(" (line {line})")).unwrap_or_default();
            tell(format!("{path}: record {record}{place}: {reason}"));
        } else if self.rejected == NOTES + 1 {
            tell(format!("more records are rejected; all are in {}", self.rejects.display()));
        }
        if self.rejects_file.is_none() {
            let mut file = csv::Writer::from_writer(Output::open(Some(&self.rejects))?);
            file.write_record(["file", "record", "line", "reason", "raw"])?;
            self.rejects_file = Some(file);
        }
        if let Some(file) = &mut self.rejects_file {
            let line = line.map(|line| line.to_string()).unwrap_or_default();
            let (record, raw) = (record.to_string(), neutralise(raw));
            file.write_record([path.as_str(), &record, &line, reason, &raw])?;
        }
        Ok(())
    }

    /// Takes note of what came along with comments.
    pub fn note(&mut self, note: Note) -> anyhow::Result<()> {
        match note {
            Note::Reject(reject) => self.reject(&reject)?,
            Note::Absent(page, absence) => self.absent(&page, &absence),
            Note::Remark(told) => tell(told),
        }
        Ok(())
    }

    /// Says what did not fit in the threads, a line each kind.
    pub fn tell_troubles(&self, comments: &[Comment], troubles: &[Trouble]) {
        let tell_first = |what: &str, indices: Vec<usize>| {
            if let Some(&first) = indices.first() {
                let Comment { page, id, .. } = &comments[first];
                let count = indices.len();
                tell(format!("{what}: {count} (the first: {page}, comment {id})"));
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
        tell_first("ids used more than once, replies go to the earlier comment", twice);
        tell_first("replies to comments that are not here, kept as roots", orphans);
        tell_first("chains of replies that come back to themselves, cut", cycles);
    }

    /// How the run stands. A page without comments is no failure, but it is no comment either.
    pub fn status(&self) -> Status {
        if self.failed == 0 && self.rejected == 0 {
            Status::Done
        } else if self.comments == 0 && self.absent == 0 {
            Status::Nothing
        } else {
            Status::Partial
        }
    }

    /// Closes the rejects file, tells the sums, and says how the run ended. `verb` is what was done to comments.
    pub fn close(mut self, verb: &str) -> anyhow::Result<Status> {
        let kept = self.keep_rejects()?.map(Path::to_path_buf);
        if !self.untold.is_empty() {
            let told = self.untold.iter().map(|(reason, count)| format!("{reason} {count}"));
            tell(format!("more pages without comments: {}", told.collect::<Vec<_>>().join(", ")));
        }
        let Account { comments, rejected, inputs, absent, failed, .. } = &self;
        let note = |count: &u64, what: &str| match count {
            0 => String::new(),
            count => format!("; {count} {what}"),
        };
        let inputs = match inputs + failed {
            1 => "1 input".to_string(),
            several => format!("{several} inputs"),
        };
        let kept = kept.map(|path| format!(", see {}", path.display())).unwrap_or_default();
        tell(format!(
            "{inputs}{}{}. Comments: {} read = {comments} {verb} + {rejected} rejected{kept}",
            note(absent, "without comments"),
            note(failed, "failed"),
            comments + rejected,
        ));
        Ok(self.status())
    }

    /// Puts the rejects file, where there is one, into its place.
    fn keep_rejects(&mut self) -> anyhow::Result<Option<&Path>> {
        let Some(file) = self.rejects_file.take() else { return Ok(None) };
        file.into_inner().map_err(|error| error.into_error())?.finish()?;
        Ok(Some(&self.rejects))
    }
}

/// A run that fails halfway still tells which records it refused.
impl Drop for Account {
    fn drop(&mut self) {
        let rejected = self.rejected;
        match self.keep_rejects() {
            Ok(None) => {}
            Ok(Some(path)) => tell(format!("{rejected} rejected, see {}", path.display())),
            Err(error) => tell(format!("{error:#}")),
        }
    }
}
