//! What ends a task early: its caller, or the clock.
//!
//! The system's root thread keeps the times. What has been done with a task meanwhile is found out
//! under the lock of whoever has it: the pool's cell while it waits, the worker's while it runs.

use std::any::Any;
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Duration;

use crate::alarm::Kept;
use crate::cell::Cell;
use crate::envelope::Envelope;
use crate::error::AskError;
use crate::events::DeadLetterCause;
use crate::graph::Refusable;
use crate::id::Identity;
use crate::protocol::Protocol;

use super::task::{Cut, Run, Task, Worker};

/// A time that a task was given, and is over.
struct Overdue<M: Protocol> {
    pool: Arc<Cell<M>>,
    task: Arc<Task<M>>,
    matter: Matter<M>,
}

enum Matter<M: Protocol> {
    /// It has waited too long.
    Patience,
    /// Its run has taken too long.
    Run(Run<M>),
    /// It was cut, and has not come to an end.
    Grace(Run<M>),
    /// It is to be tried again.
    Retry(u64),
}

impl<M: Protocol> Wake for Overdue<M> {
    fn wake(self: Arc<Self>) {
        let Overdue { pool, task, matter } = &*self;
        match matter {
            Matter::Patience => drop(pool.withdraw_task(task, Cut::TimedOut)),
            Matter::Run(run) => drop(pool.cut_run(task, run, Cut::TimedOut)),
            Matter::Grace(run) => run.worker.leave_stuck(run.life, task),
            Matter::Retry(number) => pool.has_waited(*number),
        }
    }
}

impl<M: Protocol> Cell<M> {
    fn keep(
        self: &Arc<Self>,
        task: &Arc<Task<M>>,
        after: Duration,
        matter: Matter<M>,
    ) -> Option<Kept> {
        let overdue = Overdue {
            pool: Arc::clone(self),
            task: Arc::clone(task),
            matter,
        };
        let at = self.kernel.rt.after(after)?;
        Kept::new(&self.kernel, at, Waker::from(Arc::new(overdue)))
    }

    fn remind(self: &Arc<Self>, task: &Arc<Task<M>>, after: Duration, matter: Matter<M>) {
        task.set_due(self.keep(task, after, matter));
    }

    /// A task waits in the queue from now on.
    pub(crate) fn watch_wait(self: &Arc<Self>, task: &Arc<Task<M>>) {
        if let Some(patience) = task.options.patience {
            let due = self.keep(task, patience, Matter::Patience);
            task.set_due_while_waiting(due);
        }
    }

    /// A worker begins with a task.
    pub(crate) fn watch_run(self: &Arc<Self>, task: &Arc<Task<M>>) {
        let Some(run) = task.run() else {
            return;
        };
        if let Some(timeout) = task.options.timeout {
            self.remind(task, timeout, Matter::Run(run.clone()));
        }
        // Whoever cut it meanwhile has counted on its grace.
        if task.is_cancelled() {
            self.remind(task, self.grace(), Matter::Grace(run));
        }
    }

    fn count_cut(&self, why: Cut) {
        if let Some(queue) = &mut self.state().queue {
            queue.count_cut(why);
        }
    }

    fn grace(&self) -> Duration {
        let state = self.state();
        let queue = state.queue.as_ref();
        queue.map_or(Duration::ZERO, |queue| queue.grace)
    }

    /// Ends a task, wherever it is; false if it is over.
    pub(super) fn cancel_task(self: &Arc<Self>, task: &Arc<Task<M>>) -> bool {
        if self.withdraw_task(task, Cut::Cancelled) {
            return true;
        }
        // It has begun, for a worker takes it under the lock under which we looked.
        let run = task.run();
        run.is_some_and(|run| self.cut_run(task, &run, Cut::Cancelled))
    }

