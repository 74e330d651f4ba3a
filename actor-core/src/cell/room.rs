//! Room in a mailbox, taken before there is a message.

use std::task::{Context, Poll};

use crate::envelope::Envelope;
use crate::graph::{Cycle, Ticket};
use crate::mailbox::{Overflow, Refusal};
use crate::protocol::Protocol;
use crate::rt::Moment;

use super::{Cell, Waiting};

/// Room for one message. Dropped without one, it is given back.
pub(crate) struct Room<'a, M: Protocol> {
    cell: &'a Cell<M>,
    /// Counted in; else the message is dropped, as the mailbox's policy says.
    counted: bool,
}

impl<'a, M: Protocol> Room<'a, M> {
    fn new(cell: &'a Cell<M>, counted: bool) -> Self {
        Room { cell, counted }
    }

    pub(crate) fn fill(mut self, envelope: Envelope<M>) {
        if !std::mem::take(&mut self.counted) {
            self.cell.drop_newest(envelope);
        } else if envelope.task.is_some() {
            self.cell.admit(envelope);
        } else {
            self.cell.push_counted(envelope);
        }
    }
}

impl<M: Protocol> Drop for Room<'_, M> {
    fn drop(&mut self) {
        if !self.counted {
            return;
        }
        let room = {
            let mut state = self.cell.state();
            self.cell.mailbox.began(1);
            std::mem::take(&mut state.room)
        };
        self.cell.wake(room);
        self.cell.counted_out();
    }
}

impl<M: Protocol> Cell<M> {
    /// Something that was counted in does not come: where a pool drains, it may have waited for that.
    pub(crate) fn counted_out(&self) {
        if self.mailbox.is_draining() {
            self.mailbox.bell.ring();
        }
    }

    /// Whether a simulation makes the sender of this find the mailbox full, where it can be.
    #[inline]
    pub(crate) fn is_made_full(&self, envelope: &Envelope<M>) -> bool {
        let rt = &self.kernel.rt;
        let (mailbox, name) = (&self.mailbox, self.identity.name());
        let can_be = || match mailbox.overflow() {
            Overflow::DropOldest => mailbox.depth() > 0,
            _ => mailbox.capacity().is_some(),
        };
        rt.is_simulated() && can_be() && rt.strike(Moment::Push, name, envelope.message.name())
    }

    /// Room for one message, if there is some or the policy makes it.
    pub(crate) fn room(&self) -> Result<Room<'_, M>, Refusal> {
        match self.mailbox.count_in() {
            Ok(()) => Ok(Room::new(self, true)),
            Err(Refusal::Full) => self.room_when_full(),
            Err(refusal) => Err(refusal),
        }
    }

    /// The same after a look that found it full.
    pub(super) fn room_when_full(&self) -> Result<Room<'_, M>, Refusal> {
        loop {
            match self.mailbox.overflow() {
                Overflow::Block | Overflow::Reject => return Err(Refusal::Full),
                Overflow::DropOldest => self.evict_oldest(),
                Overflow::DropNewest => return Ok(Room::new(self, false)),
            }
            match self.mailbox.count_in() {
                Ok(()) => return Ok(Room::new(self, true)),
                Err(Refusal::Full) => {}
                Err(refusal) => return Err(refusal),
            }
        }
    }

    /// Like [`room`](Self::room); where there is none and the policy is to wait, the waker is called
    /// once there may be, and the wait has the edge that `edge` sets.
    ///
    /// Whoever makes room does so under the lock, and takes the waiters with it; then it ends their
    /// waits, and then it wakes them. So under the lock a mailbox that is full stays so until this
    /// waiter is taken: its edge stands only while it really has to wait, and a cycle that the edge
    /// would close is one.
    pub(crate) fn poll_room(
        &self,
        edge: impl FnOnce() -> Result<Option<Ticket>, Cycle>,
        context: &Context<'_>,
    ) -> Poll<Result<Room<'_, M>, Refusal>> {
        match self.room() {
            Err(Refusal::Full) if self.mailbox.overflow() == Overflow::Block => {}
            done => return Poll::Ready(done),
        }
        // A waker may be an executor's, so it is cloned and dropped outside the lock.
        let waker = context.waker().clone();
        let mut state = self.state();
        match self.mailbox.count_in() {
            Ok(()) => {
                return Poll::Ready(Ok(Room::new(self, true)));
            }
            Err(Refusal::Full) => {}
            Err(refusal) => return Poll::Ready(Err(refusal)),
        }
        let ticket = match edge() {
            Ok(ticket) => ticket,
            Err(cycle) => return Poll::Ready(Err(Refusal::Deadlock(cycle))),
        };
        let spare = Waiting::add(&mut state.room, waker, ticket);
        drop(state);
        drop(spare);
        Poll::Pending
    }
}
