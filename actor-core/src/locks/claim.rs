//! A want of a lock, from the call to the end of the hold.

use std::sync::{Arc, Weak};
use std::task::{Poll, Waker};

use crate::graph::{Cycle, Refusable, Target, Ticket};
use crate::kernel::Kernel;
use crate::lease::{Lease, LeaseKey, Standing};
use crate::registry::Registered;

use super::query::LockOwner;
use super::table::{Entering, Lost, Slot};

/// What the table and a life's cell know; the life ends it, if nobody does before.
pub(super) struct Claim {
    pub(super) kernel: Arc<Kernel>,
    pub(super) slot: Arc<Slot>,
    /// Whether it may stand in line. Who does not wait is not interrupted either.
    waits: bool,
}

impl Lease for Claim {
    fn end(&self) {
        self.kernel.locks.leave(&self.kernel.graph, &self.slot);
    }

    fn told_to_end(&self) {
        if self.waits {
            self.give_up(|_| Lost::Cancelled);
        }
    }
}

impl Refusable for Claim {
    fn refuse(&self, ticket: Ticket, cycle: Cycle) {
        self.kernel.graph.settle(ticket);
        self.give_up(|_| Lost::Deadlock(cycle));
    }
}

impl Claim {
    fn give_up(&self, why: impl FnOnce(Vec<LockOwner>) -> Lost) -> bool {
        let Kernel { locks, graph, .. } = &*self.kernel;
        locks.give_up(graph, &self.slot, why)
    }
}

/// A claim that ends when it is dropped.
pub(super) struct Owned {
    pub(super) claim: Arc<Claim>,
    /// Whose it is, if a life's.
    life: Option<(Arc<dyn Registered>, u64)>,
}

impl Owned {
    /// Enters the lock for the calling thread. `until_held` says that nothing but the lock ends the
    /// wait: then it has an edge.
    pub(super) fn enter(
        kernel: &Arc<Kernel>,
        name: &Arc<str>,
        shared: bool,
        entering: Entering,
        until_held: bool,
    ) -> Result<Owned, Lost> {
        let Kernel {
            locks,
            graph,
            registry,
            ..
        } = &**kernel;
        let waiter = kernel.current_waiter();
        let owner = match &waiter {
            Some(waiter) => LockOwner::Life(waiter.identity.clone()),
            None => LockOwner::Thread(std::thread::current().name().map(str::to_owned)),
        };
        let patient = waiter.clone().filter(|_| until_held);
        let claim = Arc::new(Claim {
            kernel: Arc::clone(kernel),
            slot: Arc::new(locks.slot(name, shared, owner, patient)),
            waits: entering == Entering::InLine,
        });
        let target: Weak<Claim> = Arc::downgrade(&claim);
        let target: Target = target;
        let Some(waiter) = waiter else {
            locks.enter(graph, &claim.slot, target, entering)?;
            return Ok(Owned { claim, life: None });
        };
        let cell = registry.get(waiter.identity.id());
        let cell = cell.ok_or(Lost::Cancelled)?;
        let key = LeaseKey::Lock(claim.slot.number);
        let lease = Arc::<Claim>::clone(&claim);
        let standing = cell.keep_lease(waiter.life, key, lease);
        let owned = Owned {
            claim,
            life: Some((cell, waiter.life)),
        };
        let slot = &owned.claim.slot;
        match standing {
            Standing::Over => return Err(Lost::Cancelled),
            // It is to end: it may take what is free, and wait for nothing.
            Standing::ToldToEnd if entering == Entering::InLine => {
                let entered = locks.enter(graph, slot, target, Entering::IfFree);
                entered.map_err(|_| Lost::Cancelled)?;
            }
            Standing::ToldToEnd | Standing::Running => {
                locks.enter(graph, slot, target, entering)?;
            }
        }
        Ok(owned)
    }

    pub(super) fn poll(&self, waker: &Waker) -> Poll<Result<(), Lost>> {
        let Claim { kernel, slot, .. } = &*self.claim;
        kernel.locks.poll(slot, waker)
    }

    /// Time is over: why the lock is not held, unless it was acquired in the last moment.
    pub(super) fn time_out(&self) -> Option<Lost> {
        let given_up = self.claim.give_up(Lost::TimedOut);
        given_up.then(|| self.claim.slot.lost()).flatten()
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some((cell, life)) = &self.life {
            cell.end_lease(*life, LeaseKey::Lock(self.claim.slot.number));
        }
        // Where the life is over, its record is gone, and so is the hold.
        self.claim.end();
    }
}
