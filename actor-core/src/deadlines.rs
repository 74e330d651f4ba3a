//! The deadlines of awaited requests, kept by the system's root thread.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::task::Waker;
use std::time::Instant;

use crate::rt::lock;

/// Wakers by the time at which they are due; the number keeps equal times apart.
#[derive(Default)]
pub(crate) struct Deadlines {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    /// The root thread is gone: nobody would keep a further deadline.
    closed: bool,
    last: u64,
    due: BTreeMap<(Instant, u64), Waker>,
}

/// One deadline that is kept.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Instant, u64);

impl Deadlines {
    /// Keeps a deadline; the bool tells whether it is now the earliest. None when the system is
    /// gone.
    pub(crate) fn keep(&self, at: Instant, waker: Waker) -> Option<(Deadline, bool)> {
        let mut entries = lock(&self.entries);
        if entries.closed {
            return None;
        }
        entries.last += 1;
        let key = (at, entries.last);
        entries.due.insert(key, waker);
        let earliest = entries.due.first_key_value().map(|(key, _)| *key);
        Some((Deadline(key.0, key.1), earliest == Some(key)))
    }

    pub(crate) fn renew(&self, deadline: Deadline, waker: &Waker) {
        // A waker may be an executor's, so it is cloned and dropped outside the lock.
        let waker = waker.clone();
        let mut entries = lock(&self.entries);
        let kept = entries.due.get_mut(&(deadline.0, deadline.1));
        let old = kept.map(|kept| std::mem::replace(kept, waker));
        drop(entries);
        drop(old);
    }

    pub(crate) fn drop(&self, deadline: Deadline) {
        let dropped = lock(&self.entries).due.remove(&(deadline.0, deadline.1));
        drop(dropped);
    }

    pub(crate) fn next(&self) -> Option<Instant> {
        lock(&self.entries)
            .due
            .first_key_value()
            .map(|(key, _)| key.0)
    }

    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.entries).closed
    }

    /// Takes the wakers that are due at `now`.
    pub(crate) fn take_due(&self, now: Instant) -> Vec<Waker> {
        let mut entries = lock(&self.entries);
        let later = entries.due.split_off(&(now, u64::MAX));
        std::mem::replace(&mut entries.due, later)
            .into_values()
            .collect()
    }

    /// Takes all, for the last time: the system is going.
    pub(crate) fn close(&self) -> Vec<Waker> {
        let mut entries = lock(&self.entries);
        entries.closed = true;
        std::mem::take(&mut entries.due).into_values().collect()
    }
}
