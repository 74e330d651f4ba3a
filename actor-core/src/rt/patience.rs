//! How long a thread yields before it parks: what it has learned of its own waits.
//!
//! Being woken from a park costs tens of microseconds once the core has gone idle, a yield a fraction of
//! one. So a thread whose waits are short yields through them, and one whose waits are long parks at
//! once and costs nothing. What counts is the time that it was parked, which the success of its yields
//! says nothing about. A thread begins without any patience.
//!
//! Yielding is for an idle core. Where others want it, a yield hands them a whole slice of the
//! scheduler's, milliseconds instead of nanoseconds; the thread notices that and parks for a while, for
//! who wakes up comes before who has computed all the time. And more threads that yield than the cores
//! can carry only take turns with each other: whoever comes too late parks.

use core::sync::atomic::{AtomicUsize, Ordering};
use std::cell::Cell;
use std::time::{Duration, Instant};

use super::threads;

/// Yields before a park, for waits that are not long.
const YIELDS: u32 = 50;
/// For waits that just do not end within so many.
const MOST_YIELDS: u32 = 400;
/// Fewer are not worth the try.
const FEWEST_YIELDS: u32 = 8;
/// A wait that a few more yields would have seen the end of.
const SHORT: Duration = Duration::from_micros(200);
/// A wait that is not long, and a yield that took the core away.
const LONG: Duration = Duration::from_millis(1);
/// For how long a thread whose core is wanted does not yield, at first and at most.
const AVERSION: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(2));
/// How many threads may yield at the same time, for each core.
const YIELDERS_PER_CORE: usize = 4;

/// Threads that yield, in the whole process. It steers only how long one yields, and nothing is
/// published by it: so it is `core`'s, which models of interleavings leave alone.
static YIELDERS: AtomicUsize = AtomicUsize::new(0);

/// Of one thread.
#[derive(Default)]
pub(super) struct Patience {
    /// Yields before the next park.
    yields: Cell<u32>,
    /// Its core is wanted by others: until when it does not yield, and for how long that was.
    averse: Cell<Option<(Instant, Duration)>>,
}

impl Patience {
    /// Yields as long as it has learned to, until `is_over`; whether it is.
    pub(super) fn yield_until(&self, is_over: impl Fn() -> bool) -> bool {
        let yields = self.yields.get();
        if yields == 0 {
            return false;
        }
        let mut before = threads::now();
        let averse = self.averse.get();
        if averse.is_some_and(|(until, _)| before < until) {
            return false;
        }
        let Some(_turn) = Turn::take() else {
            return false;
        };
        for _ in 0..yields {
            threads::yield_now();
            let after = threads::now();
            let took = after.saturating_duration_since(before);
            let over = is_over();
            if took > LONG {
                let longer = averse.map_or(AVERSION.0, |(_, last)| (2 * last).min(AVERSION.1));
                self.averse.set(Some((after + longer, longer)));
                return over;
            }
            if over {
                self.averse.set(None);
                self.yields.set(YIELDS);
                return true;
            }
            before = after;
        }
        false
    }

    /// Learns from a park that has taken so long.
    pub(super) fn has_parked(&self, parked: Duration) {
        let yields = self.yields.get();
        self.yields.set(if parked < SHORT {
            (2 * yields).clamp(YIELDS, MOST_YIELDS)
        } else if parked < LONG {
            YIELDS
        } else {
            Some(yields / 2)
                .filter(|half| *half >= FEWEST_YIELDS)
                .unwrap_or(0)
        });
    }
}

/// One of those who yield.
struct Turn;

impl Turn {
    fn take() -> Option<Self> {
        let others = YIELDERS.fetch_add(1, Ordering::Relaxed);
        let turn = Turn;
        (others < YIELDERS_PER_CORE * threads::cores()).then_some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        YIELDERS.fetch_sub(1, Ordering::Relaxed);
    }
}
