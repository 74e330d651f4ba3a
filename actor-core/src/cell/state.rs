//! What a cell guards with its lock.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};
use std::task::Waker;
use std::time::Instant;

use crate::envelope::{Envelope, InHand};
use crate::events::DeadLetterCause;
use crate::exit::ExitReason;
use crate::graph::Ticket;
use crate::lease::{Lease, LeaseKey};
use crate::lineage::Lineage;
use crate::mailbox::Mailbox;
use crate::peers::Peers;
use crate::pool::Queue;
use crate::protocol::Protocol;
use crate::rt::Thread;
use crate::signal::Signal;
use crate::tree::{Child, Kept, OnStarted, Parent};

/// Where an actor is in its life.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// Not started yet.
    Declared,
    /// In its `start`.
    Starting,
    Running,
    /// No message is handled any more; children stop, then `stopping` and the drop.
    Stopping,
    /// The life was left behind: it has no say any more, but has not ended before its children.
    LeftBehind,
    /// A life has ended; whether another follows is its parent's decision.
    Down,
    /// The actor has ended.
    Ended(ExitReason),
}

/// What belongs to the running life alone.
pub(crate) struct Live {
    pub(crate) record: Arc<dyn Child>,
    pub(crate) parent: Arc<dyn Parent>,
    /// Until the start is over.
    pub(crate) on_started: Option<OnStarted>,
    /// Shared with the life's context, which may outlast it.
    pub(crate) cancelled: Arc<AtomicBool>,
    /// Its start is being told: nobody may tell of its end before.
    pub(crate) announcing: bool,
    /// When it was first told to end.
    pub(crate) told_to_end: Option<Instant>,
    pub(crate) peers: Peers,
    /// Ports that are attached, and named locks.
    pub(crate) leases: BTreeMap<LeaseKey, Arc<dyn Lease>>,
}

/// Somebody who waits, and the ticket of that wait where it has an edge.
pub(crate) struct Waiting {
    pub(super) waker: Waker,
    pub(super) ticket: Option<Ticket>,
}

impl Waiting {
    /// Adds a waiter; one that waits already gets its new ticket, and the waker comes back, to be
    /// dropped outside the lock.
    pub(super) fn add(
        waiting: &mut Vec<Waiting>,
        waker: Waker,
        ticket: Option<Ticket>,
    ) -> Option<Waker> {
        if let Some(one) = waiting.iter_mut().find(|one| one.waker.will_wake(&waker)) {
            one.ticket = ticket;
            return Some(waker);
        }
        waiting.push(Waiting { waker, ticket });
        None
    }
}

/// What the end of a life replaces in its cell.
pub(crate) struct Old {
    _signals: VecDeque<Signal>,
    _failure: Option<ExitReason>,
    _exit: Option<ExitReason>,
}

pub(crate) struct State<M: Protocol> {
    /// The number of the last life; the first is 1.
    pub(crate) life: u64,
    pub(crate) phase: Phase,
    pub(crate) live: Option<Live>,
    pub(crate) taken: VecDeque<Envelope<M>>,
    /// What else waits, and for whom, if it is the front of a pool.
    pub(crate) queue: Option<Box<Queue<M>>>,
    pub(crate) in_hand: Option<InHand<M>>,
    pub(crate) signals: VecDeque<Signal>,
    /// Senders that wait for room.
    pub(crate) room: Vec<Waiting>,
    /// Whoever waits for a phase.
    pub(crate) watchers: Vec<Waiting>,
    pub(crate) children: Vec<Arc<dyn Child>>,
    /// Of the last life.
    pub(crate) lineage: Lineage,
    /// Who decides about the next life, from the first to the final exit.
    pub(crate) parent: Option<Arc<dyn Parent>>,
    /// That of the parent.
    pub(crate) record: Option<Weak<dyn Child>>,
    /// Of the last life; none if it was left behind.
    pub(crate) thread: Option<Arc<Thread>>,
    pub(crate) stop_ordered: bool,
    pub(crate) kept: Kept,
    pub(crate) handled: u64,
    pub(crate) dead_letters: BTreeMap<DeadLetterCause, u64>,
    pub(crate) last_exit: Option<ExitReason>,
    pub(crate) last_failure: Option<ExitReason>,
}

impl<M: Protocol> State<M> {
    /// Takes in what was queued in the mailbox.
    pub(crate) fn take_in(&mut self, mailbox: &Mailbox<M>) {
        match &mut self.queue {
            Some(queue) => queue.arrive(&mut self.taken, mailbox),
            None => mailbox.take(&mut self.taken),
        }
    }

    /// Whether `life` runs, and has a say.
    #[inline]
    pub(crate) fn is_current(&self, life: u64) -> bool {
        self.life == life && self.is_live() && !self.is_left(life)
    }

    /// Whether `life` was left behind, and its children have not all stopped.
    #[inline]
    pub(crate) fn is_left(&self, life: u64) -> bool {
        self.life == life && matches!(self.phase, Phase::LeftBehind)
    }

    /// Whether any life has not ended.
    #[inline]
    pub(crate) fn is_live(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting | Phase::Running | Phase::Stopping | Phase::LeftBehind
        )
    }

    /// Ends the running life; no step of it changes anything from now on. Errors of users, to be
    /// dropped outside the lock, come back with what belonged to the life.
    pub(crate) fn end(&mut self, reason: ExitReason) -> (Option<Live>, Old) {
        let old = self.decide(reason);
        self.phase = Phase::Down;
        (self.live.take(), old)
    }

    /// Leaves the running life behind: no step of it changes anything from now on, and it ends
    /// when its children have stopped.
    pub(crate) fn leave(&mut self) -> Old {
        let old = self.decide(ExitReason::Abandoned);
        self.phase = Phase::LeftBehind;
        self.thread = None;
        old
    }

    fn decide(&mut self, reason: ExitReason) -> Old {
        let failure = reason.is_failure().then(|| reason.clone());
        Old {
            _signals: std::mem::take(&mut self.signals),
            _failure: failure.and_then(|failure| self.last_failure.replace(failure)),
            _exit: self.last_exit.replace(reason),
        }
    }
}
