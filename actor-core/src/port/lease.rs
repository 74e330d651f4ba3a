//! What an actor receives from beside its mailbox.
//!
//! A life leases a lane: from then on its messages are the life's, and whoever posts rings the
//! life's bell after the change. The look that precedes the life's sleep takes the lane's lock, as
//! it takes the mailbox's, so no ring is lost. The record of the lease is in the cell: where the life
//! is left behind, whoever leaves it ends the lease, and the stuck thread takes nothing more.

use std::any::Any;
use std::sync::{Arc, Mutex};

use crate::lease::{Lease, LeaseKey};
use crate::rt::lock;

use super::lane::{Lane, Posted, Taken, Tenure};

/// What can be attached to an actor: a [`MessagePort`](super::MessagePort), a member of a
/// broadcast.
pub trait Source {
    /// What it gives.
    type Item: Send + 'static;

    #[doc(hidden)]
    fn intake(&self) -> Intake<Self::Item>;
}

/// The receiving side of a [`Source`].
#[doc(hidden)]
pub struct Intake<T> {
    pub(super) lane: Arc<Lane<T>>,
    /// What keeps it open.
    pub(super) owner: Arc<dyn Any + Send + Sync>,
}

impl<T> std::fmt::Debug for Intake<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake").finish_non_exhaustive()
    }
}

/// How often a value is received again by the lives after one that failed with it.
pub(super) struct Redelivery<T> {
    pub(super) limit: u32,
    pub(super) clone: fn(&T) -> T,
}

pub(super) struct Leased<T> {
    pub(super) lane: Arc<Lane<T>>,
    pub(super) owner: Mutex<Option<Arc<dyn Any + Send + Sync>>>,
    pub(super) tenure: Tenure,
    pub(super) redelivery: Option<Redelivery<T>>,
    /// A copy of the value in hand.
    pub(super) kept: Mutex<Option<Posted<T>>>,
}

impl<T: Send + 'static> Lease for Leased<T> {
    fn end(&self) {
        let kept = lock(&self.kept).take();
        self.lane.end_lease(&self.tenure, kept);
        let owner = lock(&self.owner).take();
        drop(owner);
    }
}

/// A message of a port, in hand.
pub(crate) struct PortMessage<M> {
    pub(crate) message: M,
    pub(crate) attempts: u32,
    /// The port gets it again if this life fails with it.
    pub(crate) comes_again: bool,
}

/// An attached port as its life knows it.
pub(super) trait Attached<M> {
    fn number(&self) -> u64;
    fn is_ready(&self) -> bool;
    /// User code: the value is copied, and made a message.
    fn take(&mut self) -> Option<PortMessage<M>>;
    /// Which attempt the copy of the value in hand is for, if there is one.
    fn kept(&self) -> Option<u32>;
    /// Drops that copy, which is user code; false if there is none.
    fn drop_copy(&mut self) -> bool;
    /// Receives no more; the copy stays.
    fn let_go(&mut self);
    /// What to tell once the port is closed and empty.
    fn on_close(&mut self, message: M);
}

pub(super) struct Attachee<T, M, F> {
    pub(super) leased: Arc<Leased<T>>,
    pub(super) make: F,
    pub(super) on_close: Option<M>,
}

