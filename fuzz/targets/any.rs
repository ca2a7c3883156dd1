//! Any bytes as a file of which nothing is known: whatever it is taken for is read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_fuzz::{check, read_file};

fuzz_target!(|bytes: &[u8]| {
    let reading = read_file(bytes);
    check(&reading);
    assert_eq!(read_file(bytes), reading, "read twice alike");
});
