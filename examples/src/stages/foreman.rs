//! Takes the pictures from stage to stage, in their order.

use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Pending, RecvError};

use super::halt::Halt;
use super::joiner::Outcome;
use super::ledger::Ledger;
use super::parcel::{Frame, Parcel};
use super::ports::Incoming;
use super::reader::{Opened, ReaderHandle, ReaderMessage};
use crate::image_pipeline::{Interrupt, Options, PictureError, Progress};

/// One reader is cut from while the other decodes the next picture.
pub(super) const READERS: usize = 2;
/// Pictures from their first strip to the end of their writing: one is being written, one or two
/// are being filtered, and one more may wait. Each is in memory as a whole.
pub(super) const UNDER_WAY: usize = 4;
/// How often a foreman that waits for the joiner looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(10);

/// Knows the order of the work and does none of it.
pub(super) struct Foreman {
    readers: [ReaderHandle; READERS],
    outcomes: Arc<Incoming<Outcome>>,
    ledger: Ledger,
    interrupt: Interrupt,
    /// Strips of the run so far.
    handed_out: u64,
}

/// What the foreman has to know before the first picture.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) options: Options,
    /// How many strips each picture will have, to all appearance.
    pub(super) promised: Vec<usize>,
    pub(super) readers: [ReaderHandle; READERS],
    pub(super) outcomes: Arc<Incoming<Outcome>>,
    pub(super) progress: Progress,
    pub(super) interrupt: Interrupt,
}

#[actor]
impl Foreman {
    /// Does all pictures, and ends the foreman with the exit code of the run.
    ///
    /// This one message is the actor's whole life, most of it spent waiting for the others. They
    /// are stopped before the foreman is, and then each wait ends with an error.
    pub(super) fn work(&mut self, ctx: &mut Context<Self>) {
        let ended = match self.all_pictures(ctx) {
            // That is why they are gone.
            Err(Halt::Deserted(_)) if self.interrupt.is_raised() => Err(Halt::Interrupted),
            ended => ended,
        };
        ctx.exit(self.ledger.close(ended));
    }
}

impl Actor for Foreman {
    type Args = Plan;

    fn start(_ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        Ok(Foreman {
            readers: plan.readers.clone(),
            outcomes: Arc::clone(&plan.outcomes),
            ledger: Ledger::new(&plan.options, plan.promised.clone(), plan.progress.clone()),
            interrupt: plan.interrupt.clone(),
            handed_out: 0,
        })
    }
}

type Opening = Pending<ReaderMessage, Result<Opened, PictureError>>;

impl Foreman {
    fn all_pictures(&mut self, ctx: &Context<Self>) -> Result<(), Halt> {
        let mut next = self.open(0)?;
        let mut number = 0;
        while let Some(opening) = next {
            next = self.open(number + 1)?;
            match opening.wait()? {
                Ok(opened) => self.picture(ctx, opened)?,
                Err(error) => self.ledger.cannot_begin(number, &error),
            }
            number += 1;
        }
        self.finish_all_but(ctx, 0)
    }

    /// Has a picture decoded, if there is one of this number. The reader that does it has no part
    /// in the picture before.
    fn open(&self, number: usize) -> Result<Option<Opening>, Halt> {
        let Some(job) = self.ledger.jobs().get(number) else {
            return Ok(None);
        };
        let reader = &self.readers[number % READERS];
        Ok(Some(reader.open(number, job.input.clone()).send()?))
    }

    /// Orders all strips of one picture. The last of them are still under way when this returns.
    fn picture(&mut self, ctx: &Context<Self>, opened: Opened) -> Result<(), Halt> {
        self.finish_all_but(ctx, UNDER_WAY - 1)?;
        let layout = opened.layout;
        let number = layout.picture();
        let job = &self.ledger.jobs()[number];
        let frame = Arc::new(Frame {
            layout,
            has_alpha: opened.has_alpha,
            input: job.input.clone(),
            output: job.output.clone(),
            since: opened.since,
        });
        self.ledger.begin(layout);
        let reader = self.readers[number % READERS].clone();
        for id in layout.ids() {
            while let Ok(outcome) = self.outcomes.try_recv() {
                self.ledger.end(outcome)?;
            }
            // One strip that cannot be done is enough.
            if !self.ledger.is_under_way(number) {
                break;
            }
            self.handed_out += 1;
            let order = Parcel {
                id,
                frame: Arc::clone(&frame),
                number: self.handed_out,
                restarts: 0,
                content: Ok(()),
            };
            // Waits while the reader has enough to do.
            reader.cut(order).tell()?;
        }
        Ok(())
    }

    /// Waits until no more than `left` pictures are under way.
    fn finish_all_but(&mut self, ctx: &Context<Self>, left: usize) -> Result<(), Halt> {
        while self.ledger.under_way() > left {
            match self.outcomes.recv_timeout(LOOK) {
                Ok(outcome) => self.ledger.end(outcome)?,
                Err(RecvError::Timeout) if !ctx.cancelled() => {}
                Err(error) => Err(error)?,
            }
        }
        Ok(())
    }
}
