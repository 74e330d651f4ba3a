//! The end of a life, and of an actor: what each step leaves, and in what order others learn of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::cell::{Cell, Live, Phase, State};
use crate::error::SpawnErrorKind;
use crate::events::EventKind;
use crate::exit::ExitReason;
use crate::graph::Waiter;
use crate::id::ActorId;
use crate::protocol::Protocol;
use crate::report::Abandoned;
use crate::rt::IdleStrategy;
use crate::signal::{ChildEvent, ChildSignal};
use crate::tree::{Child, Kept, stop_child};
use crate::unwind::drop_contained;

impl<M: Protocol> Cell<M> {
    /// No message is handled any more. Where no other life follows, the mailbox closes: children
    /// that stop now are not to wait for answers that will not come.
    pub(crate) fn begin_stopping(&self, life: u64, reason: &ExitReason) {
        let (record, before) = {
            let Some(mut state) = self.state_of(life) else {
                return;
            };
            state.phase = Phase::Stopping;
            if state.kept != Kept::No && !state.stop_ordered {
                return;
            }
            self.mailbox.close();
            let record = state.live.as_ref().map(|live| Arc::clone(&live.record));
            (record, state.last_exit.replace(reason.clone()))
        };
        let _ = drop_contained(before);
        self.sweep();
        if let Some(record) = record {
            record.retire_plan();
        }
    }

    /// The life's end, its state dropped and its children stopped; false, and nothing happens, if
    /// it was left behind before.
    pub(crate) fn end_life(&self, life: u64, reason: ExitReason) -> bool {
        let (live, old) = {
            let Some(mut state) = self.state_of(life) else {
                return false;
            };
            state.end(reason.clone())
        };
        drop(old);
        if let Some(live) = live {
            self.after_life(life, live, reason);
        }
        true
    }

    /// Waits for the end of `life`, which was told to end, for `grace` at most; then leaves it
    /// behind.
    pub(crate) fn await_end(&self, life: u64, grace: Duration) {
        let rt = &self.kernel.rt;
        rt.awaits(|| format!("the end of {}", self.identity));
        let over = rt.wait(IdleStrategy::Adaptive, rt.after(grace), |context| {
            self.poll_over(life, context)
        });
        match over {
            None => self.abandon_life(life, None),
            Some(thread) => thread.into_iter().for_each(|thread| thread.join()),
        }
    }

    /// The same on a thread of its own, for those who have to end first.
    pub(crate) fn await_end_elsewhere(self: &Arc<Self>, life: u64, grace: Duration) {
        let cell = Arc::clone(self);
        let name = format!("{}-end", self.identity);
        let body = move || cell.await_end(life, grace);
        if let Err(error) = self.kernel.rt.spawn(name, None, body) {
            tracing::error!(actor = %self.identity, life, %error, "told to end, but not waited for: no thread could be made");
        }
    }

    /// Ends the running life from outside and leaves its thread behind: it holds nothing that its
    /// late return could change. Its children are stopped first, each by `deadline`.
    ///
    /// They stay in the cell until they have stopped, and the life counts as running: whoever else
    /// is to end it meanwhile, a shutdown perhaps, stops them too, with a deadline of its own, so
    /// that it need not wait for anybody's patience, and leaves nobody out.
    pub(crate) fn abandon_life(&self, life: u64, deadline: Option<Instant>) {
        self.leave_behind_if(life, |_| true);
        let rt = &self.kernel.rt;
        // Edges of the life itself count no more.
        let waiter = Waiter {
            identity: self.identity.clone(),
            life: 0,
        };
        while let Some(child) = self.last_child_left(life) {
            let id = child.identity().id();
            let ticket = self.kernel.graph.wait_to_stop(&waiter, &[id]);
            stop_child(rt, &child, deadline);
            self.kernel.graph.settle(ticket);
            self.forget_left(life, id);
        }
        let live = {
            let mut state = self.state();
            let left = state.is_left(life);
            state.live.take_if(|_| left)
        };
        match live {
            Some(live) => self.after_life(life, live, ExitReason::Abandoned),
            // It has ended otherwise, or somebody else is about to say so.
            None => {
                rt.awaits(|| format!("the end of {}", self.identity));
                rt.wait(IdleStrategy::Adaptive, deadline, |context| {
                    self.poll_over(life, context)
                });
            }
        }
    }

