//! Does one task after the other.

use std::time::Duration;

use actor_core::prelude::*;
use num_bigint::BigUint;

use super::solve::{Unsolvable, solve};
use super::task::Task;
use crate::stopwatch::Stopwatch;

pub(super) struct Worker;

/// What became of a task.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) result: Result<BigUint, Unsolvable>,
    /// The name of who did it.
    pub(super) worker: String,
    /// How long that took, without waiting for a free worker.
    pub(super) time: Duration,
}

#[actor]
impl Worker {
    /// Does a task. That one cannot be done is an answer, and no failure of the worker.
    pub(super) fn work(&mut self, ctx: &mut Context<Self>, task: Task) -> Answer {
        let began = Stopwatch::start();
        let result = solve(task);
        Answer {
            result,
            worker: ctx.name().to_owned(),
            time: began.elapsed(),
        }
    }
}

impl Actor for Worker {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Worker)
    }
}
