//! Running a system under a seed: one thread at a time, and a virtual clock.
//!
//! [`Simulation`] is one run, [`Exploration`] many. What they find is a [`Failed`], whose [`Seed`]
//! replays it.

mod explore;
mod failed;
mod seed;
mod shrink;

use std::sync::Arc;
use std::time::Duration;

pub use explore::{Exploration, Explored};
pub use failed::Failed;
pub use seed::{Seed, SeedError, Seeds};

use crate::rt::Rt;
use crate::rt::simulated::{self, Outcome, Plan, Simulator};
pub use crate::rt::simulated::{Fault, Finding, Strategy, Trace, Waiting};
use crate::system::System;
use crate::unwind::catch;

/// A run of a system that a seed decides: which thread goes on at each step, and what the time is.
///
/// Every actor has its own thread as always, but one runs at a time, chosen by a seeded scheduler
/// whenever it sends, waits, starts or ends. The clock is virtual and jumps when everybody waits,
/// so hours pass in no time. Two runs of one seed are the same run.
///
/// A run fails by itself where a thread panics, where everybody waits and no timer is left, where it
/// comes to no end, and where threads are left: see [`Finding`].
///
/// Only actors, and the closure that is run, may use the system: plain threads are unknown to the
/// scheduler, as is whatever blocks outside the library.
///
/// Where the environment has `ACTOR_SIM_SEED`, each run takes the seed from there: what a failure
/// prints replays it.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::simulation::Simulation;
///
/// Simulation::explore(100, |system| {
///     let counter = system.spawn::<Counter>(0).unwrap();
///     counter.add(1).tell().unwrap();
///     assert_eq!(counter.add(1).ask().unwrap(), 2);
/// });
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is simulated until `run`"]
pub struct Simulation {
    plan: Plan,
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Simulated<T> {
    /// What the closure returned.
    pub value: T,
    /// How much virtual time passed.
    pub elapsed: Duration,
    /// What happened.
    pub trace: Trace,
    /// How often each [`Fault`] struck, in the order in which they were given.
    pub struck: Vec<u64>,
}

impl Simulation {
    /// A run that `seed` decides.
    pub fn new(seed: u64) -> Self {
        Simulation {
            plan: Plan::new(seed),
        }
    }

    /// A run that has been before: the seed of a [`Failed`], or its text, parsed. Faults and bounds are
    /// no part of a seed, and are to be given again.
    ///
    /// ```
    /// use actor_core::simulation::{Seed, Simulation};
    ///
    /// let seed: Seed = "7@12.3".parse()?; // under seed 7, at choice 12 thread 3 went on
    /// Simulation::replay(&seed).run(|_system| { /* … */ });
    /// # Ok::<(), actor_core::simulation::SeedError>(())
    /// ```
    pub fn replay(seed: &Seed) -> Self {
        Simulation::new(0).under(seed)
    }

    /// Runs `body` under each of `seeds` and fails at the first that fails:
    /// [`Exploration::run`] with nothing set.
    ///
    /// # Panics
    /// With the [`Failed`] of the first seed that fails.
    #[track_caller]
    pub fn explore(seeds: impl Into<Seeds>, body: impl Fn(&System)) -> Explored {
        Exploration::new(seeds).run(body)
    }

    /// The number that decides it, for a set-up that is to differ from seed to seed.
    ///
    /// ```
    /// use actor_core::simulation::{Exploration, Strategy};
    ///
    /// let explored = Exploration::new(20)
    ///     .each(|run| match run.seed() % 2 {
    ///         0 => run.strategy(Strategy::RandomWalk),
    ///         _ => run.strategy(Strategy::Pct { changes: 2 }),
    ///     })
    ///     .run(|_system| { /* spawn and ask */ });
    /// assert_eq!(explored.runs, 20);
    /// ```
    pub fn seed(&self) -> u64 {
        self.plan.seed
    }

    /// How it chooses who goes on; [`Strategy::RandomWalk`] by default.
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.plan.strategy = strategy;
        self
    }

