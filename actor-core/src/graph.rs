//! Who waits for whom: a cycle of actors that wait for each other is refused before it closes.
//!
//! Nodes are lives of actors; an actor waits for one thing at a time, so it has one edge at most.
//! An edge is set before the message is enqueued, and cleared by whoever ends the wait (the
//! replier, who made room, who ended) *before* it wakes the waiter: cleared by the waiter itself it
//! would still stand when the replier goes on to ask back, and give a false alarm. Each wait has a
//! ticket. Settling it closes the wait for good, so an answer that came before the edge leaves no
//! edge behind. All is under one lock for each system; plain threads and waits with a deadline,
//! which end by themselves, never take it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;

use crate::id::{ActorId, Identity};
use crate::rt::lock;

/// The life that waits: the calling thread.
#[derive(Clone)]
pub(crate) struct Waiter {
    pub(crate) identity: Identity,
    pub(crate) life: u64,
}

/// One wait, through all its phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

#[derive(Default)]
pub(crate) struct WaitGraph {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: u64,
    /// Waits that are not settled, and who has an edge for them.
    open: BTreeMap<Ticket, Option<ActorId>>,
    edges: BTreeMap<ActorId, Edge>,
    /// Lives that were left behind: what they wait for is nobody's concern.
    left_behind: BTreeSet<(ActorId, u64)>,
}

struct Edge {
    ticket: Ticket,
    step: Step,
    to: ActorId,
}

/// A cycle of actors, each waiting for the next and the last for the first. It prints as
/// `a#1 →(work) b#2 →(check) a#1`, with the messages that they wait with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cycle {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Step {
    actor: Identity,
    message: &'static str,
}

impl WaitGraph {
    /// Opens a wait, without an edge yet.
    pub(crate) fn open(&self) -> Ticket {
        lock(&self.state).open()
    }

    /// Opens a wait and sets its edge, unless that closes a cycle.
    pub(crate) fn wait(
        &self,
        waiter: &Waiter,
        to: &Identity,
        message: &'static str,
    ) -> Result<Ticket, Cycle> {
        let mut state = lock(&self.state);
        let ticket = state.open();
        let set = state.set(ticket, waiter, to, message);
        if set.is_err() {
            state.settle(ticket);
        }
        set.map(|()| ticket)
    }

    /// Sets the edge of an open wait, unless that closes a cycle. A wait that is settled needs
    /// none.
    pub(crate) fn wait_with(
        &self,
        ticket: Ticket,
        waiter: &Waiter,
        to: &Identity,
        message: &'static str,
    ) -> Result<(), Cycle> {
        let mut state = lock(&self.state);
        match state.open.contains_key(&ticket) {
            true => state.set(ticket, waiter, to, message),
            false => Ok(()),
        }
    }

    /// Ends a wait and clears its edge.
    pub(crate) fn settle(&self, ticket: Ticket) {
        lock(&self.state).settle(ticket);
    }

    /// A life was left behind: it has no edge, and gets none.
    pub(crate) fn leave(&self, actor: ActorId, life: u64) {
        let mut state = lock(&self.state);
        state.left_behind.insert((actor, life));
        state.edges.remove(&actor);
    }

    /// A life that was left behind has ended.
    pub(crate) fn came_back(&self, actor: ActorId, life: u64) {
        lock(&self.state).left_behind.remove(&(actor, life));
    }
}

impl State {
    fn open(&mut self) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.open.insert(ticket, None);
        ticket
    }

    fn set(
        &mut self,
        ticket: Ticket,
        waiter: &Waiter,
        to: &Identity,
        message: &'static str,
    ) -> Result<(), Cycle> {
        let from = waiter.identity.id();
        if self.left_behind.contains(&(from, waiter.life)) {
            return Ok(());
        }
        let step = Step {
            actor: waiter.identity.clone(),
            message,
        };
        // There is no cycle among the edges that stand, so this walk ends.
        let mut steps = vec![step.clone()];
        let mut next = to.id();
        while next != from {
            match self.edges.get(&next) {
                Some(edge) => {
                    steps.push(edge.step.clone());
                    next = edge.to;
                }
                None => {
                    let to = to.id();
                    self.edges.insert(from, Edge { ticket, step, to });
                    self.open.insert(ticket, Some(from));
                    return Ok(());
                }
            }
        }
        Err(Cycle { steps })
    }

    fn settle(&mut self, ticket: Ticket) {
        let Some(Some(actor)) = self.open.remove(&ticket) else {
            return;
        };
        if self
            .edges
            .get(&actor)
            .is_some_and(|edge| edge.ticket == ticket)
        {
            self.edges.remove(&actor);
        }
    }
}

impl Cycle {
    /// The actors, each waiting for the next, and the messages that they wait with.
    pub fn steps(&self) -> impl Iterator<Item = (&Identity, &'static str)> {
        self.steps.iter().map(|step| (&step.actor, step.message))
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Step { actor, message } in &self.steps {
            write!(f, "{actor} →({message}) ")?;
        }
        match self.steps.first() {
            Some(first) => write!(f, "{}", first.actor),
            None => Ok(()),
        }
    }
}
