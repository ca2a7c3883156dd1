//! Bytes that open as a database.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use vigie_fuzz::{check, read_file};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if !bytes.starts_with(b"SQLite format 3\0") {
        return Corpus::Reject;
    }
    let reading = read_file(bytes);
    check(&reading);
    assert_eq!(read_file(bytes), reading, "read twice alike");
    Corpus::Keep
});
