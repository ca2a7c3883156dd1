//! The scoring API: the real program, asked by the clients that people have.

mod alone;
mod changes;
mod clients;
mod closing;
mod contract;
mod coral;
mod description;
mod ending;
mod faults;
mod own;
mod service;
mod socket;
mod stream;
mod tls;
