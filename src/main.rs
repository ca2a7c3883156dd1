//! The `vigie` program: parses what was typed, runs it, says what went wrong, and exits.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
