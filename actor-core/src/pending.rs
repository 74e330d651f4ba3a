//! An answer that is under way.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::actor_ref::ActorRef;
use crate::alarm::{Alarm, Rung};
use crate::envelope::{Outcome, ReplyReceiver};
use crate::error::AskError;
use crate::graph::{Target, Ticket};
use crate::id::Identity;
use crate::kernel::Kernel;
use crate::pool::Canceller;
use crate::protocol::Protocol;

/// The answer to a request that was [sent](crate::Request::send). It can be waited for, polled,
/// awaited, [cancelled](Self::cancel), or dropped: the message may be handled all the same then.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("pending")?;
/// let counters = [system.spawn::<Counter>(0)?, system.spawn::<Counter>(10)?];
/// let sums: Vec<_> = counters.iter().map(|counter| counter.add(1).send()).collect::<Result<_, _>>()?;
/// let total: i64 = sums.into_iter().map(|sum| sum.wait()).sum::<Result<i64, AskError>>()?;
/// assert_eq!(total, 12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the answer is lost unless it is waited for"]
pub struct Pending<M: Protocol, T> {
    kernel: Arc<Kernel>,
    /// Where the question waits, if there is a ticket.
    target: Option<Target>,
    actor: Identity,
    message: &'static str,
    /// None once it has given its answer.
    receiver: Option<ReplyReceiver<M>>,
    unwrap: fn(M::Reply) -> Option<T>,
    alarm: Alarm,
    /// Where an actor asked without a deadline.
    ticket: Option<Ticket>,
    /// Of a pool's task.
    canceller: Option<Canceller>,
}

impl<M: Protocol, T> Pending<M, T> {
    pub(crate) fn new(
        actor: &ActorRef<M>,
        message: &'static str,
        receiver: ReplyReceiver<M>,
        unwrap: fn(M::Reply) -> Option<T>,
        deadline: Option<Instant>,
        ticket: Option<Ticket>,
    ) -> Self {
        Pending {
            kernel: Arc::clone(actor.kernel()),
            target: ticket.map(|_| actor.target()),
            actor: actor.identity().clone(),
            message,
            receiver: Some(receiver),
            unwrap,
            alarm: Alarm::new(deadline),
            ticket,
            canceller: None,
        }
    }

    pub(crate) fn set_canceller(&mut self, canceller: Canceller) {
        self.canceller = Some(canceller);
    }

    /// What cancels it from anywhere, if it is a [task of a pool](crate::Pool::task).
    pub fn canceller(&self) -> Option<Canceller> {
        self.canceller.clone()
    }

    /// Blocks until the answer is there, or the request's deadline has passed. After
    /// [`try_wait`](Self::try_wait) has given the answer no other comes: do not wait for it then.
    ///
    /// # Errors
    /// Like [`Request::ask`](crate::Request::ask).
    pub fn wait(self) -> Result<T, AskError> {
        if let Some(ticket) = self.ticket
            && let Some(target) = self.target.clone()
            && let Some(waiter) = self.kernel.current_waiter()
        {
            let graph = &self.kernel.graph;
            graph
                .wait_with(ticket, &waiter, &self.actor, self.message, target)
                .map_err(|cycle| AskError::Deadlock { cycle })?;
        }
        self.wait_unchecked()
    }

    /// Waits without an edge of its own.
    pub(crate) fn wait_unchecked(mut self) -> Result<T, AskError> {
        if self.receiver.is_none() {
            return Err(self.no_reply());
        }
        let kernel = Arc::clone(&self.kernel);
        kernel.rt.awaits(|| self.awaited());
        kernel
            .rt
            .wait(kernel.idle, self.alarm.at(), |context| {
                self.poll_answer(context)
            })
            .unwrap_or_else(|| Err(self.timed_out()))
    }

