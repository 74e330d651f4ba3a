//! The workers, as whoever hands out strips sees them.

use std::collections::VecDeque;

use actor_core::{ExitReason, Pending};

use super::halt::{Halt, mishap};
use super::worker::{Filtered, WorkerHandle, WorkerMessage};
use crate::image_pipeline::{CrashPlan, Strip, StripId};

/// Strips under way for each worker: one in hand, and others waiting so that it need not wait for
/// us.
const STRIPS_A_WORKER: usize = 3;

/// Hands strips to workers, and keeps a bounded number of them under way. A strip that its worker
/// failed with stays under way: it is redelivered.
///
/// Answers are gathered in the order of the questions. A strip that takes longer than its
/// neighbours holds up the gathering, not the workers: each has further strips in its mailbox.
#[derive(Debug)]
pub(super) struct Crew {
    workers: Vec<WorkerHandle>,
    under_way: VecDeque<Task>,
    crashes: CrashPlan,
}

#[derive(Debug)]
struct Task {
    id: StripId,
    worker: usize,
    answer: Pending<WorkerMessage, Filtered>,
}

/// What became of a strip.
#[derive(Debug)]
pub(super) enum Done {
    Filtered(Filtered),
    /// Each of its attempts failed, the last one for this reason.
    GivenUp(StripId, ExitReason),
}

impl Crew {
    pub(super) fn new(workers: Vec<WorkerHandle>, crashes: CrashPlan) -> Crew {
        Crew {
            workers,
            under_way: VecDeque::new(),
            crashes,
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
        let fewest = (0..load.len()).min_by_key(|&worker| load[worker]);
        let (id, worker) = (strip.id(), fewest.unwrap_or(0));
        let crash = self.crashes.hand_out();
        let answer = self.workers[worker].filter(strip, crash).send()?;
        self.under_way.push_back(Task { id, worker, answer });
        Ok(())
    }

    /// Waits for the strip that was handed out first; none, if none is under way.
    pub(super) fn gather(&mut self) -> Result<Option<Done>, Halt> {
        let Some(task) = self.under_way.pop_front() else {
            return Ok(None);
        };
        Ok(Some(match task.answer.wait() {
            Ok(filtered) => Done::Filtered(filtered),
            Err(error) => Done::GivenUp(task.id, mishap(error)?),
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use actor_core::prelude::*;
    use actor_core::{Event, EventKind, SupervisorHandle};

    use super::super::worker::{REDELIVERIES, Worker};
    use super::*;
    use crate::image_pipeline::{Filter, Layout, Picture, Size};

    /// Two workers that may be restarted so often.
    fn crew(system: &System, every: u64, limit: usize) -> (Crew, SupervisorHandle) {
        let mut workers = ["first", "second"]
            .map(|name| system.spec::<Worker>(()).name(name).redeliver(REDELIVERIES));
        let handles = workers.each_mut().map(|worker| worker.handle()).to_vec();
        let mut tree = Supervisor::one_for_one().intensity(limit, std::time::Duration::MAX);
        for worker in workers {
            tree = tree.child(worker);
        }
        let supervisor = system.spawn::<Supervisor>(tree).unwrap();
        let crashes = CrashPlan::new(NonZeroU64::new(every));
        (Crew::new(handles, crashes), supervisor)
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
        let mut events = system.events();
        let (mut crew, _) = crew(&system, 1, 4);
        for strip in strips() {
            crew.hand_out(strip).unwrap();
        }
        let mut done = Vec::new();
        while let Some(Done::Filtered(filtered)) = crew.gather().unwrap() {
            done.push((filtered.strip.id().index, filtered.restarts));
        }
        assert_eq!(done, [(0, 1), (1, 1), (2, 1), (3, 1)]);
        let restarted = |event: &Event| matches!(event.kind, EventKind::Restarted { .. });
        let told = std::iter::from_fn(|| events.try_next());
        assert_eq!(told.filter(restarted).count(), 4);
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
                Done::Filtered(filtered) => (filtered.strip.id(), "filtered".to_owned()),
                Done::GivenUp(id, reason) => (id, reason.to_string()),
            });
        }
        assert_eq!(told[0].0, first.id());
        assert!(told[0].1.starts_with("panicked: "), "{told:?}");
        assert_eq!(told[1], (last.id(), "filtered".to_owned()));
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
