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
    /// How often the supervisor has restarted a worker because of its strips.
    restarts: u64,
    written: Pending<JoinerMessage, Written>,
}

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
            restarts: 0,
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

    /// One more strip of a picture is filtered, and has cost so many restarts; false if that is of
    /// no use any more.
    pub(super) fn filtered(&mut self, number: usize, restarts: u32) -> bool {
        let place = self.place(number);
        if let Some(place) = place {
            let picture = &mut self.under_way[place];
            picture.filtered += 1;
            picture.restarts += u64::from(restarts);
            self.progress.advance();
        }
        place.is_some()
    }

    /// Ends the pictures that the joiner is done with, in the order in which they were begun.
    pub(super) fn end_done(&mut self) -> Result<(), Halt> {
        while let Some(first) = self.under_way.front_mut()
            && let Some(answer) = first.written.try_wait().transpose()
        {
            let (layout, restarts) = (first.layout, first.restarts);
            self.under_way.pop_front();
            self.end(layout, restarts, answer)?;
        }
        Ok(())
    }

    /// Waits until the joiner is done with the picture that was begun first, and ends it.
    pub(super) fn end_first(&mut self) -> Result<(), Halt> {
        match self.under_way.pop_front() {
            Some(first) => self.end(first.layout, first.restarts, first.written.wait()),
            None => Ok(()),
        }
    }

    /// A picture has come to its end, and the joiner says this of it.
    fn end(
        &mut self,
        layout: Layout,
        restarts: u64,
        answer: Result<Written, AskError>,
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
