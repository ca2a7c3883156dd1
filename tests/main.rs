//! What vigie does, end to end: what goes in, and what comes out.

/// Comments out of text dumps.
mod dumps;
/// Who may import whom.
mod layers;
/// Comments out of saved pages.
mod pages;
/// `extract | score | triage` is `triage`.
mod pipeline;
/// The queue in every format.
mod reports;
/// The pages that the project began with, and pages of our own.
mod seeds;
/// Every trap of an export.
mod tables;
/// Where a test runs the program.
mod workdir;
