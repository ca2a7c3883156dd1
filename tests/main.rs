//! What vigie does, end to end: what goes in, and what comes out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

/// How far readers of the annotations agree.
mod agreement;
/// The scoring API.
#[cfg(all(feature = "serve", unix))]
mod api;
/// Comments out of web archives.
mod archives;
/// Perspective’s attributes: the rules, and what they flag.
mod attributes;
/// Groups of people, parts of a set, two models.
mod audit;
/// Pages made to cost much, and large threads.
mod bombs;
/// The moderator’s desk, in a browser.
#[cfg(feature = "serve")]
mod browser;
/// What the queue missed, over HTTP.
#[cfg(feature = "serve")]
mod dashboard;
/// What moderators decided, written out and taken in again; the log checked; a person forgotten.
#[cfg(feature = "serve")]
mod decisions;
/// The moderator’s desk, over HTTP.
#[cfg(feature = "serve")]
mod desk;
/// Words in disguise.
mod disguises;
/// The README shows the program's own help.
mod docs;
/// Comments out of text dumps.
mod dumps;
/// Exports that are no tables.
mod exports;
/// A desk whose program, disk or file fails it.
#[cfg(all(feature = "serve", unix))]
mod faults;
/// Pipes, devices and links.
#[cfg(unix)]
mod files;
/// What fuzzing found.
mod findings;
/// How well the shipped model must do.
mod gate;
/// Input that would hurt: one clear line, the right exit code, nothing lost.
mod hostile;
/// The page that asks about one comment after the other, and learns.
#[cfg(feature = "serve")]
mod labelling;
/// What a site did with its comments, as labels.
mod labels;
/// Who may import whom.
mod layers;
/// The word lists: sorted, unique, and silent on innocent sentences.
mod lexicons;
/// Comments out of saved pages.
mod pages;
/// Parquet files.
mod parquet;
/// `extract | score | triage` is `triage`.
mod pipeline;
/// A page for every comment system.
mod profiles;
/// Which comments to label next.
mod queue;
/// The model is made again, bit for bit.
mod rebuild;
/// The queue in every format.
mod reports;
/// `train --base`, `--watch`: a model that begins as another.
mod retraining;
/// The pages that the project began with, and pages of our own.
mod seeds;
/// `simulate` on an archive counted by hand.
mod simulation;
/// What comments are read from.
mod sources;
/// Spreadsheets: cells as a CSV file would hold them.
mod spreadsheets;
/// Every trap of an export.
mod tables;
/// Where review begins: targets, budgets, settings.
mod thresholds;
/// `train`, `evaluate`, `explain`.
mod training;
/// What spreadsheets and wrong charsets did to cells.
mod traps;
/// The queue as a workbook.
#[cfg(feature = "xlsx")]
mod workbook;
/// Where a test runs the program.
mod workdir;
