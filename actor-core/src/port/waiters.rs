//! Who waits at a lane.
//!
//! Each wait has a place of its own: two futures of one task have the same waker, and the end of one
//! must not take the other's away. A waker may be an executor's, so it is cloned and dropped outside
//! the lane's lock.

use std::sync::Arc;
use std::task::Waker;

use crate::graph::{Cycle, Refusable, Ticket};
use crate::kernel::Kernel;
use crate::unwind::wake_contained;

/// Those who wait for one thing.
#[derive(Default)]
pub(super) struct Waiters {
    last: u64,
    all: Vec<Waiting>,
}

/// Somebody who waits, and the edge of that wait.
pub(super) struct Waiting {
    place: u64,
    waker: Waker,
    edge: Option<Edge>,
}

pub(super) type Edge = (Arc<Kernel>, Ticket);

/// A wait at a lane, as the one who waits knows it from look to look.
#[derive(Default)]
pub(super) struct Wait {
    place: Option<u64>,
    edge: Option<Edge>,
    /// What tells it that it would wait for ever.
    told: Option<Arc<Told>>,
}

/// Wakes who waits, to look again.
pub(super) struct Told(Waker);

impl Refusable for Told {
    fn refuse(&self, _ticket: Ticket, _cycle: Cycle) {
        self.0.wake_by_ref();
    }
}

impl Waiters {
    /// The wait goes on; what is to be dropped outside the lock comes back.
    pub(super) fn enter(&mut self, wait: &mut Wait, waker: Waker) -> Option<Waiting> {
        let old = self.leave(wait);
        self.last += 1;
        wait.place = Some(self.last);
        self.all.push(Waiting {
            place: self.last,
            waker,
            edge: wait.edge.clone(),
        });
        old
    }

    /// The wait is over; what is to be dropped outside the lock comes back.
    pub(super) fn leave(&mut self, wait: &mut Wait) -> Option<Waiting> {
        let mine = wait.place.take()?;
        let place = self.all.iter().position(|one| one.place == mine)?;
        Some(self.all.remove(place))
    }

    pub(super) fn take(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.all)
    }
}

impl Waiting {
    pub(super) fn wake(self) {
        // First, so that no edge stands of a wait that is over.
        if let Some((kernel, ticket)) = self.edge {
            kernel.graph.settle(ticket);
        }
        wake_contained(self.waker);
    }
}

impl Wait {
    /// Whether it has a place in line.
    pub(super) fn stands(&self) -> bool {
        self.place.is_some()
    }

    /// What `waker` wakes is the thread that waits.
    pub(super) fn told_by(&mut self, waker: &Waker) -> &Arc<Told> {
        self.told
            .get_or_insert_with(|| Arc::new(Told(waker.clone())))
    }

    pub(super) fn set_edge(&mut self, edge: Option<Edge>) {
        self.edge = edge;
    }

    pub(super) fn settle(&mut self) {
        if let Some((kernel, ticket)) = self.edge.take() {
            kernel.graph.settle(ticket);
        }
    }
}
