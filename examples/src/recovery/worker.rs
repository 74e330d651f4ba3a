//! Does tasks, and writes down how they go.

use std::panic::resume_unwind;

use actor_core::prelude::*;
use tracing::{error, info, warn};

use super::task::{Kind, Refused, Task};

pub(super) struct Worker;

#[actor]
impl Worker {
    /// Does a task. What it returns is an answer, be it an error; only a panic ends this life.
    pub(super) fn run(&mut self, ctx: &mut Context<Self>, task: Task) -> Result<i64, Refused> {
        let Task {
            number,
            kind,
            value,
        } = task;
        info!(task = number, %kind, value, "begins");
        let done = match kind {
            Kind::Normal => Ok(2 * value),
            Kind::Error => Err(Refused::Negative(value)),
            Kind::Crash => {
                error!(task = number, "will crash");
                // Unlike `panic!` it passes over the panic hook: what is planned is not to show on
                // stderr.
                resume_unwind(Box::new("a planned crash"))
            }
            // Woken up before that when its time is over.
            Kind::Timeout(takes) => match ctx.sleep(takes) {
                true => Ok(2 * value),
                false => Err(Refused::Cut),
            },
        };
        match &done {
            Ok(result) => info!(task = number, result, "done"),
            Err(why) => warn!(task = number, %why, "not done"),
        }
        done
    }

    /// The life that is at work, once it has nothing in hand.
    pub(super) fn life(&mut self, ctx: &mut Context<Self>) -> (String, u64) {
        (format!("{}-{}.log", ctx.name(), ctx.id().get()), ctx.life())
    }
}

impl Actor for Worker {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        info!("ready");
        Ok(Worker)
    }
}
