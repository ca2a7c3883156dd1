//! The scoring API: the real program, asked by the clients that people have.

mod changes;
mod contract;
mod ending;
mod faults;
mod own;
mod service;
mod socket;
mod stream;
