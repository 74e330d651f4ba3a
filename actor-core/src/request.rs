//! A message that is about to be sent: the verb says how.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::actor_ref::ActorRef;
use crate::envelope::{Envelope, ReplySender};
use crate::error::{AskError, SendError, SendErrorKind};
use crate::graph::Ticket;
use crate::mailbox::{Overflow, Refusal};
use crate::pending::Pending;
use crate::protocol::Protocol;

/// A message for an actor, made by a method of its handle. Nothing is sent until a verb says how:
///
/// | verb | waits for |
/// |---|---|
/// | [`tell`](Self::tell) | room in the mailbox |
/// | [`try_tell`](Self::try_tell) | nothing |
/// | [`send`](Self::send) | room in the mailbox; the answer is gathered later |
/// | [`ask`](Self::ask) | the answer, blocking the thread |
/// | `.await` | the answer, in any async runtime |
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use std::time::Duration;
///
/// let system = System::new("verbs")?;
/// let counter = system.spawn::<Counter>(0)?;
/// counter.add(1).tell()?;
/// let n = counter.add(1).timeout(Duration::from_secs(1)).ask()?;
/// let (a, b) = (counter.add(1).send()?, counter.add(1).send()?);
/// assert_eq!((n, a.wait()?, b.wait()?), (2, 3, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until `tell`, `ask`, `send` or `.await`"]
pub struct Request<'a, M: Protocol, T> {
    actor: &'a ActorRef<M>,
    message: M,
    unwrap: fn(M::Reply) -> Option<T>,
    timeout: Option<Duration>,
}

impl<'a, M: Protocol, T> Request<'a, M, T> {
    /// A request for `message`; `unwrap` takes the reply out of the enum of all replies. Handles
    /// call this.
    pub fn new(actor: &'a ActorRef<M>, message: M, unwrap: fn(M::Reply) -> Option<T>) -> Self {
        Request {
            actor,
            message,
            unwrap,
            timeout: None,
        }
    }

    /// Gives the verb so much time, counted from its call. What an ask that ran out of time did is
    /// unknown: the message may be handled later, and the late answer is dropped.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # use std::time::Duration;
    /// # let system = System::new("verbs")?;
    /// let mut spec = system.spec::<Counter>(0);
    /// let counter = spec.handle(); // not started, so nobody answers
    /// let sum = counter.add(1).timeout(Duration::from_millis(10)).ask();
    /// assert!(matches!(sum, Err(AskError::Timeout { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends one way. Blocks while the mailbox is full, if its policy is
    /// [`Overflow::Block`], until the deadline if there is one. Messages of one sender arrive in
    /// the order in which they were sent.
    ///
    /// # Errors
    /// If the actor has ended, or there was no room: the message comes back.
    pub fn tell(self) -> Result<(), SendError<M>> {
        let deadline = self.deadline();
        deliver(self.actor, self.message, None, deadline, Edge::ToSet)
    }

    /// Sends one way, and never blocks. A timeout has no meaning for it.
    ///
    /// # Errors
    /// If the actor has ended, or its mailbox is full whatever its policy: the message comes back.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("verbs")?;
    /// let mut spec = system.spec::<Counter>(0).mailbox(1);
    /// let counter = spec.handle(); // not started, so what is sent stays in the mailbox
    /// counter.add(1).try_tell()?;
    /// assert!(counter.add(2).try_tell().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_tell(self) -> Result<(), SendError<M>> {
        let Request { actor, message, .. } = self;
        actor.kernel().rt.point();
        let envelope = envelope(actor, message, None);
        actor.cell().push(envelope).map_err(|(envelope, refusal)| {
            let kind = match refusal {
                Refusal::Closed => SendErrorKind::Closed,
                Refusal::Full => SendErrorKind::Full,
            };
            refused(actor, envelope, kind)
        })
    }

    /// Sends, and returns what to gather the answer from. Blocks like [`tell`](Self::tell).
    ///
    /// # Errors
    /// If the actor has ended, or there was no room: the message comes back.
    pub fn send(self) -> Result<Pending<M, T>, SendError<M>> {
        let deadline = self.deadline();
        let Request {
            actor,
            message,
            unwrap,
            ..
        } = self;
        let kernel = actor.kernel();
        let waits = deadline.is_none() && kernel.current_actor().is_some();
        let ticket = waits.then(|| kernel.graph.open());
        let (reply, receiver) = ReplySender::channel(ticket);
        let pending = Pending::new(actor, message.name(), receiver, unwrap, deadline, ticket);
        deliver(actor, message, Some(reply), deadline, Edge::ToSet)?;
        Ok(pending)
    }

    /// Sends, and blocks the thread until the answer is there. Two actors that ask each other wait
    /// for ever, unless a timeout ends it.
    ///
    /// # Errors
    /// If the actor has ended or ends before it answers, if its handler fails, if there was no
    /// room or no time.
    pub fn ask(self) -> Result<T, AskError> {
        let deadline = self.deadline();
        let Request {
            actor,
            message,
            unwrap,
            ..
        } = self;
        let name = message.name();
        let ticket = edge_of_ask(actor, name, deadline)?;
        let (reply, receiver) = ReplySender::channel(ticket);
        let pending = Pending::new(actor, name, receiver, unwrap, deadline, ticket);
        deliver(actor, message, Some(reply), deadline, Edge::IsSet)
            .map_err(SendError::into_ask_error)?;
        pending.wait_unchecked()
    }

    fn deadline(&self) -> Option<Instant> {
        self.actor.kernel().rt.after(self.timeout?)
    }
}