    /// Takes a task out of the queue, if it waits there.
    fn withdraw_task(&self, task: &Arc<Task<M>>, why: Cut) -> bool {
        let (found, room, life) = {
            let mut state = self.state();
            let Some(queue) = &mut state.queue else {
                return false;
            };
            let found = queue.withdraw(|envelope| {
                let of = envelope.task.as_ref();
                of.is_some_and(|of| Arc::ptr_eq(of, task))
            });
            if found.is_none() {
                return false;
            }
            queue.count_cut(why);
            self.mailbox.began(1);
            (found, std::mem::take(&mut state.room), state.life)
        };
        task.cancel();
        self.wake(room);
        let cause = match why {
            Cut::Cancelled => DeadLetterCause::Cancelled,
            Cut::TimedOut => DeadLetterCause::Expired,
        };
        if let Some(letter) = found {
            self.discard(letter, life, cause, |actor, message| {
                why.error(actor, message)
            });
        }
        self.counted_out();
        true
    }

    fn cut_run(self: &Arc<Self>, task: &Arc<Task<M>>, run: &Run<M>, why: Cut) -> bool {
        if !run.worker.cut(run.life, task, why) {
            return false;
        }
        self.remind(task, self.grace(), Matter::Grace(run.clone()));
        true
    }

    /// A task whose worker has died waits for another.
    pub(crate) fn try_again(self: &Arc<Self>, envelope: Envelope<M>) {
        let Some(task) = envelope.task.clone() else {
            return;
        };
        let delay = task.options.retry.as_ref().map_or(Duration::ZERO, |retry| {
            let failures = envelope.attempts.saturating_sub(1);
            retry.backoff.delay(failures, self.kernel.rt.random())
        });
        task.set_run(None);
        let graph = &self.kernel.graph;
        let ticket = envelope.ticket();
        if let Some(ticket) = ticket {
            // Told below, once the question is where it can be found.
            drop(graph.line_up(ticket, self.identity.id()));
        }
        self.mailbox.readmit();
        match delay.is_zero() {
            true => self.admit(envelope),
            false => self.admit_later(envelope, &task, delay),
        }
        if let Some(ticket) = ticket
            && let Some(cycle) = graph.take_refusal(ticket)
        {
            self.refuse(ticket, cycle);
        }
    }

    fn admit_later(self: &Arc<Self>, envelope: Envelope<M>, task: &Arc<Task<M>>, delay: Duration) {
        let (number, closed) = {
            let mut state = self.state();
            let Some(queue) = &mut state.queue else {
                return;
            };
            (queue.delay(envelope), self.mailbox.is_closed())
        };
        match closed {
            true => self.sweep(),
            false => self.remind(task, delay, Matter::Retry(number)),
        }
    }

    /// A task is to be tried again now.
    fn has_waited(&self, number: u64) {
        let envelope = {
            let mut state = self.state();
            let queue = state.queue.as_mut();
            queue.and_then(|queue| queue.delayed.remove(&number))
        };
        if let Some(envelope) = envelope {
            self.admit(envelope);
        }
    }
}

impl<M: Protocol> Worker<M> for Cell<M> {
    fn cut(&self, life: u64, task: &Arc<Task<M>>, why: Cut) -> bool {
        let (reply, message) = {
            let Some(mut state) = self.state_of(life) else {
                return false;
            };
            let in_hand = state.in_hand.as_mut();
            let Some(in_hand) = in_hand.filter(|in_hand| in_hand.has(task)) else {
                return false;
            };
            if !task.cancel() {
                return false;
            }
            // Under the lock of the worker, who is not done with it before it is counted.
            let pool = self.pool.as_ref();
            pool.into_iter().for_each(|pool| pool.count_cut(why));
            (in_hand.reply.take(), in_hand.name)
        };
        // It may be asleep in its handler.
        self.mailbox.bell.ring();
        if let Some(reply) = reply {
            let error = why.error(self.identity.clone(), message);
            reply.send(&self.kernel.graph, Err(error));
        }
        true
    }

    fn leave_stuck(&self, life: u64, task: &Arc<Task<M>>) {
        let record = self.leave_behind_if(life, |state| {
            let in_hand = state.in_hand.as_ref();
            in_hand.is_some_and(|in_hand| in_hand.has(task))
        });
        if let Some(record) = record {
            record.abandon_elsewhere();
        }
    }

    fn cell(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl Cut {
    fn error(self, actor: Identity, message: &'static str) -> AskError {
        match self {
            Cut::Cancelled => AskError::Cancelled { actor, message },
            Cut::TimedOut => AskError::Timeout { actor, message },
        }
    }
}
