//! Messages that an actor sends itself when it is time, kept in its own loop.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A timer of an actor, to [cancel](crate::Context::cancel) it by.
///
/// It belongs to the life that set it, and goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timer(u64);

/// The timers of one life, by the time at which they are due; the number keeps equal times apart.
pub(crate) struct Timers<M> {
    last: u64,
    due: BTreeMap<(Instant, u64), Tick<M>>,
    /// Due beyond what the clock can hold: never, but they can be cancelled.
    never: BTreeMap<u64, Tick<M>>,
}

pub(crate) enum Tick<M> {
    Once(M),
    Every {
        period: Duration,
        make: Box<dyn FnMut() -> M>,
    },
}

impl<M> Timers<M> {
    pub(crate) fn new() -> Self {
        Timers {
            last: 0,
            due: BTreeMap::new(),
            never: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, at: Option<Instant>, tick: Tick<M>) -> Timer {
        self.last += 1;
        self.set(at, self.last, tick);
        Timer(self.last)
    }

    fn set(&mut self, at: Option<Instant>, number: u64, tick: Tick<M>) {
        match at {
            Some(at) => self.due.insert((at, number), tick),
            None => self.never.insert(number, tick),
        };
    }

    /// When the next one is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// The message of the timer that is due first. A repeated timer runs user code to make it, and
    /// is set to the next tick that is not over yet: missed ticks do not burst.
    pub(crate) fn fire(&mut self, now: Instant) -> Option<M> {
        let entry = self.due.first_entry()?;
        let (at, number) = *entry.key();
        if at > now {
            return None;
        }
        match entry.remove() {
            Tick::Once(message) => Some(message),
            Tick::Every { period, mut make } => {
                let message = make();
                let missed = now.saturating_duration_since(at).as_nanos() / period.as_nanos();
                let ticks = u32::try_from(missed + 1).unwrap_or(u32::MAX);
                let next = period
                    .checked_mul(ticks)
                    .and_then(|ahead| at.checked_add(ahead));
                self.set(next, number, Tick::Every { period, make });
                Some(message)
            }
        }
    }

    pub(crate) fn cancel(&mut self, timer: Timer) -> Option<Tick<M>> {
        let of_timer = |key: &&(Instant, u64)| key.1 == timer.0;
        match self.due.keys().find(of_timer).copied() {
            Some(key) => self.due.remove(&key),
            None => self.never.remove(&timer.0),
        }
    }
}
