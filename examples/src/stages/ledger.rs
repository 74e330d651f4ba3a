//! What is known of each picture until it is told.

use std::collections::VecDeque;
use std::io::{Stdout, stdout};
use std::ops::ControlFlow;

use actor_core::{AskError, Pending};

use super::halt::{Halt, mishap};
use super::joiner::{JoinerMessage, Written};
use crate::image_pipeline::{
    Filter, Job, Layout, Options, PictureError, PictureReport, Progress, Report,
};

/// The pictures that are under way, and what is told of those that are not any longer: the progress
/// bar, the complaints, the report.
#[derive(Debug)]
pub(super) struct Ledger {
    jobs: Vec<Job>,
    filter: Filter,
    /// How many strips of each picture the progress bar waits for.
    promised: Vec<usize>,
    under_way: VecDeque<UnderWay>,
    progress: Progress,
    report: Report<Stdout>,
    complete: bool,
}

/// A picture that was opened and is not written yet.
#[derive(Debug)]
struct UnderWay {
    layout: Layout,
    filtered: usize,
    written: Pending<JoinerMessage, Written>,
}

/// What the joiner says of a picture.
pub(super) type Answer = Result<Written, AskError>;

impl Ledger {
    pub(super) fn new(options: &Options, promised: Vec<usize>, progress: Progress) -> Ledger {
        Ledger {
            jobs: options.jobs.clone(),
            filter: options.filter,
            promised,
            under_way: VecDeque::new(),
            progress,
            report: Report::new(options.format, stdout()),
            complete: true,
        }
    }

    /// The jobs of the run; a picture's number is its place among them.
    pub(super) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// A picture was opened.
    pub(super) fn begin(&mut self, layout: Layout, written: Pending<JoinerMessage, Written>) {
        self.progress.picture(self.jobs[layout.picture()].name());
        self.under_way.push_back(UnderWay {
            layout,
            filtered: 0,
            written,
        });
    }

    /// How many pictures are opened and not written.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Whether this one is.
    pub(super) fn is_under_way(&self, number: usize) -> bool {
        self.place(number).is_some()
    }

    /// One more strip of a picture is filtered; false if that is of no use any more.
    pub(super) fn filtered(&mut self, number: usize) -> bool {
        let place = self.place(number);
        if let Some(place) = place {
            self.under_way[place].filtered += 1;
            self.progress.advance();
        }
        place.is_some()
    }

    /// What the joiner has to say of the picture that was begun first, if it has.
    pub(super) fn answer(&mut self) -> Option<(Layout, Answer)> {
        let answer = self.under_way.front_mut()?.written.try_wait().transpose()?;
        Some((self.under_way.pop_front()?.layout, answer))
    }

    /// The same, but waits for it. None if there is no such picture.
    pub(super) fn wait_for_answer(&mut self) -> Option<(Layout, Answer)> {
        let first = self.under_way.pop_front()?;
        Some((first.layout, first.written.wait()))
    }

    /// A picture has come to its end, and has cost so many restarts.
    pub(super) fn end(
        &mut self,
        layout: Layout,
        answer: Answer,
        restarts: u64,
    ) -> Result<(), Halt> {
        let Job { input, output } = self.jobs[layout.picture()].clone();
        let written = match answer {
            Ok(written) => written,
            Err(error) => Err(PictureError::Unwritable {
                path: output.clone(),
                cause: match error {
                    AskError::NoReply { .. } => "the joiner had to be restarted".to_owned(),
                    error => mishap(error)?.to_string(),
                },
            }),
        };
        match written {
            Ok(time) => heard(self.report.add(&PictureReport {
                input,
                output,
                filter: self.filter,
                size: layout.size(),
                strips: layout.strips(),
                time,
                restarts,
            })),
            Err(PictureError::CalledOff { .. }) => Err(Halt::Interrupted),
            Err(error) => {
                self.complain(&error);
                Ok(())
            }
        }
    }

    /// A picture cannot be finished, or could not be begun.
    pub(super) fn give_up(&mut self, number: usize, error: &PictureError) {
        let place = self.place(number);
        let strips = match place.and_then(|place| self.under_way.remove(place)) {
            Some(picture) => picture.layout.strips() - picture.filtered,
            None => self.promised[number],
        };
        self.progress.give_up(strips as u64);
        self.complain(error);
    }

    /// The run is over; tells the rest and says what the process is to end with.
    pub(super) fn close(&mut self, ended: Result<(), Halt>) -> i32 {
        self.progress.finish();
        let told = match &ended {
            Err(Halt::Unread | Halt::Report(_)) => Ok(()),
            _ => heard(self.report.finish()),
        };
        match ended.and(told) {
            Ok(()) => i32::from(!self.complete),
            Err(Halt::Unread) => 0,
            // Whoever has raised the interrupt knows the exit code, and needs no telling.
            Err(Halt::Interrupted) => 1,
            Err(halt) => {
                self.progress.complain(format!("image-pipeline: {halt}"));
                1
            }
        }
    }

    fn complain(&mut self, error: &PictureError) {
        self.complete = false;
        self.progress.complain(error);
    }

    fn place(&self, number: usize) -> Option<usize> {
        let is_it = |picture: &UnderWay| picture.layout.picture() == number;
        self.under_way.iter().position(is_it)
    }
}

fn heard(told: std::io::Result<ControlFlow<()>>) -> Result<(), Halt> {
    match told {
        Ok(ControlFlow::Continue(())) => Ok(()),
        Ok(ControlFlow::Break(())) => Err(Halt::Unread),
        Err(error) => Err(Halt::Report(error)),
    }
}
