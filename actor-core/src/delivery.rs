//! Bringing a message into a mailbox: waiting for room, and the edges of that wait.

use std::task::Poll;
use std::time::{Duration, Instant};

use crate::actor_ref::ActorRef;
use crate::cell::Room;
use crate::envelope::{Envelope, ReplySender};
use crate::error::{AskError, SendError, SendErrorKind};
use crate::graph::{Cycle, Ticket};
use crate::mailbox::{Overflow, Refusal};
use crate::pool::Sent;
use crate::protocol::Protocol;

#[inline]
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
        sent: Sent::now(|| {
            let crowd = actor.cell().mailbox.crowd.as_ref();
            crowd.map(|_| actor.kernel().rt.now())
        }),
        task: None,
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
    ends_by_itself: bool,
) -> Result<Option<Ticket>, AskError> {
    let kernel = actor.kernel();
    let Some(current) = kernel.current_actor() else {
        return Ok(None);
    };
    if ends_by_itself && current != actor.id() {
        return Ok(None);
    }
    let Some(waiter) = kernel.current_waiter() else {
        return Ok(None);
    };
    let ticket = kernel
        .graph
        .wait(&waiter, actor.identity(), message, Some(actor.target()));
    ticket
        .map(Some)
        .map_err(|cycle| AskError::Deadlock { cycle })
}

/// How long a sender waits for room where a simulation makes the mailbox full.
const MADE_FULL_FOR: Duration = Duration::from_millis(1);

/// Hands the message to the actor, waiting for room where its policy says so.
#[inline]
pub(crate) fn deliver<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    deadline: Option<Instant>,
    edge: Edge,
) -> Result<(), SendError<M>> {
    let kernel = actor.kernel();
    kernel.rt.point();
    note_sending(actor, &envelope);
    let cell = actor.cell();
    let made_full = cell.is_made_full(&envelope);
    let task = envelope.task.clone();
    let pushed = cell.push(envelope, made_full);
    pushed.or_else(|(envelope, refusal)| {
        deliver_late(actor, envelope, refusal, made_full, deadline, edge)
    })?;
    if let Some(task) = &task {
        cell.watch_wait(task);
    }
    Ok(())
}

/// Waits for room where the mailbox's policy says so, after the first look.
#[cold]
fn deliver_late<M: Protocol>(
    actor: &ActorRef<M>,
    mut envelope: Envelope<M>,
    refusal: Refusal,
    made_full: bool,
    deadline: Option<Instant>,
    edge: Edge,
) -> Result<(), SendError<M>> {
    let kernel = actor.kernel();
    let waits = matches!(refusal, Refusal::Full);
    let refused = match waits && actor.cell().mailbox.overflow() == Overflow::Block {
        true => {
            if made_full {
                kernel.rt.sleep(MADE_FULL_FOR, |_| Poll::Pending);
            }
            // Nobody is woken for each message then, and no edge is set for a wait of a microsecond. Room
            // for one comes with each that is begun, and would be fought for.
            let mailbox = &actor.cell().mailbox;
            kernel.rt.yield_until(kernel.idle, || mailbox.is_roomy());
            let asked = envelope.ticket();
            let room = await_room(actor, envelope.message.name(), deadline, edge, asked);
            match room {
                Some(Ok(room)) => {
                    room.fill(envelope);
                    return Ok(());
                }
                Some(Err(refusal)) => refusal.into(),
                None => (SendErrorKind::Timeout, None),
            }
        }
        false => refusal.into(),
    };
    if let Some(reply) = &mut envelope.reply {
        reply.settle(&kernel.graph);
    }
    Err(send_error(actor, envelope, refused))
}

/// Says so in the trace of a simulation.
#[inline]
pub(crate) fn note_sending<M: Protocol>(actor: &ActorRef<M>, envelope: &Envelope<M>) {
    actor.kernel().rt.note(|| {
        let message = envelope.message.name();
        match envelope.reply {
            Some(_) => format!("asks {} for {message}", actor.identity()),
            None => format!("tells {} to {message}", actor.identity()),
        }
    });
}

/// Waits for room where the mailbox's policy says so; none if there was none in time. The ask that it
/// belongs to may be refused meanwhile.
pub(crate) fn await_room<'a, M: Protocol>(
    actor: &'a ActorRef<M>,
    message: &'static str,
    deadline: Option<Instant>,
    edge: Edge,
    asked: Option<Ticket>,
) -> Option<Result<Room<'a, M>, Refusal>> {
    let kernel = actor.kernel();
    let waiter = match (edge, deadline) {
        (Edge::ToSet, None) => kernel.current_waiter(),
        _ => None,
    };
    let mut ticket = None;
    let settle = |ticket: &mut Option<Ticket>| {
        ticket
            .take()
            .into_iter()
            .for_each(|ticket| kernel.graph.settle(ticket));
    };
    let mut waker = None;
    let awaited = || format!("room for {message} in the mailbox of {}", actor.identity());
    kernel.rt.awaits(awaited);
    let room = kernel.rt.wait(kernel.idle, deadline, |context| {
        waker.get_or_insert_with(|| context.waker().clone());
        let refused = ticket.or(asked);
        if let Some(cycle) = refused.and_then(|ticket| kernel.graph.take_refusal(ticket)) {
            return Poll::Ready(Err(Refusal::Deadlock(cycle)));
        }
        // One wait, one edge: each time it has to wait on, a new one.
        settle(&mut ticket);
        let edge = || {
            let set = |waiter| {
                let target = Some(actor.target());
                kernel.graph.wait(waiter, actor.identity(), message, target)
            };
            ticket = waiter.as_ref().map(set).transpose()?;
            Ok(ticket)
        };
        let room = actor.cell().poll_room(edge, context);
        // Whoever refuses marks the question, then wakes who waits for room: we do, so one of us sees
        // it.
        if room.is_pending()
            && let Some(cycle) = asked.and_then(|ticket| kernel.graph.take_refusal(ticket))
        {
            return Poll::Ready(Err(Refusal::Deadlock(cycle)));
        }
        room
    });
    settle(&mut ticket);
    if let (None, Some(waker)) = (&room, waker) {
        actor.cell().forget_waiter(&waker);
    }
    room
}

pub(crate) fn undelivered<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    refusal: Refusal,
) -> AskError {
    refused(actor, envelope, refusal).into_ask_error()
}

pub(crate) fn refused<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    refusal: Refusal,
) -> SendError<M> {
    send_error(actor, envelope, refusal.into())
}

fn send_error<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    (kind, cycle): (SendErrorKind, Option<Cycle>),
) -> SendError<M> {
    let name = envelope.message.name();
    SendError::new(envelope.message, name, actor.identity(), kind).in_cycle(cycle)
}

impl From<Refusal> for (SendErrorKind, Option<Cycle>) {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => (SendErrorKind::Full, None),
            Refusal::Closed => (SendErrorKind::Closed, None),
            Refusal::Deadlock(cycle) => (SendErrorKind::Deadlock, Some(cycle)),
        }
    }
}