    /// Adds something that goes wrong.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.plan.faults.push(fault);
        self
    }

    /// Panics of actors that are a part of the test: those for whose message `expected` gives true.
    /// Any other fails the run; those of injected faults never do. It must not use the system.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// use actor_core::simulation::Simulation;
    ///
    /// Simulation::new(7)
    ///     .expect_panics(|message| message.contains("divide by zero"))
    ///     .run(|system| {
    ///         let counter = system.spawn::<Counter>(1).unwrap();
    ///         assert!(counter.divide(0).ask().is_err());
    ///     });
    /// ```
    pub fn expect_panics(
        mut self,
        expected: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.plan.expected = Some(Arc::new(expected));
        self
    }

    /// After how many steps without an end it is a livelock; a million by default.
    pub fn max_steps(mut self, steps: u64) -> Self {
        self.plan.max_steps = steps;
        self
    }

    /// How long, by the real clock, a thread may run without a step at which another could go on;
    /// 30 s by default, a millisecond at least. After up to twice as long the run fails with
    /// [`Finding::Stuck`]. The closure itself cannot be ended from outside: of it, a line on stderr says so.
    pub fn watchdog(mut self, limit: Duration) -> Self {
        self.plan.watchdog = limit.max(Duration::from_millis(1));
        self
    }

    /// Makes a system, runs `body` with it, and shuts it down.
    ///
    /// # Panics
    /// If the run fails, with the text of the [`Failed`]: the finding, the trace, and how to
    /// replay it. If `ACTOR_SIM_SEED` is no seed.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # use std::panic;
    /// # use actor_core::simulation::Simulation;
    /// # panic::set_hook(Box::new(|_| {}));
    /// let failed = panic::catch_unwind(|| Simulation::new(7).run(|_| panic!("found one")));
    /// assert!(failed.is_err());
    /// ```
    #[track_caller]
    pub fn run<T>(self, body: impl FnOnce(&System) -> T) -> Simulated<T> {
        match self.try_run(body) {
            Ok(run) => run,
            Err(failed) => panic!("{failed}"),
        }
    }

    /// Like [`run`](Self::run), with an error instead of a panic.
    ///
    /// # Errors
    /// A [`Failed`], if the run fails.
    ///
    /// # Panics
    /// If `ACTOR_SIM_SEED` is no seed.
    #[track_caller]
    pub fn try_run<T>(self, body: impl FnOnce(&System) -> T) -> Result<Simulated<T>, Box<Failed>> {
        let simulation = match Seed::from_environment() {
            Some(seed) => self.under(&seed),
            None => self,
        };
        let (number, script) = (simulation.plan.seed, simulation.plan.script.clone());
        let outcome = simulation.simulate(body);
        let (trace, struck) = (outcome.trace, outcome.struck);
        if outcome.result.is_ok() && !outcome.fits {
            let seed = Seed::new(number, script.clone());
            eprintln!(
                "the schedule of the seed {seed} does not fit this run, which is another one than \
                 it was made from"
            );
        }
        match outcome.result {
            Ok((value, elapsed)) => Ok(Simulated {
                value,
                elapsed,
                trace,
                struck,
            }),
            Err(finding) => {
                let seed = Seed::new(number, script);
                Err(Box::new(Failed::new(seed, finding, trace)))
            }
        }
    }

    fn under(mut self, seed: &Seed) -> Self {
        self.plan.seed = seed.number();
        self.plan.script = seed.script();
        self
    }

    /// One run, with nothing from the environment.
    fn simulate<T>(self, body: impl FnOnce(&System) -> T) -> Outcome<(T, Duration)> {
        crate::unwind::note_locations();
        simulated::run(self.plan, |simulator| run(simulator, body))
    }
}

/// The seed of the simulation that the calling thread is a part of, for chance of its own; none on
/// other threads.
///
/// ```
/// use actor_core::simulation::{self, Simulation};
///
/// Simulation::new(7).run(|_system| assert_eq!(simulation::seed(), Some(7)));
/// assert_eq!(simulation::seed(), None);
/// ```
pub fn seed() -> Option<u64> {
    simulated::seed()
}

/// The body, the shutdown, and whoever comes late; gives how long the first two took.
fn run<T>(simulator: &Arc<Simulator>, body: impl FnOnce(&System) -> T) -> Option<(T, Duration)> {
    let rt = Rt::Simulated(Arc::clone(simulator));
    let ran = catch(|| {
        let system = System::builder("simulation").build_on(rt);
        let system = system.unwrap_or_else(|error| panic!("{error}"));
        // It is not to be shut down by unwinding: what happens then is no part of the failure.
        let value = catch(|| body(&system));
        let value =
            value.map_err(|panic| simulator.fail_by_panic(panic.message(), panic.location()));
        // Whom it leaves behind may still come back.
        let _ = system.shutdown();
        let elapsed = simulator.elapsed();
        simulator.settle();
        Some((value.ok()?, elapsed))
    });
    match ran {
        Ok(value) => value,
        Err(panic) => {
            simulator.fail_by_panic(panic.message(), panic.location());
            None
        }
    }
}
