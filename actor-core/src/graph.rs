//! Who waits for whom: a cycle of actors that wait for each other is refused before it closes.
//!
//! Nodes are lives of actors; an actor waits for one thing at a time, so it has one edge at most. An
//! edge may have several ends: a lock that others share is waited for until all of them let go.
//! A supervisor has a second node, its desk: there the calls wait that change its children, and the
//! desk waits for the child that it starts or stops, while the supervisor itself goes on and
//! answers reads.
//! An edge is set before the message is enqueued, and cleared by whoever ends the wait (the
//! replier, who made room, who ended) *before* it wakes the waiter: cleared by the waiter itself it
//! would still stand when the replier goes on to ask back, and give a false alarm. Each wait has a
//! ticket. Settling it closes the wait for good, so an answer that came before the edge leaves no
//! edge behind. All is under one lock for each system; plain threads and waits with a deadline,
//! which end by themselves, never take it.

mod cycle;
mod refused;
mod state;
mod walk;

use std::borrow::Cow;
use std::num::NonZeroU64;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::id::{ActorId, Identity};
use crate::rt::lock;
pub use cycle::Cycle;
pub(crate) use refused::{Refusable, Refused, Target, tell_all};
use state::{Edge, Node, State};

/// The life that waits: the calling thread.
#[derive(Clone)]
pub(crate) struct Waiter {
    pub(crate) identity: Identity,
    pub(crate) life: u64,
}

/// One wait, through all its phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(NonZeroU64);

