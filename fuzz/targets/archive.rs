//! Bytes that open as a web archive: WARC, or the WET made of one.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use vigie_fuzz::{check, read_bytes, read_crumbs};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if !bytes.starts_with(b"WARC/1.") {
        return Corpus::Reject;
    }
    let reading = read_bytes(bytes, "crawl.warc");
    check(&reading);
    assert_eq!(read_crumbs(bytes, "crawl.warc"), reading, "however the bytes arrive");
    Corpus::Keep
});
