//! End to end: what goes into vigie, and what comes out.

mod reports;
