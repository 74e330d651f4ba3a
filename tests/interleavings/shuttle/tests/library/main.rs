//! The whole library in many interleavings, step by step: each lock, each atomic, each thread.
//!
//! The simulation of the library changes threads where the library waits; shuttle does so at each
//! step of its own primitives, so it sees what happens between a look and the sleep after it. Time
//! passes only where a thread waits with a deadline, and then by chance.

mod actors;
mod deadlines;
mod lives;
mod mailboxes;
mod pools;
mod ports;
mod questions;

use std::mem::ManuallyDrop;
use std::real::sync::{Mutex, PoisonError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actor_core::System;
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, MaxSteps, Runner};

/// How many of each kind, unless `INTERLEAVINGS` says so.
const INTERLEAVINGS: usize = 1000;
/// How often a thread of a PCT schedule is overtaken.
const DEPTH: usize = 3;
/// Far more than any of these takes: a run that does not end is one that fails.
const STEPS: usize = 1_000_000;

/// The library's statics are shuttle's as well, which knows one execution at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs `test` in many interleavings, the same each time: half of them by chance, half of them with
/// few changes of thread, which finds what takes a long delay of one.
fn explore(test: impl Fn() + Send + Sync + 'static) {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let number = std::env::var("INTERLEAVINGS").ok();
    let number = number.map_or(INTERLEAVINGS, |number| {
        number.parse().expect("INTERLEAVINGS is a number")
    });
    let seed = std::env::var("SEED").ok();
    let seed = seed.map_or(0, |seed| seed.parse().expect("SEED is a number"));
    let mut config = Config::new();
    config.stack_size = 512 * 1024;
    config.max_steps = MaxSteps::FailAfter(STEPS);
    config.silence_warnings = true;
    let test = Arc::new(test);
    let by_chance = RandomScheduler::new_from_seed(seed, number);
    let again = Arc::clone(&test);
    Runner::new(by_chance, config.clone()).run(move || again());
    let with_few_changes = PctScheduler::new_from_seed(seed, DEPTH, number);
    Runner::new(with_few_changes, config).run(move || test());
}

/// Waits for its actors as long as it takes. A test that fails does not wait for them.
fn system() -> ManuallyDrop<System> {
    let system = System::builder("test").shutdown_timeout(Duration::MAX);
    ManuallyDrop::new(system.build().expect("a system can be made"))
}

/// Runs `test` in a system whose actors all stop.
fn explore_system(test: impl Fn(&System) + Send + Sync + 'static) {
    explore(move || {
        let system = system();
        test(&system);
        system.shutdown().expect("everything stops");
        drop(ManuallyDrop::into_inner(system));
    });
}

/// A number that a test and its actors share.
#[derive(Clone, Default)]
pub struct Count(Arc<AtomicU64>);

impl Count {
    fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}