fn envelope<M: Protocol>(
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
enum Edge {
    ToSet,
    IsSet,
}

/// The edge of an actor that asks, set before anything is delivered. Plain threads have none, and
/// none is needed with a deadline; asking oneself is refused always.
fn edge_of_ask<M: Protocol>(
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
fn deliver<M: Protocol>(
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
fn poll_push<M: Protocol>(
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

impl<M: Protocol, T> IntoFuture for Request<'_, M, T> {
    type Output = Result<T, AskError>;
    type IntoFuture = AskFuture<M, T>;

    fn into_future(self) -> AskFuture<M, T> {
        let deadline = self.deadline();
        let Request {
            actor,
            message,
            unwrap,
            ..
        } = self;
        let (reply, receiver) = ReplySender::channel(None);
        let pending = Pending::new(actor, message.name(), receiver, unwrap, deadline, None);
        AskFuture {
            actor: actor.clone(),
            unsent: Some(envelope(actor, message, Some(reply))),
            pending,
        }
    }
}

/// The future of an awaited request. It sends when it is first polled; dropped before that,
/// nothing was sent; dropped after that, the message may still be handled.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// async fn sum(counter: &CounterHandle) -> Result<i64, AskError> {
///     counter.add(20).await?;
///     counter.add(22).await
/// }
/// let system = System::new("verbs")?;
/// let counter = system.spawn::<Counter>(0)?;
/// # fn block_on<F: Future>(future: F) -> F::Output {
/// #     let (mut future, waker) = (std::pin::pin!(future), std::task::Waker::noop());
/// #     let mut poll = || future.as_mut().poll(&mut std::task::Context::from_waker(waker));
/// #     loop { if let std::task::Poll::Ready(output) = poll() { return output } }
/// # }
/// assert_eq!(block_on(sum(&counter))?, 42); // any runtime's
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a future does nothing until it is awaited"]
pub struct AskFuture<M: Protocol, T> {
    actor: ActorRef<M>,
    unsent: Option<Envelope<M>>,
    pending: Pending<M, T>,
}

// Nothing in it is pinned.
impl<M: Protocol, T> Unpin for AskFuture<M, T> {}

impl<M: Protocol, T> Future for AskFuture<M, T> {
    type Output = Result<T, AskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.unsent.is_some() {
            if this.actor.cell().mailbox.overflow() == Overflow::Reject {
                if let Some(envelope) = this.unsent.take()
                    && let Err((envelope, refusal)) = this.actor.cell().push(envelope)
                {
                    return Poll::Ready(Err(undelivered(&this.actor, envelope, refusal)));
                }
            } else if poll_push(&this.actor, &mut this.unsent, None, context).is_ready() {
                if let Some(envelope) = this.unsent.take() {
                    let error = undelivered(&this.actor, envelope, Refusal::Closed);
                    return Poll::Ready(Err(error));
                }
            } else {
                return this.pending.poll_deadline(context).map(Err);
            }
        }
        Pin::new(&mut this.pending).poll(context)
    }
}

fn undelivered<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    refusal: Refusal,
) -> AskError {
    let kind = match refusal {
        Refusal::Full => SendErrorKind::Full,
        Refusal::Closed => SendErrorKind::Closed,
    };
    refused(actor, envelope, kind).into_ask_error()
}

fn refused<M: Protocol>(
    actor: &ActorRef<M>,
    envelope: Envelope<M>,
    kind: SendErrorKind,
) -> SendError<M> {
    let name = envelope.message.name();
    SendError::new(envelope.message, name, actor.identity(), kind)
}

impl<M: Protocol, T> fmt::Debug for Request<'_, M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("actor", self.actor)
            .field("message", &self.message.name())
            .field("timeout", &self.timeout)
            .finish()
    }
}

impl<M: Protocol, T> fmt::Debug for AskFuture<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AskFuture").field(&self.pending).finish()
    }
}
