//! What becomes of accepted messages that are not handled: redelivered, or dead letters.
//!
//! Every message that a mailbox accepted ends as exactly one of: handled, redelivered (and then
//! again one of these), or a dead letter, which is counted, published as an event, and its asker
//! told at once.

use crate::cell::{Cell, State};
use crate::envelope::{Envelope, InHand, ReplySender, Withdrawn};
use crate::error::AskError;
use crate::events::{DeadLetterCause, EventKind};
use crate::exit::ExitReason;
use crate::graph::{Cycle, Refusable, Ticket};
use crate::id::ActorId;
use crate::pool::{Rest, Sent};
use crate::protocol::Protocol;
use crate::tree::Kept;
use crate::unwind::{contain, drop_contained};

/// How often a message is handled again after a life that failed with it in hand.
pub(crate) struct Redelivery<M> {
    pub(crate) limit: u32,
    pub(crate) clone: fn(&M) -> M,
}

impl<M> Clone for Redelivery<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Redelivery<M> {}

impl<M: Protocol> Refusable for Cell<M> {
    fn refuse(&self, ticket: Ticket, cycle: Cycle) {
        self.refuse_asker(ticket, cycle);
    }
}

impl<M: Protocol> Cell<M> {
    /// Keeps a copy of the message in hand, if it may be redelivered.
    pub(crate) fn keep_copy(
        &self,
        life: u64,
        message: &M,
        Redelivery { limit, clone }: Redelivery<M>,
    ) -> Result<(), crate::Panic> {
        let wanted = |state: &mut State<M>| {
            let in_hand = state.in_hand.as_ref();
            in_hand.is_some_and(|in_hand| in_hand.attempts < limit)
        };
        if !self
            .state_of(life)
            .is_some_and(|mut state| wanted(&mut state))
        {
            return Ok(());
        }
        let mut copy = Some(contain(|| clone(message))?);
        if let Some(mut state) = self.state_of(life)
            && let Some(in_hand) = &mut state.in_hand
        {
            in_hand.copy = copy.take();
        }
        // One that came too late, because the life was left behind meanwhile.
        drop_contained(copy)
    }

    /// The message in hand is lost to the life, which ends for `reason`.
    pub(crate) fn fail_in_hand(&self, life: u64, reason: &ExitReason) {
        let in_hand = self
            .state_of(life)
            .and_then(|mut state| state.in_hand.take());
        if let Some(in_hand) = in_hand {
            self.give_up(in_hand, life, reason);
        }
    }

    /// Puts the message back in front of the queue if the next life is to have it, or tells its
    /// asker at once.
    pub(crate) fn give_up(&self, mut in_hand: InHand<M>, life: u64, reason: &ExitReason) {
        if in_hand.comes_again {
            self.tell_redelivered(life, in_hand.name, in_hand.attempts);
            return;
        }
        let answered = in_hand.promised || (in_hand.asked && in_hand.reply.is_none());
        {
            let mut state = self.state();
            // Closed, it has been swept, or will be after this.
            let closed = self.mailbox.is_closed();
            let restarts = state.kept != Kept::No && !state.stop_ordered && !closed;
            if restarts
                && !answered
                && !in_hand.pooled
                && let Some(message) = in_hand.copy.take()
            {
                self.mailbox.readmit();
                state.taken.push_front(Envelope {
                    message,
                    reply: in_hand.reply,
                    sender: in_hand.sender,
                    attempts: in_hand.attempts + 1,
                    sent: Sent::default(),
                    task: None,
                });
                drop(state);
                self.tell_redelivered(life, in_hand.name, in_hand.attempts);
                return;
            }
        }
        if let Some(pool) = self.pool.as_ref().filter(|_| in_hand.pooled) {
            let worker = self.identity.id();
            if let Some(again) = in_hand.retry(answered) {
                let redelivered = EventKind::Redelivered {
                    message: in_hand.name,
                    attempt: again.attempts,
                };
                self.kernel
                    .events
                    .publish(&self.identity, life, redelivered);
                // In this order: a pool that drains has always one of them to wait for.
                pool.try_again(again);
                pool.rest(worker, life, Rest::Retried);
                return;
            }
            pool.rest(worker, life, Rest::Failed);
        }
        let used_up =
            |redelivery: Redelivery<M>| (1..=in_hand.attempts).contains(&redelivery.limit);
        let cause = match reason {
            ExitReason::Abandoned => DeadLetterCause::Abandoned,
            _ if self.redelivery.is_some_and(used_up) => DeadLetterCause::RedeliveryUsedUp,
            _ => DeadLetterCause::Failed,
        };
        self.bury(life, in_hand.name, in_hand.sender, cause);
        let _ = drop_contained(in_hand.copy.take());
        if let Some(task) = in_hand.task.take() {
            task.end();
            let _ = drop_contained(task);
        }
        in_hand.fail(&self.kernel.graph, &self.identity, life, reason);
    }

