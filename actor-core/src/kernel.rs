//! What all actors of a system share.

use std::num::NonZeroU64;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::deadlines::Deadlines;
use crate::environment::Environment;
use crate::events::Hub;
use crate::graph::{WaitGraph, Waiter};
use crate::id::ActorId;
use crate::locks::LockTable;
use crate::port::Broadcasts;
use crate::registry::Registry;
use crate::report::Abandoned;
use crate::root::Root;
use crate::rt::{IdleStrategy, Rt, lock};

pub(crate) struct Kernel {
    pub(crate) name: String,
    /// Unique in the process, so that a thread knows which system it belongs to.
    pub(crate) number: u64,
    pub(crate) rt: Rt,
    pub(crate) idle: IdleStrategy,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) events: Hub,
    pub(crate) deadlines: Deadlines,
    pub(crate) root: Root,
    pub(crate) registry: Registry,
    pub(crate) graph: WaitGraph,
    pub(crate) environment: Mutex<Environment>,
    pub(crate) broadcasts: Broadcasts,
    pub(crate) locks: LockTable,
    last_id: AtomicU64,
    left_behind: Mutex<LeftBehind>,
}

impl Kernel {
    pub(crate) fn new(
        name: String,
        rt: Rt,
        idle: IdleStrategy,
        shutdown_timeout: Duration,
    ) -> Self {
        static SYSTEMS: AtomicU64 = AtomicU64::new(0);
        Kernel {
            name,
            number: SYSTEMS.fetch_add(1, Ordering::Relaxed),
            events: Hub::new(rt.clone()),
            rt,
            idle,
            shutdown_timeout,
            deadlines: Deadlines::default(),
            root: Root::default(),
            registry: Registry::default(),
            graph: WaitGraph::default(),
            environment: Mutex::default(),
            broadcasts: Broadcasts::default(),
            locks: LockTable::default(),
            last_id: AtomicU64::new(0),
            left_behind: Mutex::default(),
        }
    }

    pub(crate) fn next_id(&self) -> ActorId {
        let before = self.last_id.fetch_add(1, Ordering::Relaxed);
        // Counting to the end would take centuries.
        ActorId::new(NonZeroU64::MIN.saturating_add(before))
    }

    /// The actor of this system that the calling thread is.
    #[inline]
    pub(crate) fn current_actor(&self) -> Option<ActorId> {
        crate::current::actor_of(self.number)
    }

    /// The life of this system that the calling thread is.
    pub(crate) fn current_waiter(&self) -> Option<Waiter> {
        crate::current::waiter_of(self.number)
    }

    /// Keeps the name of a life whose thread was left behind: because it did not stop in time, or
    /// `untold`, as a brutal child is.
    pub(crate) fn left_behind(&self, abandoned: Abandoned, untold: bool) {
        self.graph.leave(abandoned.actor.id(), abandoned.life);
        let mut left_behind = lock(&self.left_behind);
        let kept = match (left_behind.in_shutdown, untold) {
            (false, _) => &mut left_behind.running,
            (true, true) => &mut left_behind.untold,
            (true, false) => &mut left_behind.by_shutdown,
        };
        kept.push(abandoned);
    }

    /// A life that was left behind has come to its end.
    pub(crate) fn came_back(&self, actor: ActorId, life: u64) {
        self.graph.came_back(actor, life);
        let other = |abandoned: &Abandoned| abandoned.actor.id() != actor || abandoned.life != life;
        let waiting = {
            let mut left_behind = lock(&self.left_behind);
            left_behind.running.retain(other);
            left_behind.untold.retain(other);
            left_behind.waiting.take()
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Ready when no life runs that the shutdown has left behind untold.
    pub(crate) fn poll_untold(&self, context: &Context<'_>) -> Poll<()> {
        let mut left_behind = lock(&self.left_behind);
        if left_behind.untold.is_empty() {
            return Poll::Ready(());
        }
        left_behind.waiting = Some(context.waker().clone());
        Poll::Pending
    }

    /// How many lives of actors that `of` names were left behind and still run.
    pub(crate) fn count_left_behind(&self, of: impl Fn(ActorId) -> bool) -> usize {
        let left_behind = lock(&self.left_behind);
        let named = left_behind.all();
        named.filter(|abandoned| of(abandoned.actor.id())).count()
    }

    /// From now on, whoever is told to stop and left behind is named by the shutdown, even if it
    /// comes back.
    pub(crate) fn begin_shutdown(&self) {
        lock(&self.left_behind).in_shutdown = true;
    }

    /// The lives that the shutdown left behind, and those left behind before that still run.
    pub(crate) fn all_left_behind(&self) -> Vec<Abandoned> {
        lock(&self.left_behind).all().cloned().collect()
    }
}

#[derive(Default)]
struct LeftBehind {
    in_shutdown: bool,
    /// Before the shutdown, until they come back.
    running: Vec<Abandoned>,
    /// By the shutdown, untold, until they come back.
    untold: Vec<Abandoned>,
    /// By the shutdown, because they did not stop in time.
    by_shutdown: Vec<Abandoned>,
    waiting: Option<Waker>,
}

impl LeftBehind {
    fn all(&self) -> impl Iterator<Item = &Abandoned> {
        let lists = [&self.running, &self.untold, &self.by_shutdown];
        lists.into_iter().flatten()
    }
}
