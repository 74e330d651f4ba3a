//! A message that is about to be sent: the verb says how.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::actor_ref::ActorRef;
use crate::alarm::Alarm;
use crate::ask_future::AskFuture;
use crate::delivery::{Edge, deliver, edge_of_ask, envelope, note_sending, refused};
use crate::envelope::{Envelope, ReplySender};
use crate::error::{AskError, SendError};
use crate::graph::Ticket;
use crate::pending::Pending;
use crate::pool::{Canceller, Task};
use crate::protocol::Protocol;
use crate::unwind::drop_contained;

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
    task: Option<Arc<Task<M>>>,
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
            task: None,
        }
    }

    /// The same for a pool, with options.
    pub(crate) fn with_task(mut self, task: Arc<Task<M>>) -> Self {
        self.task = Some(task);
        self
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
    /// [`Overflow::Block`](crate::Overflow::Block), until the deadline if there is one. Messages of one sender arrive in
    /// the order in which they were sent.
    ///
    /// # Errors
    /// If the actor has ended, or there was no room: the message comes back.
    #[inline]
    pub fn tell(self) -> Result<(), SendError<M>> {
        let deadline = self.room_deadline();
        let mut envelope = envelope(self.actor, self.message, None);
        envelope.task = self.task;
        deliver(self.actor, envelope, deadline, Edge::ToSet)
    }

    /// Sends one way, and never blocks. A timeout has no meaning for it.
    ///
    /// # Errors
    /// If the actor has ended, or its mailbox is full and its policy is to block or to reject: the
    /// message comes back.
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
        let Request {
            actor,
            message,
            task,
            ..
        } = self;
        actor.kernel().rt.point();
        let mut envelope = envelope(actor, message, None);
        envelope.task = task;
        note_sending(actor, &envelope);
        let cell = actor.cell();
        let made_full = cell.is_made_full(&envelope);
        let pushed = cell.push(envelope, made_full);
        pushed.map_err(|(envelope, refusal)| refused(actor, envelope, refusal))
    }

    /// Sends, and returns what to gather the answer from. Blocks like [`tell`](Self::tell).
    ///
    /// # Errors
    /// If the actor has ended, or there was no room: the message comes back.
    pub fn send(self) -> Result<Pending<M, T>, SendError<M>> {
        let (actor, deadline) = (self.actor, self.room_deadline());
        let kernel = actor.kernel();
        let waits = !self.ends_by_itself() && kernel.current_actor().is_some();
        let ticket = waits.then(|| kernel.graph.open());
        let (mut envelope, pending) = self.with_way_back(ticket);
        if let Some(reply) = &mut envelope.reply {
            reply.goes_ahead();
        }
        deliver(actor, envelope, deadline, Edge::ToSet)?;
        Ok(pending)
    }

    /// Sends, and blocks the thread until the answer is there. Between actors, an ask that would
    /// close a cycle of actors waiting for each other is refused, and nothing is delivered; one
    /// with a deadline ends by itself and is not looked at.
    ///
    /// # Errors
    /// If the actor has ended or ends before it answers, if its handler fails, if there was no
    /// room or no time.
    pub fn ask(self) -> Result<T, AskError> {
        let (actor, deadline) = (self.actor, self.room_deadline());
        let ticket = edge_of_ask(actor, self.message.name(), self.ends_by_itself())?;
        let (envelope, pending) = self.with_way_back(ticket);
        deliver(actor, envelope, deadline, Edge::IsSet).map_err(SendError::into_ask_error)?;
        let graph = &actor.kernel().graph;
        if let Some(ticket) = ticket
            && let Some(cycle) = graph.take_refusal(ticket)
        {
            let _ = drop_contained(actor.cell().withdraw(ticket));
            return Err(AskError::Deadlock { cycle });
        }
        pending.wait_unchecked()
    }

    /// The message with the way back of its reply, and what waits there.
    fn with_way_back(self, ticket: Option<Ticket>) -> (Envelope<M>, Pending<M, T>) {
        let (reply, receiver) = ReplySender::channel(ticket);
        let (actor, name, deadline) = (self.actor, self.message.name(), self.deadline());
        let mut pending = Pending::new(actor, name, receiver, self.unwrap, deadline, ticket);
        if let Some(task) = &self.task {
            pending.set_canceller(Canceller::new(actor.cell(), task));
        }
        let mut envelope = envelope(actor, self.message, Some(reply));
        envelope.task = self.task;
        (envelope, pending)
    }

    /// Whether a wait for the answer ends without anybody's doing, and so is no part of a deadlock.
    fn ends_by_itself(&self) -> bool {
        let task = self.task.as_ref();
        self.timeout.is_some() || task.is_some_and(|task| task.ends_by_itself())
    }

    /// Until when it waits for room.
    #[inline]
    fn room_deadline(&self) -> Option<Instant> {
        if self.timeout.is_none() && self.task.is_none() {
            return None;
        }
        let patience = self.task.as_ref().and_then(|task| task.options.patience);
        let shortest = self.timeout.into_iter().chain(patience).min()?;
        self.actor.kernel().rt.after(shortest)
    }

    fn deadline(&self) -> Option<Instant> {
        self.actor.kernel().rt.after(self.timeout?)
    }
}

impl<M: Protocol, T> IntoFuture for Request<'_, M, T> {
    type Output = Result<T, AskError>;
    type IntoFuture = AskFuture<M, T>;

    fn into_future(self) -> AskFuture<M, T> {
        let actor = self.actor.clone();
        let room = Alarm::new(self.room_deadline());
        let (envelope, pending) = self.with_way_back(None);
        AskFuture {
            actor,
            room,
            unsent: Some(envelope),
            pending,
        }
    }
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
