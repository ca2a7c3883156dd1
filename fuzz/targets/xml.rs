//! Bytes that open as an XML export.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use vigie::source::{Kind, decode, sniff};
use vigie_fuzz::{check, read_bytes, read_crumbs};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if !decode(bytes).is_ok_and(|text| sniff(&text, "export.xml") == Kind::Xml) {
        return Corpus::Reject;
    }
    let reading = read_bytes(bytes, "export.xml");
    check(&reading);
    assert_eq!(read_crumbs(bytes, "export.xml"), reading, "however the bytes arrive");
    Corpus::Keep
});