#[derive(Default)]
pub(crate) struct WaitGraph {
    state: Mutex<State>,
    /// How many refusals have not been told, so that nobody takes the lock where there is none.
    refusals: AtomicUsize,
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
        target: Option<Target>,
    ) -> Result<Ticket, Cycle> {
        let mut state = lock(&self.state);
        let ticket = state.open();
        let (from, to) = (Node::Actor(waiter.identity.id()), Node::Actor(to.id()));
        let edge = Edge::new(ticket, waiter, to, message.into(), target);
        let set = state.set(from, waiter, edge);
        if set.is_err() {
            state.settle(ticket);
        }
        set.map(|()| ticket)
    }

    /// Opens a wait for all of `others`, and sets its edge, unless that closes a cycle; none where
    /// there is nobody to wait for.
    pub(crate) fn wait_for_all(
        &self,
        waiter: &Waiter,
        others: &[ActorId],
        message: &str,
        target: Option<Target>,
    ) -> Result<Option<Ticket>, Cycle> {
        let others: Vec<Node> = others.iter().copied().map(Node::Actor).collect();
        let Some((&to, also)) = others.split_first() else {
            return Ok(None);
        };
        let mut state = lock(&self.state);
        let ticket = state.open();
        let message = Cow::Owned(message.to_owned());
        let edge = Edge {
            also: also.to_vec(),
            ..Edge::new(ticket, waiter, to, message, target)
        };
        let set = state.set(Node::Actor(waiter.identity.id()), waiter, edge);
        if set.is_err() {
            state.settle(ticket);
        }
        set.map(|()| Some(ticket))
    }

    /// A child that does not run waits for the desk of the supervisor that is to start it, until
    /// somebody waits for its start, or it starts. Who asked it while it ran, and is waited for at that
    /// desk, is told so.
    pub(crate) fn await_start(&self, child: &Identity, supervisor: &Identity) -> Vec<Refused> {
        let mut state = lock(&self.state);
        let (from, to) = (Node::Actor(child.id()), Node::Desk(supervisor.id()));
        // There may be a ticket without an edge: while the supervisor waits for the end of the child, the
        // child cannot wait for it.
        state.end_await(child.id());
        let waiter = Waiter {
            identity: child.clone(),
            life: 0,
        };
        let (ticket, refused) = self.set_in_any_case(&mut state, from, &waiter, &[to], "start");
        state.awaits_start.insert(child.id(), ticket);
        refused
    }

    /// It starts, or never will.
    pub(crate) fn end_await(&self, child: ActorId) {
        lock(&self.state).end_await(child);
    }

    /// Opens the wait of a life for children that it is about to start.
    pub(crate) fn wait_to_start(&self, parent: &Waiter, children: &[ActorId]) -> Ticket {
        self.wait_and_tell(parent, children, "start")
    }

    /// One of those that are waited for is waited for no more.
    pub(crate) fn let_go(&self, ticket: Ticket, actor: ActorId) {
        lock(&self.state).let_go(ticket, Node::Actor(actor));
    }

    /// Opens the wait of a supervisor's desk for a child.
    pub(crate) fn wait_at_desk(
        &self,
        supervisor: &Waiter,
        child: &Identity,
        message: &'static str,
    ) -> (Ticket, Vec<Refused>) {
        let desk = Node::Desk(supervisor.identity.id());
        self.wait_in_any_case(desk, supervisor, &[child.id()], message)
    }

    /// Opens the wait of a life that comes to its end for children that stop at the same time. Who
    /// asks what comes again only after this stop is told so: it might be one of the children.
    pub(crate) fn wait_to_stop(&self, parent: &Waiter, children: &[ActorId]) -> Ticket {
        self.wait_and_tell(parent, children, "stop")
    }

    fn wait_and_tell(
        &self,
        parent: &Waiter,
        children: &[ActorId],
        message: &'static str,
    ) -> Ticket {
        let from = Node::Actor(parent.identity.id());
        let (ticket, refused) = self.wait_in_any_case(from, parent, children, message);
        tell_all(refused);
        ticket
    }

    /// The wait of a parent for children, which do not wait for it any more.
    fn wait_in_any_case(
        &self,
        from: Node,
        waiter: &Waiter,
        children: &[ActorId],
        message: &'static str,
    ) -> (Ticket, Vec<Refused>) {
        let mut state = lock(&self.state);
        children.iter().for_each(|child| state.end_await(*child));
        let ends: Vec<_> = children.iter().copied().map(Node::Actor).collect();
        self.set_in_any_case(&mut state, from, waiter, &ends, message)
    }

    /// A wait that cannot be refused: where it would close cycles, a question in each is refused
    /// instead, the one that is the nearest to who waits.
    fn set_in_any_case(
        &self,
        state: &mut State,
        from: Node,
        waiter: &Waiter,
        ends: &[Node],
        message: &'static str,
    ) -> (Ticket, Vec<Refused>) {
        let ticket = state.open();
        let mut refused = Vec::new();
        let Some((to, also)) = ends.split_first() else {
            return (ticket, refused);
        };
        let edge = || Edge {
            also: also.to_vec(),
            ..Edge::new(ticket, waiter, *to, message.into(), None)
        };
        while let Err(cycle) = state.set(from, waiter, edge()) {
            let mut ends = ends.iter();
            let Some(question) = ends.find_map(|to| state.refuse(from, *to, &cycle)) else {
                break;
            };
            refused.push(question);
        }
        self.refusals.fetch_add(refused.len(), Ordering::Release);
        (ticket, refused)
    }

    /// The cycle for which the wait was refused, if it was; told once.
    ///
    /// Whoever refuses marks the ticket first and looks for the message then. Whoever asks pushes
    /// the message first and looks for the mark then, here. Both looks are behind the queue's lock,
    /// so one of them finds it.
    pub(crate) fn take_refusal(&self, ticket: Ticket) -> Option<Cycle> {
        if self.refusals.load(Ordering::Acquire) == 0 {
            return None;
        }
        let cycle = lock(&self.state).refused.remove(&ticket)?;
        self.refusals.fetch_sub(1, Ordering::Relaxed);
        Some(cycle)
    }

    /// Whoever waits with `ticket`, now or later, waits for the desk of `supervisor`, unless that
    /// closes a cycle.
    pub(crate) fn put_on_desk(&self, ticket: Ticket, supervisor: &Identity) -> Result<(), Cycle> {
        let mut state = lock(&self.state);
        let desk = Node::Desk(supervisor.id());
        let Some(open) = state.open.get_mut(&ticket) else {
            return Ok(());
        };
        open.desk = Some(desk);
        let Some(from) = open.from else {
            return Ok(());
        };
        let Some(edge) = state.edges.remove(&from) else {
            return Ok(());
        };
        let steps = state.steps(from, &edge.step, desk);
        let at_desk = Edge {
            to: desk,
            target: None,
            ..edge
        };
        state.edges.insert(from, at_desk);
        steps.map_or(Ok(()), |steps| Err(Cycle { steps }))
    }

    /// Sets the edge of an open wait, unless that closes a cycle. A wait that is settled needs
    /// none.
    pub(crate) fn wait_with(
        &self,
        ticket: Ticket,
        waiter: &Waiter,
        to: &Identity,
        message: &'static str,
        target: Target,
    ) -> Result<(), Cycle> {
        let mut state = lock(&self.state);
        let Some(open) = state.open.get(&ticket) else {
            return Ok(());
        };
        let (to, target) = match open.desk {
            Some(desk) => (desk, None),
            None => (Node::Actor(open.at.unwrap_or(to.id())), Some(target)),
        };
        let from = Node::Actor(waiter.identity.id());
        let edge = Edge::new(ticket, waiter, to, message.into(), target);
        state.set(from, waiter, edge)
    }

    /// Ends a wait and clears its edge.
    pub(crate) fn settle(&self, ticket: Ticket) {
        let mut state = lock(&self.state);
        state.settle(ticket);
        if state.refused.remove(&ticket).is_some() {
            self.refusals.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// A worker has taken the task of `ticket` out of its pool's queue, under the lock of that: who
    /// waits with the ticket, now or later, waits for the worker. The cycle, if it was refused before.
    pub(crate) fn taken_by(&self, ticket: Ticket, worker: ActorId) -> Option<Cycle> {
        let mut state = lock(&self.state);
        if let Some(cycle) = state.refused.remove(&ticket) {
            self.refusals.fetch_sub(1, Ordering::Relaxed);
            return Some(cycle);
        }
        state.move_to(ticket, worker, true);
        None
    }

    /// The task of `ticket` waits for `actor` from now on, a pool or one of its workers, which may wait
    /// itself: where that closes a cycle, the question is refused.
    pub(crate) fn line_up(&self, ticket: Ticket, actor: ActorId) -> Option<Refused> {
        let mut state = lock(&self.state);
        let from = state.move_to(ticket, actor, false)?;
        let actor = Node::Actor(actor);
        let edge = state.edges.get(&from)?;
        let (steps, target) = (state.steps(from, &edge.step, actor)?, edge.target.clone());
        let refused = state.take_away(ticket, target, Cycle { steps });
        self.refusals.fetch_add(1, Ordering::Release);
        Some(refused)
    }

    /// All workers of a pool; none while there may be others. Who waits for it already may be in a
    /// cycle that was none before: questions are refused until there is none.
    pub(crate) fn set_pool(&self, pool: ActorId, workers: Option<Vec<ActorId>>) -> Vec<Refused> {
        let mut state = lock(&self.state);
        let Some(workers) = workers else {
            state.pools.remove(&pool);
            return Vec::new();
        };
        state.pools.insert(pool, workers);
        let refused: Vec<_> = std::iter::from_fn(|| state.refuse_stuck(pool)).collect();
        self.refusals.fetch_add(refused.len(), Ordering::Release);
        refused
    }

    /// A life was left behind: it has no edge, and gets none.
    pub(crate) fn leave(&self, actor: ActorId, life: u64) {
        let mut state = lock(&self.state);
        state.left_behind.insert((actor, life));
        state.edges.remove(&Node::Actor(actor));
        state.edges.remove(&Node::Desk(actor));
        state.pools.remove(&actor);
    }

    /// A life that was left behind has ended.
    pub(crate) fn came_back(&self, actor: ActorId, life: u64) {
        lock(&self.state).left_behind.remove(&(actor, life));
    }
}
