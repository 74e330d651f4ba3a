//! How long a supervisor waits before it restarts a child.

use std::time::Duration;

/// Delays between the restarts of a child: each is longer than the one before, up to a bound, until
/// the child has run well for a while. OTP has none of this; there a child that cannot start uses
/// up its supervisor's intensity within milliseconds.
///
/// While a restart is waited for, the child's mailbox accepts messages, asks honour their deadlines,
/// and the supervisor goes on with its other children. The siblings that a group restart takes down
/// stop before the delay, and start after it.
///
/// Keep the [intensity](crate::Supervision::intensity) in mind: with OTP's default of 1 restart in 5
/// seconds, a back-off needs delays of more than 5 seconds, or more restarts allowed.
///
/// ```
/// # use {actor_core::prelude::*, counter::*};
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use std::time::Duration;
/// # std::panic::set_hook(Box::new(|_| {}));
/// use actor_core::Backoff;
///
/// let system = System::new("shop")?;
/// let backoff = Backoff::new(Duration::from_millis(10), Duration::from_secs(30)).factor(3.0);
/// let mut counter = system.spec::<Counter>(0).backoff(backoff);
/// let handle = counter.handle();
/// system.spawn::<Supervisor>(
///     Supervisor::one_for_one().intensity(100, Duration::from_secs(60)).child(counter),
/// )?;
/// assert!(handle.divide(0).ask().is_err());
/// // It starts again in 9 to 10 milliseconds; until then this waits in its mailbox.
/// assert_eq!(handle.add(1).ask()?, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a back-off does nothing until a spec has it"]
pub struct Backoff {
    min: Duration,
    max: Duration,
    factor: f64,
    jitter: f64,
    reset_after: Duration,
}

impl Backoff {
    /// Delays from `min` to `max`, each twice the one before, shortened by chance by up to a tenth,
    /// and from `min` again once the child has run for `max`.
    ///
    /// # Panics
    /// If `min` is longer than `max`.
    #[track_caller]
    pub fn new(min: Duration, max: Duration) -> Self {
        assert!(
            min <= max,
            "Backoff::new was called with a shortest delay of {min:?}, which is longer than the \
             longest, {max:?}: swap them"
        );
        Backoff {
            min,
            max,
            factor: 2.0,
            jitter: 0.1,
            reset_after: max,
        }
    }

    /// How many times longer each delay is than the one before; 1 keeps them equal.
    ///
    /// # Panics
    /// If `factor` is less than 1 or not finite.
    #[track_caller]
    pub fn factor(mut self, factor: f64) -> Self {
        assert!(
            factor.is_finite() && factor >= 1.0,
            "Backoff::factor was called with {factor}: delays grow by 1 or more"
        );
        self.factor = factor;
        self
    }

    /// By what share a delay is shortened at most, by chance, so that children which fail together
    /// do not come back together: from 0 (not at all) to 1.
    ///
    /// # Panics
    /// If `share` is not between 0 and 1.
    #[track_caller]
    pub fn jitter(mut self, share: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&share),
            "Backoff::jitter was called with {share}: it is a share, from 0 to 1"
        );
        self.jitter = share;
        self
    }

    /// How long the child has to run for the delays to begin at the shortest again.
    pub fn reset_after(mut self, healthy: Duration) -> Self {
        self.reset_after = healthy;
        self
    }

    /// Whether a child that ran for so long is well again.
    pub(crate) fn is_over_after(&self, healthy: Duration) -> bool {
        healthy >= self.reset_after
    }

    /// The delay after `failures` failures before this one.
    pub(crate) fn delay(&self, failures: u32, random: u64) -> Duration {
        let exponent = i32::try_from(failures).unwrap_or(i32::MAX);
        let grown = self.min.as_secs_f64() * self.factor.powi(exponent);
        let longest = grown.min(self.max.as_secs_f64());
        // 53 bits are what an f64 holds exactly.
        let share = (random >> 11) as f64 / (1_u64 << 53) as f64;
        let shortened = longest * (1.0 - self.jitter * share);
        // Durations beyond what an f64 holds exactly may be rounded up.
        Duration::try_from_secs_f64(shortened).map_or(self.max, |delay| delay.min(self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: Duration = Duration::from_millis(100);
    const MAX: Duration = Duration::from_secs(1);

    #[test]
    fn delays_grow_up_to_the_bound() {
        let backoff = Backoff::new(MIN, MAX).jitter(0.0);
        let delays: Vec<u128> = (0..6)
            .map(|failures| backoff.delay(failures, u64::MAX).as_millis())
            .collect();
        assert_eq!(delays, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(backoff.delay(u32::MAX, 0), MAX);
    }

    #[test]
    fn chance_shortens_by_no_more_than_the_share() {
        let backoff = Backoff::new(MIN, MAX).jitter(0.5);
        assert_eq!(backoff.delay(0, 0), MIN);
        let shortest = backoff.delay(0, u64::MAX);
        assert!(
            shortest >= MIN / 2 && shortest < MIN * 51 / 100,
            "{shortest:?}"
        );
    }

    #[test]
    fn extremes_hold() {
        let longest = Backoff::new(Duration::MAX, Duration::MAX);
        assert!(longest.delay(u32::MAX, 7) <= Duration::MAX);
        let none = Backoff::new(Duration::ZERO, Duration::ZERO).factor(f64::MAX);
        assert_eq!(none.delay(9, 1), Duration::ZERO);
    }
}
