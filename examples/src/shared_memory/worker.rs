//! Adds to the counters.

use actor_core::SharedArray;
use actor_core::prelude::*;

use super::gate::Gate;

/// What a worker starts with. All but the gate and the counters are its own.
#[derive(Debug, Clone)]
pub(super) struct Worker {
    pub(super) counters: SharedArray<i32>,
    pub(super) gate: Gate,
    pub(super) rounds: u32,
    pub(super) careless: bool,
}

#[actor]
impl Worker {
    /// Adds 1 so often, once the gate is open, and answers when that is done.
    pub(super) fn count(&mut self) {
        self.gate.pass();
        for round in 0..self.rounds as usize {
            let index = round % self.counters.len();
            if self.careless {
                // What another adds between the two is lost.
                let number = self.counters.load(index);
                self.counters.store(index, number + 1);
            } else {
                self.counters.add(index, 1);
            }
        }
    }
}

impl Actor for Worker {
    type Args = Worker;

    fn start(_ctx: &mut Context<Self>, worker: &Worker) -> Result<Self, Failure> {
        Ok(worker.clone())
    }
}