    /// The answer if it is there; it is given once, and none ever after. Never blocks.
    ///
    /// # Errors
    /// Like [`Request::ask`](crate::Request::ask), but it does not look at the deadline.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("pending")?;
    /// let mut spec = system.spec::<Counter>(0);
    /// let counter = spec.handle();
    /// let mut sum = counter.add(1).send()?;
    /// assert_eq!(sum.try_wait()?, None); // not started yet
    /// spec.spawn()?;
    /// counter.add(1).ask()?;             // handled after the first
    /// assert_eq!(sum.try_wait()?, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_wait(&mut self) -> Result<Option<T>, AskError> {
        self.kernel.rt.glance();
        match self.poll_answer(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.map(Some),
            Poll::Pending => Ok(None),
        }
    }

    /// Blocks until the answer is there, or `timeout` or the request's deadline has passed: none
    /// then, and the answer can still be waited for. The answer is given once.
    ///
    /// # Errors
    /// Like [`Request::ask`](crate::Request::ask), but never for the time.
    pub fn wait_timeout(&mut self, timeout: Duration) -> Result<Option<T>, AskError> {
        let kernel = Arc::clone(&self.kernel);
        let until = kernel.rt.after(timeout);
        let until = until.into_iter().chain(self.alarm.at()).min();
        kernel.rt.awaits(|| self.awaited());
        let answer = kernel
            .rt
            .wait(kernel.idle, until, |context| self.poll_answer(context));
        answer.transpose()
    }

    /// Lets go of the answer. The message may be handled all the same; its answer is dropped. A
    /// [task of a pool](crate::Pool::task) is [cancelled](Canceller::cancel).
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("pending")?;
    /// let counter = system.spawn::<Counter>(0)?;
    /// counter.add(1).send()?.cancel();
    /// assert_eq!(counter.add(1).ask()?, 2); // it was handled, only its answer is lost
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cancel(self) {
        if let Some(canceller) = &self.canceller {
            canceller.cancel();
        }
    }

    fn awaited(&self) -> String {
        format!("{}'s answer to {}", self.actor, self.message)
    }

    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<Result<T, AskError>> {
        let Some(receiver) = &mut self.receiver else {
            return Poll::Pending;
        };
        let Poll::Ready(received) = Pin::new(receiver).poll(context) else {
            return Poll::Pending;
        };
        self.receiver = None;
        // A sender that is dropped without an answer belonged to a system that is gone.
        let outcome = received.unwrap_or_else(|| Err(self.no_reply()));
        Poll::Ready(self.open(outcome))
    }

    fn open(&self, outcome: Outcome<M>) -> Result<T, AskError> {
        (self.unwrap)(outcome?).ok_or_else(|| self.no_reply())
    }

    /// Ready with an error once the deadline has passed; the root thread wakes for it.
    pub(crate) fn poll_deadline(&mut self, context: &Context<'_>) -> Poll<AskError> {
        let rung = self.alarm.poll(&self.kernel, context);
        rung.map(|rung| self.given_up(rung))
    }

    /// Why there is no answer, where it is waited for no longer.
    pub(crate) fn given_up(&self, rung: Rung) -> AskError {
        match rung {
            Rung::Due => self.timed_out(),
            Rung::SystemGone => AskError::Stopped {
                actor: self.actor.clone(),
                message: self.message,
                reason: None,
            },
        }
    }

    fn timed_out(&self) -> AskError {
        AskError::Timeout {
            actor: self.actor.clone(),
            message: self.message,
        }
    }

    fn no_reply(&self) -> AskError {
        AskError::NoReply {
            actor: self.actor.clone(),
            message: self.message,
        }
    }
}

impl<M: Protocol, T> Future for Pending<M, T> {
    type Output = Result<T, AskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(answer) = self.poll_answer(context) {
            return Poll::Ready(answer);
        }
        self.poll_deadline(context).map(Err)
    }
}

impl<M: Protocol, T> fmt::Debug for Pending<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("actor", &self.actor)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}
