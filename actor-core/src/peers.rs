//! Links and monitors: who else learns of the end of a life.
//!
//! Both ends of a link, and of a monitor, are lives. Each life keeps its own table, in its cell,
//! and decides by it whether a signal that arrives still concerns it: what was unlinked or
//! demonitored meanwhile leaves no late signal. The other side is told first and our own table
//! second, on our own thread; a signal that comes in between waits in the signal lane until then.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cell::{Cell, State};
use crate::exit::ExitReason;
use crate::id::{ActorId, Identity};
use crate::protocol::Protocol;
use crate::signal::{Down, LinkedExit, Monitor, Signal};

/// A life of an actor, among those of all systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LifeId {
    system: u64,
    actor: ActorId,
    life: u64,
}

/// A life that does not run, to link to nevertheless.
const NO_LIFE: u64 = 0;

/// What one life has to do with others.
#[derive(Default)]
pub(crate) struct Peers {
    traps: bool,
    links: BTreeMap<LifeId, Arc<dyn Peer>>,
    /// Monitors that this life has set.
    monitors: BTreeMap<u64, Arc<dyn Peer>>,
    last_monitor: u64,
    /// Monitors that others have set on it, by their numbers there.
    monitored_by: BTreeMap<(LifeId, u64), Arc<dyn Peer>>,
}

/// The other end.
pub(crate) trait Peer: Send + Sync {
    fn identity(&self) -> &Identity;
    fn life_id(&self, life: u64) -> LifeId;
    /// Takes the link, if a life runs, and says which.
    fn take_link(&self, from: LifeId, peer: Arc<dyn Peer>) -> Option<u64>;
    fn drop_link(&self, life: u64, from: LifeId);
    /// Takes the monitor, if a life runs.
    fn take_monitor(&self, from: LifeId, number: u64, peer: Arc<dyn Peer>) -> bool;
    fn drop_monitor(&self, from: LifeId, number: u64);
    fn tell_exit(&self, life: u64, exit: LinkedExit);
    fn tell_down(&self, life: u64, down: Down);
}

impl<M: Protocol> Peer for Cell<M> {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn life_id(&self, life: u64) -> LifeId {
        LifeId {
            system: self.kernel.number,
            actor: self.identity.id(),
            life,
        }
    }

    fn take_link(&self, from: LifeId, peer: Arc<dyn Peer>) -> Option<u64> {
        let mut state = self.state();
        let life = state.life;
        state.peers()?.links.insert(from, peer);
        Some(life)
    }

    fn drop_link(&self, life: u64, from: LifeId) {
        let state = self.state_of(life);
        // Its cell may be dropped with it, which must not happen under the lock.
        let dropped = state.and_then(|mut state| state.peers()?.links.remove(&from));
        drop(dropped);
    }

    fn take_monitor(&self, from: LifeId, number: u64, peer: Arc<dyn Peer>) -> bool {
        let mut state = self.state();
        let peers = state.peers();
        peers.is_some_and(|peers| {
            peers.monitored_by.insert((from, number), peer);
            true
        })
    }

    fn drop_monitor(&self, from: LifeId, number: u64) {
        let mut state = self.state();
        let peers = state.peers();
        let dropped = peers.and_then(|peers| peers.monitored_by.remove(&(from, number)));
        drop(state);
        drop(dropped);
    }

    fn tell_exit(&self, life: u64, exit: LinkedExit) {
        let Some(mut state) = self.state_of(life) else {
            return;
        };
        state.cancel_for(&exit);
        state.signals.push_back(Signal::Exit(exit));
        drop(state);
        self.mailbox.bell.ring();
    }

    fn tell_down(&self, life: u64, down: Down) {
        if let Some(mut state) = self.state_of(life) {
            state.signals.push_back(Signal::Down(down));
            drop(state);
            self.mailbox.bell.ring();
        }
    }
}

impl<M: Protocol> State<M> {
    /// Those of the running life.
    fn peers(&mut self) -> Option<&mut Peers> {
        self.live.as_mut().map(|live| &mut live.peers)
    }

    /// What an exit has cancelled that does not concern the life any more goes on.
    fn recall_cancel(&mut self) {
        let signals = &self.signals;
        if let Some(live) = &mut self.live
            && live.told_to_end.is_none()
        {
            let peers = &live.peers;
            let ends = |signal: &Signal| match signal {
                Signal::Exit(exit) => {
                    !peers.traps && peers.links.contains_key(&exit.from) && exit.ends_its_peer()
                }
                Signal::Stop | Signal::Terminate => true,
                Signal::Child(_) | Signal::Down(_) => false,
            };
            live.cancelled
                .store(signals.iter().any(ends), Ordering::Relaxed);
        }
    }

    /// A handler that runs is told to come to an end, if the exit will end the life.
    fn cancel_for(&self, exit: &LinkedExit) {
        if let Some(live) = &self.live
            && !live.peers.traps
            && live.peers.links.contains_key(&exit.from)
            && exit.ends_its_peer()
        {
            live.cancelled.store(true, Ordering::Relaxed);
        }
    }
}

