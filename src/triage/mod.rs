//! Ranks scored comments into the queue that a moderator reads, worst first.
//!
//! What stands here is advice, never a verdict: nothing in the house acts on it but a person.

mod adviser;
mod band;
mod example;
mod harm;
mod plan;
mod queue;
mod replay;
mod settings;
mod simulation;
mod strategy;
mod target;
mod twins;

pub use adviser::{Adviser, Assessment};
pub use band::{Advice, Bands, Urgency};
pub use example::{Example, Nearest};
pub use harm::{Weight, harm, severity};
pub use plan::Plan;
pub use queue::{Counts, Entry, Extent, Options, Order, Queue, cut};
pub use replay::{Pace, Sequence, replay};
pub use settings::{Settings, Wished};
pub use simulation::{Banded, Flags, Missed, Seen, Side, Simulation, Spread};
pub use strategy::{Outlook, Pick, Strategy, order};
pub use target::{Granted, Target, Wish};
pub use twins::{Signature, Twins};
