//! The ground floor: the only module that starts a thread, blocks one, or reads the clock.
//!
//! Everything that waits (mailbox, reply, room in a mailbox, the end of a life) does so through
//! [`Rt::wait`], a poll with a waker. That one seam gives two bodies: [`threads`], and
//! [`simulated`], where one thread runs at a time under a seeded scheduler and a virtual clock.
//! The alternative, a condition variable at each place that waits, was rejected: no scheduler
//! could take its place.

pub(crate) mod idle;
mod patience;
#[cfg(feature = "simulation")]
pub(crate) mod simulated;
mod threads;

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use idle::IdleStrategy;

/// Locks `mutex`, whether or not a thread panicked with it: no user code runs under our locks, so
/// what they guard is always whole.
#[inline]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which body a system runs on; chosen when it is made.
#[derive(Clone)]
pub(crate) enum Rt {
    /// Real threads and the real clock.
    Threads,
    /// One thread at a time, under a seed and a virtual clock.
    #[cfg(feature = "simulation")]
    Simulated(std::sync::Arc<simulated::Simulator>),
}

impl Rt {
    /// The body that the calling thread runs on.
    pub(crate) fn current() -> Rt {
        #[cfg(feature = "simulation")]
        if let Some(simulator) = simulated::current() {
            return Rt::Simulated(simulator);
        }
        Rt::Threads
    }

    /// Whether it is a simulation.
    #[inline]
    pub(crate) fn is_simulated(&self) -> bool {
        !matches!(self, Rt::Threads)
    }

    /// The time now, on the clock of this body.
    pub(crate) fn now(&self) -> Instant {
        match self {
            Rt::Threads => threads::now(),
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.now(),
        }
    }

    /// The time `duration` from now; none if it lies beyond what the clock can hold.
    pub(crate) fn after(&self, duration: Duration) -> Option<Instant> {
        self.now().checked_add(duration)
    }

    /// Starts a thread.
    pub(crate) fn spawn(
        &self,
        name: String,
        stack_size: Option<usize>,
        body: impl FnOnce() + Send + 'static,
    ) -> io::Result<Thread> {
        match self {
            Rt::Threads => Ok(Thread::new(threads::spawn(name, stack_size, body)?)),
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulated::spawn(simulator, name, stack_size, body),
        }
    }

    /// Blocks until `poll` is ready or `deadline` has passed.
    ///
    /// `poll` must look at what it waits for *after* it has registered the waker (or register and
    /// look again), and whoever makes it ready must wake after the change: then no wake-up is
    /// lost. It runs at least once, must not wait itself, and runs no user code. Without a
    /// deadline, none is returned only by a simulation that is over.
    pub(crate) fn wait<T>(
        &self,
        idle: IdleStrategy,
        deadline: Option<Instant>,
        poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Option<T> {
        match self {
            Rt::Threads => threads::wait(idle, deadline, poll),
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.wait(deadline, poll),
        }
    }

    /// Yields for as long as the calling thread has learned that it pays, until `is_over`; whether it is.
    /// Who is to be woken waits after that.
    pub(crate) fn yield_until(&self, idle: IdleStrategy, is_over: impl Fn() -> bool) -> bool {
        match self {
            Rt::Threads => threads::yield_until(idle, is_over),
            #[cfg(feature = "simulation")]
            Rt::Simulated(_) => is_over(),
        }
    }

    /// Blocks for `duration`, or until `poll` is ready.
    pub(crate) fn sleep(
        &self,
        duration: Duration,
        poll: impl FnMut(&mut Context<'_>) -> Poll<()>,
    ) -> bool {
        self.wait(IdleStrategy::Park, self.after(duration), poll)
            .is_some()
    }

    /// A number by chance; under a seed, by the seed.
    pub(crate) fn random(&self) -> u64 {
        match self {
            Rt::Threads => threads::random(),
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.random(),
        }
    }

    /// A point at which a simulation may let another thread go on. Never called under a lock.
    #[inline]
    pub(crate) fn point(&self) {
        match self {
            Rt::Threads => {}
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.point(),
        }
    }

    /// Such a point where the calling thread only looks at something, and may come back to look
    /// again.
    pub(crate) fn glance(&self) {
        match self {
            Rt::Threads => {}
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.glance(),
        }
    }

    /// Says in the trace of a simulation what the calling thread does.
    #[inline]
    pub(crate) fn note(&self, what: impl FnOnce() -> String) {
        match self {
            Rt::Threads => drop(what),
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.note(what()),
        }
    }

    /// Says to a simulation what the next wait of the calling thread is for.
    pub(crate) fn awaits(&self, what: impl FnOnce() -> String) {
        match self {
            Rt::Threads => drop(what),
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.awaits(what()),
        }
    }

    /// Whether a simulation makes fail what is about to be done. Before and after a handler, it may
    /// panic or block in here instead.
    #[inline]
    pub(crate) fn strike(&self, moment: Moment, actor: &str, message: &str) -> bool {
        match self {
            Rt::Threads => {
                let _ = (moment, actor, message);
                false
            }
            #[cfg(feature = "simulation")]
            Rt::Simulated(simulator) => simulator.strike(moment, actor, message),
        }
    }
}

/// When a simulation may inject a fault.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Start,
    /// Before a handler, in its frame.
    Before,
    /// After a handler, in its frame.
    After,
    /// Before an answer.
    Delay,
    Answer,
    Push,
}

/// How what a simulation injects says so.
pub(crate) const INJECTED: &str = "injected by the simulation";

/// A panic was contained on the calling thread: a simulation may not have expected it.
pub(crate) fn panicked(message: &str, location: Option<&str>) {
    #[cfg(feature = "simulation")]
    if let Some(simulator) = simulated::current() {
        simulator.panicked(message, location);
    }
    let _ = (message, location);
}

/// Whether this is no panic, but the end of a thread whose simulation has failed.
pub(crate) fn is_over(payload: &(dyn std::any::Any + Send)) -> bool {
    #[cfg(feature = "simulation")]
    return simulated::is_over(payload);
    #[cfg(not(feature = "simulation"))]
    {
        let _ = payload;
        false
    }
}

/// Whether a panic of the calling thread with this message is not to be printed.
pub(crate) fn is_silent(message: Option<&str>) -> bool {
    #[cfg(feature = "simulation")]
    return simulated::current().is_some_and(|simulator| simulator.is_silent(message));
    #[cfg(not(feature = "simulation"))]
    {
        let _ = message;
        false
    }
}

/// A thread that was started by [`Rt::spawn`].
pub(crate) struct Thread {
    handle: Mutex<Option<JoinHandle<()>>>,
    #[cfg(feature = "simulation")]
    simulated: Option<simulated::Task>,
}

impl Thread {
    #[cfg(feature = "simulation")]
    fn simulated(task: simulated::Task) -> Self {
        Thread {
            handle: Mutex::new(None),
            simulated: Some(task),
        }
    }

    fn new(handle: JoinHandle<()>) -> Self {
        Thread {
            handle: Mutex::new(Some(handle)),
            #[cfg(feature = "simulation")]
            simulated: None,
        }
    }

    /// Waits until the thread has left, its thread-locals dropped. Returns at once when it has
    /// been joined already; a second joiner waits for the first.
    pub(crate) fn join(&self) {
        #[cfg(feature = "simulation")]
        if let Some(task) = &self.simulated {
            return task.join();
        }
        let mut handle = lock(&self.handle);
        if let Some(handle) = handle.take() {
            threads::join(handle);
        }
    }
}
