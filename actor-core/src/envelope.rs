//! A message on its way, and the way back of its reply.

use std::sync::Arc;

use crate::error::AskError;
use crate::exit::ExitReason;
use crate::graph::{Cycle, Ticket, WaitGraph};
use crate::id::{ActorId, Identity};
use crate::oneshot;
use crate::pool::{Sent, Task};
use crate::protocol::Protocol;
use crate::unwind::{contain, drop_contained};

/// What an asker waits for.
pub(crate) type Outcome<M> = Result<<M as Protocol>::Reply, AskError>;
/// The asker's end.
pub(crate) type ReplyReceiver<M> = oneshot::Receiver<Outcome<M>>;

/// A message, with what is needed to answer it and to account for it.
pub(crate) struct Envelope<M: Protocol> {
    pub(crate) message: M,
    /// None for a tell.
    pub(crate) reply: Option<ReplySender<M>>,
    /// None if no actor of this system sent it.
    pub(crate) sender: Option<ActorId>,
    /// How often a life has failed with it in hand.
    pub(crate) attempts: u32,
    /// When it was sent to a pool, where that is kept.
    pub(crate) sent: Sent,
    /// What a pool knows of it, where it has options.
    pub(crate) task: Option<Arc<Task<M>>>,
}

impl<M: Protocol> Envelope<M> {
    /// Of the asker that waits for the answer, if it has one.
    pub(crate) fn ticket(&self) -> Option<Ticket> {
        self.reply.as_ref()?.ticket
    }
}

/// The replier's end.
pub(crate) struct ReplySender<M: Protocol> {
    sender: oneshot::Sender<Outcome<M>>,
    /// Of an asker that is an actor, and waits without a deadline.
    ticket: Option<Ticket>,
    /// Its message was delivered before it was waited for, and stays so.
    ahead: bool,
}

impl<M: Protocol> ReplySender<M> {
    pub(crate) fn channel(ticket: Option<Ticket>) -> (Self, ReplyReceiver<M>) {
        let (sender, receiver) = oneshot::channel();
        let sender = ReplySender {
            sender,
            ticket,
            ahead: false,
        };
        (sender, receiver)
    }

    /// A refusal concerns the wait for the answer, and not the message.
    pub(crate) fn goes_ahead(&mut self) {
        self.ahead = true;
    }

    /// Whether this is the way back to a wait that is to be refused, whose message stays.
    pub(crate) fn is_ahead_of(&self, ticket: Ticket) -> bool {
        self.ahead && self.ticket == Some(ticket)
    }

    /// Whether its message stays where the wait for the answer is refused.
    pub(crate) fn is_ahead(&self) -> bool {
        self.ahead
    }

    pub(crate) fn ticket(&self) -> Option<Ticket> {
        self.ticket
    }

    /// From now on somebody else may answer, so the asker waits for nobody in particular.
    pub(crate) fn settle(&mut self, graph: &WaitGraph) {
        if let Some(ticket) = self.ticket.take() {
            graph.settle(ticket);
        }
    }

    /// Answers. The asker's waker is an executor's, perhaps, and an answer that nobody waits for any
    /// more is dropped: both are user code.
    pub(crate) fn send(mut self, graph: &WaitGraph, outcome: Outcome<M>) {
        self.settle(graph);
        let sender = self.sender;
        let _ = contain(|| drop(sender.send(outcome)));
    }

    /// Tells the asker that there will be no answer.
    pub(crate) fn give_up(mut self, graph: &WaitGraph) {
        self.settle(graph);
        let _ = contain(|| drop(self.sender));
    }
}

/// A question that is refused, and its message unless that stays delivered.
pub(crate) struct Withdrawn<M: Protocol> {
    pub(crate) reply: Option<ReplySender<M>>,
    pub(crate) cycle: Cycle,
    pub(crate) message: Option<Envelope<M>>,
}

impl<M: Protocol> Withdrawn<M> {
    /// Tells who asked.
    pub(crate) fn answer(self, graph: &WaitGraph) {
        if let Some(reply) = self.reply {
            let cycle = self.cycle;
            reply.send(graph, Err(AskError::Deadlock { cycle }));
        }
        // Its destructor has nobody to tell: the message was not the actor's yet.
        let _ = drop_contained(self.message);
    }
}

/// The message that a life is handling: what must outlive the handler's frame.
pub(crate) struct InHand<M: Protocol> {
    pub(crate) name: &'static str,
    pub(crate) sender: Option<ActorId>,
    pub(crate) asked: bool,
    /// None for a tell, and once it was taken.
    pub(crate) reply: Option<ReplySender<M>>,
    /// A `ReplyTo` was made for it.
    pub(crate) promised: bool,
    pub(crate) attempts: u32,
    /// A worker has it from its pool.
    pub(crate) pooled: bool,
    pub(crate) task: Option<Arc<Task<M>>>,
    /// A port has a copy for the next life.
    pub(crate) comes_again: bool,
    /// For the next life; only where messages are redelivered.
    pub(crate) copy: Option<M>,
}

impl<M: Protocol> InHand<M> {
    pub(crate) fn has(&self, task: &Arc<Task<M>>) -> bool {
        let of = self.task.as_ref();
        of.is_some_and(|of| Arc::ptr_eq(of, task))
    }

    /// The message for another worker of the pool, if it is to be tried again.
    pub(crate) fn retry(&mut self, answered: bool) -> Option<Envelope<M>> {
        let task = self.task.as_ref().filter(|task| !task.is_cancelled())?;
        let retry = task.options.retry.as_ref()?;
        if answered || self.attempts >= retry.limit {
            return None;
        }
        Some(Envelope {
            message: self.copy.take()?,
            reply: self.reply.take(),
            sender: self.sender,
            attempts: self.attempts + 1,
            sent: Sent::default(),
            task: Some(Arc::clone(task)),
        })
    }

    /// Tells the asker that the life ended with its message in hand.
    pub(crate) fn fail(self, graph: &WaitGraph, actor: &Identity, life: u64, reason: &ExitReason) {
        if let Some(reply) = self.reply {
            let error = AskError::Failed {
                actor: actor.clone(),
                life,
                message: self.name,
                reason: reason.clone(),
            };
            reply.send(graph, Err(error));
        }
    }
}
