//! Counts words of the page that is open.

use std::sync::Arc;

use actor_core::prelude::*;

use crate::word_count::{CrashPlan, Stage, WordCounts};

/// Counts, and does not know of which lines: only the clerk does.
pub(super) struct Counter {
    crashes: Arc<CrashPlan>,
    counts: WordCounts,
}

#[actor]
impl Counter {
    /// Counts words of one line.
    pub(super) fn count(&mut self, line: usize, words: Vec<String>) {
        let fate = self.crashes.draw(Stage::Aggregate, line);
        fate.before_work();
        words.into_iter().for_each(|word| self.counts.add(word));
        fate.after_work();
    }

    /// Gives the counts away, and begins anew.
    pub(super) fn take(&mut self) -> WordCounts {
        std::mem::take(&mut self.counts)
    }
}

impl Actor for Counter {
    type Args = Arc<CrashPlan>;

    fn start(_ctx: &mut Context<Self>, crashes: &Arc<CrashPlan>) -> Result<Self, Failure> {
        Ok(Counter {
            crashes: Arc::clone(crashes),
            counts: WordCounts::default(),
        })
    }
}