impl<T, M, F> Attached<M> for Attachee<T, M, F>
where
    T: Send + 'static,
    F: FnMut(T) -> M,
{
    fn number(&self) -> u64 {
        self.leased.tenure.number
    }

    fn is_ready(&self) -> bool {
        let Leased { lane, tenure, .. } = &*self.leased;
        lane.is_ready_for(tenure, self.on_close.is_none())
    }

    fn take(&mut self) -> Option<PortMessage<M>> {
        let Leased {
            lane,
            tenure,
            redelivery,
            kept,
            ..
        } = &*self.leased;
        let Posted { value, attempts } = match lane.take_for(tenure) {
            Taken::Value(posted) => posted,
            Taken::Nothing => return None,
            Taken::Closed => {
                return Some(PortMessage {
                    message: self.on_close.take()?,
                    attempts: 0,
                    comes_again: false,
                });
            }
        };
        let again = redelivery.as_ref().filter(|it| attempts < it.limit);
        if let Some(redelivery) = again {
            let copy = (redelivery.clone)(&value);
            *lock(kept) = Some(Posted {
                value: copy,
                attempts: attempts + 1,
            });
        }
        Some(PortMessage {
            message: (self.make)(value),
            attempts,
            comes_again: again.is_some(),
        })
    }

    fn kept(&self) -> Option<u32> {
        let kept = lock(&self.leased.kept);
        kept.as_ref().map(|copy| copy.attempts)
    }

    fn drop_copy(&mut self) -> bool {
        let copy = lock(&self.leased.kept).take();
        copy.is_some()
    }

    fn let_go(&mut self) {
        let Leased { lane, tenure, .. } = &*self.leased;
        lane.end_lease(tenure, None);
    }

    fn on_close(&mut self, message: M) {
        self.on_close = Some(message);
    }
}

/// The ports that are attached to a life, and whose turn it is.
pub(crate) struct Ports<M> {
    pub(super) attached: Vec<Box<dyn Attached<M>>>,
    pub(super) last: u64,
    /// The place of the port whose turn is next; beyond the last, the mailbox's.
    turn: usize,
    /// The number of the port whose value is in hand.
    in_hand: Option<u64>,
    /// That port, if it was detached meanwhile: what the life fails with goes back to it all the
    /// same.
    left: Option<Box<dyn Attached<M>>>,
}

impl<M> Ports<M> {
    pub(crate) fn new() -> Self {
        Ports {
            attached: Vec::new(),
            last: 0,
            turn: 0,
            in_hand: None,
            left: None,
        }
    }

    /// The next port that has its turn before the mailbox, and something to take.
    pub(crate) fn before_mailbox(&self) -> Option<usize> {
        (self.turn..self.attached.len()).find(|&place| self.attached[place].is_ready())
    }

    /// Any port that has something to take, for the mailbox has nothing.
    pub(crate) fn any(&self) -> Option<usize> {
        (0..self.attached.len()).find(|&place| self.attached[place].is_ready())
    }

    /// The mailbox had its turn: the first port is next.
    pub(crate) fn mailbox_had_its_turn(&mut self) {
        self.turn = 0;
    }

    pub(crate) fn take(&mut self, place: usize) -> Option<PortMessage<M>> {
        self.turn = place + 1;
        let port = self.attached.get_mut(place)?;
        self.in_hand = Some(port.number());
        port.take()
    }

    /// Which attempt the copy of the value in hand is for, if there is one.
    pub(crate) fn kept(&self) -> Option<u32> {
        let number = self.in_hand?;
        let mut ports = self.attached.iter().chain(&self.left);
        ports.find(|port| port.number() == number)?.kept()
    }

    /// Drops that copy; false if there is none.
    pub(crate) fn drop_copy(&mut self) -> bool {
        let Some(number) = self.in_hand else {
            return false;
        };
        let mut ports = self.attached.iter_mut().chain(&mut self.left);
        let port = ports.find(|port| port.number() == number);
        port.is_some_and(|port| port.drop_copy())
    }

    /// The value in hand was handled: the lease that ends with that, if one does.
    pub(crate) fn done(&mut self) -> Option<LeaseKey> {
        self.drop_copy();
        self.in_hand = None;
        let left = self.left.take()?;
        Some(LeaseKey::Port(left.number()))
    }

    /// Takes a port away, unless it was taken away before; whether its lease ends with that.
    pub(super) fn remove(&mut self, number: u64) -> Option<bool> {
        let place = self.attached.iter().position(|it| it.number() == number)?;
        let mut port = self.attached.remove(place);
        let stays = self.in_hand == Some(number) && port.kept().is_some();
        port.let_go();
        self.left = Some(port).filter(|_| stays);
        Some(!stays)
    }
}
