//! What a supervisor waits for, in the wait-for graph.

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
    /// Whoever waits at the supervisor's desk waits for a child; who is to be told that it would
    /// wait for itself.
    pub(super) fn of_desk(
        ctx: &Context<Supervisor>,
        child: &Identity,
        message: &'static str,
    ) -> (Edge, Vec<Refused>) {
        let supervisor = Waiter {
            identity: ctx.identity().clone(),
            life: ctx.life(),
        };
        let graph = &ctx.kernel().graph;
        let (ticket, refused) = graph.wait_at_desk(&supervisor, child, message);
        let edge = Edge {
            kernel: Arc::clone(ctx.kernel()),
            ticket,
        };
        (edge, refused)
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
