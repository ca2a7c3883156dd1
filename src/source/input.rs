//! What the user names on the command line: files, folders, globs and standard input; compressed or not.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use walkdir::{DirEntry, WalkDir};

use super::zstd::{self, Unzstd};
use crate::error::{Error, Result};

/// The endings of files that could hold comments; `.gz` or `.zst` may follow.
const ENDINGS: [&str; 19] = [
    "csv", "db", "htm", "html", "json", "jsonl", "mht", "mhtml", "ndjson", "ods", "shtml", "tab",
    "tsv", "txt", "warc", "wet", "xhtml", "xlsx", "xml",
];

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// Standard input, named `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Stdin => f.write_str("-"),
            Input::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl Input {
    /// Opens it; gzip and Zstandard are undone, whatever the name.
    pub fn open(&self) -> Result<Box<dyn Read + Send>> {
        let open = || -> io::Result<Box<dyn Read + Send>> {
            match self {
                Input::Stdin => unzipped(io::stdin()),
                Input::File(path) => unzipped(File::open(path)?),
            }
        };
        open().map_err(|error| Error::from(error).at_path(self.to_string()))
    }
}

/// Every input that `arguments` name, in their order; a folder's files are sorted by path, and what is named twice is
/// read once. What cannot be found is an error in its place.
///
/// Hidden files are left out of folders and globs. Of a folder's other files, those are taken whose ending tells that they
/// could hold comments (pages, text, tables, JSON, XML; compressed or not), and those without one; the rest, and the files that
/// a browser saved beside a page, are left out without a word. A file that is named, or matches a glob, is always taken.
pub fn expand(arguments: &[String]) -> Vec<Result<Input>> {
    let mut inputs = Vec::new();
    for argument in arguments {
        let path = Path::new(argument);
        if argument == "-" {
            inputs.push(Ok(Input::Stdin));
        } else if path.exists() {
            add(path, &mut inputs);
        } else if argument.contains(['*', '?', '[']) {
            add_matches(argument, &mut inputs);
        } else {
            inputs.push(Err(Error::input("no such file or folder").at_path(argument)));
        }
    }
    let mut seen = HashSet::new();
    inputs.retain(|input| match input {
        Ok(Input::Stdin) => seen.insert(PathBuf::from("-")),
        Ok(Input::File(path)) => seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())),
        Err(_) => true,
    });
    inputs
}

/// Adds what a glob matches.
fn add_matches(glob: &str, inputs: &mut Vec<Result<Input>>) {
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
    let named = |error: &dyn fmt::Display| Err(Error::input(format!("{error}")).at_path(glob));
    let before = inputs.len();
    match glob::glob_with(glob, options) {
        Err(error) => inputs.push(named(&error)),
        Ok(paths) => {
            for path in paths {
                match path {
                    Ok(path) => add(&path, inputs),
                    Err(error) => inputs.push(named(&error)),
                }
            }
        }
    }
    if inputs.len() == before {
        inputs.push(named(&"no file matches"));
    }
}

/// Adds a file, or the files of a folder.
fn add(path: &Path, inputs: &mut Vec<Result<Input>>) {
    if !path.is_dir() {
        return inputs.push(Ok(Input::File(path.to_owned())));
    }
    let before = inputs.len();
    let visible = |entry: &DirEntry| {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        entry.depth() == 0
            || !hidden && (entry.file_type().is_dir() || could_hold_comments(entry.path()))
    };
    for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(visible) {
        match entry {
            Ok(entry) if entry.path().is_file() && !is_asset(entry.path()) => {
                inputs.push(Ok(Input::File(entry.into_path())));
            }
            Ok(_) => {}
            Err(error) => inputs.push(Err(Error::from(io::Error::from(error)).at_path(path))),
        }
    }
    if inputs.len() == before {
        inputs.push(Err(Error::input("the folder holds no file to read").at_path(path)));
    }
}

