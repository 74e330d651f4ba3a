//! Which picture each restart is put down to.

use std::collections::{BTreeMap, HashMap, VecDeque};

use actor_core::ActorId;

/// Counts what the supervisor did, picture by picture.
///
/// The event of a restart names the worker and not the strip, and a failed answer names no life.
/// But a worker does one strip at a time, so its first failure belongs to its first restart, the
/// second to the second, whichever of the two is heard of earlier.
#[derive(Debug, Default)]
pub(super) struct Restarts {
    workers: HashMap<ActorId, Unmatched>,
    pictures: BTreeMap<usize, u64>,
}

/// What is known of one worker and has not found its other half yet.
#[derive(Debug, Default)]
struct Unmatched {
    /// The pictures whose strips it failed on.
    failures: VecDeque<usize>,
    restarts: usize,
}

impl Restarts {
    /// Restarts of any other actors than these are nobody's.
    pub(super) fn of(workers: impl IntoIterator<Item = ActorId>) -> Restarts {
        Restarts {
            workers: workers
                .into_iter()
                .map(|id| (id, Unmatched::default()))
                .collect(),
            pictures: BTreeMap::new(),
        }
    }

    /// The supervisor has restarted a worker.
    pub(super) fn restarted(&mut self, worker: ActorId) {
        self.note(worker, |worker| worker.restarts += 1);
    }

    /// A worker failed on a strip of this picture.
    pub(super) fn failed(&mut self, worker: ActorId, picture: usize) {
        self.note(worker, |worker| worker.failures.push_back(picture));
    }

    /// How many restarts a picture has cost so far.
    pub(super) fn of_picture(&self, picture: usize) -> u64 {
        self.pictures.get(&picture).copied().unwrap_or(0)
    }

    fn note(&mut self, worker: ActorId, note: impl FnOnce(&mut Unmatched)) {
        let Some(worker) = self.workers.get_mut(&worker) else {
            return;
        };
        note(worker);
        while worker.restarts > 0
            && let Some(picture) = worker.failures.pop_front()
        {
            worker.restarts -= 1;
            *self.pictures.entry(picture).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use actor_core::prelude::*;

    use super::super::worker::Worker;
    use super::*;

    fn ids() -> [ActorId; 3] {
        let system = System::new("ids").unwrap();
        std::array::from_fn(|_| system.spec::<Worker>(()).handle().id())
    }

    #[test]
    fn failures_and_restarts_find_each_other_in_whatever_order_they_are_heard_of() {
        let [one, two, _] = ids();
        let mut restarts = Restarts::of([one, two]);
        restarts.failed(one, 0);
        restarts.failed(one, 1);
        restarts.restarted(two);
        assert_eq!([0, 1].map(|picture| restarts.of_picture(picture)), [0, 0]);
        restarts.restarted(one);
        assert_eq!([0, 1].map(|picture| restarts.of_picture(picture)), [1, 0]);
        restarts.failed(two, 1);
        restarts.restarted(one);
        assert_eq!([0, 1].map(|picture| restarts.of_picture(picture)), [1, 2]);
    }

    #[test]
    fn restarts_of_others_do_not_count() {
        let [one, two, other] = ids();
        let mut restarts = Restarts::of([one, two]);
        restarts.restarted(other);
        restarts.failed(one, 0);
        assert_eq!(restarts.of_picture(0), 0);
    }
}
