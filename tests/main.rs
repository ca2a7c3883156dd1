//! What vigie does, end to end: what goes in, and what comes out.

mod dumps;
mod reports;
mod tables;
