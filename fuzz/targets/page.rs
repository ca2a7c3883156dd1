//! Any bytes as a saved page: with the profiles and without, and explained.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie::source::page::{Mode, bounded, explain, extract};
use vigie_fuzz::{OPTIONS, check_extraction};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = vigie::source::decode(bytes) else { return };
    // What is deeper is refused before it is parsed.
    let html = bounded(&text);
    for mode in [Mode::WithProfiles, Mode::GenericOnly] {
        let extraction = extract(html, "page.html", &OPTIONS.profiles, mode);
        check_extraction(&extraction);
        let explained = explain(html, "page.html", &OPTIONS.profiles, mode);
        assert_eq!(explained.extraction, extraction, "explained as it is read");
    }
});
