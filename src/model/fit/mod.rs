//! Fits models. The only place that names linfa.
//!
//! Layer 1 is fitted by dual coordinate descent on sparse rows; layer 2, by linfa-logistic, on the named features
//! and on margins of layer 1 that were computed out of fold, lest they be trusted too much.

mod base;
mod by_corpus;
mod calibrate;
mod correction;
mod dual;
mod hinge;
mod learner;
mod logistic;
mod matrix;
mod rarity;
mod sample;
mod second;
mod stack;
mod table;
mod watch;
mod widen;

pub use base::refit;
pub use learner::{Learner, Learning, Pool};
pub use logistic::{Weights, fit as logistic};
pub use rarity::Rarity;
pub use sample::{Options, Pull, Sample, Use};
pub use stack::{Fitted, fit};
pub use watch::watch;
pub use widen::Wide;
