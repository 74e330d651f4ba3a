//! A clock that goes on only where a thread waits for it.

use std::ops::{Add, Sub};
use std::sync::{Mutex, PoisonError};

pub use ::std::time::{Duration, SystemTime, SystemTimeError, UNIX_EPOCH};

/// Since the execution began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Duration);

shuttle::lazy_static! {
    // Of one execution. To look at it is no step of a schedule, so its lock is the real one.
    static ref NOW: Mutex<Duration> = Mutex::new(Duration::ZERO);
}

impl Instant {
    pub fn now() -> Self {
        Instant(*NOW.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The time goes on.
    pub(crate) fn pass(duration: Duration) {
        let mut now = NOW.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(duration);
    }

    /// None where std's has no room for it either.
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        let sum = self.0.checked_add(duration)?;
        i64::try_from(sum.as_secs()).is_ok().then_some(Instant(sum))
    }

    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        self.0.checked_sub(duration).map(Instant)
    }

    pub fn duration_since(&self, earlier: Instant) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    pub fn saturating_duration_since(&self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, duration: Duration) -> Instant {
        Instant(self.0 + duration)
    }
}
