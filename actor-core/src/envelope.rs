//! A message on its way, and the way back of its reply.

use crate::error::AskError;
use crate::exit::ExitReason;
use crate::graph::{Ticket, WaitGraph};
use crate::id::{ActorId, Identity};
use crate::protocol::Protocol;
use crate::unwind::contain;

/// What an asker waits for.
pub(crate) type Outcome<M> = Result<<M as Protocol>::Reply, AskError>;
/// The asker's end.
pub(crate) type ReplyReceiver<M> = oneshot::AsyncReceiver<Outcome<M>>;

/// A message, with what is needed to answer it and to account for it.
pub(crate) struct Envelope<M: Protocol> {
    pub(crate) message: M,
    /// None for a tell.
    pub(crate) reply: Option<ReplySender<M>>,
    /// None if no actor of this system sent it.
    pub(crate) sender: Option<ActorId>,
    /// How often a life has failed with it in hand.
    pub(crate) attempts: u32,
}

/// The replier's end.
pub(crate) struct ReplySender<M: Protocol> {
    sender: oneshot::Sender<Outcome<M>>,
    /// Of an asker that is an actor, and waits without a deadline.
    ticket: Option<Ticket>,
}

impl<M: Protocol> ReplySender<M> {
    pub(crate) fn channel(ticket: Option<Ticket>) -> (Self, ReplyReceiver<M>) {
        let (sender, receiver) = oneshot::async_channel();
        (ReplySender { sender, ticket }, receiver)
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
    /// A port has a copy for the next life.
    pub(crate) comes_again: bool,
    /// For the next life; only where messages are redelivered.
    pub(crate) copy: Option<M>,
}

impl<M: Protocol> InHand<M> {
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
