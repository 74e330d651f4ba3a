//! Filters strips.

use std::panic::resume_unwind;

use actor_core::prelude::*;

use crate::image_pipeline::{FilteredStrip, Strip};

/// A strip that fails its worker so often is given up, for it would do so for ever.
const ATTEMPTS: u32 = 3;
/// Goes into [`Spec::redeliver`](actor_core::Spec::redeliver).
pub(super) const REDELIVERIES: u32 = ATTEMPTS - 1;

/// Does the computing. It remembers nothing, so a restart loses nothing: the strip in
/// hand is redelivered to the next life.
pub(super) struct Worker;

/// A strip's result, and what it has cost.
#[derive(Debug, Clone)]
pub(super) struct Filtered {
    pub(super) strip: FilteredStrip,
    /// How often the supervisor has restarted the worker because of this strip: each life that
    /// failed with it has one after it, or there would be no result.
    pub(super) restarts: u32,
}

#[actor(derive(Clone))]
impl Worker {
    /// The filtered strip. With `crash`, the first attempt panics instead.
    pub(super) fn filter(
        &mut self,
        ctx: &mut Context<Self>,
        strip: Strip,
        crash: bool,
    ) -> Filtered {
        let restarts = ctx.redelivered();
        if crash && restarts == 0 {
            // A panic in all but one thing: it passes over the panic hook, so that stderr shows
            // the panics that nobody planned, and those only.
            resume_unwind(Box::new(format!("a planned crash on {}", strip.id())));
        }
        Filtered {
            strip: strip.filtered(),
            restarts,
        }
    }
}

impl Actor for Worker {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Worker)
    }
}
