//! Takes the pictures from stage to stage, in their order.

use std::collections::VecDeque;
use std::fmt::Display;

use actor_core::Pending;
use actor_core::prelude::*;

use super::crew::{Crew, Done};
use super::halt::{Halt, mishap};
use super::joiner::{Frame, JoinerHandle};
use super::ledger::Ledger;
use super::reader::{Opened, ReaderHandle, ReaderMessage};
use super::worker::{Filtered, WorkerHandle};
use crate::image_pipeline::{CrashPlan, Interrupt, Options, PictureError, Progress};

/// One reader is cut from while the other decodes the next picture.
pub(super) const READERS: usize = 2;
/// Strips that are cut before there is a worker for them.
const CUT_AHEAD: usize = 4;
/// Pictures from their first strip to the end of their writing: one is being written, one or two
/// are being filtered, and one more may wait. Each is in memory as a whole.
const UNDER_WAY: usize = 4;

/// Knows the order of the work and does none of it.
pub(super) struct Foreman {
    readers: [ReaderHandle; READERS],
    crew: Crew,
    joiner: JoinerHandle,
    ledger: Ledger,
    interrupt: Interrupt,
}

/// What the foreman has to know before the first picture.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) options: Options,
    /// How many strips each picture will have, to all appearance.
    pub(super) promised: Vec<usize>,
    pub(super) readers: [ReaderHandle; READERS],
    pub(super) workers: Vec<WorkerHandle>,
    pub(super) joiner: JoinerHandle,
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
        let ended = match self.all_pictures() {
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
        let crashes = CrashPlan::new(plan.options.crash_every);
        Ok(Foreman {
            readers: plan.readers.clone(),
            crew: Crew::new(plan.workers.clone(), crashes),
            joiner: plan.joiner.clone(),
            ledger: Ledger::new(&plan.options, plan.promised.clone(), plan.progress.clone()),
            interrupt: plan.interrupt.clone(),
        })
    }
}

type Opening = Pending<ReaderMessage, Result<Opened, PictureError>>;

impl Foreman {
    fn all_pictures(&mut self) -> Result<(), Halt> {
        let mut next = self.open(0)?;
        let mut number = 0;
        while let Some(opening) = next {
            next = self.open(number + 1)?;
            match opening.wait() {
                Ok(Ok(opened)) => self.picture(opened)?,
                Ok(Err(error)) => self.ledger.give_up(number, &error),
                Err(error) => {
                    let error = self.unreadable(number, mishap(error)?);
                    self.ledger.give_up(number, &error);
                }
            }
            number += 1;
        }
        self.finish_all_but(0)
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

    /// Hands out all strips of one picture. The last of them are still under way when this
    /// returns.
    fn picture(&mut self, opened: Opened) -> Result<(), Halt> {
        self.finish_all_but(UNDER_WAY - 1)?;
        let layout = opened.layout;
        let number = layout.picture();
        let frame = Frame {
            layout,
            has_alpha: opened.has_alpha,
            output: self.ledger.jobs()[number].output.clone(),
            since: opened.since,
        };
        self.ledger.begin(layout, self.joiner.begin(frame).send()?);

        let reader = self.readers[number % READERS].clone();
        let mut ids = layout.ids();
        let mut cuts = VecDeque::new();
        for id in ids.by_ref().take(CUT_AHEAD) {
            cuts.push_back(reader.cut(id).send()?);
        }
        while let Some(cut) = cuts.pop_front() {
            if let Some(id) = ids.next() {
                cuts.push_back(reader.cut(id).send()?);
            }
            while self.crew.is_full() {
                self.gather()?;
            }
            if !self.ledger.is_under_way(number) {
                break;
            }
            match cut.wait() {
                Ok(Some(strip)) => self.crew.hand_out(strip)?,
                Ok(None) => self.lose(number, self.unreadable(number, "its reader forgot it"))?,
                Err(error) => self.lose(number, self.unreadable(number, mishap(error)?))?,
            }
        }
        Ok(())
    }

    /// Waits until no more than `left` pictures are under way.
    fn finish_all_but(&mut self, left: usize) -> Result<(), Halt> {
        while self.ledger.under_way() > left {
            // Without a strip under way, the joiner has all that it waits for.
            if !self.gather()? {
                self.ledger.end_first()?;
            }
        }
        Ok(())
    }

    /// Waits for one strip and passes it on; false if none is under way.
    fn gather(&mut self) -> Result<bool, Halt> {
        match self.crew.gather()? {
            None => return Ok(false),
            Some(Done::Filtered(Filtered { strip, restarts })) => {
                if self.ledger.filtered(strip.id().picture, restarts) {
                    self.joiner.place(strip).tell()?;
                }
            }
            Some(Done::GivenUp(id, reason)) => {
                let error = PictureError::Unfiltered {
                    path: self.ledger.jobs()[id.picture].input.clone(),
                    cause: format!("{id}: its worker {reason}"),
                };
                self.lose(id.picture, error)?;
            }
        }
        self.ledger.end_done()?;
        Ok(true)
    }

    /// Gives up a picture that the joiner knows of already.
    fn lose(&mut self, number: usize, error: PictureError) -> Result<(), Halt> {
        if self.ledger.is_under_way(number) {
            self.ledger.give_up(number, &error);
            self.joiner.forget(number).tell()?;
        }
        Ok(())
    }

    fn unreadable(&self, number: usize, cause: impl Display) -> PictureError {
        PictureError::Unreadable {
            path: self.ledger.jobs()[number].input.clone(),
            cause: cause.to_string(),
        }
    }
}
