//! Cancelling a task from anywhere.

use std::fmt;
use std::sync::Arc;

use crate::cell::Cell;
use crate::protocol::Protocol;

use super::task::Task;

/// Cancels one task of a pool; made by [`Pending::canceller`](crate::Pending::canceller). It may be
/// cloned and given to other threads.
#[derive(Clone)]
pub struct Canceller {
    task: Arc<dyn Cancel>,
}

trait Cancel: Send + Sync {
    fn cancel(&self) -> bool;
}

struct Of<M: Protocol> {
    pool: Arc<Cell<M>>,
    task: Arc<Task<M>>,
}

impl<M: Protocol> Cancel for Of<M> {
    fn cancel(&self) -> bool {
        self.pool.kernel.rt.point();
        self.pool.cancel_task(&self.task)
    }
}

impl Canceller {
    pub(crate) fn new<M: Protocol>(pool: &Arc<Cell<M>>, task: &Arc<Task<M>>) -> Self {
        Canceller {
            task: Arc::new(Of {
                pool: Arc::clone(pool),
                task: Arc::clone(task),
            }),
        }
    }

    /// Cancels the task; its asker gets [`AskError::Cancelled`](crate::AskError::Cancelled) at once.
    /// One that waits is taken out of the queue. One that runs is told by
    /// [`Context::cancelled`](crate::Context::cancelled), and left behind if it does not return
    /// within the pool's [`grace`](super::PoolSpec::grace). False if it was over, or cancelled before.
    pub fn cancel(&self) -> bool {
        self.task.cancel()
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canceller").finish_non_exhaustive()
    }
}
