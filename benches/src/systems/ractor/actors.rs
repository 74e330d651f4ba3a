//! Actors of ractor.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent};
use tokio::sync::mpsc::UnboundedSender;

use crate::systems::actor_core::compute;
use crate::workloads::{growth::GATE, memory::change};
pub(super) struct Counter;

pub(super) enum CounterMessage {
    Add(u64),
    Sum(u64, RpcReplyPort<u64>),
    Busy(Duration),
    Hold,
    Crash,
}

impl Actor for Counter {
    type Msg = CounterMessage;
    type State = u64;
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Self::Msg>, _: ()) -> Result<u64, ActorProcessingErr> {
        Ok(0)
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        message: CounterMessage,
        sum: &mut u64,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            CounterMessage::Add(by) => *sum += by,
            CounterMessage::Sum(by, reply) => {
                *sum += by;
                reply.send(*sum)?;
            }
            CounterMessage::Busy(duration) => compute(duration),
            CounterMessage::Hold => GATE.pass(),
            CounterMessage::Crash => panic!("planned"),
        }
        Ok(())
    }
}

/// Where whoever asks finds the life that runs.
#[derive(Clone, Default)]
pub(super) struct Slot(Arc<Mutex<Option<ActorRef<CounterMessage>>>>);

impl Slot {
    pub(super) fn get(&self) -> Option<ActorRef<CounterMessage>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn put(&self, life: ActorRef<CounterMessage>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(life);
    }
}

/// Starts a counter anew whenever it has died.
pub(super) struct Overseer;

impl Actor for Overseer {
    type Msg = ();
    type State = Slot;
    type Arguments = Slot;

    async fn pre_start(
        &self,
        myself: ActorRef<()>,
        slot: Slot,
    ) -> Result<Slot, ActorProcessingErr> {
        let (life, _) = Actor::spawn_linked(None, Counter, (), myself.get_cell()).await?;
        slot.put(life);
        Ok(slot)
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<()>,
        event: SupervisionEvent,
        slot: &mut Slot,
    ) -> Result<(), ActorProcessingErr> {
        if let SupervisionEvent::ActorFailed(..) = event {
            let (life, _) = Actor::spawn_linked(None, Counter, (), myself.get_cell()).await?;
            slot.put(life);
        }
        Ok(())
    }
}

pub(super) struct Node;

pub(super) enum NodeMessage {
    /// Closes the ring.
    Next(ActorRef<NodeMessage>),
    Pass(u64),
}

pub(super) type NodeState = (Option<ActorRef<NodeMessage>>, UnboundedSender<()>);

impl Actor for Node {
    type Msg = NodeMessage;
    type State = NodeState;
    type Arguments = NodeState;

    async fn pre_start(
        &self,
        _: ActorRef<Self::Msg>,
        state: NodeState,
    ) -> Result<NodeState, ActorProcessingErr> {
        Ok(state)
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        message: NodeMessage,
        (next, done): &mut NodeState,
    ) -> Result<(), ActorProcessingErr> {
        match (message, next) {
            (NodeMessage::Next(node), next) => *next = Some(node),
            (NodeMessage::Pass(left), Some(next)) if left > 0 => {
                next.cast(NodeMessage::Pass(left - 1))?;
            }
            (NodeMessage::Pass(_), _) => drop(done.send(())),
        }
        Ok(())
    }
}

pub(super) struct Carrier;

pub(super) struct Carry(pub(super) Vec<u8>, pub(super) RpcReplyPort<Vec<u8>>);

impl Actor for Carrier {
    type Msg = Carry;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Carry>, _: ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _: ActorRef<Carry>,
        Carry(bytes, reply): Carry,
        _: &mut (),
    ) -> Result<(), ActorProcessingErr> {
        Ok(reply.send(change(bytes))?)
    }
}
