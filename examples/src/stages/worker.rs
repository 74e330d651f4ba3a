//! Filters strips.

use std::panic::resume_unwind;

use actor_core::prelude::*;

use crate::image_pipeline::{FilteredStrip, Strip};

/// Does the computing. It remembers nothing, so a restart loses nothing but the strip in hand.
pub(super) struct Worker;

#[actor]
impl Worker {
    /// The filtered strip; a panic instead, if this attempt is planned to crash.
    pub(super) fn filter(&mut self, strip: Strip, crash: bool) -> FilteredStrip {
        if crash {
            // A panic in all but one thing: it passes over the panic hook, so that stderr shows
            // the panics that nobody planned, and those only.
            resume_unwind(Box::new(format!("a planned crash on {}", strip.id())));
        }
        strip.filtered()
    }
}

impl Actor for Worker {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Worker)
    }
}
