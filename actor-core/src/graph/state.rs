//! What the graph knows, under its lock.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU64;

use crate::id::ActorId;

use super::cycle::{Cycle, Step};
use super::refused::{Refused, Target};
use super::{Ticket, Waiter};

/// What can wait, and be waited for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Actor(ActorId),
    /// Of the supervisor with this id.
    Desk(ActorId),
}

#[derive(Default)]
pub(super) struct State {
    pub(super) last: u64,
    pub(super) open: BTreeMap<Ticket, Open>,
    pub(super) edges: BTreeMap<Node, Edge>,
    pub(super) refused: BTreeMap<Ticket, Cycle>,
    /// The workers of each pool that can have no more, and has all of them: whoever waits for the
    /// pool waits for any of these.
    pub(super) pools: BTreeMap<ActorId, Vec<ActorId>>,
    /// Of actors that do not run, for their start.
    pub(super) awaits_start: BTreeMap<ActorId, Ticket>,
    /// Lives that were left behind: what they wait for is nobody's concern.
    pub(super) left_behind: BTreeSet<(ActorId, u64)>,
}

/// A wait that is not settled.
#[derive(Default)]
pub(super) struct Open {
    /// Who has an edge for it.
    pub(super) from: Option<Node>,
    /// Where a supervisor has put the call.
    pub(super) desk: Option<Node>,
    /// Where a pool has put the task.
    pub(super) at: Option<ActorId>,
    /// A worker has begun with it, so it cannot be taken back.
    pub(super) in_hand: bool,
}

pub(super) struct Edge {
    pub(super) ticket: Ticket,
    pub(super) step: Step,
    pub(super) to: Node,
    /// Whom it waits for as well.
    pub(super) also: Vec<Node>,
    /// Whom the question waits at, if it is one that can be refused there.
    pub(super) target: Option<Target>,
}

impl State {
    pub(super) fn open(&mut self) -> Ticket {
        let ticket = Ticket(NonZeroU64::MIN.saturating_add(self.last));
        self.last += 1;
        self.open.insert(ticket, Open::default());
        ticket
    }

    pub(super) fn set(&mut self, from: Node, waiter: &Waiter, edge: Edge) -> Result<(), Cycle> {
        let life = (waiter.identity.id(), waiter.life);
        if self.left_behind.contains(&life) {
            return Ok(());
        }
        // Whoever tidies up after its last life has nothing to wait for any more.
        if let Node::Actor(actor) = from
            && self.awaits_start.contains_key(&actor)
        {
            return Ok(());
        }
        for to in edge.ends() {
            if let Some(steps) = self.steps(from, &edge.step, to) {
                return Err(Cycle { steps });
            }
        }
        self.open.entry(edge.ticket).or_default().from = Some(from);
        self.edges.insert(from, edge);
        Ok(())
    }

    /// Takes away the last question on the way from `start` to `end`: one that waits in a mailbox, or
    /// a call at the desk of the supervisor that is the end.
    pub(super) fn refuse(&mut self, end: Node, start: Node, cycle: &Cycle) -> Option<Refused> {
        let way = self.way(start, end)?;
        let edges = way.iter().rev().filter_map(|node| self.edges.get(node));
        let question = |edge: &&Edge| {
            let open = self.open.get(&edge.ticket);
            let called = edge.ends().any(|to| self.resolve(to, end) == end)
                && open.is_some_and(|open| open.desk.is_some());
            called || (edge.target.is_some() && open.is_none_or(|open| !open.in_hand))
        };
        let last = edges.into_iter().find(question);
        let (ticket, target) = last.map(|edge| (edge.ticket, edge.target.clone()))?;
        Some(self.take_away(ticket, target, cycle.clone()))
    }

    /// Takes away a question at a pool all of whose workers lead back to who asks.
    pub(super) fn refuse_stuck(&mut self, pool: ActorId) -> Option<Refused> {
        let pool = Node::Actor(pool);
        let (ticket, target, steps) = self.edges.iter().find_map(|(from, edge)| {
            let target = edge.target.clone().filter(|_| edge.to == pool)?;
            let steps = self.steps(*from, &edge.step, pool)?;
            Some((edge.ticket, target, steps))
        })?;
        Some(self.take_away(ticket, Some(target), Cycle { steps }))
    }

    pub(super) fn take_away(
        &mut self,
        ticket: Ticket,
        target: Option<Target>,
        cycle: Cycle,
    ) -> Refused {
        self.settle(ticket);
        self.refused.insert(ticket, cycle.clone());
        Refused {
            ticket,
            target,
            cycle,
        }
    }

    /// Who waits with the ticket, if anybody does.
    pub(super) fn move_to(
        &mut self,
        ticket: Ticket,
        actor: ActorId,
        in_hand: bool,
    ) -> Option<Node> {
        let open = self.open.get_mut(&ticket)?;
        (open.at, open.in_hand) = (Some(actor), in_hand);
        let from = open.from?;
        let edge = self.edges.get_mut(&from);
        let edge = edge.filter(|edge| edge.ticket == ticket)?;
        edge.to = Node::Actor(actor);
        Some(from)
    }

    pub(super) fn end_await(&mut self, child: ActorId) {
        let ticket = self.awaits_start.remove(&child);
        ticket.into_iter().for_each(|ticket| self.settle(ticket));
    }

    pub(super) fn let_go(&mut self, ticket: Ticket, end: Node) {
        let from = self.open.get(&ticket).and_then(|open| open.from);
        let edge = from.and_then(|from| self.edges.get_mut(&from));
        let Some(edge) = edge.filter(|edge| edge.ticket == ticket) else {
            return;
        };
        edge.also.retain(|also| *also != end);
        if edge.to == end {
            match edge.also.pop() {
                Some(other) => edge.to = other,
                None => self.settle(ticket),
            }
        }
    }

    pub(super) fn settle(&mut self, ticket: Ticket) {
        let Some(from) = self.open.remove(&ticket).and_then(|open| open.from) else {
            return;
        };
        if self
            .edges
            .get(&from)
            .is_some_and(|edge| edge.ticket == ticket)
        {
            self.edges.remove(&from);
        }
    }
}

impl Edge {
    pub(super) fn new(
        ticket: Ticket,
        waiter: &Waiter,
        to: Node,
        message: Cow<'static, str>,
        target: Option<Target>,
    ) -> Self {
        Edge {
            ticket,
            step: Step {
                actor: waiter.identity.clone(),
                message,
            },
            to,
            also: Vec::new(),
            target,
        }
    }

    pub(super) fn ends(&self) -> impl Iterator<Item = Node> {
        std::iter::once(self.to).chain(self.also.iter().copied())
    }
}
