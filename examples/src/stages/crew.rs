//! The workers, as whoever hands out strips sees them.

use std::collections::VecDeque;

use actor_core::{EventKind, Events, ExitReason, Pending};

use super::halt::{Halt, mishap};
use super::restarts::Restarts;
use super::worker::{WorkerHandle, WorkerMessage};
use crate::image_pipeline::{CrashPlan, FilteredStrip, Strip, StripId};

/// Strips under way for each worker: one in hand, and others waiting so that it need not wait for
/// us.
const STRIPS_A_WORKER: usize = 3;
/// A strip that fails its worker so often is given up, for it would do so for ever.
const ATTEMPTS: u32 = 3;

/// Hands strips to workers, keeps a bounded number of them under way, and asks again when a worker
/// fails.
///
/// Answers are gathered in the order of the questions. A strip that takes longer than its
/// neighbours holds up the gathering, not the workers: each has further strips in its mailbox.
#[derive(Debug)]
pub(super) struct Crew {
    workers: Vec<WorkerHandle>,
    under_way: VecDeque<Task>,
    crashes: CrashPlan,
    restarts: Restarts,
    events: Events,
}

#[derive(Debug)]
struct Task {
    /// A second owner of the strip's bytes, to ask again with.
    strip: Strip,
    worker: usize,
    attempt: u32,
    answer: Pending<WorkerMessage, FilteredStrip>,
}

/// What became of a strip.
#[derive(Debug)]
pub(super) enum Done {
    Filtered(FilteredStrip),
    /// Each of its attempts failed, the last one for this reason.
    GivenUp(StripId, ExitReason),
}

impl Crew {
    /// `events` are those of the system that the workers live in, from before their first strip.
    pub(super) fn new(workers: Vec<WorkerHandle>, crashes: CrashPlan, events: Events) -> Crew {
        Crew {
            restarts: Restarts::of(workers.iter().map(|worker| worker.id())),
            workers,
            under_way: VecDeque::new(),
            crashes,
            events,
        }
    }

    /// Whether a strip has to be gathered before the next is handed out.
    pub(super) fn is_full(&self) -> bool {
        self.under_way.len() >= self.workers.len() * STRIPS_A_WORKER
    }

    /// Hands a strip to the worker with the fewest.
    pub(super) fn hand_out(&mut self, strip: Strip) -> Result<(), Halt> {
        let mut load = vec![0; self.workers.len()];
        for task in &self.under_way {
            load[task.worker] += 1;
        }
        let worker = (0..load.len()).min_by_key(|&worker| load[worker]);
        self.ask(worker.unwrap_or(0), strip, 1)
    }

    /// Waits for the strip that was handed out first; none, if none is under way.
    pub(super) fn gather(&mut self) -> Result<Option<Done>, Halt> {
        while let Some(task) = self.under_way.pop_front() {
            let reason = match task.answer.wait() {
                Ok(filtered) => return Ok(Some(Done::Filtered(filtered))),
                Err(error) => mishap(error)?,
            };
            let (worker, id) = (self.workers[task.worker].id(), task.strip.id());
            self.restarts.failed(worker, id.picture);
            if task.attempt == ATTEMPTS {
                return Ok(Some(Done::GivenUp(id, reason)));
            }
            // The same worker: its next life answers, and then the restart has been told of.
            self.ask(task.worker, task.strip, task.attempt + 1)?;
        }
        Ok(None)
    }

    /// How many restarts the strips of this picture have caused.
    pub(super) fn restarts(&mut self, picture: usize) -> u64 {
        self.listen();
        self.restarts.of_picture(picture)
    }

    fn ask(&mut self, worker: usize, strip: Strip, attempt: u32) -> Result<(), Halt> {
        self.listen();
        let crash = self.crashes.hand_out(strip.id());
        let answer = self.workers[worker].filter(strip.clone(), crash).send()?;
        self.under_way.push_back(Task {
            strip,
            worker,
            attempt,
            answer,
        });
        Ok(())
    }

    /// Takes in the events before they are too many to be kept for us.
    fn listen(&mut self) {
        while let Some(event) = self.events.try_next() {
            if matches!(event.kind, EventKind::Restarted { .. }) {
                self.restarts.restarted(event.actor.id());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use actor_core::SupervisorHandle;
    use actor_core::prelude::*;

    use super::super::worker::Worker;
    use super::*;
    use crate::image_pipeline::{Filter, Layout, Picture, Size};

    /// Two workers that may be restarted so often.
    fn crew(system: &System, every: u64, limit: usize) -> (Crew, SupervisorHandle) {
        let events = system.events();
        let mut workers = [(); 2].map(|()| system.spec::<Worker>(()));
        let handles = workers.each_mut().map(|worker| worker.handle()).to_vec();
        let mut tree = Supervisor::one_for_one().intensity(limit, std::time::Duration::MAX);
        for worker in workers {
            tree = tree.child(worker);
        }
        let supervisor = system.spawn::<Supervisor>(tree).unwrap();
        let crashes = CrashPlan::new(NonZeroU64::new(every));
        (Crew::new(handles, crashes, events), supervisor)
    }

    fn strips() -> Vec<Strip> {
        let size = Size::new(3, 64).unwrap();
        let picture = Picture::new(size, true, vec![7; size.bytes()]);
        let layout = Layout::new(0, size, Filter::Invert);
        layout
            .ids()
            .filter_map(|id| layout.cut(&picture, id))
            .collect()
    }

    #[test]
    fn each_strip_that_crashes_is_done_again_and_costs_a_restart() {
        let system = System::new("crew").unwrap();
        let (mut crew, _) = crew(&system, 1, 4);
        for strip in strips() {
            crew.hand_out(strip).unwrap();
        }
        let mut done = Vec::new();
        while let Some(Done::Filtered(strip)) = crew.gather().unwrap() {
            done.push(strip.id().index);
        }
        done.sort_unstable();
        assert_eq!(done, [0, 1, 2, 3]);
        assert_eq!(crew.restarts(0), 4);
    }

    #[test]
    fn a_strip_that_always_fails_is_given_up_and_the_others_are_done() {
        let system = System::new("crew").unwrap();
        let (mut crew, _) = crew(&system, 0, 3);
        let [first, .., last] = &strips()[..] else {
            unreachable!("there are four");
        };
        crew.hand_out(first.clone().that_panics()).unwrap();
        crew.hand_out(last.clone()).unwrap();
        let mut told = Vec::new();
        while let Some(done) = crew.gather().unwrap() {
            told.push(match done {
                Done::Filtered(strip) => (strip.id(), "filtered".to_owned()),
                Done::GivenUp(id, reason) => (id, reason.to_string()),
            });
        }
        assert_eq!(told[0], (last.id(), "filtered".to_owned()));
        assert_eq!(told[1].0, first.id());
        assert!(told[1].1.starts_with("panicked: "), "{told:?}");
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn without_workers_nothing_waits_for_ever() {
        let system = System::new("crew").unwrap();
        let (mut crew, supervisor) = crew(&system, 1, 0);
        for strip in strips() {
            let _ = crew.hand_out(strip);
        }
        assert!(matches!(crew.gather(), Err(Halt::Deserted(_))));
        assert!(matches!(supervisor.join(), ExitReason::Shutdown(Some(_))));
    }
}
