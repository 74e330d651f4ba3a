//! Questions that would wait for ever, and who tells their askers.

use std::sync::Weak;

use super::{Cycle, Ticket};

/// Where a question waits. It is weak, so that nothing of a user's is dropped under our lock.
pub(crate) type Target = Weak<dyn Refusable>;

/// A mailbox, from which a question can be taken back.
pub(crate) trait Refusable: Send + Sync {
    /// Tells the asker with this ticket that it would wait for ever.
    fn refuse(&self, ticket: Ticket, cycle: Cycle);
}

/// A wait that was refused after it had begun.
pub(crate) struct Refused {
    pub(crate) ticket: Ticket,
    /// None for a wait for the supervisor's desk.
    pub(crate) target: Option<Target>,
    pub(crate) cycle: Cycle,
}

impl Refused {
    /// Tells who asked, unless that was a call at the desk, which the supervisor refuses.
    pub(crate) fn tell(self) -> Option<(Ticket, Cycle)> {
        let Some(target) = self.target else {
            return Some((self.ticket, self.cycle));
        };
        if let Some(target) = target.upgrade() {
            target.refuse(self.ticket, self.cycle);
        }
        None
    }
}

/// Tells all who asked, where none of them called at a desk.
pub(crate) fn tell_all(refused: Vec<Refused>) {
    refused.into_iter().for_each(|one| drop(one.tell()));
}
