//! What a pool is at.

use std::fmt;
use std::time::Duration;

use crate::cell::Cell;
use crate::protocol::Protocol;

use super::histograms::Spread;

/// A pool's workers and tasks at one moment, and what became of the tasks since its start. It prints
/// as a table.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PoolStats {
    /// Workers that run.
    pub workers: usize,
    /// Of those, who has a task in hand.
    pub busy: usize,
    /// Tasks that wait.
    pub queued: usize,
    /// Tasks that were done.
    pub completed: u64,
    /// Tasks that were lost with their worker's life.
    pub failed: u64,
    /// Tasks that were tried again after such an end, once for each time.
    pub retried: u64,
    /// Tasks that were cancelled.
    pub cancelled: u64,
    /// Tasks that were out of time, waiting or running.
    pub timed_out: u64,
    /// How much of their lives all workers so far have worked, from 0 to 1.
    pub utilisation: f64,
    /// How long tasks waited before their first run; none without the feature `histograms`, or
    /// before the first.
    pub waits: Option<Spread>,
    /// How long runs took, whatever they came to, but those in which the worker's life ended.
    pub runs: Option<Spread>,
}

impl<M: Protocol> Cell<M> {
    pub(super) fn pool_stats(&self) -> PoolStats {
        let now = self.kernel.rt.now();
        let state = self.state();
        let Some(queue) = &state.queue else {
            return PoolStats::default();
        };
        let (counts, times) = (queue.counts, queue.times(now));
        PoolStats {
            workers: queue.members.len(),
            busy: queue.busy(),
            queued: self.mailbox.depth(),
            completed: counts.completed,
            failed: counts.failed,
            retried: counts.retried,
            cancelled: counts.cancelled,
            timed_out: counts.timed_out,
            utilisation: share(times.worked, times.lived),
            waits: queue.histograms.waits.spread(),
            runs: queue.histograms.runs.spread(),
        }
    }
}

fn share(part: Duration, whole: Duration) -> f64 {
    match whole.is_zero() {
        true => 0.0,
        false => part.as_secs_f64() / whole.as_secs_f64(),
    }
}

impl fmt::Display for PoolStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = format!("{:.1} %", 100.0 * self.utilisation);
        let rows: [(&str, &dyn fmt::Display); 9] = [
            ("workers", &self.workers),
            ("busy", &self.busy),
            ("utilisation", &percent),
            ("queued", &self.queued),
            ("completed", &self.completed),
            ("failed", &self.failed),
            ("retried", &self.retried),
            ("cancelled", &self.cancelled),
            ("timed out", &self.timed_out),
        ];
        for (place, (name, value)) in rows.into_iter().enumerate() {
            let line = if place == 0 { "" } else { "\n" };
            write!(f, "{line}{name:<11} {:>10}", value.to_string())?;
        }
        let spreads = [("waits", self.waits), ("runs", self.runs)];
        for (name, spread) in spreads {
            let Some(spread) = spread else {
                continue;
            };
            let Spread {
                min,
                p50,
                p90,
                p99,
                max,
                ..
            } = spread;
            write!(
                f,
                "\n{name:<11} {:>10} min {min:.1?}, p50 {p50:.1?}, p90 {p90:.1?}, p99 {p99:.1?}, max {max:.1?}",
                spread.count
            )?;
        }
        Ok(())
    }
}
