//! Whoever made a call that changes something, and waits for its answer.

use std::sync::Arc;

use crate::context::Context;
use crate::envelope::ReplySender;
use crate::error::AskError;
use crate::graph::{Cycle, Ticket};
use crate::id::Identity;
use crate::kernel::Kernel;

use super::Supervisor;
use super::protocol::{SupervisorMessage, SupervisorReply};

/// Dropped without an answer, because the supervisor ends, it tells the caller so.
pub(super) struct Caller {
    kernel: Arc<Kernel>,
    supervisor: Identity,
    message: &'static str,
    /// None for a tell.
    reply: Option<ReplySender<SupervisorMessage>>,
}

impl Caller {
    /// The caller of the message in hand, waiting at the supervisor's desk from now on. None if it
    /// would wait for itself there, which it was told.
    pub(super) fn at_desk(ctx: &mut Context<Supervisor>, message: &'static str) -> Option<Caller> {
        let caller = Caller {
            kernel: Arc::clone(ctx.kernel()),
            supervisor: ctx.identity().clone(),
            message,
            reply: ctx.take_reply().map(|(_, reply)| reply),
        };
        let graph = &caller.kernel.graph;
        let ticket = caller.reply.as_ref().and_then(ReplySender::ticket);
        match ticket.map(|ticket| graph.put_on_desk(ticket, &caller.supervisor)) {
            Some(Err(cycle)) => {
                caller.refuse(cycle);
                None
            }
            _ => Some(caller),
        }
    }

    pub(super) fn has(&self, ticket: Ticket) -> bool {
        self.reply.as_ref().and_then(ReplySender::ticket) == Some(ticket)
    }

    pub(super) fn answer(mut self, answer: SupervisorReply) {
        match (self.reply.take(), answer) {
            (Some(reply), answer) => reply.send(&self.kernel.graph, Ok(answer)),
            (None, SupervisorReply::Done(Err(error)) | SupervisorReply::Child(Err(error))) => {
                let (supervisor, message) = (&self.supervisor, self.message);
                tracing::warn!(%supervisor, message, %error, "a call that nobody waits for failed");
            }
            (None, _) => {}
        }
    }

    pub(super) fn refuse(mut self, cycle: Cycle) {
        self.fail(AskError::Deadlock { cycle });
    }

    fn fail(&mut self, error: AskError) {
        if let Some(reply) = self.reply.take() {
            reply.send(&self.kernel.graph, Err(error));
        }
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        let actor = self.supervisor.clone();
        self.fail(AskError::Stopped {
            actor,
            message: self.message,
            reason: None,
        });
    }
}
