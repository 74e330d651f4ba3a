//! Who waits for whom around a supervisor, in the wait-for graph.

use std::sync::Arc;

use crate::context::Context;
use crate::graph::{Refused, Ticket, Waiter};
use crate::id::Identity;
use crate::kernel::Kernel;

use super::Supervisor;

/// An edge that stands until it is dropped.
pub(super) struct Edge {
    kernel: Arc<Kernel>,
    ticket: Ticket,
}

impl Edge {
    /// A child that is not started yet waits for its supervisor. None where that closes a cycle:
    /// nobody is there to be told.
    pub(super) fn of_start(ctx: &Context<Supervisor>, child: &Identity) -> Option<Edge> {
        let child = Waiter {
            identity: child.clone(),
            life: 0,
        };
        let graph = &ctx.kernel().graph;
        let ticket = graph.wait(&child, ctx.identity(), "start").ok()?;
        Some(Edge::new(ctx, ticket))
    }

    /// A child that is not started yet waits until the supervisor's desk is free for it.
    pub(super) fn of_restart(ctx: &Context<Supervisor>, child: &Identity) -> Option<Edge> {
        let child = Waiter {
            identity: child.clone(),
            life: 0,
        };
        let graph = &ctx.kernel().graph;
        let ticket = graph.wait_for_desk(&child, ctx.identity(), "start").ok()?;
        Some(Edge::new(ctx, ticket))
    }

    /// Whoever waits at the supervisor's desk waits for a child; who is to be told that it would
    /// wait for itself.
    pub(super) fn of_desk(
        ctx: &Context<Supervisor>,
        child: &Identity,
        message: &'static str,
    ) -> (Edge, Option<Refused>) {
        let supervisor = Waiter {
            identity: ctx.identity().clone(),
            life: ctx.life(),
        };
        let graph = &ctx.kernel().graph;
        let (ticket, refused) = graph.wait_at_desk(&supervisor, child, message);
        (Edge::new(ctx, ticket), refused)
    }

    fn new(ctx: &Context<Supervisor>, ticket: Ticket) -> Edge {
        Edge {
            kernel: Arc::clone(ctx.kernel()),
            ticket,
        }
    }

    /// Ends the wait early, from any thread.
    pub(super) fn settler(&self) -> impl FnOnce() + Send + 'static {
        let (kernel, ticket) = (Arc::clone(&self.kernel), self.ticket);
        move || kernel.graph.settle(ticket)
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.kernel.graph.settle(self.ticket);
    }
}
