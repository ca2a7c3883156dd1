//! The `vigie` program: parses what was typed, runs it, says what went wrong, and exits.

mod cli;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Rows are made by one thread and dropped by another, where the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
