//! The inbound queue of an actor: bounded, and closed by a gate.
//!
//! The queue is taken whole, so that its lock is taken once for all that has come. The bound is a count
//! beside it, because it takes in what the actor has taken from the queue and not yet begun.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::bell::Bell;
use crate::crowd::Crowd;
use crate::depth::Depth;
use crate::envelope::Envelope;
use crate::graph::Cycle;
use crate::protocol::Protocol;
use crate::rt::lock;

/// What a mailbox does with a message that finds it full.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("overflow")?;
/// let counter = system
///     .spec::<Counter>(0)
///     .mailbox(16)
///     .overflow(Overflow::Reject)
///     .spawn()?;
/// # counter.add(1).ask()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overflow {
    /// The sender waits until there is room: back-pressure.
    #[default]
    Block,
    /// The sender gets its message back, in an error.
    Reject,
    /// The message that waits longest becomes a dead letter: for readings of which only the newest
    /// count. Whoever asked it gets [`AskError::Full`](crate::AskError::Full).
    DropOldest,
    /// The new message becomes a dead letter, and the sender is not told, unless it asks.
    DropNewest,
}

/// Room for so many messages is kept where nothing is queued; more is given back.
const SMALL: usize = 1024;

/// Messages are accepted.
const OPEN: u8 = 0;
/// What is queued will be handled, nothing more is accepted.
const DRAINING: u8 = 1;
/// Nothing is accepted, and what is queued is swept.
const CLOSED: u8 = 2;

/// Why a push was refused.
pub(crate) enum Refusal {
    Full,
    Closed,
    /// It is full, and waiting for room would close this cycle.
    Deadlock(Cycle),
}

pub(crate) struct Mailbox<M: Protocol> {
    queue: Mutex<VecDeque<Envelope<M>>>,
    depth: Depth,
    capacity: Option<NonZeroUsize>,
    overflow: Overflow,
    gate: AtomicU8,
    pub(crate) bell: Bell,
    /// Who takes the messages instead of the actor, if it is the front of a pool.
    pub(crate) crowd: Option<Box<Crowd>>,
}

impl<M: Protocol> Mailbox<M> {
    pub(crate) fn new(
        capacity: Option<NonZeroUsize>,
        overflow: Overflow,
        crowd: Option<Box<Crowd>>,
    ) -> Self {
        Mailbox {
            queue: Mutex::default(),
            depth: Depth::default(),
            capacity,
            overflow,
            gate: AtomicU8::new(OPEN),
            bell: Bell::default(),
            crowd,
        }
    }

    pub(crate) fn overflow(&self) -> Overflow {
        self.overflow
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth.get()
    }

    pub(crate) fn capacity(&self) -> Option<usize> {
        self.capacity.map(NonZeroUsize::get)
    }

    /// Counts one message in that is about to be pushed.
    #[inline]
    pub(crate) fn count_in(&self) -> Result<(), Refusal> {
        if self.gate.load(Ordering::Acquire) != OPEN {
            return Err(Refusal::Closed);
        }
        match self.reserve() {
            true => Ok(()),
            false => Err(Refusal::Full),
        }
    }

    /// Pushes a message that was counted in; true if the mailbox was closed meanwhile, and the
    /// sender must sweep.
    #[inline]
    pub(crate) fn push_counted(&self, envelope: Envelope<M>) -> bool {
        lock(&self.queue).push_back(envelope);
        // Whoever closes shuts the gate and then takes the queue. If we came too late for that,
        // the queue's lock has made the shut gate visible to us.
        if self.gate.load(Ordering::Acquire) == CLOSED {
            return true;
        }
        self.ring();
        false
    }

    /// Tells whoever takes the messages, after a change.
    #[inline]
    pub(crate) fn ring(&self) {
        let Some(crowd) = &self.crowd else {
            return self.bell.ring();
        };
        if !crowd.call() && crowd.grows() {
            self.bell.ring();
        }
    }

    /// Whether there is room for many: for a quarter of what it holds.
    pub(crate) fn is_roomy(&self) -> bool {
        let capacity = self.capacity.map(NonZeroUsize::get);
        capacity.is_none_or(|capacity| self.depth() + capacity / 4 < capacity)
    }

    /// Whether nothing is queued. It takes the queue's lock.
    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.queue).is_empty()
    }

    /// Counts one message in, if there is room.
    #[inline]
    fn reserve(&self) -> bool {
        let Some(capacity) = self.capacity else {
            self.depth.add();
            return true;
        };
        self.depth.add_below(capacity.get())
    }

    /// Moves all that is queued to the end of `taken`. Where nothing is there, the two change places, so
    /// that neither has to grow again.
    pub(crate) fn take(&self, taken: &mut VecDeque<Envelope<M>>) {
        let _of_a_burst = {
            let mut queue = lock(&self.queue);
            match taken.is_empty() {
                true => std::mem::swap(&mut *queue, taken),
                false => taken.append(&mut queue),
            }
            let is_large = queue.capacity() > SMALL.max(4 * taken.len());
            is_large.then(|| std::mem::take(&mut *queue))
        };
        if taken.is_empty() && taken.capacity() > SMALL {
            *taken = VecDeque::new();
        }
    }

    /// Counts `number` messages out. Called under the lock of the actor's cell.
    #[inline]
    pub(crate) fn began(&self, number: usize) {
        self.depth.sub(number);
    }

    /// Counts one message in again, whether or not there is room.
    pub(crate) fn readmit(&self) {
        self.depth.add();
    }

    pub(crate) fn open(&self) {
        self.gate.store(OPEN, Ordering::Release);
    }

    /// Called under the lock of the actor's cell, like [`is_draining`](Self::is_draining).
    pub(crate) fn drain(&self) {
        let _ = self
            .gate
            .compare_exchange(OPEN, DRAINING, Ordering::AcqRel, Ordering::Relaxed);
    }

    pub(crate) fn close(&self) {
        self.gate.store(CLOSED, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.gate.load(Ordering::Acquire) == DRAINING
    }

    pub(crate) fn is_open(&self) -> bool {
        self.gate.load(Ordering::Acquire) == OPEN
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.gate.load(Ordering::Acquire) == CLOSED
    }
}
