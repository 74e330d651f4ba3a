//! What decides a simulated run.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::fault::Fault;
use super::strategy::{Strategy, Turn};

pub(crate) type Expected = Arc<dyn Fn(&str) -> bool + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// The choices, if they are given instead of made by the strategy.
    pub(crate) script: Option<Vec<Turn>>,
    pub(crate) strategy: Strategy,
    pub(crate) faults: Vec<Fault>,
    pub(crate) max_steps: u64,
    /// By the real clock.
    pub(crate) watchdog: Duration,
    /// Which panics of actors are a part of the test.
    pub(crate) expected: Option<Expected>,
    /// Panics are not printed: who explores says what was found.
    pub(crate) quiet: bool,
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        Plan {
            seed,
            script: None,
            strategy: Strategy::default(),
            faults: Vec::new(),
            max_steps: 1_000_000,
            watchdog: Duration::from_secs(30),
            expected: None,
            quiet: false,
        }
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulation")
            .field("seed", &self.seed)
            .field("strategy", &self.strategy)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}
