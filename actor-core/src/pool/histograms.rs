//! How long tasks wait and run, each counted: with the feature `histograms`. Without it nothing is
//! kept, and no clock is read for a task.

use std::time::{Duration, Instant};

/// When a message was sent to a pool.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sent {
    #[cfg(feature = "histograms")]
    at: Option<Instant>,
}

#[cfg(feature = "histograms")]
impl Sent {
    #[inline]
    pub(crate) fn now(now: impl FnOnce() -> Option<Instant>) -> Self {
        Sent { at: now() }
    }

    pub(super) fn at(self) -> Option<Instant> {
        self.at
    }
}

#[cfg(not(feature = "histograms"))]
impl Sent {
    pub(crate) fn now(_now: impl FnOnce() -> Option<Instant>) -> Self {
        Sent {}
    }

    #[expect(
        clippy::unused_self,
        reason = "with the feature there is something to tell"
    )]
    pub(super) fn at(self) -> Option<Instant> {
        None
    }
}

/// The time now, where times are kept.
pub(super) fn read(now: impl FnOnce() -> Instant) -> Option<Instant> {
    cfg!(feature = "histograms").then(now)
}

/// How some times are spread, to three digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Spread {
    /// How many there were.
    pub count: u64,
    /// The shortest.
    pub min: Duration,
    /// Half of them were no longer.
    pub p50: Duration,
    /// Nine of ten were no longer.
    pub p90: Duration,
    /// 99 of 100 were no longer.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
}

/// The times of a pool's tasks.
#[derive(Default)]
pub(super) struct Histograms {
    pub(super) waits: Times,
    pub(super) runs: Times,
}

#[cfg(feature = "histograms")]
pub(super) struct Times(hdrhistogram::Histogram<u64>);

#[cfg(not(feature = "histograms"))]
#[derive(Default)]
pub(super) struct Times;

#[cfg(feature = "histograms")]
impl Default for Times {
    fn default() -> Self {
        // Three digits are among those that it takes.
        let histogram = hdrhistogram::Histogram::new(3);
        Times(histogram.unwrap_or_else(|error| unreachable!("{error}")))
    }
}

#[cfg(feature = "histograms")]
impl Times {
    pub(super) fn add(&mut self, since: Option<Instant>, now: Option<Instant>) {
        let (Some(since), Some(now)) = (since, now) else {
            return;
        };
        let nanos = now.saturating_duration_since(since).as_nanos();
        // It grows with what it is given, so nothing is out of its range.
        let _ = self.0.record(u64::try_from(nanos).unwrap_or(u64::MAX));
    }

    pub(super) fn spread(&self) -> Option<Spread> {
        let at = |quantile| Duration::from_nanos(self.0.value_at_quantile(quantile));
        (!self.0.is_empty()).then(|| Spread {
            count: self.0.len(),
            min: Duration::from_nanos(self.0.min()),
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            max: Duration::from_nanos(self.0.max()),
        })
    }
}

#[cfg(not(feature = "histograms"))]
impl Times {
    pub(super) fn add(&mut self, _since: Option<Instant>, _now: Option<Instant>) {}

    #[expect(
        clippy::unused_self,
        reason = "with the feature there is something to tell"
    )]
    pub(super) fn spread(&self) -> Option<Spread> {
        None
    }
}