impl<M: Protocol> Cell<M> {
    /// Links `life` with the life of `other` that runs.
    pub(crate) fn link(self: &Arc<Self>, life: u64, other: Arc<dyn Peer>) {
        let us = self.life_id(life);
        let peer: Arc<dyn Peer> = Arc::<Self>::clone(self);
        if self.state_of(life).is_none() || other.life_id(life) == us {
            return;
        }
        let taken = other.take_link(us, peer);
        let from = other.life_id(taken.unwrap_or(NO_LIFE));
        let gone = taken.is_none().then(|| LinkedExit {
            from,
            actor: other.identity().clone(),
            reason: ExitReason::NoProc,
        });
        if let Some(mut state) = self.state_of(life) {
            if let Some(peers) = state.peers() {
                peers.links.insert(from, other);
            }
            // It may have ended meanwhile.
            for signal in &state.signals {
                if let Signal::Exit(exit) = signal {
                    state.cancel_for(exit);
                }
            }
        }
        if let Some(exit) = gone {
            self.tell_exit(life, exit);
        }
    }

    /// Takes the link of `life` away, whichever life of `other` it is with.
    pub(crate) fn unlink(&self, life: u64, other: &dyn Peer) {
        let theirs = other.life_id(NO_LIFE)..=other.life_id(u64::MAX);
        let mut removed = Vec::new();
        if let Some(mut state) = self.state_of(life)
            && let Some(peers) = state.peers()
        {
            let keys: Vec<LifeId> = peers.links.range(theirs).map(|(key, _)| *key).collect();
            removed.extend(
                keys.into_iter()
                    .filter_map(|key| peers.links.remove_entry(&key)),
            );
            state.recall_cancel();
        }
        for (key, peer) in removed {
            peer.drop_link(key.life, self.life_id(life));
        }
    }

    pub(crate) fn monitor(self: &Arc<Self>, life: u64, other: Arc<dyn Peer>) -> Monitor {
        let Some(number) = self.new_monitor(life, &other) else {
            return Monitor(NO_LIFE);
        };
        let peer: Arc<dyn Peer> = Arc::<Self>::clone(self);
        if !other.take_monitor(self.life_id(life), number, peer) {
            let down = Down {
                monitor: Monitor(number),
                actor: other.identity().clone(),
                reason: ExitReason::NoProc,
            };
            self.tell_down(life, down);
        }
        Monitor(number)
    }

    fn new_monitor(&self, life: u64, other: &Arc<dyn Peer>) -> Option<u64> {
        let mut state = self.state_of(life)?;
        let peers = state.peers()?;
        peers.last_monitor += 1;
        peers.monitors.insert(peers.last_monitor, Arc::clone(other));
        Some(peers.last_monitor)
    }

    /// Whether the monitor was set and has not fired.
    pub(crate) fn demonitor(&self, life: u64, monitor: Monitor) -> bool {
        let other = self.state_of(life).and_then(|mut state| {
            let peers = state.peers()?;
            peers.monitors.remove(&monitor.0)
        });
        let was_set = other.is_some();
        if let Some(other) = other {
            other.drop_monitor(self.life_id(life), monitor.0);
        }
        was_set
    }

    pub(crate) fn trap_exit(&self, life: u64, traps: bool) {
        if let Some(mut state) = self.state_of(life)
            && let Some(peers) = state.peers()
        {
            peers.traps = traps;
            state.recall_cancel();
        }
    }

    /// Whether the exit still concerns `life`, and if so, whether it traps it.
    pub(crate) fn is_trapped(&self, life: u64, exit: &LinkedExit) -> Option<bool> {
        let mut state = self.state_of(life)?;
        let peers = state.peers()?;
        let link = peers.links.remove(&exit.from)?;
        let traps = peers.traps;
        drop(state);
        drop(link);
        Some(traps)
    }

    /// Whether the monitor still concerns `life`.
    pub(crate) fn has_fired(&self, life: u64, down: &Down) -> bool {
        let fired = self.state_of(life).and_then(|mut state| {
            let peers = state.peers()?;
            peers.monitors.remove(&down.monitor.0)
        });
        fired.is_some()
    }

    /// Tells all others that `life` has ended.
    pub(crate) fn tell_peers(&self, life: u64, peers: Peers, reason: &ExitReason) {
        let us = self.life_id(life);
        for (theirs, peer) in peers.links {
            let exit = LinkedExit {
                from: us,
                actor: self.identity.clone(),
                reason: reason.clone(),
            };
            peer.tell_exit(theirs.life, exit);
        }
        for ((theirs, number), peer) in peers.monitored_by {
            let down = Down {
                monitor: Monitor(number),
                actor: self.identity.clone(),
                reason: reason.clone(),
            };
            peer.tell_down(theirs.life, down);
        }
        for (number, other) in peers.monitors {
            other.drop_monitor(us, number);
        }
    }
}
