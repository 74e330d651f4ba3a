//! The end of a life, and of an actor: what each step leaves, and in what order others learn of it.

use std::sync::atomic::Ordering;
use std::task::Waker;
use std::time::Instant;

use crate::cell::{Cell, Live, Phase};
use crate::envelope::{Envelope, InHand};
use crate::error::{AskError, SpawnErrorKind};
use crate::events::{DeadLetterCause, EventKind};
use crate::exit::ExitReason;
use crate::protocol::Protocol;
use crate::report::Abandoned;
use crate::signal::{ChildEvent, ChildSignal};
use crate::tree::{Child, Kept, stop_children};
use crate::unwind::drop_contained;

impl<M: Protocol> Cell<M> {
    /// The message in hand is lost to the life: its asker is told at once.
    pub(crate) fn fail_in_hand(&self, life: u64, reason: &ExitReason) {
        let in_hand = self
            .state_of(life)
            .and_then(|mut state| state.in_hand.take());
        if let Some(in_hand) = in_hand {
            self.lose(in_hand, life, reason, DeadLetterCause::Failed);
        }
    }

    fn lose(&self, in_hand: InHand<M>, life: u64, reason: &ExitReason, cause: DeadLetterCause) {
        self.kernel.events.publish(
            &self.identity,
            life,
            EventKind::DeadLetter {
                message: in_hand.name,
                sender: in_hand.sender,
                cause,
            },
        );
        in_hand.fail(&self.identity, life, reason);
    }

    /// The life's end, its state dropped and its children stopped; false, and nothing happens, if
    /// it was left behind before.
    pub(crate) fn end_life(&self, life: u64, reason: ExitReason) -> bool {
        let live = {
            let Some(mut state) = self.state_of(life) else {
                return false;
            };
            state.end(reason.clone())
        };
        if let Some(live) = live {
            self.after_life(life, live, reason);
        }
        true
    }

    /// Ends the running life from outside and leaves its thread behind: it holds nothing that its
    /// late return could change.
    pub(crate) fn abandon_life(&self, life: u64, deadline: Option<Instant>) {
        let Some(mut state) = self.state_of(life) else {
            return;
        };
        let live = state.end(ExitReason::Abandoned);
        let in_hand = state.in_hand.take();
        let mut children = std::mem::take(&mut state.children);
        state.thread = None;
        // An idle life wakes up and leaves. The bell is still its own: no other life has begun.
        self.mailbox.bell.ring();
        let message = in_hand.as_ref().map(|in_hand| in_hand.name);
        // Under the lock, so that a life that comes back at once finds itself named.
        self.kernel.left_behind(Abandoned {
            actor: self.identity.clone(),
            life,
            message,
        });
        drop(state);
        let Some(live) = live else {
            return;
        };
        live.cancelled.store(true, Ordering::Relaxed);
        tracing::error!(actor = %self.identity, life, message, "left behind: its thread did not stop in time");
        let abandoned = EventKind::Abandoned { message };
        self.kernel.events.publish(&self.identity, life, abandoned);
        if let Some(in_hand) = in_hand {
            self.lose(
                in_hand,
                life,
                &ExitReason::Abandoned,
                DeadLetterCause::Abandoned,
            );
        }
        stop_children(&self.kernel.rt, deadline, || children.pop());
        self.after_life(life, live, ExitReason::Abandoned);
    }

    /// In this order: the mailbox closes where no life follows, the events, the starter or the
    /// parent, whoever waits.
    fn after_life(&self, life: u64, live: Live, reason: ExitReason) {
        let ignored = matches!(&reason, ExitReason::Failed(failure) if failure.is_ignore());
        let events = &self.kernel.events;
        if reason.is_failure() && !ignored {
            tracing::error!(actor = %self.identity, life, %reason, "failed");
            let reason = reason.clone();
            events.publish(&self.identity, life, EventKind::Failed { reason });
        }
        let ended = self.state().kept == Kept::No;
        if ended {
            self.close(&*live.record);
        }
        let public = match ignored {
            true => ExitReason::Normal,
            false => reason.clone(),
        };
        tracing::debug!(actor = %self.identity, life, reason = %public, "exited");
        let exited = EventKind::Exited {
            code: public.code(),
            reason: public.clone(),
        };
        events.publish(&self.identity, life, exited);
        match live.on_started {
            Some(on_started) => on_started(
                life,
                Err(match ignored {
                    true => SpawnErrorKind::Ignored,
                    false => SpawnErrorKind::Start(reason),
                }),
            ),
            None => live.parent.signal(ChildSignal {
                child: self.identity.id(),
                life,
                event: ChildEvent::Exited(public),
            }),
        }
        self.announce(ended);
    }

    /// The final exit of an actor of which no life runs.
    pub(crate) fn finish(&self, record: &dyn Child) {
        {
            let state = self.state();
            if state.is_live() || matches!(state.phase, Phase::Ended(_)) {
                return;
            }
        }
        self.close(record);
        self.announce(true);
    }

    fn close(&self, record: &dyn Child) {
        self.mailbox.close();
        self.sweep();
        if self.state().kept == Kept::No {
            record.release();
        }
    }

    /// Makes an entry that was stopped and kept ready to be started again.
    pub(crate) fn reopen(&self) {
        let mut state = self.state();
        if !state.is_live() {
            state.stop_ordered = false;
            state.phase = Phase::Declared;
            self.mailbox.open();
        }
    }

    /// Wakes whoever waits for a phase; `ended`, for the last.
    fn announce(&self, ended: bool) {
        let watchers = {
            let mut state = self.state();
            if ended {
                let last = state.last_exit.clone();
                state.phase = Phase::Ended(last.unwrap_or(ExitReason::Shutdown(None)));
            }
            std::mem::take(&mut state.watchers)
        };
        watchers.into_iter().for_each(Waker::wake);
    }

    /// Makes dead letters of what is queued in a closed mailbox, and tells their askers. Whoever
    /// closes the mailbox sweeps it, and so does a sender whose push came too late for that.
    pub(crate) fn sweep(&self) {
        let (letters, room, life, reason) = {
            let mut state = self.state();
            if !self.mailbox.is_closed() {
                return;
            }
            let mut letters: Vec<Envelope<M>> = state.taken.drain(..).collect();
            letters.extend(self.mailbox.take());
            self.mailbox.began(letters.len());
            let reason = state.last_exit.clone();
            (letters, std::mem::take(&mut state.room), state.life, reason)
        };
        room.into_iter().for_each(Waker::wake);
        for Envelope {
            message,
            reply,
            sender,
        } in letters
        {
            let name = message.name();
            self.kernel.events.publish(
                &self.identity,
                life,
                EventKind::DeadLetter {
                    message: name,
                    sender,
                    cause: DeadLetterCause::Stopped,
                },
            );
            if let Some(reply) = reply {
                reply.send(Err(AskError::Stopped {
                    actor: self.identity.clone(),
                    message: name,
                    reason: reason.clone(),
                }));
            }
            // A destructor that panics has nobody to tell: the actor that it was for is gone.
            let _ = drop_contained(message);
        }
    }
}
