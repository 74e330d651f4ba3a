//! What an actor receives from beside its mailbox.
//!
//! A life leases a lane: from then on its messages are the life's, and whoever posts rings the
//! life's bell after the change. The look that precedes the life's sleep takes the lane's lock, as
//! it takes the mailbox's, so no ring is lost. The record of the lease is in the cell: where the life
//! is left behind, whoever leaves it ends the lease, and the stuck thread takes nothing more.

use std::any::Any;
use std::sync::{Arc, Mutex};

use crate::id::Identity;
use crate::lease::Lease;
use crate::rt::lock;

use super::lane::{Lane, Posted, Taken};

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
    pub(super) identity: Identity,
    pub(super) life: u64,
    pub(super) redelivery: Option<Redelivery<T>>,
    /// A copy of the value in hand.
    pub(super) kept: Mutex<Option<Posted<T>>>,
}

impl<T: Send + 'static> Lease for Leased<T> {
    fn end(&self) {
        let kept = lock(&self.kept).take();
        self.lane.end_lease(&self.identity, self.life, kept);
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
    /// The message in hand was handled; its copy is user code.
    fn done(&mut self);
    /// What to tell once the port is closed and empty.
    fn on_close(&mut self, message: M);
}

pub(super) struct Attachee<T, M, F> {
    pub(super) number: u64,
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
        self.number
    }

    fn is_ready(&self) -> bool {
        let Leased {
            lane,
            identity,
            life,
            ..
        } = &*self.leased;
        lane.is_ready_for(identity, *life, self.on_close.is_none())
    }

    fn take(&mut self) -> Option<PortMessage<M>> {
        let Leased {
            lane,
            identity,
            life,
            redelivery,
            kept,
            ..
        } = &*self.leased;
        let Posted { value, attempts } = match lane.take_for(identity, *life) {
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

    fn done(&mut self) {
        let copy = lock(&self.leased.kept).take();
        drop(copy);
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
}

impl<M> Ports<M> {
    pub(crate) fn new() -> Self {
        Ports {
            attached: Vec::new(),
            last: 0,
            turn: 0,
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
        self.attached.get_mut(place)?.take()
    }

    /// The message that was taken from there was handled.
    pub(crate) fn done(&mut self, place: usize) {
        if let Some(port) = self.attached.get_mut(place) {
            port.done();
        }
    }
}
