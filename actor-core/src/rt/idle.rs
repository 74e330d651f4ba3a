//! How a thread waits before it parks, and the parking place of each thread.
//!
//! A waiter yields as long as its [patience](super::patience) lasts, looking only at its own word, and
//! parks then. The word has three states.
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

use super::patience::Patience;

/// How a thread idles before it goes to sleep: actors between messages, askers before an answer.
///
/// Yielding is what makes an ask between two threads take about a microsecond instead of the tens
/// that waking a parked thread costs. An idle actor sleeps under `Adaptive` and `Park`.
///
/// Under `Adaptive` a thread learns from its own waits: where they are short it yields through them;
/// where they are long, where its core is wanted by others, or where many yield already, it parks at
/// once.
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
    /// Yields to other threads as often as it has learned to, then parks.
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

/// Where a thread waits, and what it has learned.
pub(super) struct Place {
    pub(super) parker: Arc<Parker>,
    pub(super) waker: Waker,
    pub(super) patience: Patience,
}

impl Place {
    fn of_this_thread() -> Self {
        let parker = Parker::of_this_thread();
        let waker = Waker::from(Arc::clone(&parker));
        Place {
            parker,
            waker,
            patience: Patience::default(),
        }
    }

    /// Returns when woken since the parker was cleared, or once `deadline` has passed.
    pub(super) fn idle(&self, strategy: IdleStrategy, deadline: Option<Instant>) {
        let Place {
            parker, patience, ..
        } = self;
        match strategy {
            IdleStrategy::Spin => parker.spin(deadline),
            IdleStrategy::Park => parker.park(deadline),
            IdleStrategy::Adaptive if parker.is_noted() => {}
            IdleStrategy::Adaptive => {
                if !patience.yield_until(|| parker.is_noted()) {
                    let since = super::threads::now();
                    parker.park(deadline);
                    let parked = super::threads::now().saturating_duration_since(since);
                    patience.has_parked(parked);
                }
            }
        }
    }
}

thread_local! {
    static PLACE: Place = Place::of_this_thread();
}

/// Gives the calling thread's place to `wait`.
pub(super) fn with_place<T>(wait: impl FnOnce(&Place) -> T) -> T {
    let mut wait = Some(wait);
    let mut call = |place: &Place| wait.take().map(|wait| wait(place));
    // A destructor of a thread-local may wait after ours has been dropped.
    match PLACE.try_with(&mut call) {
        Ok(value) => value,
        Err(_) => call(&Place::of_this_thread()),
    }
    .unwrap_or_else(|| unreachable!("called once"))
}
