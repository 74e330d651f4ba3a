//! Puts filtered strips together and writes the results.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actor_core::prelude::*;

use super::easel::Easel;
use super::parcel::{Frame, Parcel};
use super::ports::{Incoming, Onward};
use super::work::{REDELIVERIES, Station};
use crate::image_pipeline::{CrashPlan, FilteredStrip, Interrupt, PictureError, Progress, Stage};

/// Owns the results until they are files.
pub(super) struct Joiner {
    station: Station,
    easel: Arc<Mutex<Easel>>,
    outcomes: Onward<Outcome>,
    progress: Progress,
    interrupt: Interrupt,
}

/// What a joiner works with, in whichever life.
#[derive(Debug)]
pub(super) struct JoinerArgs {
    pub(super) strips: Incoming<Parcel<FilteredStrip>>,
    pub(super) outcomes: Onward<Outcome>,
    pub(super) easel: Arc<Mutex<Easel>>,
    pub(super) crashes: CrashPlan,
    pub(super) progress: Progress,
    pub(super) interrupt: Interrupt,
}

/// What has become of a picture. A crash may have it told twice.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) picture: usize,
    /// How many of its strips were placed.
    pub(super) placed: usize,
    pub(super) written: Result<Written, PictureError>,
}

/// A picture that is a file now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    /// From the start of its reading to the end of its writing.
    pub(super) time: Duration,
    /// How often the supervisor has restarted a stage because of its strips.
    pub(super) restarts: u64,
}

#[actor]
impl Joiner {
    /// Puts a strip in its place, and writes the picture if none is missing any more.
    pub(super) fn place(&mut self, ctx: &mut Context<Self>, strip: Parcel<FilteredStrip>) {
        let station = self.station;
        station.work(
            ctx,
            strip,
            |_, strip| Ok(strip),
            |strip| self.join(ctx, strip),
        );
    }
}

impl Joiner {
    fn join(&mut self, ctx: &Context<Self>, strip: Parcel<FilteredStrip>) {
        let picture = strip.id.picture;
        let written = match strip.content {
            Ok(filtered) => {
                if self.easel().place(&strip.frame, &filtered, strip.restarts) {
                    self.progress.advance();
                }
                match self.write(ctx, &strip.frame) {
                    Some(written) => written,
                    None => return,
                }
            }
            Err(error) => Err(error),
        };
        // A strip that comes late, or a second time, changes nothing.
        let Some(placed) = self.easel().placed(picture) else {
            return;
        };
        let outcome = Outcome {
            picture,
            placed,
            written,
        };
        self.outcomes.pass_on(outcome, || !ctx.cancelled());
        self.easel().end(picture);
    }

    /// Writes the picture, if it is whole.
    fn write(&self, ctx: &Context<Self>, frame: &Frame) -> Option<Result<Written, PictureError>> {
        let whole = self.easel().whole(frame.layout.picture())?;
        // Both, because a stop that is on its way reaches this actor only after others.
        let go_on = || !ctx.cancelled() && !self.interrupt.is_raised();
        let written = whole.picture.write_png(&frame.output, go_on);
        Some(written.map(|()| Written {
            time: frame.since.elapsed(),
            restarts: whole.restarts,
        }))
    }

    /// A life that panicked amid a step has left it in order all the same.
    fn easel(&self) -> MutexGuard<'_, Easel> {
        self.easel.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Actor for Joiner {
    type Args = JoinerArgs;

    fn start(ctx: &mut Context<Self>, args: &JoinerArgs) -> Result<Self, Failure> {
        ctx.attach_redelivering(&args.strips, REDELIVERIES, JoinerMessage::place)?;
        Ok(Joiner {
            station: Station {
                stage: Stage::Joiner,
                crashes: args.crashes,
            },
            easel: Arc::clone(&args.easel),
            outcomes: args.outcomes.clone(),
            progress: args.progress.clone(),
            interrupt: args.interrupt.clone(),
        })
    }
}
