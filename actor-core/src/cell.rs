//! The cell of an actor: everything that lasts over its lives, and what a stuck life must not
//! take with it.
//!
//! What was taken from the queue, the message in hand with its reply's way back, the children and
//! whoever waits sit under one lock with the number of the life. A life checks its number under
//! that lock at each step, so one that was left behind and comes back changes nothing. The lock
//! is held for a few instructions at a time; no user code runs under it.

mod room;
mod state;

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use crate::envelope::Envelope;
use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::graph::{Ticket, tell_all};
use crate::id::{ActorId, Identity};
use crate::kernel::Kernel;
use crate::lease::{Lease, LeaseKey, Standing};
use crate::letters::Redelivery;
use crate::lineage::Lineage;
use crate::mailbox::{Mailbox, Refusal};
use crate::pool::Queue;
use crate::protocol::Protocol;
use crate::registry::Registered;
use crate::rt::{Thread, lock};
use crate::signal::{ChildEvent, ChildSignal, Signal};
use crate::tree::{Child, Kept};
use crate::unwind::wake_contained;
pub(crate) use room::Room;
pub(crate) use state::{Live, Phase, State, Waiting};

pub(crate) struct Cell<M: Protocol> {
    pub(crate) identity: Identity,
    pub(crate) kernel: Arc<Kernel>,
    pub(crate) mailbox: Mailbox<M>,
    pub(crate) redelivery: Option<Redelivery<M>>,
    /// Whose tasks it does too.
    pub(crate) pool: Option<Arc<Cell<M>>>,
    state: Mutex<State<M>>,
}

impl<M: Protocol> Registered for Cell<M> {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn keep_lease(&self, life: u64, key: LeaseKey, lease: Arc<dyn Lease>) -> Standing {
        let Some(mut state) = self.state_of(life) else {
            return Standing::Over;
        };
        let stopping = matches!(state.phase, Phase::Stopping);
        let Some(live) = &mut state.live else {
            return Standing::Over;
        };
        live.leases.insert(key, lease);
        match live.told_to_end.is_some() && !stopping {
            true => Standing::ToldToEnd,
            false => Standing::Running,
        }
    }

    fn end_lease(&self, life: u64, key: LeaseKey) {
        let lease = self.state_of(life).and_then(|mut state| {
            let live = state.live.as_mut()?;
            live.leases.remove(&key)
        });
        if let Some(lease) = lease {
            lease.end();
        }
    }
}

impl<M: Protocol> Cell<M> {
    pub(crate) fn new(
        identity: Identity,
        kernel: Arc<Kernel>,
        mailbox: Mailbox<M>,
        redelivery: Option<Redelivery<M>>,
        queue: Option<Box<Queue<M>>>,
        pool: Option<Arc<Cell<M>>>,
    ) -> Self {
        Cell {
            identity,
            kernel,
            mailbox,
            redelivery,
            pool,
            state: Mutex::new(State {
                life: 0,
                phase: Phase::Declared,
                live: None,
                taken: VecDeque::new(),
                queue,
                in_hand: None,
                signals: VecDeque::new(),
                room: Vec::new(),
                watchers: Vec::new(),
                children: Vec::new(),
                lineage: Lineage::default(),
                parent: None,
                record: None,
                thread: None,
                stop_ordered: false,
                kept: Kept::No,
                handled: 0,
                dead_letters: BTreeMap::new(),
                last_exit: None,
                last_failure: None,
            }),
        }
    }