    /// Leaves `life` behind if it runs and `wanted` says so under the lock, and gives the record of
    /// whoever goes on with its end.
    pub(crate) fn leave_behind_if(
        &self,
        life: u64,
        wanted: impl Fn(&State<M>) -> bool,
    ) -> Option<Arc<dyn Child>> {
        let mut state = loop {
            let state = self.state_of(life)?;
            if !wanted(&state) {
                return None;
            }
            if state.live.as_ref().is_none_or(|live| !live.announcing) {
                break state;
            }
            drop(state);
            // Its own thread is telling others that it has started. That takes no time, and they must
            // know before they are told that it has ended.
            let rt = &self.kernel.rt;
            rt.awaits(|| format!("{} to have started", self.identity));
            rt.wait(IdleStrategy::Adaptive, None, |context| {
                self.poll_announced(context)
            });
        };
        let old = state.leave();
        let in_hand = state.in_hand.take();
        let leases = match &mut state.live {
            Some(live) => {
                live.cancelled.store(true, Ordering::Relaxed);
                std::mem::take(&mut live.leases)
            }
            None => BTreeMap::new(),
        };
        let told = state.live.as_ref().and_then(|live| live.told_to_end);
        let record = state.live.as_ref().map(|live| Arc::clone(&live.record));
        // An idle life wakes up and leaves. The bell is still its own: no other life has begun.
        self.mailbox.bell.ring();
        let now = self.kernel.rt.now();
        let waited = told.map_or(Duration::ZERO, |told| now.saturating_duration_since(told));
        let message = in_hand.as_ref().map(|in_hand| in_hand.name);
        // Under the lock, so that a life that comes back at once finds itself named.
        let abandoned = Abandoned {
            actor: self.identity.clone(),
            life,
            message,
            waited,
        };
        self.kernel.left_behind(abandoned, told.is_none());
        drop(state);
        drop(old);
        tracing::error!(actor = %self.identity, life, message, "left behind: its thread did not stop in time");
        let abandoned = EventKind::Abandoned { message, waited };
        self.kernel.events.publish(&self.identity, life, abandoned);
        if let Some(in_hand) = in_hand {
            self.give_up(in_hand, life, &ExitReason::Abandoned);
        }
        leases.into_values().for_each(|lease| lease.end());
        record
    }

    fn last_child_left(&self, life: u64) -> Option<Arc<dyn Child>> {
        let state = self.state();
        state
            .children
            .last()
            .filter(|_| state.is_left(life))
            .cloned()
    }

    fn forget_left(&self, life: u64, child: ActorId) {
        let mut state = self.state();
        if state.is_left(life) {
            let of_child = |record: &mut Arc<dyn Child>| record.identity().id() == child;
            let forgotten: Vec<_> = state.children.extract_if(.., of_child).collect();
            drop(state);
            drop(forgotten);
        }
    }

    /// In this order: the mailbox closes where no life follows, the events, the starter or the
    /// parent, whoever waits.
    fn after_life(&self, life: u64, live: Live, reason: ExitReason) {
        let ignored = matches!(&reason, ExitReason::Failed(failure) if failure.is_ignore());
        let leases = live.leases.into_values();
        leases.for_each(|lease| lease.end());
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
        if !ended {
            // As soon as the parent knows, the next life may begin.
            let mut state = self.state();
            if state.is_left(life) {
                state.phase = Phase::Down;
            }
        }
        if !ended && let Some(supervisor) = live.parent.identity() {
            // Whoever asks it waits for that.
            self.await_start(&supervisor);
        }
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
                event: ChildEvent::Exited(public.clone()),
            }),
        }
        self.tell_peers(life, live.peers, &public);
        self.announce(ended);
        // A parent's cell may be dropped with it, and messages in that.
        let _ = drop_contained((live.record, live.parent));
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
        self.kernel.graph.end_await(self.identity.id());
        self.kernel.registry.free(&self.identity);
        self.mailbox.close();
        self.sweep();
        record.retire_plan();
        if self.state().kept == Kept::No {
            record.release();
        }
    }

    /// Makes an entry that was stopped and kept ready to be started again.
    pub(crate) fn reopen(&self) {
        let mut state = self.state();
        // Where it did not end, it may have been told to stop before its start.
        if matches!(state.phase, Phase::Ended(_)) {
            state.stop_ordered = false;
            state.phase = Phase::Declared;
            self.mailbox.open();
        }
    }

    /// Wakes whoever waits for a phase; `ended`, for the last.
    fn announce(&self, ended: bool) {
        // A parent's cell may be dropped with it, and messages in that.
        let mut parent = None;
        let watchers = {
            let mut state = self.state();
            if ended {
                let last = state.last_exit.clone();
                state.phase = Phase::Ended(last.unwrap_or(ExitReason::Shutdown(None)));
                parent = state.parent.take();
            }
            std::mem::take(&mut state.watchers)
        };
        let _ = drop_contained(parent);
        if ended {
            self.wake(watchers);
        } else {
            // Whoever joins goes on waiting, and keeps its edge.
            self.wake_only(watchers);
        }
    }
}
