//! The scoring API: the real program, asked by the clients that people have.

mod contract;
mod own;
mod service;