    #[inline]
    pub(crate) fn state(&self) -> MutexGuard<'_, State<M>> {
        lock(&self.state)
    }

    /// The state, if `life` is the one that runs.
    #[inline]
    pub(crate) fn state_of(&self, life: u64) -> Option<MutexGuard<'_, State<M>>> {
        Some(self.state()).filter(|state| state.is_current(life))
    }

    /// Hands `envelope` to the actor, or back. `Full` comes only where the overflow policy is to
    /// wait or to reject. Where it is `made_full`, there is no room at the first look.
    #[inline]
    pub(crate) fn push(
        &self,
        envelope: Envelope<M>,
        made_full: bool,
    ) -> Result<(), (Envelope<M>, Refusal)> {
        if made_full || envelope.task.is_some() {
            return self.push_otherwise(envelope, made_full);
        }
        match self.mailbox.count_in() {
            Ok(()) => self.push_counted(envelope),
            Err(Refusal::Full) => return self.push_otherwise(envelope, false),
            Err(refusal) => return Err((envelope, refusal)),
        }
        Ok(())
    }

    /// Hands over a message that was counted in.
    #[inline]
    pub(crate) fn push_counted(&self, envelope: Envelope<M>) {
        if self.mailbox.push_counted(envelope) {
            self.sweep();
        }
    }

    /// Where it has options, or there is no room.
    #[inline(never)]
    fn push_otherwise(
        &self,
        envelope: Envelope<M>,
        made_full: bool,
    ) -> Result<(), (Envelope<M>, Refusal)> {
        let full = made_full && self.mailbox.is_open();
        let room = match full {
            true => self.room_when_full(),
            false => self.room(),
        };
        match room {
            Ok(room) => {
                room.fill(envelope);
                Ok(())
            }
            Err(refusal) => Err((envelope, refusal)),
        }
    }

    /// Takes the message of a wait that was refused out of the queue, unless it is not there:
    /// then who waits for room, or for the end, is to look.
    pub(crate) fn withdraw(&self, ticket: Ticket) -> Option<Envelope<M>> {
        let (found, waiting) = {
            let mut state = self.state();
            state.take_in(&self.mailbox);
            let of_wait = |envelope: &Envelope<M>| envelope.ticket() == Some(ticket);
            let place = state.taken.iter().position(of_wait);
            let found = match place {
                Some(place) => state.taken.remove(place),
                None => state
                    .queue
                    .as_mut()
                    .and_then(|queue| queue.withdraw(of_wait)),
            };
            if found.is_some() {
                self.mailbox.began(1);
            }
            let mut waiting = std::mem::take(&mut state.room);
            if found.is_none() {
                waiting.append(&mut state.watchers);
            }
            (found, waiting)
        };
        self.wake_only(waiting);
        if found.is_some() {
            self.counted_out();
        }
        found
    }

    /// It does not run, and waits for `supervisor` to start it.
    pub(crate) fn await_start(&self, supervisor: &Identity) {
        let refused = {
            // Held, so that no life begins meanwhile: the edge would be its own.
            let state = self.state();
            if state.is_live() || matches!(state.phase, Phase::Ended(_)) {
                return;
            }
            self.kernel.graph.await_start(&self.identity, supervisor)
        };
        tell_all(refused);
    }

    /// Tells `life` of a child, if it is still the one that runs.
    pub(crate) fn signal_of(&self, life: u64, signal: ChildSignal) {
        if let Some(mut state) = self.state_of(life) {
            state.signals.push_back(Signal::Child(signal));
            drop(state);
            self.mailbox.bell.ring();
        }
    }

    /// Tells the actor to stop; between two lives, that no other is to follow.
    pub(crate) fn order_stop(&self) {
        let life = self.interrupt(Signal::Stop, |state| state.stop_ordered = true);
        if life.is_none() {
            self.end_between_lives();
        }
    }

    /// No further life is to follow: whoever decides about that is told. Where nobody is there to
    /// decide, because the supervisor is down as well, it ends by itself.
    fn end_between_lives(&self) {
        let (parent, record, life) = {
            let state = self.state();
            (state.parent.clone(), state.record.clone(), state.life)
        };
        let Some(parent) = parent else {
            return;
        };
        if parent.is_current() {
            parent.signal(ChildSignal {
                child: self.identity.id(),
                life,
                event: ChildEvent::StopOrdered,
            });
        } else if let Some(record) = record.and_then(|record| record.upgrade()) {
            record.finish();
        }
    }

    /// Tells the running life to stop; another is to follow.
    pub(crate) fn order_pause(&self) {
        self.interrupt(Signal::Stop, |_| {});
    }

    /// Tells the actor to stop once it has handled what is queued.
    pub(crate) fn order_drain(&self) {
        let (room, lives) = {
            // The actor looks at the gate under this lock before it sleeps: only so can the bell
            // not be missed.
            let mut state = self.state();
            state.stop_ordered = true;
            self.mailbox.drain();
            (std::mem::take(&mut state.room), state.is_live())
        };
        self.mailbox.bell.ring();
        // There will be no room for them.
        self.wake(room);
        if !lives {
            self.end_between_lives();
        }
    }

    /// Tells the running life to end at once, and says which it is.
    pub(crate) fn terminate(&self) -> Option<u64> {
        self.interrupt(Signal::Terminate, |_| {})
    }

    /// Tells the running life to come to an end, its handler included, and says which it is.
    fn interrupt(&self, signal: Signal, prepare: impl FnOnce(&mut State<M>)) -> Option<u64> {
        let (life, leases) = {
            let mut state = self.state();
            prepare(&mut state);
            let life = state.is_live().then_some(state.life);
            (life, self.signal_end(&mut state, signal))
        };
        leases.iter().for_each(|lease| lease.told_to_end());
        life
    }

    /// What the life holds and waits for comes back, to be told as well.
    fn signal_end(&self, state: &mut State<M>, signal: Signal) -> Vec<Arc<dyn Lease>> {
        // One that was left behind takes no signal, and its successor must not find it.
        if matches!(state.phase, Phase::LeftBehind) {
            return Vec::new();
        }
        // It may wait for what it needs to stop in order.
        let waits_on =
            matches!(state.phase, Phase::Stopping) && !matches!(signal, Signal::Terminate);
        let Some(live) = &mut state.live else {
            return Vec::new();
        };
        live.told_to_end.get_or_insert_with(|| self.kernel.rt.now());
        live.cancelled.store(true, Ordering::Relaxed);
        let leases = match waits_on {
            true => Vec::new(),
            false => live.leases.values().cloned().collect(),
        };
        state.signals.push_back(signal);
        self.mailbox.bell.ring();
        leases
    }

    pub(crate) fn adopt(&self, life: u64, child: Arc<dyn Child>) -> Result<(), SpawnErrorKind> {
        let mut state = self.state_of(life).ok_or(SpawnErrorKind::ParentStopping)?;
        if matches!(state.phase, Phase::Stopping) {
            return Err(SpawnErrorKind::ParentStopping);
        }
        state.children.push(child);
        Ok(())
    }

    pub(crate) fn forget(&self, life: u64, child: ActorId) -> Option<Arc<dyn Child>> {
        let mut state = self.state_of(life)?;
        let place = |record: &Arc<dyn Child>| record.identity().id() == child;
        let place = state.children.iter().position(place)?;
        Some(state.children.remove(place))
    }

    /// The child that was started last.
    pub(crate) fn last_child(&self, life: u64) -> Option<Arc<dyn Child>> {
        self.state_of(life)?.children.last().cloned()
    }

    pub(crate) fn children(&self, life: u64) -> Vec<Arc<dyn Child>> {
        let state = self.state_of(life);
        state.map_or_else(Vec::new, |state| state.children.clone())
    }

    /// Ready when no start is being told.
    pub(crate) fn poll_announced(&self, context: &Context<'_>) -> Poll<()> {
        self.poll_state(None, context, |state| {
            let announcing = state.live.as_ref().is_some_and(|live| live.announcing);
            (!announcing).then_some(())
        })
    }

    /// Ready with how the last life ended, when no life runs.
    pub(crate) fn poll_down(&self, context: &Context<'_>) -> Poll<Option<ExitReason>> {
        self.poll_state(None, context, |state| {
            (!state.is_live()).then(|| state.last_exit.clone())
        })
    }

    /// Ready when `life` does not run any more, with its thread: none if it was left behind, or
    /// if another life runs already, because whoever started that has joined the thread.
    pub(crate) fn poll_over(&self, life: u64, context: &Context<'_>) -> Poll<Option<Arc<Thread>>> {
        self.poll_state(None, context, |state| {
            let thread = || state.thread.clone().filter(|_| state.life == life);
            (state.life != life || !state.is_live()).then(thread)
        })
    }

    /// Ready with how the actor ended and its last life's thread, once it has.
    pub(crate) fn poll_ended(
        &self,
        ticket: Option<Ticket>,
        context: &Context<'_>,
    ) -> Poll<(ExitReason, Option<Arc<Thread>>)> {
        self.poll_state(ticket, context, |state| match &state.phase {
            Phase::Ended(reason) => Some((reason.clone(), state.thread.clone())),
            _ => None,
        })
    }

    /// How the last life that is over ended.
    pub(crate) fn last_exit(&self) -> ExitReason {
        let last = self.state().last_exit.clone();
        last.unwrap_or(ExitReason::Shutdown(None))
    }

    /// Phases change under the cell's lock, and the watchers are woken after it.
    fn poll_state<T>(
        &self,
        ticket: Option<Ticket>,
        context: &Context<'_>,
        look: impl FnOnce(&State<M>) -> Option<T>,
    ) -> Poll<T> {
        let mut state = self.state();
        if let Some(value) = look(&state) {
            return Poll::Ready(value);
        }
        // Only our own threads wait for phases.
        drop(Waiting::add(
            &mut state.watchers,
            context.waker().clone(),
            ticket,
        ));
        Poll::Pending
    }

    /// Forgets a thread that waits no more, because it has given up.
    pub(crate) fn forget_waiter(&self, waker: &Waker) {
        let mut state = self.state();
        state.watchers.retain(|one| !one.waker.will_wake(waker));
        state.room.retain(|one| !one.waker.will_wake(waker));
    }

    /// Ends the waits, then wakes who waited: in this order, so that no edge stands of a wait that
    /// is over.
    pub(crate) fn wake(&self, waiting: Vec<Waiting>) {
        for Waiting { waker, ticket } in waiting {
            if let Some(ticket) = ticket {
                self.kernel.graph.settle(ticket);
            }
            wake_contained(waker);
        }
    }

    /// Wakes who waited, to look and wait on.
    pub(crate) fn wake_only(&self, waiting: Vec<Waiting>) {
        waiting
            .into_iter()
            .for_each(|one| wake_contained(one.waker));
    }

    /// Joins the last life's thread: for the parent, which alone starts lives.
    pub(crate) fn join_thread(&self) {
        let thread = self.state().thread.clone();
        if let Some(thread) = thread {
            thread.join();
        }
    }
}
