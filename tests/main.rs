//! What vigie does, end to end, on the files in `fixtures/`.

mod tables;
