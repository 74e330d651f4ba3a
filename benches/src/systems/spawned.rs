//! spawned, as threads.

use std::time::Duration;

use spawned_concurrency::message::Message;
use spawned_concurrency::threads::{Actor, ActorRef, ActorStart, Context, Handler};
use tokio::sync::mpsc::UnboundedSender;

use super::actor_core::compute;
use super::{Carrying, Counting, Holding, Kind, Peer, Ringing, System, Threads};
use crate::workloads::{build, growth::GATE, memory::change};

pub(super) fn system() -> System {
    System::new(
        "spawned",
        Kind::Peer,
        "its threads; an actor is ended by a message, because a stop from outside takes up to 100 ms",
    )
    .counting::<Spawned>()
    .cannot(["ask-from-inside"], "an actor of it asks as any thread does")
    .holding::<Spawned>()
    .ringing::<Spawned>()
    .carrying::<Spawned>()
    .cannot(["crash"], "it has no restarts")
    .cannot(["pool", "factory", "primes", "images"], "it has no pool, and no mailbox for several actors")
    .can("build", build::peer("spawned-concurrency = \"0.5\""))
}

struct Spawned;

impl Peer for Spawned {
    type Home = Threads;

    fn new() -> Self {
        Spawned
    }
}

struct Counter(u64);

/// The messages and what they return.
macro_rules! messages {
    ($($message:ty => $result:ty),* $(,)?) => {
        $(impl Message for $message {
            type Result = $result;
        })*
    };
}

struct Add(u64);
struct Sum(u64);
struct Busy(Duration);
struct Hold;
struct End;
/// Closes the ring.
struct Next(ActorRef<Node>);
struct Pass(u64);
struct Carry(Vec<u8>);

messages! {
    Add => (), Sum => u64, Busy => (), Hold => (), End => (), Next => (), Pass => (),
    Carry => Vec<u8>,
}

impl Actor for Counter {}

impl Handler<Add> for Counter {
    fn handle(&mut self, Add(by): Add, _: &Context<Self>) {
        self.0 += by;
    }
}

impl Handler<Sum> for Counter {
    fn handle(&mut self, Sum(by): Sum, _: &Context<Self>) -> u64 {
        self.0 += by;
        self.0
    }
}

impl Handler<Busy> for Counter {
    fn handle(&mut self, Busy(duration): Busy, _: &Context<Self>) {
        compute(duration);
    }
}

impl Handler<Hold> for Counter {
    fn handle(&mut self, _: Hold, _: &Context<Self>) {
        GATE.pass();
    }
}

impl Handler<End> for Counter {
    fn handle(&mut self, _: End, context: &Context<Self>) {
        context.stop();
    }
}

impl Counting for Spawned {
    type Counter = ActorRef<Counter>;

    async fn spawn(&self) -> ActorRef<Counter> {
        Counter(0).start()
    }

    async fn tell(counter: &ActorRef<Counter>, by: u64) {
        counter.send(Add(by)).expect("it lives");
    }

    async fn ask(counter: &ActorRef<Counter>, by: u64) -> u64 {
        counter.request(Sum(by)).expect("it lives")
    }

    async fn ask_many(counter: &ActorRef<Counter>, by: u64, times: usize) -> u64 {
        let send = |_| counter.request_raw(Sum(by)).expect("it lives");
        let pending: Vec<_> = (0..times).map(send).collect();
        let answers = pending.into_iter().map(|one| one.recv().expect("it lives"));
        answers.max().expect("it was asked")
    }

    async fn busy(counter: &ActorRef<Counter>, duration: Duration) {
        counter.send(Busy(duration)).expect("it lives");
    }

    async fn end(&self, counter: ActorRef<Counter>) {
        counter.send(End).expect("it lives");
        counter.join();
    }
}

impl Holding for Spawned {
    async fn spawn_unbounded(&self) -> ActorRef<Counter> {
        self.spawn().await
    }

    async fn hold(counter: &ActorRef<Counter>) {
        counter.send(Hold).expect("it lives");
    }
}

struct Node {
    next: Option<ActorRef<Node>>,
    done: UnboundedSender<()>,
}

impl Actor for Node {}

impl Handler<Next> for Node {
    fn handle(&mut self, Next(next): Next, _: &Context<Self>) {
        self.next = Some(next);
    }
}

impl Handler<Pass> for Node {
    fn handle(&mut self, Pass(left): Pass, _: &Context<Self>) {
        match &self.next {
            Some(next) if left > 0 => next.send(Pass(left - 1)).expect("the ring lives"),
            _ => drop(self.done.send(())),
        }
    }
}

impl Handler<End> for Node {
    fn handle(&mut self, _: End, context: &Context<Self>) {
        context.stop();
    }
}

impl Ringing for Spawned {
    type Ring = Vec<ActorRef<Node>>;

    async fn ring(&self, actors: usize, done: UnboundedSender<()>) -> Vec<ActorRef<Node>> {
        let mut ring: Vec<ActorRef<Node>> = Vec::new();
        for _ in 0..actors {
            let next = ring.last().cloned();
            let done = done.clone();
            ring.push(Node { next, done }.start());
        }
        let last = ring[actors - 1].clone();
        ring[0].send(Next(last)).expect("it lives");
        ring
    }

    async fn pass(ring: &Vec<ActorRef<Node>>, hops: u64) {
        ring[0].send(Pass(hops)).expect("it lives");
    }

    async fn end_ring(&self, ring: Vec<ActorRef<Node>>) {
        for node in &ring {
            node.send(End).expect("it lives");
        }
        for node in ring {
            node.join();
        }
    }
}

struct Carrier;

impl Actor for Carrier {}

impl Handler<Carry> for Carrier {
    fn handle(&mut self, Carry(bytes): Carry, _: &Context<Self>) -> Vec<u8> {
        change(bytes)
    }
}

impl Carrying for Spawned {
    type Carrier = ActorRef<Carrier>;

    async fn spawn_carrier(&self) -> ActorRef<Carrier> {
        Carrier.start()
    }

    async fn carry(carrier: &ActorRef<Carrier>, bytes: Vec<u8>) -> Vec<u8> {
        carrier.request(Carry(bytes)).expect("it lives")
    }
}
