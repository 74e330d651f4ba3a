//! What can be done with a pool.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::actor::Actor;
use crate::actor_ref::ActorRef;
use crate::cell::Cell;
use crate::context::HandleOf;
use crate::error::AskError;
use crate::exit::ExitReason;
use crate::id::ActorId;
use crate::kernel::Kernel;
use crate::report::Abandoned;
use crate::request::Request;

use super::request::PoolTask;
use super::stats::PoolStats;

/// Several workers of one actor type, and one queue: an idle worker takes the next message, and none
/// takes more than it does.
///
/// It derefs to the workers' handle, so that what is written for one actor runs on a pool unchanged:
/// `pool.add(1).ask()`. Messages with options are made by [`task`](Self::task).
///
/// The pool is an actor of its own, and the workers are its children: [`stop`](ActorRef::stop),
/// [`drain`](ActorRef::drain), [`terminate`](ActorRef::terminate) and [`join`](ActorRef::join)
/// concern all of them. A worker that fails with a task in hand is replaced at once; who asked gets
/// [`AskError::Failed`], and what waits goes on.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # std::panic::set_hook(Box::new(|_| {}));
/// let system = System::new("pools")?;
/// let pool = system.pool::<Counter>(|_| 10).size(1).spawn()?;
/// assert!(matches!(pool.divide(0).ask(), Err(AskError::Failed { .. }))); // panics …
/// assert_eq!(pool.add(1).ask()?, 11);                                    // … and is replaced
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pool<A: Actor> {
    handle: HandleOf<A>,
    cell: Arc<Cell<A::Message>>,
}

impl<A: Actor> Pool<A> {
    pub(super) fn new(cell: Arc<Cell<A::Message>>) -> Self {
        let handle = ActorRef::new(Arc::clone(&cell)).into();
        Pool { handle, cell }
    }

    pub(super) fn id(&self) -> ActorId {
        self.cell.identity.id()
    }

    pub(super) fn kernel(&self) -> &Arc<Kernel> {
        &self.cell.kernel
    }

    pub(super) fn count_workers(&self) -> usize {
        self.cell.count_workers()
    }

    /// The handle, to give to those who need not know that there are several behind it.
    pub fn handle(&self) -> HandleOf<A> {
        ActorRef::new(Arc::clone(&self.cell)).into()
    }

    /// A message with options: priority, key, times, retries.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # use std::time::Duration;
    /// let system = System::new("pools")?;
    /// let pool = system.pool::<Counter>(|_| 0).size(4).spawn()?;
    /// for _ in 0..10 {
    ///     // Always by the same worker.
    ///     pool.task(|pool| pool.add(1)).key("visitors").ask()?;
    /// }
    /// let urgent = pool.task(|pool| pool.add(0)).priority(5).timeout(Duration::from_secs(1));
    /// assert!(urgent.ask().is_ok());
    /// assert_eq!(pool.task(|pool| pool.add(0)).key("visitors").ask()?, 10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn task<T>(
        &self,
        make: impl for<'a> FnOnce(&'a HandleOf<A>) -> Request<'a, A::Message, T>,
    ) -> PoolTask<'_, A::Message, T> {
        PoolTask::new(make(&self.handle))
    }

    /// Asks every worker that runs now, beside the queue, and gathers the answers, in no particular
    /// order. A worker gets to it when it is done with what it has in hand.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// let system = System::new("pools")?;
    /// let pool = system.pool::<Counter>(|index| index as i64).size(3).spawn()?;
    /// let mut all = pool.broadcast(|worker| worker.add(10)).into_iter().collect::<Result<Vec<_>, _>>()?;
    /// all.sort();
    /// assert_eq!(all, [10, 11, 12]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn broadcast<T>(
        &self,
        mut make: impl for<'a> FnMut(&'a HandleOf<A>) -> Request<'a, A::Message, T>,
    ) -> Vec<Result<T, AskError>> {
        let workers = self.cell.workers();
        let handles: Vec<HandleOf<A>> = workers
            .into_iter()
            .map(|cell| ActorRef::new(cell).into())
            .collect();
        let sent: Vec<_> = handles.iter().map(|handle| make(handle).send()).collect();
        let wait = |sent: Result<crate::Pending<_, T>, crate::SendError<_>>| match sent {
            Ok(pending) => pending.wait(),
            Err(error) => Err(error.into_ask_error()),
        };
        sent.into_iter().map(wait).collect()
    }

    /// What the pool is at, and what became of its tasks.
    pub fn stats(&self) -> PoolStats {
        self.cell.pool_stats()
    }

    /// Ends the pool: it takes no more tasks, does those that wait, for `within` at most, then stops
    /// its workers, each within its own [`Shutdown`](crate::Shutdown).
    ///
    /// # Errors
    /// If some workers did not stop and had to be left behind: the error names them.
    pub fn close(&self, within: Duration) -> Result<ExitReason, PoolCloseError> {
        let actor = ActorRef::new(Arc::clone(&self.cell));
        let ids = || {
            let workers = self.cell.workers();
            workers.into_iter().map(|cell| cell.identity.id())
        };
        let mut workers: Vec<_> = ids().collect();
        actor.drain();
        let reason = actor.join_timeout(within).unwrap_or_else(|| {
            // Others may have come.
            workers.extend(ids());
            actor.stop();
            actor.join()
        });
        let left = self.cell.kernel.all_left_behind();
        let abandoned: Vec<_> = left
            .into_iter()
            .filter(|abandoned| workers.contains(&abandoned.actor.id()))
            .collect();
        match abandoned.is_empty() {
            true => Ok(reason),
            false => Err(PoolCloseError { abandoned }),
        }
    }
}

/// Workers that did not stop when their pool was closed.
#[derive(Clone, Debug)]
pub struct PoolCloseError {
    abandoned: Vec<Abandoned>,
}

impl PoolCloseError {
    /// Who was left behind, in what.
    pub fn abandoned(&self) -> &[Abandoned] {
        &self.abandoned
    }
}

impl fmt::Display for PoolCloseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pool has ended, and these workers did not stop in time: ")?;
        for (place, abandoned) in self.abandoned.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{abandoned}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PoolCloseError {}

impl<A: Actor> Deref for Pool<A> {
    type Target = HandleOf<A>;

    fn deref(&self) -> &HandleOf<A> {
        &self.handle
    }
}

impl<A: Actor> Clone for Pool<A> {
    fn clone(&self) -> Self {
        Pool::new(Arc::clone(&self.cell))
    }
}

impl<A: Actor> fmt::Debug for Pool<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("actor", &self.cell.identity)
            .finish_non_exhaustive()
    }
}
