//! Reads the key of pseudonyms, or makes it: a file that nobody else may read.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use vigie::Error;
use vigie::store::PseudonymKey;

use super::stderr::tell;

/// Whether authors go by pseudonyms.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct PseudonymArgs {
    /// Keep a pseudonym in place of each author's name: the same person stays the same, and only who has the key can tell
    /// who. The key is a line in this file; made where it is not there. Names inside texts stay
    #[arg(long, value_name = "KEYFILE", help_heading = "Database")]
    pseudonymise: Option<PathBuf>,
}

/// More is no key.
const LONGEST: u64 = 1024;

/// What to do where the key is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Make one.
    Make,
    /// Say so.
    Refuse,
}

impl PseudonymArgs {
    /// The key; none where names stay.
    ///
    /// # Errors
    /// When the file is no key, or others can read it.
    pub fn key(&self, absent: Absent) -> anyhow::Result<Option<PseudonymKey>> {
        let Some(path) = &self.pseudonymise else { return Ok(None) };
        let key = read(path).or_else(|failure| match (failure, absent) {
            (Failure::Absent, Absent::Make) => make(path),
            (Failure::Absent, Absent::Refuse) => Err(Error::input("there is no such key")),
            (Failure::Told(error), _) => Err(error),
        });
        Ok(Some(key.map_err(|error| error.at_path(path))?))
    }
}

enum Failure {
    Absent,
    Told(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Told(error)
    }
}

fn read(path: &Path) -> Result<PseudonymKey, Failure> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Failure::Absent),
        Err(error) => return Err(Error::from(error).into()),
    };
    guard(&file)?;
    let mut line = String::new();
    file.take(LONGEST).read_to_string(&mut line).map_err(Error::from)?;
    let told = "expected a key of 64 hexadecimal digits; name a file that is not there to make one";
    PseudonymKey::from_hex(&line).ok_or_else(|| Error::input(told).into())
}

/// Refuses a file that others could have read: who has it can tell whom the pseudonyms mean.
#[cfg(unix)]
fn guard(file: &File) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;

    let mode = file.metadata().map_err(Error::from)?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Error::input(format!(
        "others can read this key (mode {mode:04o}); chmod 600 it, or make another where they may have"
    )))
}

#[cfg(not(unix))]
fn guard(_: &File) -> Result<(), Error> {
    Ok(())
}

fn make(path: &Path) -> Result<PseudonymKey, Error> {
    let key = PseudonymKey::random()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Error::from)?;
    writeln!(file, "{}", key.to_hex()).and_then(|()| file.sync_all()).map_err(Error::from)?;
    tell(format!(
        "{}: a new key; keep it apart from the database, without it nobody can tell who is who",
        path.display()
    ));
    Ok(key)
}
