//! tonari-actor.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tonari_actor::{Actor, Addr, Context, Recipient};

use super::actor_core::compute;
use super::{Carrying, Counting, Holding, Kind, Peer, Ringing, System, Threads};
use crate::workloads::{build, growth::GATE, memory::change};

pub(super) fn system() -> System {
    System::new(
        "tonari-actor",
        Kind::Peer,
        "a thread for each actor; it has no ask, so a message carries a channel for its answer; mailboxes of a million, because a full one refuses",
    )
    .counting::<Tonari>()
    .cannot(["ask-from-inside"], "an actor of it asks as any thread does")
    .holding::<Tonari>()
    .ringing::<Tonari>()
    .carrying::<Tonari>()
    .cannot(["crash"], "it has no restarts")
    .cannot(["pool", "factory", "primes", "images"], "it has no pool, and no mailbox for several actors")
    .can("build", build::peer("tonari-actor = \"0.12\""))
}

/// More than any workload has in flight.
const CAPACITY: usize = 2_000_000;

struct Tonari;

/// An actor can be ended only with its system.
struct Own<M: Send + 'static> {
    actor: Recipient<M>,
    system: Arc<Mutex<tonari_actor::System>>,
}

impl<M: Send + 'static> Clone for Own<M> {
    fn clone(&self) -> Self {
        Own {
            actor: self.actor.clone(),
            system: Arc::clone(&self.system),
        }
    }
}

impl<M: Send + 'static> Own<M> {
    fn spawn<A>(actor: A) -> Own<M>
    where
        A: Actor<Message = M, Context = Context<M>> + Send + 'static,
    {
        let mut system = tonari_actor::System::new("bench");
        let actor = system.prepare(actor).with_capacity(CAPACITY).spawn();
        Own {
            actor: actor.expect("a thread starts").recipient(),
            system: Arc::new(Mutex::new(system)),
        }
    }
}

impl Peer for Tonari {
    type Home = Threads;

    fn new() -> Self {
        Tonari
    }
}

struct Counter(u64);

enum CounterMessage {
    Add(u64),
    Sum(u64, flume::Sender<u64>),
    Busy(Duration),
    Hold,
}

impl Actor for Counter {
    type Message = CounterMessage;
    type Error = flume::SendError<u64>;
    type Context = Context<CounterMessage>;

    fn handle(
        &mut self,
        _: &mut Self::Context,
        message: CounterMessage,
    ) -> Result<(), Self::Error> {
        match message {
            CounterMessage::Add(by) => self.0 += by,
            CounterMessage::Sum(by, reply) => {
                self.0 += by;
                reply.send(self.0)?;
            }
            CounterMessage::Busy(duration) => compute(duration),
            CounterMessage::Hold => GATE.pass(),
        }
        Ok(())
    }
}

impl Tonari {
    fn send(counter: &Own<CounterMessage>, by: u64) -> flume::Receiver<u64> {
        let (reply, answer) = flume::bounded(1);
        counter
            .actor
            .send(CounterMessage::Sum(by, reply))
            .expect("it lives");
        answer
    }
}

impl Counting for Tonari {
    type Counter = Own<CounterMessage>;

    async fn spawn(&self) -> Self::Counter {
        Own::spawn(Counter(0))
    }

    async fn tell(counter: &Self::Counter, by: u64) {
        counter
            .actor
            .send(CounterMessage::Add(by))
            .expect("there is room");
    }

    async fn ask(counter: &Self::Counter, by: u64) -> u64 {
        Self::send(counter, by).recv().expect("it lives")
    }

    async fn ask_many(counter: &Self::Counter, by: u64, times: usize) -> u64 {
        let pending: Vec<_> = (0..times).map(|_| Self::send(counter, by)).collect();
        let answers = pending.into_iter().map(|one| one.recv().expect("it lives"));
        answers.max().expect("it was asked")
    }

    async fn busy(counter: &Self::Counter, duration: Duration) {
        counter
            .actor
            .send(CounterMessage::Busy(duration))
            .expect("there is room");
    }

    async fn end(&self, counter: Self::Counter) {
        let system = counter
            .system
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        system.shutdown().expect("it ends");
    }
}

impl Holding for Tonari {
    async fn spawn_unbounded(&self) -> Self::Counter {
        self.spawn().await
    }

    async fn hold(counter: &Self::Counter) {
        counter
            .actor
            .send(CounterMessage::Hold)
            .expect("there is room");
    }
}

struct Node {
    next: Addr<u64>,
    done: UnboundedSender<()>,
}

impl Actor for Node {
    type Message = u64;
    type Error = tonari_actor::SendError;
    type Context = Context<u64>;

    fn handle(&mut self, _: &mut Self::Context, left: u64) -> Result<(), Self::Error> {
        match left {
            0 => drop(self.done.send(())),
            left => self.next.send(left - 1)?,
        }
        Ok(())
    }
}

impl Ringing for Tonari {
    type Ring = (Recipient<u64>, Arc<Mutex<tonari_actor::System>>);

    async fn ring(&self, actors: usize, done: UnboundedSender<()>) -> Self::Ring {
        let mut system = tonari_actor::System::new("ring");
        let first = Node::addr();
        let mut next = first.clone();
        for _ in 1..actors {
            let done = done.clone();
            next = system.spawn(Node { next, done }).expect("a thread starts");
        }
        let node = system.prepare(Node { next, done }).with_addr(first.clone());
        node.spawn().expect("a thread starts");
        (first.recipient(), Arc::new(Mutex::new(system)))
    }

    async fn pass((first, _): &Self::Ring, hops: u64) {
        first.send(hops).expect("it lives");
    }

    async fn end_ring(&self, (_, system): Self::Ring) {
        let system = system.lock().unwrap_or_else(PoisonError::into_inner);
        system.shutdown().expect("it ends");
    }
}

struct Carrier;

type Carry = (Vec<u8>, flume::Sender<Vec<u8>>);

impl Actor for Carrier {
    type Message = Carry;
    type Error = flume::SendError<Vec<u8>>;
    type Context = Context<Carry>;

    fn handle(&mut self, _: &mut Self::Context, (bytes, reply): Carry) -> Result<(), Self::Error> {
        reply.send(change(bytes))
    }
}

impl Carrying for Tonari {
    type Carrier = Own<Carry>;

    async fn spawn_carrier(&self) -> Own<Carry> {
        Own::spawn(Carrier)
    }

    async fn carry(carrier: &Own<Carry>, bytes: Vec<u8>) -> Vec<u8> {
        let (reply, answer) = flume::bounded(1);
        carrier.actor.send((bytes, reply)).expect("it lives");
        answer.recv().expect("it lives")
    }
}