fn could_hold_comments(path: &Path) -> bool {
    let ending =
        |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let inner = match ending(path) {
        Some(zipped) if zipped == "gz" || zipped == "zst" => ending(&path.with_extension("")),
        ending => ending,
    };
    // What Windows leaves beside pictures.
    let thumbs = path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("thumbs.db"));
    !thumbs && inner.is_none_or(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Whether a browser saved this file beside a page (`Page.html`, `Page_files/…`); frames may hold comments.
fn is_asset(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let beside_page = |folder: &Path| {
        let stem = folder
            .to_str()
            .and_then(|name| name.strip_suffix("_files").or(name.strip_suffix("_fichiers")));
        stem.is_some_and(|stem| {
            ["html", "htm"].iter().any(|page| Path::new(&format!("{stem}.{page}")).is_file())
        })
    };
    !matches!(extension, "html" | "htm") && path.ancestors().skip(1).any(beside_page)
}

fn unzipped(mut reader: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut magic = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut magic)?;
    let (gzip, zstd) = (magic.starts_with(&[0x1f, 0x8b, 8]), zstd::opens(&magic));
    let whole = Cursor::new(magic).chain(reader);
    Ok(if gzip {
        Box::new(Unzip(MultiGzDecoder::new(BufReader::new(whole))))
    } else if zstd {
        Box::new(Unzstd::new(whole))
    } else {
        Box::new(whole)
    })
}

/// Says of a damaged archive that it is one.
struct Unzip<R>(MultiGzDecoder<R>);

impl<R: Read> Read for Unzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), "the gzip archive is cut short")
            }
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                io::Error::new(error.kind(), format!("the gzip archive is damaged: {error}"))
            }
            _ => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;

    fn names(arguments: &[&str], root: &Path) -> Vec<String> {
        let arguments: Vec<_> =
            arguments.iter().map(|name| root.join(name).display().to_string()).collect();
        let short = |input: Result<Input>| {
            input.unwrap().to_string().replace(&format!("{}/", root.display()), "")
        };
        expand(&arguments).into_iter().map(short).collect()
    }

    #[test]
    fn files_folders_and_globs_are_expanded_once_and_sorted() {
        let root = tempfile::tempdir().unwrap();
        for name in [
            "b/2.txt",
            "b/1.txt",
            "b/.hidden",
            "b/c/3.txt",
            "a.csv",
            "[x].csv",
            "p.html",
            "p_files/s.js",
        ] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        assert_eq!(
            names(&["b", "b/1.txt", "a.csv"], root.path()),
            ["b/1.txt", "b/2.txt", "b/c/3.txt", "a.csv"]
        );
        assert_eq!(names(&["[x].csv", "*.csv"], root.path()), ["[x].csv", "a.csv"]);
        assert_eq!(names(&["."], root.path()).len(), 6);
    }

    #[test]
    fn a_folder_gives_only_what_could_hold_comments() {
        assert!(ENDINGS.is_sorted());
        let root = tempfile::tempdir().unwrap();
        let taken =
            ["A.HTM", "b.csv.gz", "c.jsonl", "dump", "dump.gz", "e/f.tab", "g.xml", "h.jsonl.zst"];
        let left = [".h.csv", "e/i.css", "j.png", "k.js.gz", "l.md", "m.tar.gz"];
        fs::create_dir(root.path().join("e")).unwrap();
        for name in taken.iter().chain(&left) {
            fs::write(root.path().join(name), "x").unwrap();
        }
        let folder = root.path().display().to_string();
        let named = |arguments: &[&str]| names(arguments, root.path());
        assert_eq!(named(&[&folder]), taken);
        assert_eq!(named(&["j.png", "*.md"]), ["j.png", "l.md"]);
    }

    #[test]
    fn a_name_that_matches_nothing_is_told() {
        for (name, told) in
            [("/nowhere/a.csv", "no such file or folder"), ("/nowhere/*.csv", "no file matches")]
        {
            let inputs = expand(&[name.to_owned(), "-".into(), "-".into()]);
            let [Err(error), Ok(Input::Stdin)] = inputs.as_slice() else { panic!("{inputs:?}") };
            assert_eq!(error.to_string(), format!("{name}: {told}"));
        }
    }

    #[test]
    fn gzip_is_undone_and_a_cut_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        member.write_all("été\n".repeat(1000).as_bytes()).unwrap();
        let member = member.finish().unwrap();
        fs::write(&path, [member.as_slice(), &member].concat()).unwrap();
        let mut text = String::new();
        Input::File(path.clone()).open().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 2000);
        fs::write(&path, &member[..member.len() - 9]).unwrap();
        let error = Input::File(path).open().unwrap().read_to_string(&mut text).unwrap_err();
        assert_eq!(error.to_string(), "the gzip archive is cut short");
    }
}
