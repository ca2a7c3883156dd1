//! Any bytes as a saved page: with the profiles and without.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie::source::page::{Mode, extract};
use vigie_fuzz::{OPTIONS, check_extraction};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = vigie::source::decode(bytes) else { return };
    for mode in [Mode::WithProfiles, Mode::GenericOnly] {
        check_extraction(&extract(&text, "page.html", &OPTIONS.profiles, mode));
    }
});
