//! Who waits at which place of a shared array.
//!
//! To look at the number and to stand in line are one step under the lock that a notifier takes, so
//! whoever changes the number and notifies then finds the waiter or is seen by its look. Who is
//! notified is taken out of the line, and woken after that.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use crate::rt::lock;
use crate::unwind::wake_contained;

use super::Waited;

#[derive(Default)]
pub(super) struct Parking {
    parked: Mutex<Parked>,
}

/// The first in line first.
#[derive(Default)]
struct Parked {
    last: u64,
    places: BTreeMap<usize, VecDeque<(u64, Waker)>>,
}

impl Parking {
    pub(super) fn poll(
        &self,
        index: usize,
        is_expected: impl FnOnce() -> bool,
        ticket: &mut Option<u64>,
        context: &Context<'_>,
    ) -> Poll<Waited> {
        let waker = context.waker().clone();
        let mut parked = lock(&self.parked);
        let Some(mine) = *ticket else {
            if !is_expected() {
                return Poll::Ready(Waited::NotEqual);
            }
            parked.last += 1;
            let mine = parked.last;
            *ticket = Some(mine);
            let line = parked.places.entry(index).or_default();
            line.push_back((mine, waker));
            return Poll::Pending;
        };
        let line = parked.places.get_mut(&index);
        let place = line.and_then(|line| line.iter_mut().find(|(other, _)| *other == mine));
        let Some((_, kept)) = place else {
            return Poll::Ready(Waited::Notified);
        };
        let old = std::mem::replace(kept, waker);
        drop(parked);
        drop(old);
        Poll::Pending
    }

    /// Leaves the line. Who was notified in the last moment has not given up: that notification
    /// would be lost for the others.
    pub(super) fn give_up(&self, index: usize, ticket: Option<u64>) -> Waited {
        let Some(mine) = ticket else {
            return Waited::TimedOut;
        };
        let mut parked = lock(&self.parked);
        let Some(line) = parked.places.get_mut(&index) else {
            return Waited::Notified;
        };
        let place = line.iter().position(|(other, _)| *other == mine);
        let left = place.and_then(|place| line.remove(place));
        if line.is_empty() {
            parked.places.remove(&index);
        }
        drop(parked);
        left.map_or(Waited::Notified, |_| Waited::TimedOut)
    }

    /// Wakes up to `count` of those who wait there, and says how many.
    pub(super) fn notify(&self, index: usize, count: usize) -> usize {
        let woken: Vec<_> = {
            let mut parked = lock(&self.parked);
            let Some(line) = parked.places.get_mut(&index) else {
                return 0;
            };
            let count = count.min(line.len());
            let woken = line.drain(..count).collect();
            if line.is_empty() {
                parked.places.remove(&index);
            }
            woken
        };
        let count = woken.len();
        woken
            .into_iter()
            .for_each(|(_, waker)| wake_contained(waker));
        count
    }
}
