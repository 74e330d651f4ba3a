//! One direction of a port: a bounded queue that both ends share.
//!
//! All is under one lock, so nothing is lost between looking and waiting: whoever finds nothing
//! (or no room) leaves its waker under the lock, and whoever changes that takes the wakers under the
//! lock and wakes them after it. Values are user code: they are cloned and dropped outside it.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::graph::{Cycle, Ticket};
use crate::id::Identity;
use crate::kernel::Kernel;
use crate::rt::lock;
use crate::unwind::contain;

/// Why a value was not accepted.
pub(crate) enum Refusal {
    Full,
    Closed,
    Deadlock(Cycle),
}

/// What taking gave.
pub(crate) enum Taken<T> {
    Value(Posted<T>),
    /// Nothing now.
    Nothing,
    /// Nothing now, and nothing ever.
    Closed,
}

/// A value on its way.
pub(crate) struct Posted<T> {
    pub(crate) value: T,
    /// How often a life has failed with it in hand.
    pub(crate) attempts: u32,
}

/// The actor whose life receives what comes.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) kernel: Arc<Kernel>,
    pub(crate) identity: Identity,
    pub(crate) life: u64,
    /// Wakes that life.
    pub(crate) ring: Waker,
}

/// Somebody who waits for room, and the edge of that wait.
struct Waiting {
    waker: Waker,
    edge: Option<(Arc<Kernel>, Ticket)>,
}

struct State<T> {
    queue: VecDeque<Posted<T>>,
    closed: bool,
    receivers: Vec<Waker>,
    room: Vec<Waiting>,
    holder: Option<Holder>,
}

pub(crate) struct Lane<T> {
    state: Mutex<State<T>>,
    capacity: Option<NonZeroUsize>,
}

/// Wakes those who waited, once the lock is free.
#[must_use]
struct Wake {
    receivers: Vec<Waker>,
    room: Vec<Waiting>,
}

impl Wake {
    fn go(self) {
        for Waiting { waker, edge } in self.room {
            // First, so that no edge stands of a wait that is over.
            if let Some((kernel, ticket)) = edge {
                kernel.graph.settle(ticket);
            }
            let _ = contain(|| waker.wake());
        }
        for waker in self.receivers {
            let _ = contain(|| waker.wake());
        }
    }
}

impl<T> State<T> {
    fn wake_receivers(&mut self) -> Wake {
        let mut receivers = std::mem::take(&mut self.receivers);
        receivers.extend(self.holder.as_ref().map(|holder| holder.ring.clone()));
        Wake {
            receivers,
            room: Vec::new(),
        }
    }

    fn wake_all(&mut self) -> Wake {
        let room = std::mem::take(&mut self.room);
        Wake {
            room,
            ..self.wake_receivers()
        }
    }

    fn take(&mut self) -> Taken<T> {
        match self.queue.pop_front() {
            Some(posted) => Taken::Value(posted),
            None if self.closed => Taken::Closed,
            None => Taken::Nothing,
        }
    }
}

impl<T> Lane<T> {
    pub(crate) fn new(capacity: Option<NonZeroUsize>) -> Self {
        Lane {
            state: Mutex::new(State {
                queue: VecDeque::new(),
                closed: false,
                receivers: Vec::new(),
                room: Vec::new(),
                holder: None,
            }),
            capacity,
        }
    }