    /// Tells the asker with this ticket that it would wait for ever.
    fn refuse_asker(&self, ticket: Ticket, cycle: Cycle) {
        let (reply, message) = match self.way_back_of(ticket) {
            Some(reply) => (Some(reply), None),
            None => match self.withdraw(ticket) {
                Some(mut envelope) => (envelope.reply.take(), Some(envelope)),
                None => return,
            },
        };
        let withdrawn = Withdrawn {
            reply,
            cycle,
            message,
        };
        withdrawn.answer(&self.kernel.graph);
    }

    /// Takes the way back out of a message that was delivered before its answer was waited for.
    fn way_back_of(&self, ticket: Ticket) -> Option<ReplySender<M>> {
        let mut state = self.state();
        state.take_in(&self.mailbox);
        let State { taken, queue, .. } = &mut *state;
        let waiting = taken.iter_mut();
        let mut replies = waiting
            .chain(queue.iter_mut().flat_map(|queue| queue.iter_mut()))
            .map(|envelope| &mut envelope.reply);
        let is_it = |reply: &&mut Option<ReplySender<M>>| {
            reply
                .as_ref()
                .is_some_and(|reply| reply.is_ahead_of(ticket))
        };
        replies.find(is_it)?.take()
    }

    /// Makes dead letters of what is queued in a closed mailbox, and tells their askers. Whoever
    /// closes the mailbox sweeps it, and so does a sender whose push came too late for that.
    pub(crate) fn sweep(&self) {
        let (letters, room, life, reason) = {
            let mut state = self.state();
            if !self.mailbox.is_closed() {
                return;
            }
            self.mailbox.take(&mut state.taken);
            let mut letters: Vec<Envelope<M>> = state.taken.drain(..).collect();
            if let Some(queue) = &mut state.queue {
                letters.extend(queue.drain());
            }
            self.mailbox.began(letters.len());
            let reason = state.last_exit.clone();
            (letters, std::mem::take(&mut state.room), state.life, reason)
        };
        self.wake(room);
        for letter in letters {
            self.discard(letter, life, DeadLetterCause::Stopped, |actor, message| {
                AskError::Stopped {
                    actor,
                    message,
                    reason: reason.clone(),
                }
            });
        }
    }

    /// Makes room in a full mailbox at the cost of the message that waits longest.
    pub(crate) fn evict_oldest(&self) {
        let (letter, life) = {
            let mut state = self.state();
            if state.taken.is_empty() {
                state.take_in(&self.mailbox);
            }
            let State { queue, taken, .. } = &mut *state;
            let letter = match queue {
                Some(queue) => queue.oldest(taken),
                None => taken.pop_front(),
            };
            let Some(letter) = letter else {
                return;
            };
            self.mailbox.began(1);
            (letter, state.life)
        };
        self.overflow(letter, life);
    }

    /// Makes a dead letter of a message for which there is no room.
    pub(crate) fn drop_newest(&self, letter: Envelope<M>) {
        let life = self.state().life;
        self.overflow(letter, life);
    }

    fn overflow(&self, letter: Envelope<M>, life: u64) {
        self.discard(letter, life, DeadLetterCause::Overflow, |actor, message| {
            AskError::Full { actor, message }
        });
    }

    pub(crate) fn discard(
        &self,
        letter: Envelope<M>,
        life: u64,
        cause: DeadLetterCause,
        error: impl FnOnce(crate::Identity, &'static str) -> AskError,
    ) {
        let name = letter.message.name();
        self.bury(life, name, letter.sender, cause);
        if let Some(reply) = letter.reply {
            let error = error(self.identity.clone(), name);
            reply.send(&self.kernel.graph, Err(error));
        }
        if let Some(task) = &letter.task {
            task.end();
        }
        // A destructor that panics has nobody to tell: the message was not the actor's yet.
        let _ = drop_contained(letter.message);
        let _ = drop_contained(letter.task);
    }

    /// A message of a port that was taken when the life had been left behind.
    pub(crate) fn give_up_late(
        &self,
        life: u64,
        message: &'static str,
        attempts: u32,
        went_back: bool,
    ) {
        match went_back {
            true => self.tell_redelivered(life, message, attempts),
            false => self.bury(life, message, None, DeadLetterCause::Abandoned),
        }
    }

    fn tell_redelivered(&self, life: u64, message: &'static str, attempts: u32) {
        let attempt = attempts + 1;
        let again = EventKind::Redelivered { message, attempt };
        self.kernel.events.publish(&self.identity, life, again);
    }

    /// Counts and publishes a dead letter.
    fn bury(
        &self,
        life: u64,
        message: &'static str,
        sender: Option<ActorId>,
        cause: DeadLetterCause,
    ) {
        *self.state().dead_letters.entry(cause).or_default() += 1;
        tracing::debug!(actor = %self.identity, life, message, ?cause, "dead letter");
        let letter = EventKind::DeadLetter {
            message,
            sender,
            cause,
        };
        self.kernel.events.publish(&self.identity, life, letter);
    }
}
