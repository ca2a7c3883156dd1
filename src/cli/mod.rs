//! Defines the program's commands. One file a command; each reads inputs, calls the library, writes outputs.

mod advice;
mod annotated;
mod args;
#[cfg(feature = "serve")]
mod audit;
mod batch;
mod compare;
mod config;
mod convokit;
#[cfg(feature = "serve")]
mod database;
#[cfg(feature = "serve")]
mod decisions;
mod evaluate;
mod explain;
mod explained;
mod extract;
mod fairness;
mod figure;
#[cfg(feature = "serve")]
mod forget;
mod input;
#[cfg(feature = "serve")]
mod intake;
mod judged;
mod labelled;
mod labels;
#[cfg(feature = "serve")]
mod listen;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "serve")]
mod pseudonym;
mod queue;
mod recipe;
mod reliability;
#[cfg(feature = "serve")]
mod review;
mod score;
mod scored;
#[cfg(feature = "serve")]
mod serve;
mod side;
mod simulate;
mod slices;
mod sources;
mod status;
mod stderr;
mod stream;
mod train;
mod translation;
mod triage;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use status::Status;

/// Reads reader comments out of saved pages and exports, scores them for insult and conspiracy with a model that
/// explains itself, and ranks them for moderators. Advice, never verdicts. Everything stays on this machine.
#[derive(Parser)]
#[command(name = "vigie", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 done, but some inputs or records failed (each is named); 2 nothing done.
The commands speak one table of comments: `vigie extract X | vigie score | vigie triage` is `vigie triage X`.";

#[derive(Subcommand)]
enum Command {
    #[cfg(feature = "serve")]
    Review(review::Args),
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Triage(triage::Args),
    Score(score::Args),
    Simulate(simulate::Args),
    Extract(extract::Args),
    Sources(sources::Args),
    Explain(explain::Args),
    Queue(queue::Args),
    Train(train::Args),
    Evaluate(evaluate::Args),
    Compare(compare::Args),
    Labels(labels::Args),
    #[cfg(feature = "serve")]
    Decisions(decisions::Args),
    #[cfg(feature = "serve")]
    Audit(audit::Args),
    #[cfg(feature = "serve")]
    Forget(forget::Args),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let done = match Cli::parse().command {
        #[cfg(feature = "serve")]
        Command::Review(args) => review::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args),
        Command::Triage(args) => triage::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Extract(args) => extract::run(&args),
        Command::Sources(args) => sources::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Queue(args) => queue::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Labels(args) => labels::run(&args),
        #[cfg(feature = "serve")]
        Command::Decisions(args) => decisions::run(&args),
        #[cfg(feature = "serve")]
        Command::Audit(args) => audit::run(&args),
        #[cfg(feature = "serve")]
        Command::Forget(args) => forget::run(&args),
    };
    match done {
        Ok(status) => status.into(),
        // Whoever read our output has had enough: that is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            stderr::tell(format!("vigie: {error:#}"));
            Status::Nothing.into()
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| io_kind(cause) == Some(io::ErrorKind::BrokenPipe))
}

/// What kind of failure of reading or writing this is; formats wrap it in errors of their own.
fn io_kind(cause: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    if let Some(error) = cause.downcast_ref::<io::Error>() {
        return Some(error.kind());
    }
    if let Some(error) = cause.downcast_ref::<serde_json::Error>() {
        return error.io_error_kind();
    }
    let csv = cause.downcast_ref().map(csv::Error::kind);
    let own = cause.downcast_ref().map(vigie::Error::kind);
    match (csv, own) {
        (Some(csv::ErrorKind::Io(error)), _) | (_, Some(vigie::ErrorKind::Io(error))) => {
            Some(error.kind())
        }
        _ => None,
    }
}
