//! The workers of a pool that have nothing to do: whom a sender wakes.
//!
//! A worker joins the crowd, looks whether there is a task, and sleeps if there is none. A sender
//! pushes its task, then looks whether anybody is in the crowd. Both looks are behind the lock of the
//! queue, so one of them finds the other: no task waits while a worker sleeps. A worker that was
//! called leaves the crowd with that; where it does something else instead, it calls the next.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Waker;
use std::time::Instant;

use crate::id::ActorId;
use crate::rt::lock;
use crate::unwind::wake_contained;

#[derive(Default)]
pub(crate) struct Crowd {
    size: AtomicUsize,
    /// Who came last is called first: its core is warm.
    idle: Mutex<Vec<Idle>>,
    /// The pool would start another worker.
    grows: AtomicBool,
    /// Its front is to look what is due.
    looks: AtomicBool,
}

struct Idle {
    worker: ActorId,
    waker: Waker,
    since: Instant,
}

impl Crowd {
    /// Joins as one that has had no task since then.
    pub(crate) fn join(&self, worker: ActorId, waker: &Waker, since: Instant) {
        self.change(|idle| {
            if idle.iter().all(|one| one.worker != worker) {
                let place = idle.partition_point(|one| one.since <= since);
                idle.insert(
                    place,
                    Idle {
                        worker,
                        waker: waker.clone(),
                        since,
                    },
                );
            }
        });
    }

    /// Leaves, if it was not called before.
    pub(crate) fn leave(&self, worker: ActorId) {
        self.change(|idle| idle.retain(|one| one.worker != worker));
    }

    /// Calls the one that came last; false if there is none.
    pub(crate) fn call(&self) -> bool {
        let called = match self.is_empty() {
            true => None,
            false => self.change(Vec::pop),
        };
        wake(called)
    }

    /// Calls this one, if it is there.
    pub(crate) fn call_worker(&self, worker: ActorId) {
        wake(self.change(|idle| {
            let place = idle.iter().position(|one| one.worker == worker)?;
            Some(idle.remove(place))
        }));
    }

    /// This one leaves, to be called no more; false if it was called before.
    pub(crate) fn dismiss(&self, worker: ActorId) -> bool {
        self.change(|idle| idle.extract_if(.., |one| one.worker == worker).count() > 0)
    }

    /// Who has waited longest, and since when.
    pub(crate) fn longest_idle(&self) -> Option<(ActorId, Instant)> {
        lock(&self.idle).first().map(|one| (one.worker, one.since))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<Idle>) -> T) -> T {
        let mut idle = lock(&self.idle);
        let changed = change(&mut idle);
        self.size.store(idle.len(), Ordering::Release);
        changed
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.size.load(Ordering::Acquire) == 0
    }

    pub(crate) fn grows(&self) -> bool {
        self.grows.load(Ordering::Acquire)
    }

    pub(crate) fn ask_to_look(&self) {
        self.looks.store(true, Ordering::Release);
    }

    /// Whether it was asked to look; once.
    pub(crate) fn is_to_look(&self) -> bool {
        self.looks.swap(false, Ordering::AcqRel)
    }

    pub(crate) fn set_grows(&self, grows: bool) {
        self.grows.store(grows, Ordering::Release);
    }
}

fn wake(called: Option<Idle>) -> bool {
    let found = called.is_some();
    called.into_iter().for_each(|one| wake_contained(one.waker));
    found
}
