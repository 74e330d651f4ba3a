//! What each stage does with a parcel, whatever its work is.

use std::ops::Deref;
use std::panic::resume_unwind;

use actor_core::prelude::*;
use actor_core::{HandleOf, Handler};

use super::parcel::{Frame, Parcel};
use crate::image_pipeline::{Crash, CrashPlan, PictureError, Stage, StripId};

/// A strip that fails a stage so often is given up, for it would do so for ever.
const ATTEMPTS: u32 = 3;
/// How often a parcel comes again: once more than it is worked on, and then its loss is passed on
/// instead. A parcel that merely became a dead letter would be waited for without end.
pub(super) const REDELIVERIES: u32 = ATTEMPTS;

/// A stage's place in the pipeline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Station {
    pub(super) stage: Stage,
    pub(super) crashes: CrashPlan,
}

impl Station {
    /// Works on what the parcel holds, and passes it on.
    ///
    /// Should the stage crash anywhere in here, the parcel comes again. A crash before the end of
    /// `pass_on` costs an attempt; one after it lets the parcel go on twice, and the joiner takes
    /// the first of the two.
    pub(super) fn work<A, S, T>(
        self,
        ctx: &Context<A>,
        parcel: Parcel<S>,
        work: impl FnOnce(&Frame, S) -> Result<T, PictureError>,
        pass_on: impl FnOnce(Parcel<T>),
    ) where
        A: Handler,
        HandleOf<A>: Deref<Target = ActorRef<A::Message>>,
    {
        let (id, frame) = (parcel.id, parcel.frame);
        let failures = ctx.redelivered();
        let crash = self.crashes.crash(self.stage, parcel.number);
        let crash = crash.filter(|_| failures == 0);
        if crash == Some(Crash::BeforeWork) {
            crash_on(id);
        }
        let content = match parcel.content {
            Ok(_) if failures >= ATTEMPTS => {
                Err(self.given_up(&frame, format!("{id}: its {} {}", self.stage, failure(ctx))))
            }
            Ok(content) => work(&frame, content),
            Err(error) => Err(error),
        };
        pass_on(Parcel {
            id,
            frame,
            number: parcel.number,
            // Each life that failed with it has one after it, and so has this one if it is to crash.
            restarts: parcel.restarts + failures + u32::from(crash.is_some()),
            content,
        });
        if crash == Some(Crash::AfterWork) {
            crash_on(id);
        }
    }

    fn given_up(self, frame: &Frame, cause: String) -> PictureError {
        let (input, output) = (frame.input.clone(), frame.output.clone());
        match self.stage {
            Stage::Reader => PictureError::Unreadable { path: input, cause },
            Stage::Worker => PictureError::Unfiltered { path: input, cause },
            Stage::Joiner => PictureError::Unwritable {
                path: output,
                cause,
            },
        }
    }
}

/// A panic in all but one thing: it passes over the panic hook, so that stderr shows the panics
/// that nobody planned, and those only.
fn crash_on(id: StripId) -> ! {
    resume_unwind(Box::new(format!("a planned crash on {id}")))
}

/// How the life before this one failed.
pub(super) fn failure<A>(ctx: &Context<A>) -> String
where
    A: Handler,
    HandleOf<A>: Deref<Target = ActorRef<A::Message>>,
{
    let failure = ctx.handle().snapshot().last_failure;
    failure.map_or_else(|| "failed".to_owned(), |reason| reason.to_string())
}
