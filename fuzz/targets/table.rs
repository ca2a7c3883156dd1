//! Any bytes as a table: CSV, JSON, JSON Lines.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_fuzz::{check, read_bytes, read_crumbs};

fuzz_target!(|bytes: &[u8]| {
    let reading = read_bytes(bytes, "table.csv");
    check(&reading);
    assert_eq!(read_crumbs(bytes, "table.csv"), reading, "however the bytes arrive");
});
