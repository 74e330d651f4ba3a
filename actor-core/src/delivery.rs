//! Bringing a message into a mailbox: waiting for room, and the edges of that wait.

use std::task::{Context, Poll};
use std::time::Instant;

use crate::actor_ref::ActorRef;
use crate::envelope::{Envelope, ReplySender};
use crate::error::{AskError, SendError, SendErrorKind};
use crate::graph::Ticket;
use crate::mailbox::{Overflow, Refusal};
use crate::protocol::Protocol;

pub(crate) fn envelope<M: Protocol>(
    actor: &ActorRef<M>,
    message: M,
    reply: Option<ReplySender<M>>,
) -> Envelope<M> {
    Envelope {
        message,
        reply,
        sender: actor.kernel().current_actor(),
        attempts: 0,
    }
}

/// Whether a wait for room needs an edge, or the ask that it belongs to has one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    ToSet,
    IsSet,
}

/// The edge of an actor that asks, set before anything is delivered. Plain threads have none, and
/// none is needed with a deadline; asking oneself is refused always.
pub(crate) fn edge_of_ask<M: Protocol>(
    actor: &ActorRef<M>,
    message: &'static str,
    deadline: Option<Instant>,
) -> Result<Option<Ticket>, AskError> {
    let kernel = actor.kernel();
    let Some(current) = kernel.current_actor() else {
        return Ok(None);
    };
    if deadline.is_some() && current != actor.id() {
        return Ok(None);
    }
    let Some(waiter) = kernel.current_waiter() else {
        return Ok(None);
    };
    let ticket = kernel.graph.wait(&waiter, actor.identity(), message);
    ticket
        .map(Some)
        .map_err(|cycle| AskError::Deadlock { cycle })
}

/// Hands the message to the actor, waiting for room where its policy says so.
pub(crate) fn deliver<M: Protocol>(
    actor: &ActorRef<M>,
    message: M,
    reply: Option<ReplySender<M>>,
    deadline: Option<Instant>,
    edge: Edge,
) -> Result<(), SendError<M>> {
    let kernel = actor.kernel();
    kernel.rt.point();
    let envelope = envelope(actor, message, reply);
    let cell = actor.cell();
    let error = |mut envelope: Envelope<M>, kind| {
        if let Some(reply) = &mut envelope.reply {
            reply.settle(&kernel.graph);
        }
        Err(refused(actor, envelope, kind))
    };
    let full = match cell.push(envelope) {
        Ok(()) => return Ok(()),
        Err((envelope, Refusal::Closed)) => return error(envelope, SendErrorKind::Closed),
        Err((envelope, Refusal::Full)) => envelope,
    };
    if cell.mailbox.overflow() == Overflow::Reject {
        return error(full, SendErrorKind::Full);
    }
    let waiter = match (edge, deadline) {
        (Edge::ToSet, None) => kernel.current_waiter(),
        _ => None,
    };
    let name = full.message.name();
    let mut waiting = Some(full);
    let mut ticket = None;
    let sent = kernel.rt.wait(kernel.idle, deadline, |context| {
        // One wait, one edge: each time it has to wait on, a new one.
        ticket
            .take()
            .into_iter()
            .for_each(|old| kernel.graph.settle(old));
        if let Some(waiter) = &waiter {
            match kernel.graph.wait(waiter, actor.identity(), name) {
                Ok(new) => ticket = Some(new),
                Err(cycle) => return Poll::Ready(Some(cycle)),
            }
        }
        poll_push(actor, &mut waiting, ticket, context).map(|()| None)
    });
    ticket
        .into_iter()
        .for_each(|last| kernel.graph.settle(last));
    match (sent, waiting) {
        (_, None) => Ok(()),
        (None, Some(envelope)) => error(envelope, SendErrorKind::Timeout),
        (Some(None), Some(envelope)) => error(envelope, SendErrorKind::Closed),
        (Some(cycle), Some(envelope)) => {
            error(envelope, SendErrorKind::Deadlock).map_err(|refused| refused.in_cycle(cycle))
        }
    }
}

/// Ready once the envelope was accepted, or with the envelope left if it never will be.
pub(crate) fn poll_push<M: Protocol>(
    actor: &ActorRef<M>,
    waiting: &mut Option<Envelope<M>>,
    ticket: Option<Ticket>,
    context: &Context<'_>,
) -> Poll<()> {
    let Some(envelope) = waiting.take() else {
        return Poll::Ready(());
    };
    match actor.cell().push_or_wait(envelope, ticket, context) {
        Ok(()) => Poll::Ready(()),
        Err((envelope, refusal)) => {
            *waiting = Some(envelope);
            match refusal {
                Refusal::Full => Poll::Pending,
                Refusal::Closed => Poll::Ready(()),
            }
        }
    }
}

pub(crate) fn undelivered<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    refusal: Refusal,
) -> AskError {
    refused(actor, envelope, kind_of(refusal)).into_ask_error()
}

pub(crate) fn kind_of(refusal: Refusal) -> SendErrorKind {
    match refusal {
        Refusal::Full => SendErrorKind::Full,
        Refusal::Closed => SendErrorKind::Closed,
    }
}

pub(crate) fn refused<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    kind: SendErrorKind,
) -> SendError<M> {
    let name = envelope.message.name();
    SendError::new(envelope.message, name, actor.identity(), kind)
}
