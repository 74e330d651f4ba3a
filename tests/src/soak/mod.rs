//! Stress on real threads: systems that live for some seconds each, in which trees, ports and pools
//! are used and ended at random, and the books that must balance afterwards.
//!
//! The seed decides what each hand does; what comes of it is for the threads. Every message carries a
//! token, which is counted once, when its last copy is gone: as handled, returned to
//! its sender, failed with (its handler did not come to its end), or dropped. The library counts for
//! itself what it handled and what became a dead letter. Both must agree, for each actor.

mod account;
mod audit;
mod books;
mod carrying_out;
mod deed;
mod fault;
mod footprint;
mod hand;
mod happened;
mod options;
mod pools;
mod ports;
mod round;
mod run;
mod sending;
mod settings;
mod subject;
mod target;
mod token;
mod trees;
mod upkeep;
mod world;

pub use options::{Options, Sabotage};
pub use run::{Summary, Trouble, run};
