//! Defines the model: what a score is made of, how it is computed and explained, and how it is kept in a file.

mod probability;

pub use probability::Probability;
