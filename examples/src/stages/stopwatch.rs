//! How long a picture takes.

#![expect(
    clippy::disallowed_methods,
    reason = "the table shows what a user waits for, which is no concern of the actors' clock"
)]

use std::time::{Duration, Instant};

/// Started by the actor that begins with a picture, read by the one that ends it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    pub(super) fn start() -> Stopwatch {
        Stopwatch {
            started: Instant::now(),
        }
    }

    pub(super) fn elapsed(self) -> Duration {
        self.started.elapsed()
    }
}
