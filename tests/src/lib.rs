//! What the behaviour tests share: running one test on real threads and under simulation, and
//! actors whose every step can be seen from outside.

pub mod conformance;
pub mod probe;
pub mod process;
pub mod soak;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use actor_core::simulation::{Fault, Simulation, Strategy};
use actor_core::{Event, EventKind, Events, System};

/// How many seeds a behaviour test runs under.
pub const SEEDS: u64 = 50;
/// Long enough for anything that is going to happen to have happened.
pub const LONG: Duration = Duration::from_secs(20);

/// Runs `test` on real threads, then under [`SEEDS`] seeds.
pub fn everywhere(test: impl Fn(&System)) {
    on_threads(&test);
    simulated(test);
}

/// Like [`everywhere`], for tests that leave lives behind on purpose.
pub fn everywhere_leaving(test: impl Fn(&System)) {
    quiet_panics();
    let system = System::new("test").expect("a system can be made");
    test(&system);
    drop(system);
    simulated(test);
}

/// Runs `test` on real threads.
pub fn on_threads(test: impl FnOnce(&System)) {
    quiet_panics();
    let system = System::new("test").expect("a system can be made");
    test(&system);
    system.shutdown().expect("everything stops in time");
}

/// Runs `test` under [`SEEDS`] seeds.
pub fn simulated(test: impl Fn(&System)) {
    quiet_panics();
    for seed in 0..SEEDS {
        under(seed).expect_panics(|_| true).run(&test);
    }
}

/// A run in which panics are planned if they say so, and whose strategy the seed decides too.
pub fn under(seed: u64) -> Simulation {
    let simulation = mixed(Simulation::new(seed));
    simulation.expect_panics(|message| message.contains("planned"))
}

/// The run with a strategy that its seed decides.
pub fn mixed(run: Simulation) -> Simulation {
    let changes = u32::try_from(run.seed() % 8).expect("below 8");
    run.strategy(match changes {
        0..4 => Strategy::RandomWalk,
        4.. => Strategy::Pct {
            changes: changes - 3,
        },
    })
}

/// The same with faults that strike the actors of these names at some messages, and some restarts;
/// the first start of each succeeds.
pub fn under_faults(seed: u64, actors: &[&str]) -> Simulation {
    let of_each = |run: Simulation, actor: &&str| {
        run.fault(Fault::crash_before(actor).one_in(16).times(2))
            .fault(Fault::crash_after(actor).one_in(16).times(2))
            .fault(Fault::drop_answer(actor).one_in(16).times(2))
            .fault(Fault::delay_answer(actor, Duration::from_millis(3)).one_in(16))
            .fault(Fault::full_mailbox(actor).one_in(8).times(4))
            .fault(Fault::fail_start(actor).after(3).one_in(3))
    };
    actors.iter().fold(under(seed), of_each)
}

/// Keeps planned panics of actors out of the tests' output; those of the tests stay.
pub fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let thread = std::thread::current();
            // Actors' threads are called `name#id`.
            if !thread.name().is_some_and(|name| name.contains('#')) {
                previous(info);
            }
        }));
    });
}

/// Notes of what happened, in order, shared between a test and its actors.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Log::default()
    }

    /// Adds a note.
    pub fn note(&self, what: impl Into<String>) {
        self.lock().push(what.into());
    }

    /// All notes so far.
    pub fn notes(&self) -> Vec<String> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value that counts how many of its kind are alive.
#[derive(Debug)]
pub struct Counted(Arc<AtomicUsize>);

impl Counted {
    /// One more of those that `alive` counts.
    pub fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Counted(Arc::clone(alive))
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Counted::new(&self.0)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One event as a short line: `name life kind`.
pub fn line(event: &Event) -> String {
    let kind = match &event.kind {
        EventKind::Started => "started".to_owned(),
        EventKind::Restarted { .. } => "restarted".to_owned(),
        EventKind::Failed { .. } => "failed".to_owned(),
        EventKind::Exited { reason, .. } => format!("exited ({reason})"),
        EventKind::Abandoned { .. } => "abandoned".to_owned(),
        EventKind::Redelivered { message, attempt } => format!("redelivered {message} {attempt}"),
        EventKind::DeadLetter { message, cause, .. } => format!("dead letter {message} {cause:?}"),
        other => format!("{other:?}"),
    };
    format!("{} {} {kind}", event.actor.name(), event.life)
}

/// The events that are there, as short lines.
pub fn lines(events: &mut Events) -> Vec<String> {
    std::iter::from_fn(|| events.try_next())
        .map(|event| line(&event))
        .collect()
}

/// The program in the README is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
