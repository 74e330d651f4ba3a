//! Counts the primes of one range after the other.

use std::ops::Range;
use std::sync::Arc;

use actor_core::prelude::*;

use super::sieve::Sieve;

pub(super) struct Counter {
    sieve: Arc<Sieve>,
}

#[actor]
impl Counter {
    pub(super) fn count(&mut self, range: Range<u64>) -> u64 {
        self.sieve.count(&range)
    }
}

impl Actor for Counter {
    /// All workers share one sieve.
    type Args = Arc<Sieve>;

    fn start(_ctx: &mut Context<Self>, sieve: &Arc<Sieve>) -> Result<Self, Failure> {
        Ok(Counter {
            sieve: Arc::clone(sieve),
        })
    }
}
