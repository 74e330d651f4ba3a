//! What is waited for by the real clock: a thread that makes no steps, and those that are to leave.
#![allow(
    clippy::disallowed_methods,
    reason = "this is what the rest of the crate uses instead of them"
)]

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Simulator;
use super::finding::Finding;
use super::schedule::{Entry, MAIN, State};
use crate::rt::{lock, threads};

/// The thread that looks after the main one: that of the system, which is there first.
pub(super) const WATCHER: usize = 1;

/// How long the threads of a failed run get, by the real clock, to unwind.
const LEAVE_WITHIN: Duration = Duration::from_secs(1);

impl Simulator {
    /// Fails the run if nobody has made a step since the last look. The main thread cannot be failed:
    /// somebody else says that it does not come to a step.
    pub(super) fn watch(&self, me: usize, steps: &mut Option<u64>) {
        let mut schedule = lock(&self.schedule);
        let now = schedule.trace.steps();
        if steps.replace(now) != Some(now) {
            return;
        }
        let current = self.current.load(Ordering::Acquire);
        if me == WATCHER && current == MAIN && !std::mem::replace(&mut schedule.warned, true) {
            eprintln!(
                "the closure of the simulation with seed {} has run for {:?} without a step: it \
                 blocks or loops outside the library",
                self.plan.seed, self.plan.watchdog
            );
        }
        if me != MAIN || current == MAIN {
            return;
        }
        let thread = schedule.entries[current].name.to_string();
        let watchdog = self.plan.watchdog;
        schedule.fail(Finding::Stuck { thread, watchdog });
        // Whoever has the baton does not give it back.
        self.current.store(MAIN, Ordering::Release);
    }

    /// Blocks until all threads have unwound, but not for one that does not reach a point. Nobody else
    /// joins those that have.
    pub(super) fn await_leaving(&self) {
        let until = Instant::now() + LEAVE_WITHIN;
        while !lock(&self.schedule).left().is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            std::thread::park_timeout(left);
        }
        let ended: Vec<_> = {
            let mut schedule = lock(&self.schedule);
            let ended =
                |entry: &mut Entry| (entry.state == State::Ended).then(|| entry.handle.take());
            schedule
                .entries
                .iter_mut()
                .filter_map(ended)
                .flatten()
                .collect()
        };
        ended.into_iter().for_each(threads::join);
    }
}
