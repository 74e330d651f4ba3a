//! How many restarts are too many.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A sliding window over the restarts of one supervisor, as in OTP: it gives up when there were
/// more than `limit` within `period`. A restart exactly as old as the period still counts.
#[derive(Debug)]
pub(crate) struct Intensity {
    limit: usize,
    period: Duration,
    restarts: VecDeque<Instant>,
}

impl Intensity {
    pub(crate) fn new(limit: usize, period: Duration) -> Self {
        Intensity {
            limit,
            period,
            restarts: VecDeque::new(),
        }
    }

    /// Counts a restart at `now`; false if that is one too many.
    pub(crate) fn allows(&mut self, now: Instant) -> bool {
        let period = self.period;
        self.restarts
            .retain(|at| now.saturating_duration_since(*at) <= period);
        self.restarts.push_back(now);
        self.restarts.len() <= self.limit
    }

    /// How many it bears, within what time.
    pub(crate) fn bounds(&self) -> (usize, Duration) {
        (self.limit, self.period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(100);

    fn allowed(limit: usize, period: u64, seconds: &[u64]) -> Vec<bool> {
        let mut intensity = Intensity::new(limit, Duration::from_secs(period));
        // Any instant will do as an origin.
        let origin = crate::rt::Rt::Threads.now() + START;
        seconds
            .iter()
            .map(|&second| intensity.allows(origin + Duration::from_secs(second)))
            .collect()
    }

    #[test]
    fn zero_allows_none() {
        assert_eq!(allowed(0, 5, &[0]), [false]);
    }

    #[test]
    fn the_window_slides() {
        assert_eq!(allowed(2, 5, &[0, 4, 6, 10]), [true, true, true, true]);
        assert_eq!(allowed(2, 5, &[0, 4, 5]), [true, true, false]);
    }

    #[test]
    fn a_restart_as_old_as_the_period_counts() {
        assert_eq!(allowed(1, 5, &[0, 5]), [true, false]);
        assert_eq!(allowed(1, 5, &[0, 6]), [true, true]);
    }
}
