//! Any bytes as the text of a page.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie::source::dump::extract;
use vigie_fuzz::check_extraction;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = vigie::source::decode(bytes) else { return };
    let extraction = extract(&text, "page.txt");
    check_extraction(&extraction);
    assert_eq!(extract(&text, "page.txt"), extraction, "read twice alike");
});
