//! A life of a worker, as its pool knows it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;
use std::time::{Duration, Instant};

use crate::envelope::Envelope;
use crate::protocol::Protocol;

use super::queue::Rank;
use super::task::Worker;

/// A worker's life.
pub(super) struct Member<M: Protocol> {
    pub(super) worker: Arc<dyn Worker<M>>,
    pub(super) life: u64,
    pub(super) waker: Waker,
    /// Tasks that only it may take.
    pub(super) line: BTreeMap<Rank, Envelope<M>>,
    pub(super) keys: Vec<u64>,
    /// How many it has taken.
    pub(super) taken: u64,
    /// It has looked for a task, so it has one, or is in the crowd, or does something else.
    pub(super) looked: bool,
    /// It has a task in hand.
    pub(super) busy: bool,
    /// Whether that was cut, where it has options.
    pub(super) is_cut: Option<Arc<AtomicBool>>,
    /// When it began with the task in hand, where that is kept.
    pub(super) began: Option<Instant>,
    since: Instant,
    /// Since when it has had no task.
    pub(super) idle_since: Option<Instant>,
    /// Since when it goes from task to task.
    working_since: Option<Instant>,
    worked: Duration,
}

/// What the workers did with their time, all together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    pub(super) worked: Duration,
    pub(super) lived: Duration,
}

impl std::ops::AddAssign for Times {
    fn add_assign(&mut self, other: Times) {
        self.worked += other.worked;
        self.lived += other.lived;
    }
}

/// What became of tasks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) completed: u64,
    pub(super) failed: u64,
    pub(super) retried: u64,
    pub(super) cancelled: u64,
    pub(super) timed_out: u64,
}

impl<M: Protocol> Member<M> {
    pub(super) fn new(worker: Arc<dyn Worker<M>>, life: u64, waker: Waker, now: Instant) -> Self {
        Member {
            worker,
            life,
            waker,
            line: BTreeMap::new(),
            keys: Vec::new(),
            taken: 0,
            looked: false,
            busy: false,
            is_cut: None,
            began: None,
            since: now,
            idle_since: None,
            working_since: None,
            worked: Duration::ZERO,
        }
    }

    /// It has no task in hand any more; whether it had one that is still to be counted.
    pub(super) fn rest(&mut self) -> bool {
        let is_cut = self.is_cut.take();
        let is_cut = is_cut.is_some_and(|is_cut| is_cut.load(Ordering::Relaxed));
        std::mem::take(&mut self.busy) && !is_cut
    }

    /// Notes when it goes to work and when it rests.
    pub(super) fn clock(&mut self, works: bool, now: impl FnOnce() -> Instant) {
        match (works, self.working_since) {
            (true, None) => self.working_since = Some(now()),
            (false, Some(since)) => {
                self.worked += now().saturating_duration_since(since);
                self.working_since = None;
            }
            _ => {}
        }
    }

    /// How long it has worked, and lived.
    pub(super) fn times(&self, now: Instant) -> Times {
        let working = self
            .working_since
            .map(|since| now.saturating_duration_since(since));
        Times {
            worked: self.worked + working.unwrap_or_default(),
            lived: now.saturating_duration_since(self.since),
        }
    }
}
