//! `vigie audit`: checks that the log of decisions is as it was written.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use vigie::store::{Head, Store, Verified};

use super::Status;
use super::database::open;
use super::output::Output;

/// Check that the log of decisions is as it was written.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Verify(Verify),
}

/// Walk the chain of decisions, and say whether one was changed or is missing.
///
/// Every decision holds the digest (SHA-256) of itself and of the one before it. Prints how many there are and the head, the
/// digest of the last. Keep the head elsewhere, in a mail or on paper: whoever could write the file could write the whole
/// chain anew, but not to the same head. With --head, a chain that never came to that head is broken too: it was cut, or
/// written anew.
///
/// Ends with 1 where the chain is broken.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie audit verify moderation.vigie.db
  vigie audit verify moderation.vigie.db --head $(cat head.txt)")]
struct Verify {
    /// The database
    #[arg(value_name = "DB")]
    database: PathBuf,

    /// The head that an earlier check printed
    #[arg(long, value_name = "HASH", value_parser = digest)]
    head: Option<[u8; 32]>,
}

fn digest(text: &str) -> Result<[u8; 32], String> {
    let text = text.trim();
    let bytes = (0..text.len()).step_by(2).map(|at| {
        let pair = text.get(at..at + 2).filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit()));
        u8::from_str_radix(pair?, 16).ok()
    });
    let bytes: Option<Vec<u8>> = bytes.collect();
    let digest = bytes.and_then(|bytes| bytes.try_into().ok());
    digest.ok_or_else(|| "expected 64 hexadecimal digits".into())
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let What::Verify(Verify { database, head }) = &args.what;
    let mut out = Output::open(None)?;
    let status = verify(&open(database)?, *head, &mut out)?;
    out.finish()?;
    Ok(status)
}

fn verify(store: &Store, kept: Option<[u8; 32]>, out: &mut impl Write) -> anyhow::Result<Status> {
    let head = match store.verify()? {
        Verified::Whole(head) => head,
        Verified::Broken { seq, why } => {
            writeln!(out, "decisions: {} whole", seq - 1)?;
            writeln!(out, "broken: decision {seq}: {why}")?;
            return Ok(Status::Partial);
        }
    };
    writeln!(out, "decisions: {} whole", head.seq)?;
    writeln!(out, "head: {}", head.to_hex())?;
    let Some(kept) = kept else { return Ok(Status::Done) };
    // Before the first decision, the head is all zeros: every chain came from there.
    let found = if kept == Head::default().hash { Some(0) } else { store.find_head(&kept)? };
    match found {
        Some(seq) => {
            writeln!(out, "kept head: decision {seq}, {} since", head.seq - seq)?;
            Ok(Status::Done)
        }
        None => {
            let seq = head.seq;
            writeln!(
                out,
                "broken: the chain of {seq} never came to the head that was kept: it was cut, or written anew"
            )?;
            Ok(Status::Partial)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_64_digits() {
        assert_eq!(digest(&"0f".repeat(32)), Ok([15; 32]));
        for wrong in ["", "0f", "zz", "+1", "é", &"0f".repeat(33), &"+f".repeat(32)] {
            assert!(digest(wrong).is_err(), "{wrong}");
        }
    }
}
