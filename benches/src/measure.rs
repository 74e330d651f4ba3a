//! What a workload hands back, and how it takes time.

use std::time::{Duration, Instant};

/// One figure of one run.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Measured {
    /// Which figure of the workload it is; empty where there is only one.
    pub(crate) figure: String,
    pub(crate) unit: String,
    pub(crate) value: f64,
}

impl Measured {
    pub(crate) fn new(figure: impl Into<String>, unit: &str, value: f64) -> Measured {
        Measured {
            figure: figure.into(),
            unit: unit.into(),
            value,
        }
    }
}

/// How much there is to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// A run that shows that it works, and takes next to no time.
    pub(crate) smoke: bool,
}

impl Scale {
    pub(crate) fn of<T>(self, full: T, smoke: T) -> T {
        if self.smoke { smoke } else { full }
    }

    /// So many rounds, or as many as fit into a second: some peers are a thousand times slower.
    pub(crate) fn rounds(self, full: usize, smoke: usize) -> impl Iterator<Item = usize> {
        let begun = Instant::now();
        let patience = self.of(Duration::from_secs(1), Duration::from_millis(50));
        let enough = move |round: &usize| *round == 0 || begun.elapsed() < patience;
        (0..self.of(full, smoke)).take_while(enough)
    }
}

/// Nanoseconds for each of so many.
pub(crate) fn each(duration: Duration, count: usize) -> f64 {
    duration.as_nanos() as f64 / count as f64
}

/// Times of single operations.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that such a share of all took at most, in nanoseconds.
    pub(crate) fn share(&mut self, share: f64) -> f64 {
        assert!(!self.0.is_empty(), "nothing was timed");
        self.0.sort_unstable();
        let rank = (self.0.len() as f64 * share).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1].as_nanos() as f64
    }

    /// p50 and p99.
    pub(crate) fn spread(&mut self) -> Vec<Measured> {
        vec![
            Measured::new("p50", "ns", self.share(0.5)),
            Measured::new("p99", "ns", self.share(0.99)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_was_timed() {
        let mut times = Times::default();
        (1..=100)
            .rev()
            .for_each(|n| times.push(Duration::from_nanos(n)));
        assert_eq!(
            [0.0, 0.5, 0.99, 1.0].map(|share| times.share(share)),
            [1.0, 50.0, 99.0, 100.0]
        );
    }
}
