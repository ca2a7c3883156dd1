//! Any bytes as JSON: rows of a table, or comments nested in documents.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_fuzz::{check, read_bytes, read_crumbs};

fuzz_target!(|bytes: &[u8]| {
    let reading = read_bytes(bytes, "export.json");
    check(&reading);
    assert_eq!(read_crumbs(bytes, "export.json"), reading, "however the bytes arrive");
});