    pub(crate) fn capacity(&self) -> Option<usize> {
        self.capacity.map(NonZeroUsize::get)
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.state).queue.len()
    }

    /// Whether nothing more is accepted.
    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.state).closed
    }

    pub(crate) fn push(&self, value: T) -> Result<(), (T, Refusal)> {
        let mut state = lock(&self.state);
        self.push_to(&mut state, value).map(|wake| {
            drop(state);
            wake.go();
        })
    }

    fn push_to(&self, state: &mut State<T>, value: T) -> Result<Wake, (T, Refusal)> {
        if state.closed {
            return Err((value, Refusal::Closed));
        }
        if self
            .capacity
            .is_some_and(|most| state.queue.len() >= most.get())
        {
            return Err((value, Refusal::Full));
        }
        state.queue.push_back(Posted { value, attempts: 0 });
        Ok(state.wake_receivers())
    }

    /// Like [`push`](Self::push); where there is no room, the waker is called once there may be.
    /// A life that waits for another that holds the lane has an edge to it, in `ticket`.
    pub(crate) fn poll_push(
        &self,
        value: &mut Option<T>,
        waits: bool,
        ticket: &mut Option<(Arc<Kernel>, Ticket)>,
        context: &Context<'_>,
    ) -> Poll<Result<(), (T, Refusal)>> {
        let Some(unsent) = value.take() else {
            return Poll::Ready(Ok(()));
        };
        let mut state = lock(&self.state);
        match self.push_to(&mut state, unsent) {
            Ok(wake) => {
                drop(state);
                wake.go();
                Poll::Ready(Ok(()))
            }
            Err((unsent, Refusal::Full)) => {
                let edge = waits.then(|| edge_to(state.holder.as_ref())).transpose();
                match edge {
                    Ok(edge) => *ticket = edge.flatten(),
                    Err(cycle) => return Poll::Ready(Err((unsent, Refusal::Deadlock(cycle)))),
                }
                *value = Some(unsent);
                let waker = context.waker();
                state.room.retain(|one| !one.waker.will_wake(waker));
                state.room.push(Waiting {
                    waker: waker.clone(),
                    edge: ticket.clone(),
                });
                Poll::Pending
            }
            Err(refused) => Poll::Ready(Err(refused)),
        }
    }

    pub(crate) fn take(&self) -> Taken<T> {
        self.finish_take(lock(&self.state))
    }

    fn finish_take(&self, mut state: std::sync::MutexGuard<'_, State<T>>) -> Taken<T> {
        let taken = state.take();
        let room = std::mem::take(&mut state.room);
        drop(state);
        Wake {
            room,
            receivers: Vec::new(),
        }
        .go();
        taken
    }

    /// Ready with a value, or with none once the lane is closed and empty.
    pub(crate) fn poll_take(&self, context: &Context<'_>) -> Poll<Option<T>> {
        let mut state = lock(&self.state);
        if state.queue.is_empty() && !state.closed {
            let waker = context.waker();
            if !state.receivers.iter().any(|one| one.will_wake(waker)) {
                state.receivers.push(waker.clone());
            }
            return Poll::Pending;
        }
        Poll::Ready(match self.finish_take(state) {
            Taken::Value(posted) => Some(posted.value),
            Taken::Nothing | Taken::Closed => None,
        })
    }

    /// Accepts nothing more. What is queued can still be taken.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        state.closed = true;
        let wake = state.wake_all();
        drop(state);
        wake.go();
    }

    /// Nobody will take anything any more.
    pub(crate) fn abandon(&self) {
        let mut state = lock(&self.state);
        state.closed = true;
        let wake = state.wake_all();
        let queue = std::mem::take(&mut state.queue);
        drop(state);
        wake.go();
        for posted in queue {
            let _ = contain(|| drop(posted));
        }
    }

    /// Leases the lane to a life; who holds it, if somebody else does.
    pub(crate) fn lease(&self, holder: Holder) -> Result<(), Identity> {
        let mut state = lock(&self.state);
        if let Some(other) = &state.holder {
            return Err(other.identity.clone());
        }
        state.holder = Some(holder);
        // Who waits for room waits for somebody from now on.
        let wake = state.wake_all();
        drop(state);
        wake.go();
        Ok(())
    }

    /// Ends a lease; `back`, what the life failed with, goes in front again.
    pub(crate) fn end_lease(&self, identity: &Identity, life: u64, back: Option<Posted<T>>) {
        let mut state = lock(&self.state);
        if let Some(posted) = back {
            state.queue.push_front(posted);
        }
        let ended = state.holder.take_if(|holder| is(holder, identity, life));
        let wake = state.wake_all();
        drop(state);
        drop(ended);
        wake.go();
    }

    /// Whether there is something to take, or to tell, for the life that holds the lane.
    pub(crate) fn is_ready_for(&self, identity: &Identity, life: u64, told: bool) -> bool {
        let state = lock(&self.state);
        state
            .holder
            .as_ref()
            .is_some_and(|it| is(it, identity, life))
            && (!state.queue.is_empty() || (state.closed && !told))
    }

    /// Takes for the life that holds the lane.
    pub(crate) fn take_for(&self, identity: &Identity, life: u64) -> Taken<T> {
        let state = lock(&self.state);
        match &state.holder {
            Some(holder) if is(holder, identity, life) => self.finish_take(state),
            _ => Taken::Nothing,
        }
    }
}

fn is(holder: &Holder, identity: &Identity, life: u64) -> bool {
    holder.identity == *identity && holder.life == life
}

/// The edge of the calling life to the one that holds a lane.
fn edge_to(holder: Option<&Holder>) -> Result<Option<(Arc<Kernel>, Ticket)>, Cycle> {
    let Some(holder) = holder else {
        return Ok(None);
    };
    let kernel = &holder.kernel;
    let Some(waiter) = kernel.current_waiter() else {
        return Ok(None);
    };
    let ticket = kernel.graph.wait(&waiter, &holder.identity, "post", None)?;
    Ok(Some((Arc::clone(kernel), ticket)))
}
