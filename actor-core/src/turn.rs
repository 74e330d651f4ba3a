//! A life's turns: what it does next, and what becomes of the message in hand.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use crate::cell::{Cell, Live, State};
use crate::envelope::{Envelope, InHand, ReplySender};
use crate::id::ActorId;
use crate::pool::{Rest, Take, Task};
use crate::port::Ports;
use crate::protocol::Protocol;
use crate::signal::Signal;

/// What a life does next.
pub(crate) enum Step<M: Protocol> {
    Message {
        message: M,
        asked: bool,
        attempts: u32,
        task: Option<Arc<Task<M>>>,
    },
    Signal(Signal),
    /// A timer is due, and it is its turn.
    Timer,
    /// Tasks wait in a pool, and no worker is free.
    Look,
    /// It found something that was none of its, and is to look again.
    Again,
    /// The attached port at this place has something, and it is its turn.
    Port(usize),
    /// All that was queued before a drain has been handled.
    Drained,
    /// This life was left behind.
    Fenced,
}

/// The life has the message in hand from now on.
#[inline]
fn take_in_hand<M: Protocol>(state: &mut State<M>, envelope: Envelope<M>, pooled: bool) -> Step<M> {
    let Envelope {
        message,
        reply,
        sender,
        attempts,
        sent: _,
        task,
    } = envelope;
    let asked = reply.is_some();
    state.in_hand = Some(InHand {
        name: message.name(),
        sender,
        asked,
        reply,
        promised: false,
        attempts,
        pooled,
        task: task.clone(),
        comes_again: false,
        copy: None,
    });
    Step::Message {
        message,
        asked,
        attempts,
        task,
    }
}

impl<M: Protocol> Cell<M> {
    /// The next message, where it has been taken from the mailbox already and nothing comes before it: of a
    /// burst, all but the first. Where it is not as simple, nothing changes.
    #[inline]
    pub(crate) fn next_taken(&self, life: u64) -> Option<Step<M>> {
        if self.pool.is_some() || self.mailbox.crowd.is_some() {
            return None;
        }
        let mut state = self.state();
        if !state.is_current(life) || !state.signals.is_empty() {
            return None;
        }
        let envelope = state.taken.pop_front()?;
        let before = state.in_hand.take();
        state.handled += u64::from(before.is_some());
        let step = take_in_hand(&mut state, envelope, false);
        self.mailbox.began(1);
        let waits = !state.room.is_empty();
        let room = waits.then(|| std::mem::take(&mut state.room));
        drop(state);
        drop(before);
        room.into_iter().for_each(|room| self.wake(room));
        Some(step)
    }

