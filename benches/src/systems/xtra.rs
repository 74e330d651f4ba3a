//! xtra.

mod actors;

use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use xtra::{Actor, Address, Mailbox, spawn_tokio};

use actors::{Add, Busy, Carrier, Carry, Counter, End, Hold, Next, Node, Pass, Run, Worker};

use super::{Carrying, Counting, Holding, Kind, Peer, Pooling, Ringing, System, Tokio};
use crate::work::Task;
use crate::workloads::build;

pub(super) fn system() -> System {
    System::new(
        "xtra",
        Kind::Peer,
        "tasks of tokio's runtime of many threads, unbounded mailboxes; its pool is several actors of one mailbox",
    )
    .counting::<Xtra>()
    .inside::<Xtra>()
.holding::<Xtra>()
.ringing::<Xtra>()
    .carrying::<Xtra>()
    .pooling::<Xtra>()
    .cannot(["crash"], "it has no supervision: a panic ends the actor's task")
.can("build", build::peer("xtra = { version = \"0.6\", features = [\"tokio\", \"macros\"] }"))
}

struct Xtra;

impl Xtra {
    fn start<A: Actor<Stop = ()>>(actor: A) -> Address<A> {
        spawn_tokio(actor, Mailbox::unbounded())
    }
}

impl Peer for Xtra {
    type Home = Tokio;

    fn new() -> Self {
        Xtra
    }
}

impl Counting for Xtra {
    type Counter = Address<Counter>;

    // Its queue is a heap of priorities, in which equals have no order.
    const ORDERED: bool = false;

    async fn spawn(&self) -> Address<Counter> {
        Self::start(Counter(0))
    }

    async fn tell(counter: &Address<Counter>, by: u64) {
        drop(counter.send(Add(by)).detach().await.expect("it lives"));
    }

    async fn ask(counter: &Address<Counter>, by: u64) -> u64 {
        counter.send(Add(by)).await.expect("it lives")
    }

    async fn ask_many(counter: &Address<Counter>, by: u64, times: usize) -> u64 {
        let mut pending = Vec::with_capacity(times);
        for _ in 0..times {
            pending.push(counter.send(Add(by)).detach().await.expect("it lives"));
        }
        let mut largest = 0;
        for one in pending {
            largest = largest.max(one.await.expect("it lives"));
        }
        largest
    }

    async fn busy(counter: &Address<Counter>, duration: Duration) {
        drop(
            counter
                .send(Busy(duration))
                .detach()
                .await
                .expect("it lives"),
        );
    }

    async fn end(&self, counter: Address<Counter>) {
        counter.send(End).await.expect("it lives");
        counter.join().await;
    }
}

impl Holding for Xtra {
    async fn spawn_unbounded(&self) -> Address<Counter> {
        self.spawn().await
    }

    async fn hold(counter: &Address<Counter>) {
        drop(counter.send(Hold).detach().await.expect("it lives"));
    }
}

impl Ringing for Xtra {
    type Ring = Vec<Address<Node>>;

    async fn ring(&self, actors: usize, done: UnboundedSender<()>) -> Vec<Address<Node>> {
        let mut ring: Vec<Address<Node>> = Vec::new();
        for _ in 0..actors {
            let next = ring.last().cloned();
            let done = done.clone();
            ring.push(Self::start(Node { next, done }));
        }
        let last = ring[actors - 1].clone();
        ring[0].send(Next(last)).await.expect("it lives");
        ring
    }

    async fn pass(ring: &Vec<Address<Node>>, hops: u64) {
        drop(ring[0].send(Pass(hops)).detach().await.expect("it lives"));
    }

    async fn end_ring(&self, ring: Vec<Address<Node>>) {
        for node in &ring {
            drop(node.send(End).detach().await.expect("it lives"));
        }
        for node in ring {
            node.join().await;
        }
    }
}

impl Carrying for Xtra {
    type Carrier = Address<Carrier>;

    async fn spawn_carrier(&self) -> Address<Carrier> {
        Self::start(Carrier)
    }

    async fn carry(carrier: &Address<Carrier>, bytes: Vec<u8>) -> Vec<u8> {
        carrier.send(Carry(bytes)).await.expect("it lives")
    }
}

impl Pooling for Xtra {
    type Pool = Address<Worker>;

    async fn pool(&self, workers: usize) -> Address<Worker> {
        let (address, mailbox) = Mailbox::unbounded();
        for _ in 0..workers {
            tokio::spawn(xtra::run(mailbox.clone(), Worker));
        }
        address
    }

    async fn run(pool: &Address<Worker>, task: Task) -> u64 {
        pool.send(Run(task)).await.expect("it lives")
    }

    async fn run_all(pool: &Address<Worker>, tasks: Vec<Task>) -> u64 {
        let mut pending = Vec::with_capacity(tasks.len());
        for task in tasks {
            pending.push(pool.send(Run(task)).detach().await.expect("it lives"));
        }
        let mut sum = 0;
        for one in pending {
            sum += one.await.expect("it lives");
        }
        sum
    }
}
