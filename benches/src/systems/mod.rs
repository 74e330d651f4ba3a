//! The libraries that are measured, and the limits of the machine.

mod actor_core;
mod home;
mod limits;
mod peer;
mod roster;

pub(crate) use home::{Home, Threads, Tokio};
pub(crate) use peer::{Carrying, Counting, Holding, Peer, Pooling, Ringing, Supervised};
pub(crate) use roster::{Ability, Kind, System};

/// This library; the name that its figures have in the JSON file.
pub(crate) const OURS: &str = "actor-core";

/// All that is measured, in the order of the tables.
pub(crate) fn all() -> Vec<System> {
    let mut all = vec![actor_core::adaptive(), actor_core::park()];
    all.extend(limits::all());
    all
}
