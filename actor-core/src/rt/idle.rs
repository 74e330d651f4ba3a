//! How a thread waits before it parks, and the parking place of each thread.
//!
//! Waking a parked thread costs tens of microseconds once its core has gone idle, so a waiter
//! yields a fixed number of times first, looking only at its own word. The word has three states.
//! The waiter sets EMPTY, polls, yields while EMPTY, and parks after a successful exchange from
//! EMPTY to ASLEEP; a waker swaps in NOTED, and unparks only if that gave ASLEEP. No wake-up is
//! lost: swap and exchange work on one word, so either the exchange fails and the waiter polls
//! again, or the waker sees ASLEEP. The change that the waker announces is visible to the next
//! poll, because setting EMPTY acquires what the swap of NOTED released.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Wake, Waker};
use std::thread::Thread;
use std::time::Instant;

/// How a thread idles before it goes to sleep: actors between messages, askers before an answer.
///
/// Yielding is what makes an ask between two threads take about a microsecond instead of the tens
/// that waking a parked thread costs. An idle actor sleeps under `Adaptive` and `Park`.
///
/// ```
/// use actor_core::{IdleStrategy, System};
///
/// let system = System::builder("batch").idle(IdleStrategy::Park).build()?;
/// # system.shutdown()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdleStrategy {
    /// Yields to other threads a bounded number of times, then parks.
    #[default]
    Adaptive,
    /// Parks at once: the least CPU, the slowest answer.
    Park,
    /// Never sleeps: the fastest answer, for a core that is given to this actor alone.
    Spin,
}

const EMPTY: u8 = 0;
const NOTED: u8 = 1;
const ASLEEP: u8 = 2;

/// Yields before parking. One costs about 0.2 µs, parking and being woken about 50.
const YIELDS: u32 = 50;
/// A spinning waiter reads the clock once in so many rounds.
const SPINS_PER_CLOCK: u32 = 256;

/// Where one thread waits.
pub(super) struct Parker {
    word: AtomicU8,
    thread: Thread,
}

impl Parker {
    pub(super) fn of_this_thread() -> Arc<Self> {
        Arc::new(Parker {
            word: AtomicU8::new(EMPTY),
            thread: std::thread::current(),
        })
    }

    /// Forgets earlier wake-ups, before polling.
    pub(super) fn clear(&self) {
        self.word.swap(EMPTY, Ordering::Acquire);
    }

    /// Returns when woken since [`clear`](Self::clear), or once `deadline` has passed.
    pub(super) fn idle(&self, strategy: IdleStrategy, deadline: Option<Instant>) {
        match strategy {
            IdleStrategy::Spin => return self.spin(deadline),
            IdleStrategy::Adaptive => {
                for _ in 0..YIELDS {
                    if self.is_noted() {
                        return;
                    }
                    super::threads::yield_now();
                }
            }
            IdleStrategy::Park => {}
        }
        self.park(deadline);
    }

    fn is_noted(&self) -> bool {
        self.word.load(Ordering::Relaxed) == NOTED
    }

    fn spin(&self, deadline: Option<Instant>) {
        while !self.is_noted() {
            for _ in 0..SPINS_PER_CLOCK {
                std::hint::spin_loop();
            }
            if deadline.is_some_and(|deadline| super::threads::now() >= deadline) {
                return;
            }
        }
    }

    fn park(&self, deadline: Option<Instant>) {
        let slept = self
            .word
            .compare_exchange(EMPTY, ASLEEP, Ordering::Relaxed, Ordering::Relaxed);
        if slept.is_err() {
            return;
        }
        // Stale unparks happen: only the word says whether this one was for us.
        while self.word.load(Ordering::Relaxed) == ASLEEP {
            if !super::threads::park(deadline) {
                return;
            }
        }
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.word.swap(NOTED, Ordering::AcqRel) == ASLEEP {
            self.thread.unpark();
        }
    }
}

thread_local! {
    static PARKER: (Arc<Parker>, Waker) = parker();
}

fn parker() -> (Arc<Parker>, Waker) {
    let parker = Parker::of_this_thread();
    let waker = Waker::from(Arc::clone(&parker));
    (parker, waker)
}

/// Calls `wait` with the calling thread's parking place and waker.
pub(super) fn with_parker<T>(wait: impl FnOnce(&Parker, &Waker) -> T) -> T {
    let mut wait = Some(wait);
    let mut call = |(parker, waker): &(Arc<Parker>, Waker)| wait.take().map(|f| f(parker, waker));
    // A destructor of a thread-local may wait after ours has been dropped.
    match PARKER.try_with(&mut call) {
        Ok(value) => value,
        Err(_) => call(&parker()),
    }
    .unwrap_or_else(|| unreachable!("called once"))
}
