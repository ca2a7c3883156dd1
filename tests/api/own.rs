//! What vigie answers besides.
