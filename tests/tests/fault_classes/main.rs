//! The classes of fault that were seen in other libraries, each looked for by a bounded exploration.
//!
//! `tests/mutations/README.md` has a table of them: for each a change of the library that brings the
//! fault in, and how many seeds it takes to find it.

mod lives;
mod memory;
mod messages;
mod pools;
mod supervision;

use actor_core::prelude::*;
use actor_core::simulation::{Exploration, Fault, Simulation};
use actor_tests::probe::{Plan, Probe, ProbeHandle};
use actor_tests::{Log, mixed, quiet_panics};

/// How many seeds are tried: 200, or as many as `SEEDS=5000` says.
fn seeds() -> u64 {
    let seeds = std::env::var("SEEDS").ok();
    seeds.and_then(|text| text.parse().ok()).unwrap_or(200)
}

/// Runs `body` under each of the seeds; nobody may be left behind.
#[track_caller]
fn explore(body: impl Fn(&System)) {
    explore_with([], body);
}

/// Like [`explore`], with faults.
#[track_caller]
fn explore_with<const N: usize>(faults: [Fault; N], body: impl Fn(&System)) {
    quiet_panics();
    let inject = move |run| faults.iter().cloned().fold(run, Simulation::fault);
    Exploration::new(seeds())
        .each(mixed)
        .each(inject)
        .run(|system| {
            body(system);
            system.shutdown().unwrap();
        });
}

fn probe(system: &SystemRef, log: &Log, name: &'static str) -> ProbeHandle {
    let spec = system.spec::<Probe>(Plan::new(log, name)).name(name);
    spec.spawn().unwrap()
}

/// The notes that are numbers.
fn numbers(log: &Log) -> Vec<u64> {
    let notes = log.notes();
    notes.iter().filter_map(|note| note.parse().ok()).collect()
}

/// The notes of this step, as who made it.
fn steps(log: &Log, step: &str) -> Vec<String> {
    let notes = log.notes();
    let who = |note: &String| {
        let (who, what) = note.split_once(' ')?;
        what.starts_with(step).then(|| who.to_owned())
    };
    notes.iter().filter_map(who).collect()
}
