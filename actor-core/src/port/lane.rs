//! One direction of a port: a bounded queue that both ends share.
//!
//! All is under one lock, so nothing is lost between looking and waiting: whoever finds nothing
//! (or no room) leaves its waker under the lock, and whoever changes that takes the wakers under the
//! lock and wakes them after it. Values are user code: they are cloned and dropped outside it.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Waker};

use crate::graph::{Cycle, Target};
use crate::id::Identity;
use crate::kernel::Kernel;
use crate::rt::lock;
use crate::unwind::{contain, wake_contained};

use super::waiters::{Edge, Told, Wait, Waiters, Waiting};

/// How many values may wait in a lane, if nothing else is said.
pub(super) const CAPACITY: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

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

/// A lease: whose it is, and its number among those of that life.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Tenure {
    pub(crate) identity: Identity,
    pub(crate) life: u64,
    pub(crate) number: u64,
}

/// The actor whose life receives what comes.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) kernel: Arc<Kernel>,
    pub(crate) tenure: Tenure,
    /// Wakes that life.
    pub(crate) ring: Waker,
}

struct State<T> {
    queue: VecDeque<Posted<T>>,
    closed: bool,
    receivers: Waiters,
    /// Who waits for room.
    room: Waiters,
    holder: Option<Holder>,
}

pub(crate) struct Lane<T> {
    state: Mutex<State<T>>,
    capacity: Option<NonZeroUsize>,
}

/// Wakes those who waited, once the lock is free.
#[must_use]
struct Wake {
    waiting: Vec<Waiting>,
    /// That of the life that holds the lane.
    ring: Option<Waker>,
}

impl Wake {
    fn go(self) {
        self.waiting.into_iter().for_each(Waiting::wake);
        self.ring.into_iter().for_each(wake_contained);
    }
}

impl<T> State<T> {
    fn wake_receivers(&mut self) -> Wake {
        Wake {
            waiting: self.receivers.take(),
            ring: self.holder.as_ref().map(|holder| holder.ring.clone()),
        }
    }

    fn wake_all(&mut self) -> Wake {
        let room = self.room.take();
        let mut wake = self.wake_receivers();
        wake.waiting.splice(0..0, room);
        wake
    }

    fn is_held(&self, tenure: &Tenure) -> bool {
        let holder = self.holder.as_ref();
        holder.is_some_and(|holder| holder.tenure == *tenure)
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
                receivers: Waiters::default(),
                room: Waiters::default(),
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
    /// A life that `waits` for another that holds the lane has an edge to it.
    pub(super) fn poll_push(
        &self,
        value: &mut Option<T>,
        waits: bool,
        wait: &mut Wait,
        context: &Context<'_>,
    ) -> Poll<Result<(), (T, Refusal)>> {
        let Some(unsent) = value.take() else {
            return Poll::Ready(Ok(()));
        };
        let unsent = match self.push(unsent) {
            Err((unsent, Refusal::Full)) => unsent,
            done => return Poll::Ready(done),
        };
        let waker = context.waker().clone();
        let mut state = lock(&self.state);
        let unsent = match self.push_to(&mut state, unsent) {
            Err((unsent, Refusal::Full)) => unsent,
            Err(refused) => return Poll::Ready(Err(refused)),
            Ok(wake) => {
                drop(state);
                wake.go();
                return Poll::Ready(Ok(()));
            }
        };
        if waits {
            match edge_to(state.holder.as_ref(), wait.told_by(&waker)) {
                Ok(edge) => wait.set_edge(edge),
                Err(cycle) => return Poll::Ready(Err((unsent, Refusal::Deadlock(cycle)))),
            }
        }
        *value = Some(unsent);
        let old = state.room.enter(wait, waker);
        drop(state);
        drop(old);
        Poll::Pending
    }

    /// Waits for room no longer.
    pub(super) fn leave_room(&self, wait: &mut Wait) {
        if wait.stands() {
            let old = lock(&self.state).room.leave(wait);
            drop(old);
        }
    }

    /// Waits for a value no longer.
    pub(super) fn leave_receivers(&self, wait: &mut Wait) {
        if wait.stands() {
            let old = lock(&self.state).receivers.leave(wait);
            drop(old);
        }
    }

    pub(crate) fn take(&self) -> Taken<T> {
        self.finish_take(lock(&self.state))
    }

    fn finish_take(&self, mut state: std::sync::MutexGuard<'_, State<T>>) -> Taken<T> {
        let taken = state.take();
        let waiting = state.room.take();
        drop(state);
        let ring = None;
        Wake { waiting, ring }.go();
        taken
    }

    /// Ready with a value, or with none once the lane is closed and empty.
    pub(super) fn poll_take(&self, wait: &mut Wait, context: &Context<'_>) -> Poll<Option<T>> {
        let waker = match self.take() {
            Taken::Value(posted) => return Poll::Ready(Some(posted.value)),
            Taken::Closed => return Poll::Ready(None),
            Taken::Nothing => context.waker().clone(),
        };
        let mut state = lock(&self.state);
        if state.queue.is_empty() && !state.closed {
            let old = state.receivers.enter(wait, waker);
            drop(state);
            drop(old);
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
            return Err(other.tenure.identity.clone());
        }
        state.holder = Some(holder);
        // Who waits for room waits for somebody from now on.
        let wake = state.wake_all();
        drop(state);
        wake.go();
        Ok(())
    }

    /// Ends a lease; `back`, what the life failed with, goes in front again.
    pub(crate) fn end_lease(&self, tenure: &Tenure, back: Option<Posted<T>>) {
        let mut state = lock(&self.state);
        if let Some(posted) = back {
            state.queue.push_front(posted);
        }
        let ended = state.holder.take_if(|holder| holder.tenure == *tenure);
        let wake = state.wake_all();
        drop(state);
        drop(ended);
        wake.go();
    }

    /// Whether there is something to take, or to tell, for the life that holds the lane.
    pub(crate) fn is_ready_for(&self, tenure: &Tenure, told: bool) -> bool {
        let state = lock(&self.state);
        state.is_held(tenure) && (!state.queue.is_empty() || (state.closed && !told))
    }

    /// Takes for the life that holds the lane.
    pub(crate) fn take_for(&self, tenure: &Tenure) -> Taken<T> {
        let state = lock(&self.state);
        match state.is_held(tenure) {
            true => self.finish_take(state),
            false => Taken::Nothing,
        }
    }
}

/// The edge of the calling life to the one that holds a lane.
fn edge_to(holder: Option<&Holder>, told: &Arc<Told>) -> Result<Option<Edge>, Cycle> {
    let Some(holder) = holder else {
        return Ok(None);
    };
    let kernel = &holder.kernel;
    let Some(waiter) = kernel.current_waiter() else {
        return Ok(None);
    };
    let target: Weak<Told> = Arc::downgrade(told);
    let target: Target = target;
    let ticket = kernel
        .graph
        .wait(&waiter, &holder.tenure.identity, "post", Some(target))?;
    Ok(Some((Arc::clone(kernel), ticket)))
}
