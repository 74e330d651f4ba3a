//! What a pool knows of a task beside its message.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::alarm::Kept;
use crate::backoff::Backoff;
use crate::letters::Redelivery;
use crate::protocol::Protocol;
use crate::rt::lock;

use super::queue::Rank;

/// The options of one task, and where it is.
pub(crate) struct Task<M: Protocol> {
    pub(crate) options: TaskOptions<M>,
    cancelled: Arc<AtomicBool>,
    state: Mutex<TaskState<M>>,
}

pub(crate) struct TaskOptions<M> {
    pub(crate) priority: i32,
    pub(crate) key: Option<u64>,
    /// How long it may wait for its run.
    pub(crate) patience: Option<Duration>,
    /// How long a run may take.
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<Retry<M>>,
    pub(crate) progress: Option<Progress>,
}

/// A closure that takes what the handler reports: a [`Report`] of one type.
pub(crate) type Progress = Box<dyn Any + Send + Sync>;
pub(crate) type Report<P> = Box<dyn Fn(P) + Send + Sync>;

/// How a task is tried again whose worker has died.
pub(crate) struct Retry<M> {
    pub(crate) limit: u32,
    pub(crate) backoff: Backoff,
    pub(crate) clone: fn(&M) -> M,
}

struct TaskState<M: Protocol> {
    /// The worker's life that has it in hand.
    run: Option<Run<M>>,
    /// Its place in the order, once it has one.
    rank: Option<Rank>,
    /// What is to happen if nothing else does before.
    due: Option<Kept>,
    /// Nothing is to happen any more.
    over: bool,
}

/// An actor that does tasks.
pub(crate) trait Worker<M: Protocol>: Send + Sync {
    /// If `life` has the task in hand: tells it to come to an end, and its asker why it gets no
    /// answer.
    fn cut(&self, life: u64, task: &Arc<Task<M>>, why: Cut) -> bool;

    /// If `life` still has the task in hand, it is left behind.
    fn leave_stuck(&self, life: u64, task: &Arc<Task<M>>);

    /// Its cell.
    fn cell(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

/// Why a task is not to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Cancelled,
    TimedOut,
}

/// Where a task runs.
pub(crate) struct Run<M: Protocol> {
    pub(crate) worker: Arc<dyn Worker<M>>,
    pub(crate) life: u64,
}

impl<M: Protocol> Clone for Run<M> {
    fn clone(&self) -> Self {
        Run {
            worker: Arc::clone(&self.worker),
            life: self.life,
        }
    }
}

impl<M> Default for TaskOptions<M> {
    fn default() -> Self {
        TaskOptions {
            priority: 0,
            key: None,
            patience: None,
            timeout: None,
            retry: None,
            progress: None,
        }
    }
}

impl<M: Protocol> Task<M> {
    pub(crate) fn new(options: TaskOptions<M>) -> Self {
        Task {
            options,
            cancelled: Arc::default(),
            state: Mutex::new(TaskState {
                run: None,
                rank: None,
                due: None,
                over: false,
            }),
        }
    }

    /// Whether nobody waits for its end any more, because it was cancelled or is late.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Tells whether it was cancelled, and keeps nothing of it alive.
    pub(super) fn cancelled(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// False if it was before.
    pub(crate) fn cancel(&self) -> bool {
        !self.cancelled.swap(true, Ordering::Relaxed)
    }

    /// Whether it comes to an end in time, whatever anybody does.
    pub(crate) fn ends_by_itself(&self) -> bool {
        self.options.patience.is_some() && self.options.timeout.is_some()
    }

    /// Keeps a time for a task that waits; one that has been begun, or is to be tried again, has
    /// another.
    pub(super) fn set_due_while_waiting(&self, due: Option<Kept>) {
        let old = {
            let mut state = lock(&self.state);
            match state.run.is_none() && state.due.is_none() && !state.over {
                true => std::mem::replace(&mut state.due, due),
                false => due,
            }
        };
        drop(old);
    }

    /// It is settled: nothing that was due keeps it, and what it was given, any longer.
    pub(crate) fn end(&self) {
        let old = {
            let mut state = lock(&self.state);
            state.over = true;
            (state.run.take(), state.due.take())
        };
        drop(old);
    }

    /// How a copy of its message is to be kept for another worker.
    pub(crate) fn redelivery(&self) -> Option<Redelivery<M>> {
        let retry = self.options.retry.as_ref()?;
        Some(Redelivery {
            limit: retry.limit,
            clone: retry.clone,
        })
    }

    pub(super) fn rank(&self) -> Option<Rank> {
        lock(&self.state).rank
    }

    pub(super) fn set_rank(&self, rank: Rank) {
        lock(&self.state).rank = Some(rank);
    }

    pub(crate) fn run(&self) -> Option<Run<M>> {
        lock(&self.state).run.clone()
    }

    /// Begins or ends a run; what was due is due no more.
    pub(crate) fn set_run(&self, run: Option<Run<M>>) {
        let old = {
            let mut state = lock(&self.state);
            (std::mem::replace(&mut state.run, run), state.due.take())
        };
        drop(old);
    }

    pub(crate) fn set_due(&self, due: Option<Kept>) {
        let old = {
            let mut state = lock(&self.state);
            match state.over {
                true => due,
                false => std::mem::replace(&mut state.due, due),
            }
        };
        drop(old);
    }

    /// Hands a report to whoever listens for its type, or back.
    pub(crate) fn report<P: 'static>(&self, value: P) -> Result<(), P> {
        let listener = self.options.progress.as_ref();
        match listener.and_then(|progress| progress.downcast_ref::<Report<P>>()) {
            Some(report) => {
                report(value);
                Ok(())
            }
            None => Err(value),
        }
    }
}
