//! What vigie does, end to end: what goes in, and what comes out.

mod reports;
mod tables;
