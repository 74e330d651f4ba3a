//! Running a system under a seed: one thread at a time, and a virtual clock.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use crate::rt::{Rt, simulated};
use crate::system::System;

/// A run of a system that a seed decides: which thread goes on at each step, and what the time is.
///
/// Every actor has its own thread as always, but one runs at a time, chosen by a seeded scheduler
/// whenever it sends, waits, starts or ends. The clock is virtual and jumps when everybody waits,
/// so hours pass in no time. Two runs of one seed are the same run.
///
/// Only actors, and the closure that is run, may use the system: plain threads are unknown to the
/// scheduler.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::simulation::Simulation;
///
/// for seed in 0..100 {
///     Simulation::new(seed).run(|system| {
///         let counter = system.spawn::<Counter>(0).unwrap();
///         counter.add(1).tell().unwrap();
///         assert_eq!(counter.add(1).ask().unwrap(), 2);
///     });
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is simulated until `run`"]
pub struct Simulation {
    seed: u64,
}

/// What a simulated run left.
///
/// ```
/// # use actor_core::prelude::*;
/// # use std::time::Duration;
/// use actor_core::simulation::Simulation;
///
/// # struct Sleeper;
/// #[actor]
/// impl Sleeper {
///     /// Sleeps for an hour, which takes no time.
///     pub fn sleep(&mut self, ctx: &mut Context<Self>) -> bool { ctx.sleep(Duration::from_secs(3600)) }
/// }
/// # impl Actor for Sleeper { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Sleeper) } }
/// let run = Simulation::new(1).run(|system| system.spawn::<Sleeper>(()).unwrap().sleep().ask().unwrap());
/// assert!(run.value && run.elapsed >= Duration::from_secs(3600));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Simulated<T> {
    /// What the closure returned.
    pub value: T,
    /// How much virtual time passed.
    pub elapsed: Duration,
}

impl Simulation {
    /// A run that `seed` decides.
    pub fn new(seed: u64) -> Self {
        Simulation { seed }
    }

    /// Makes a system, runs `body` with it, and shuts it down.
    ///
    /// # Panics
    /// If `body` panics, if everybody waits for somebody, or if threads are left at the end that
    /// will never end; a line on stderr names the seed.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # use std::panic;
    /// # use actor_core::simulation::Simulation;
    /// # panic::set_hook(Box::new(|_| {}));
    /// let failed = panic::catch_unwind(|| Simulation::new(7).run(|_| panic!("found one")));
    /// assert!(failed.is_err()); // and stderr says: the simulation with seed 7 failed
    /// ```
    pub fn run<T>(self, body: impl FnOnce(&System) -> T) -> Simulated<T> {
        let result = simulated::run(self.seed, |simulator| {
            let start = simulator.now();
            panic::catch_unwind(AssertUnwindSafe(|| {
                let rt = Rt::Simulated(Arc::clone(simulator));
                let system = System::builder("simulation").build_on(rt);
                let system = system.unwrap_or_else(|error| panic!("{error}"));
                let value = body(&system);
                // Whom it leaves behind may still come back.
                let _ = system.shutdown();
                let elapsed = simulator.now().saturating_duration_since(start);
                let left = simulator.settle();
                assert!(left.is_empty(), "threads are left: {}", left.join(", "));
                Simulated { value, elapsed }
            }))
        });
        result.unwrap_or_else(|payload| {
            eprintln!("the simulation with seed {} failed", self.seed);
            panic::resume_unwind(payload)
        })
    }
}
