//! Perspective's contract, as it is written down.
