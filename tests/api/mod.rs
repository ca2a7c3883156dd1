//! The scoring API: the real program, asked by the clients that people have.

mod alone;
mod clients;
mod closing;
mod contract;
mod coral;
mod description;
mod own;
mod service;
mod tls;
