//! ractor.

mod actors;
mod pool;

use std::time::Duration;

use ractor::concurrency::oneshot;
use ractor::{Actor, ActorRef};
use tokio::sync::mpsc::UnboundedSender;

use actors::{Carrier, Counter, CounterMessage, Node, NodeMessage, Overseer, Slot};

use super::{Carrying, Counting, Holding, Kind, Peer, Ringing, Supervised, System, Tokio};
use crate::workloads::build;

pub(super) fn system() -> System {
    System::new(
        "ractor",
        Kind::Peer,
        "tasks of tokio's runtime of many threads; restarts are written by hand in a supervisor",
    )
    .counting::<Ractor>()
    .inside::<Ractor>()
    .holding::<Ractor>()
    .ringing::<Ractor>()
    .supervised::<Ractor>()
    .carrying::<Ractor>()
    .pooling::<Ractor>()
    .can("build", build::peer("ractor = \"0.16\""))
}

struct Ractor;

impl Peer for Ractor {
    type Home = Tokio;

    fn new() -> Self {
        Ractor
    }
}

impl Counting for Ractor {
    type Counter = ActorRef<CounterMessage>;

    async fn spawn(&self) -> Self::Counter {
        Actor::spawn(None, Counter, ()).await.expect("it starts").0
    }

    async fn tell(counter: &Self::Counter, by: u64) {
        counter.cast(CounterMessage::Add(by)).expect("it lives");
    }

    async fn ask(counter: &Self::Counter, by: u64) -> u64 {
        let (reply, answer) = oneshot();
        counter
            .cast(CounterMessage::Sum(by, reply.into()))
            .expect("it lives");
        answer.await.expect("it lives")
    }

    async fn ask_many(counter: &Self::Counter, by: u64, times: usize) -> u64 {
        let mut pending = Vec::with_capacity(times);
        for _ in 0..times {
            let (reply, answer) = oneshot();
            counter
                .cast(CounterMessage::Sum(by, reply.into()))
                .expect("it lives");
            pending.push(answer);
        }
        let mut largest = 0;
        for answer in pending {
            largest = largest.max(answer.await.expect("it lives"));
        }
        largest
    }

    async fn busy(counter: &Self::Counter, duration: Duration) {
        counter
            .cast(CounterMessage::Busy(duration))
            .expect("it lives");
    }

    async fn end(&self, counter: Self::Counter) {
        counter.stop_and_wait(None, None).await.expect("it ends");
    }
}

impl Holding for Ractor {
    async fn spawn_unbounded(&self) -> Self::Counter {
        self.spawn().await
    }

    async fn hold(counter: &Self::Counter) {
        counter.cast(CounterMessage::Hold).expect("it lives");
    }
}

impl Ringing for Ractor {
    type Ring = Vec<ActorRef<NodeMessage>>;

    async fn ring(&self, actors: usize, done: UnboundedSender<()>) -> Self::Ring {
        let mut ring: Self::Ring = Vec::new();
        for _ in 0..actors {
            let args = (ring.last().cloned(), done.clone());
            ring.push(Actor::spawn(None, Node, args).await.expect("it starts").0);
        }
        let last = ring[actors - 1].clone();
        ring[0].cast(NodeMessage::Next(last)).expect("it lives");
        ring
    }

    async fn pass(ring: &Self::Ring, hops: u64) {
        ring[0].cast(NodeMessage::Pass(hops)).expect("it lives");
    }

    async fn end_ring(&self, ring: Self::Ring) {
        ring.iter().for_each(|node| node.stop(None));
        for node in ring {
            node.wait(None).await.expect("it ends");
        }
    }
}

impl Supervised for Ractor {
    type Child = Slot;

    async fn spawn_supervised(&self) -> Slot {
        let slot = Slot::default();
        Actor::spawn(None, Overseer, slot.clone())
            .await
            .expect("it starts");
        slot
    }

    async fn crash(child: &Slot) {
        let now = child.get().expect("it has started");
        now.cast(CounterMessage::Crash).expect("it lives");
    }

    async fn try_ask(child: &Slot, by: u64) -> Option<u64> {
        let (reply, answer) = oneshot();
        let now = child.get()?;
        let sent = now.cast(CounterMessage::Sum(by, reply.into()));
        if sent.is_err() {
            // It is dead, and the next one on its way.
            tokio::task::yield_now().await;
            return None;
        }
        answer.await.ok()
    }
}

impl Carrying for Ractor {
    type Carrier = ActorRef<actors::Carry>;

    async fn spawn_carrier(&self) -> Self::Carrier {
        Actor::spawn(None, Carrier, ()).await.expect("it starts").0
    }

    async fn carry(carrier: &Self::Carrier, bytes: Vec<u8>) -> Vec<u8> {
        let (reply, answer) = oneshot();
        carrier
            .cast(actors::Carry(bytes, reply.into()))
            .expect("it lives");
        answer.await.expect("it lives")
    }
}
