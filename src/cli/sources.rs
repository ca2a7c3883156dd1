//! `vigie sources`: lists what comments are read from.

use std::io::Write;
use std::path::PathBuf;

use vigie::source::page::Profiles;
use vigie::source::{Source, sources};

use super::Status;
use super::args::read_profiles;
use super::output::Output;

/// List what comments are read from: comment systems, exports, archives.
///
/// A profile is a file of selectors for one comment system; `--profile my.toml` of any command adds one, which goes before all
/// others. A page that no profile knows is read by what comments look like anywhere. Of a widget only the mark is in a
/// saved page: vigie says so, and how to get the comments.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  vigie sources --format markdown")]
pub struct Args {
    /// A profile of your own, to be checked and listed first
    #[arg(long, value_name = "FILE")]
    profile: Vec<PathBuf>,

    /// How to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Columns for a terminal
    Text,
    /// A table for documents
    Markdown,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let profiles: Profiles = read_profiles(&args.profile)?;
    let list = sources(&profiles);
    let mut out = Output::open(None)?;
    match args.format {
        Format::Text => {
            let width = |get: fn(&Source) -> &str| {
                list.iter().map(|source| get(source).chars().count()).max().unwrap_or_default()
            };
            let (kind, name) = (width(|source| source.kind.name()), width(|source| &source.name));
            for source in &list {
                let Source { kind: sort, name: system, sign, note } = source;
                let sort = sort.name();
                let note = if note.is_empty() { String::new() } else { format!("  ({note})") };
                writeln!(out, "{sort:kind$}  {system:name$}  {sign}{note}")?;
            }
        }
        Format::Markdown => {
            writeln!(out, "| kind | system | told by | note |\n|---|---|---|---|")?;
            for Source { kind, name, sign, note } in &list {
                let sign = sign.replace('|', "\\|");
                writeln!(out, "| {} | {name} | `{sign}` | {note} |", kind.name())?;
            }
        }
    }
    out.finish()?;
    Ok(Status::Done)
}
