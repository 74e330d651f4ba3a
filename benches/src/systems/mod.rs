//! The libraries that are measured, and the limits of the machine.

mod actix;
mod actor_core;
mod home;
mod kameo;
mod limits;
mod node;
mod peer;
mod ractor;
mod roster;
mod spawned;
mod tonari;
mod xtra;

pub(crate) use home::{Home, Threads, Tokio};
pub(crate) use peer::{Carrying, Counting, Holding, Peer, Pooling, Ringing, Supervised};
pub(crate) use roster::{Ability, Kind, System};

/// This library; the name that its figures have in the JSON file.
pub(crate) const OURS: &str = "actor-core";

/// All that is measured, in the order of the tables.
pub(crate) fn all() -> Vec<System> {
    let mut all = vec![
        actor_core::adaptive(),
        actor_core::unbounded(),
        actor_core::park(),
    ];
    all.extend([
        kameo::tasks(),
        kameo::threads(),
        ractor::system(),
        actix::system(),
    ]);
    all.extend([
        xtra::system(),
        tonari::system(),
        spawned::system(),
        node::system(),
    ]);
    all.extend(limits::all());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workloads::ALL;

    #[test]
    fn each_peer_has_each_workload_or_a_reason() {
        for system in all() {
            for workload in ALL.iter().filter(|workload| !workload.ours_alone) {
                if matches!(system.kind, Kind::Ours | Kind::Peer) {
                    let ability = system.ability(workload.name);
                    assert!(ability.is_some(), "{} of {}", workload.name, system.name);
                }
            }
        }
    }

    #[test]
    fn nobody_can_what_is_no_workload() {
        for system in all() {
            for name in system.workloads() {
                let known = ALL.iter().any(|workload| workload.name == name);
                assert!(known, "{name} of {}", system.name);
            }
        }
    }
}
