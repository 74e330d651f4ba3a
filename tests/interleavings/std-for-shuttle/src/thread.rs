//! Threads are shuttle's.

use std::time::Duration;

use shuttle::rand::Rng;

use crate::time::Instant;

pub use ::std::thread::{Result, available_parallelism, panicking};
pub use shuttle::thread::{
    AccessError, Builder, JoinHandle, Thread, current, park, spawn, yield_now,
};

/// How many times in a hundred a thread that wakes up finds that its time is over.
const LATE: f64 = 0.25;

/// So much time passes at most while the others do nothing: seconds are for what never comes.
const STEP: Duration = Duration::from_millis(20);

/// Returns at once, as the real one may: sometimes late, for the others may take any time.
pub fn park_timeout(duration: Duration) {
    if shuttle::rand::thread_rng().gen_bool(LATE) {
        Instant::pass(duration.min(STEP));
    }
    yield_now();
}
