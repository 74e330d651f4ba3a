//! What all actors of a system share.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::deadlines::Deadlines;
use crate::events::Hub;
use crate::id::ActorId;
use crate::report::Abandoned;
use crate::root::Root;
use crate::rt::{IdleStrategy, Rt, Thread, lock};

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
    last_id: AtomicU64,
    left_behind: Mutex<Vec<(Abandoned, Arc<Thread>)>>,
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
    pub(crate) fn current_actor(&self) -> Option<ActorId> {
        crate::current::actor_of(self.number)
    }

    /// Keeps the name of a life whose thread was left behind.
    pub(crate) fn left_behind(&self, abandoned: Abandoned, thread: Arc<Thread>) {
        let mut left_behind = lock(&self.left_behind);
        left_behind.retain(|(_, thread)| !thread.is_finished());
        left_behind.push((abandoned, thread));
    }

    /// The lives that were left behind and whose threads still run.
    pub(crate) fn still_running(&self) -> Vec<Abandoned> {
        let left_behind = lock(&self.left_behind);
        let running = left_behind
            .iter()
            .filter(|(_, thread)| !thread.is_finished());
        running.map(|(abandoned, _)| abandoned.clone()).collect()
    }
}
