//! One test binary: fixtures in, what the library and the program make of them out.

mod pages;