    /// What `life` does next: signals, then a timer if it is its turn, then messages.
    ///
    /// Look and sleep are one critical section: a life that was left behind must not touch the
    /// bell, which its successor sleeps on.
    pub(crate) fn poll_turn(
        &self,
        life: u64,
        timer_first: bool,
        ports: &Ports<M>,
        context: &Context<'_>,
    ) -> Poll<Step<M>> {
        let mut state = self.state();
        if !state.is_current(life) {
            return Poll::Ready(Step::Fenced);
        }
        let before = state.in_hand.take();
        let mut pooled = before.as_ref().is_some_and(|before| before.pooled);
        if before.is_some() {
            state.handled += 1;
        }
        if let Some(signal) = state.signals.pop_front() {
            self.turn_aside();
            return Poll::Ready(Step::Signal(signal));
        }
        if timer_first {
            self.turn_aside();
            return Poll::Ready(Step::Timer);
        }
        if let Some(port) = ports.before_mailbox() {
            self.turn_aside();
            return Poll::Ready(Step::Port(port));
        }
        let bell = &self.mailbox.bell;
        if state.queue.is_some() {
            return self.poll_front(&state, context);
        }
        let mut room = None;
        let envelope = loop {
            if let Some(envelope) = state.taken.pop_front() {
                break envelope;
            }
            bell.hush();
            // Read before taking: what is pushed later than a drain is swept at the end.
            let draining = self.mailbox.is_draining();
            self.mailbox.take(&mut state.taken);
            if !state.taken.is_empty() {
                continue;
            }
            if draining {
                return Poll::Ready(Step::Drained);
            }
            if let Some(port) = ports.any() {
                self.turn_aside();
                return Poll::Ready(Step::Port(port));
            }
            if let Some(pool) = &self.pool {
                pooled = false;
                match pool.take_task(self.identity.id(), life) {
                    Take::Task(envelope, waiting) => {
                        room = Some(waiting);
                        break envelope;
                    }
                    Take::Refused(withdrawn, waiting) => {
                        drop(state);
                        pool.wake(waiting);
                        withdrawn.answer(&self.kernel.graph);
                        return Poll::Ready(Step::Again);
                    }
                    Take::Recycle => return Poll::Ready(Step::Drained),
                    Take::Nothing => {}
                }
            }
            if bell.listen(context) {
                return Poll::Pending;
            }
        };
        let step = take_in_hand(&mut state, envelope, room.is_some());
        match (room, &self.pool) {
            (Some(room), Some(pool)) => {
                drop(state);
                pool.wake(room);
            }
            (_, pool) => {
                self.turn_aside();
                self.mailbox.began(1);
                let room = std::mem::take(&mut state.room);
                drop(state);
                if let Some(pool) = pool.as_ref().filter(|_| pooled) {
                    pool.rest(self.identity.id(), life, Rest::Done);
                }
                self.wake(room);
            }
        }
        Poll::Ready(step)
    }

    /// Takes a message in hand that did not come from the mailbox; false if the life was left
    /// behind.
    pub(crate) fn begin(
        &self,
        life: u64,
        name: &'static str,
        sender: Option<ActorId>,
        attempts: u32,
        comes_again: bool,
    ) -> bool {
        let Some(mut state) = self.state_of(life) else {
            return false;
        };
        state.in_hand = Some(InHand {
            name,
            sender,
            asked: false,
            reply: None,
            promised: false,
            attempts,
            pooled: false,
            task: None,
            comes_again,
            copy: None,
        });
        true
    }

    /// Ready when `life` was told to come to an end, or was left behind.
    pub(crate) fn poll_cancelled(&self, life: u64, context: &Context<'_>) -> Poll<()> {
        let Some(state) = self.state_of(life) else {
            return Poll::Ready(());
        };
        let task = state
            .in_hand
            .as_ref()
            .and_then(|in_hand| in_hand.task.as_ref());
        let cancelled = |live: &Live| {
            let is_cut = task.is_some_and(|task| task.is_cancelled());
            is_cut || live.cancelled.load(Ordering::Relaxed)
        };
        let bell = &self.mailbox.bell;
        loop {
            bell.hush();
            if state.live.as_ref().is_none_or(cancelled) {
                return Poll::Ready(());
            }
            if bell.listen(context) {
                return Poll::Pending;
            }
        }
    }

    /// The way back of the message in hand, for whoever answers it.
    pub(crate) fn take_reply(&self, life: u64) -> Option<(&'static str, ReplySender<M>)> {
        let mut state = self.state_of(life)?;
        let in_hand = state.in_hand.as_mut()?;
        Some((in_hand.name, in_hand.reply.take()?))
    }

    /// A `ReplyTo` is made for the message in hand: somebody else may answer it from now on.
    pub(crate) fn promise(&self, life: u64) {
        if let Some(mut state) = self.state_of(life)
            && let Some(in_hand) = &mut state.in_hand
        {
            in_hand.promised = true;
        }
    }

    /// Ends the handling of the message in hand, which succeeded, and gives what was kept of it: the
    /// way back of its reply, and a copy, whose destructor is user code. Without either, [`poll_turn`](Self::poll_turn) does it.
    pub(crate) fn complete(&self, life: u64) -> Option<InHand<M>> {
        let mut state = self.state_of(life)?;
        let in_hand = state.in_hand.take()?;
        state.handled += 1;
        Some(in_hand)
    }
}
