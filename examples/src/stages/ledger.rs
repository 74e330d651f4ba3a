//! What is known of each picture until it is told.

use std::collections::VecDeque;
use std::io::{Stdout, stdout};
use std::ops::ControlFlow;

use super::halt::Halt;
use super::joiner::{Outcome, Written};
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

/// A picture that was opened and is not told yet.
#[derive(Debug)]
struct UnderWay {
    layout: Layout,
    /// It may be known while that of a picture before it is not.
    outcome: Option<Outcome>,
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
    pub(super) fn begin(&mut self, layout: Layout) {
        self.progress.picture(self.jobs[layout.picture()].name());
        self.under_way.push_back(UnderWay {
            layout,
            outcome: None,
        });
    }

    /// How many pictures are opened and not told.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Whether this one is, and has no outcome either.
    pub(super) fn is_under_way(&self, number: usize) -> bool {
        let is_it =
            |picture: &UnderWay| picture.layout.picture() == number && picture.outcome.is_none();
        self.under_way.iter().any(is_it)
    }

    /// A picture has come to its end. It is told as soon as all before it are, and once.
    pub(super) fn end(&mut self, outcome: Outcome) -> Result<(), Halt> {
        let of_it = |picture: &&mut UnderWay| picture.layout.picture() == outcome.picture;
        if let Some(picture) = self.under_way.iter_mut().find(of_it) {
            picture.outcome.get_or_insert(outcome);
        }
        while let Some(first) = self.under_way.front_mut()
            && let Some(outcome) = first.outcome.take()
        {
            let layout = first.layout;
            self.under_way.pop_front();
            self.tell(layout, outcome)?;
        }
        Ok(())
    }

    fn tell(&mut self, layout: Layout, outcome: Outcome) -> Result<(), Halt> {
        let Job { input, output } = self.jobs[layout.picture()].clone();
        match outcome.written {
            Ok(Written { time, restarts }) => heard(self.report.add(&PictureReport {
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
                let missing = layout.strips() - outcome.placed;
                self.give_up(missing, &error);
                Ok(())
            }
        }
    }

    /// A picture could not even be opened.
    pub(super) fn cannot_begin(&mut self, number: usize, error: &PictureError) {
        self.give_up(self.promised[number], error);
    }

    fn give_up(&mut self, strips: usize, error: &PictureError) {
        self.complete = false;
        self.progress.give_up(strips as u64);
        self.progress.complain(error);
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
}

fn heard(told: std::io::Result<ControlFlow<()>>) -> Result<(), Halt> {
    match told {
        Ok(ControlFlow::Continue(())) => Ok(()),
        Ok(ControlFlow::Break(())) => Err(Halt::Unread),
        Err(error) => Err(Halt::Report(error)),
    }
}
