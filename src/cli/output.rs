//! Opens outputs: standard output, or a file that appears only when it is whole.

use std::fs::File;
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

/// Where a command writes.
pub enum Output {
    /// Standard output, as it comes.
    Stdout(BufWriter<Stdout>),
    /// A file beside its final place, renamed at the end.
    File(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or a device, as it comes: a file put in its place would destroy it.
    Special(BufWriter<File>),
}

impl Output {
    /// Opens `path`, or standard output.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Output> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Output::Stdout(BufWriter::new(io::stdout())));
        };
        let folder = folder(path)?;
        let written = || format!("{}: cannot be written", path.display());
        let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
        if is_special {
            let file = File::options().write(true).open(path).with_context(written)?;
            return Ok(Output::Special(BufWriter::new(file)));
        }
        // What a link names is replaced, not the link.
        let target = path.canonicalize();
        let (path, folder) = match &target {
            Ok(target) => (target.as_path(), target.parent().unwrap_or(folder)),
            Err(_) => (path, folder),
        };
        let file = NamedTempFile::new_in(folder).with_context(written)?;
        Ok(Output::File(BufWriter::with_capacity(1 << 16, file), path.to_path_buf()))
    }

    /// Writes out what is left and puts the file into its place.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Output::Stdout(mut out) => out.flush()?,
            Output::Special(mut out) => out.flush()?,
            Output::File(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                // Temporary files are for their owner alone; outputs are like any file of the user's.
                if let Ok(permissions) = permissions(&path) {
                    file.as_file().set_permissions(permissions)?;
                }
                file.persist(&path)
                    .with_context(|| format!("{}: cannot be written", path.display()))?;
            }
        }
        Ok(())
    }
}

/// The folder in which `path` is to be; it must be there.
pub fn folder(path: &Path) -> anyhow::Result<&Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    anyhow::ensure!(
        folder.is_dir(),
        "{}: cannot be written: there is no folder {}",
        path.display(),
        folder.display()
    );
    anyhow::ensure!(!path.is_dir(), "{}: cannot be written: it is a folder", path.display());
    Ok(folder)
}

/// The permissions that the file has, or that a new one would get.
fn permissions(path: &Path) -> io::Result<std::fs::Permissions> {
    if let Ok(existing) = std::fs::metadata(path) {
        return Ok(existing.permissions());
    }
    File::create_new(path).and_then(|file| file.metadata()).map(|metadata| metadata.permissions())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Stdout(out) => out.write(bytes),
            Output::File(out, _) => out.write(bytes),
            Output::Special(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Stdout(out) => out.flush(),
            Output::File(out, _) => out.flush(),
            Output::Special(out) => out.flush(),
        }
    }
}
