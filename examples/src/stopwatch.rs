//! How long something takes.

#![expect(
    clippy::disallowed_methods,
    reason = "what is shown is what a user waits for, which is no concern of the actors' clock"
)]

use std::time::{Duration, Instant};

/// It runs from its start on. It can be sent, and read by another than who started it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    pub(crate) fn start() -> Stopwatch {
        Stopwatch {
            started: Instant::now(),
        }
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.started.elapsed()
    }
}
