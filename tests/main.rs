//! Drives vigie end to end: fixtures in, comments and reports out.

mod dumps;
