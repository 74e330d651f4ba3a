//! One way to count, and how long it takes.

use std::time::Duration;

use crate::stopwatch::Stopwatch;

/// The same primes, counted several times.
#[derive(Debug)]
pub(super) struct Count {
    /// How many workers counted; none where the main thread did.
    pub(super) workers: Option<u16>,
    /// How many primes there were, each time.
    primes: Vec<u64>,
    times: Vec<Duration>,
}

impl Count {
    pub(super) fn by(workers: Option<u16>) -> Count {
        Count {
            workers,
            primes: Vec::new(),
            times: Vec::new(),
        }
    }

    /// Counts once more.
    pub(super) fn again<E>(&mut self, count: impl FnOnce() -> Result<u64, E>) -> Result<(), E> {
        let began = Stopwatch::start();
        self.primes.push(count()?);
        self.times.push(began.elapsed());
        Ok(())
    }

    /// How many primes there are, if it was the same each time; else one of the other numbers.
    pub(super) fn primes(&self, expected: u64) -> u64 {
        let mut others = self.primes.iter().filter(|&&primes| primes != expected);
        *others.next().unwrap_or(&expected)
    }

    /// What was found the first time.
    pub(super) fn first(&self) -> u64 {
        self.primes[0]
    }

    /// The median of the times.
    pub(super) fn seconds(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        // A clock too coarse to see the time pass must not make a speed-up infinite, which JSON
        // cannot even say.
        let median = times[times.len() / 2].max(Duration::from_nanos(1));
        median.as_secs_f64()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// As if that had been counted, each time in so many milliseconds.
    pub(crate) fn counted(workers: Option<u16>, times: &[(u64, u64)]) -> Count {
        let time = |&(_, milliseconds): &(u64, u64)| Duration::from_millis(milliseconds);
        Count {
            workers,
            primes: times.iter().map(|&(primes, _)| primes).collect(),
            times: times.iter().map(time).collect(),
        }
    }

    #[test]
    fn every_time_counts() {
        let mut count = Count::by(None);
        for primes in [4, 4, 3, 4] {
            count.again(|| Ok::<_, ()>(primes)).unwrap();
        }
        assert_eq!(count.again(|| Err("gone")), Err("gone"));
        assert_eq!((count.first(), count.primes(4)), (4, 3));
    }

    #[test]
    fn the_time_in_the_middle_is_told() {
        let count = counted(None, &[(4, 30), (4, 10), (4, 900)]);
        assert_eq!(count.seconds(), 0.03);
        assert!(counted(None, &[(4, 0)]).seconds() > 0.0);
    }
}
