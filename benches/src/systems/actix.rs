//! actix.

mod actors;
mod pool;

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix::{Actor, Addr, Arbiter, ArbiterHandle};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use actors::{Add, Busy, Carrier, Carry, Counter, End, Hold, Next, Node, Pass, Sum};

use super::{Carrying, Counting, Holding, Home, Kind, Peer, Ringing, System};
use crate::resources::cores;
use crate::workloads::build;

pub(super) fn system() -> System {
    System::new(
        "actix",
        Kind::Peer,
        "an arbiter for each core, actors on them by turns, askers on the system's own; `do_send`; its pool is a `SyncArbiter`",
    )
    .counting::<Actix<false>>()
.inside::<Actix<true>>()
.holding::<Actix<false>>()
.ringing::<Actix<false>>()
    .carrying::<Actix<false>>()
    .pooling::<Actix<false>>()
    .cannot(["crash"], "a panic is not supervised: it ends the arbiter's thread")
.can("build", build::peer("actix = \"0.13\""))
}

/// The system's own thread, and an arbiter for each strand.
pub(super) struct Arbiters;

impl Home for Arbiters {
    fn block_on<T: Send + 'static>(main: impl Future<Output = T> + Send + 'static) -> T {
        actix::System::new().block_on(main)
    }

    fn strand<T: Send + 'static>(
        work: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send {
        let (done, end) = tokio::sync::oneshot::channel();
        let arbiter = Arbiter::new();
        arbiter.spawn(async { drop(done.send(work.await)) });
        async move {
            let value = end.await.expect("the strand panicked");
            arbiter.stop();
            value
        }
    }

    async fn sleep(duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    async fn signal(signals: &mut UnboundedReceiver<()>) {
        signals.recv().await.expect("an actor signals");
    }
}

/// Its actors are where the askers are, or on arbiters of their own.
struct Actix<const INSIDE: bool> {
    arbiters: Vec<ArbiterHandle>,
    next: AtomicUsize,
}

impl<const INSIDE: bool> Actix<INSIDE> {
    fn arbiter(&self) -> &ArbiterHandle {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        &self.arbiters[turn % self.arbiters.len()]
    }
}

impl<const INSIDE: bool> Peer for Actix<INSIDE> {
    type Home = Arbiters;

    fn new() -> Self {
        let arbiters = match INSIDE {
            true => vec![Arbiter::current()],
            false => (0..cores()).map(|_| Arbiter::new().handle()).collect(),
        };
        Actix {
            arbiters,
            next: AtomicUsize::new(0),
        }
    }
}

impl<const INSIDE: bool> Counting for Actix<INSIDE> {
    type Counter = Addr<Counter>;

    async fn spawn(&self) -> Addr<Counter> {
        Counter::start_in_arbiter(self.arbiter(), |_| Counter(0))
    }

    async fn tell(counter: &Addr<Counter>, by: u64) {
        counter.do_send(Add(by));
    }

    async fn ask(counter: &Addr<Counter>, by: u64) -> u64 {
        counter.send(Sum(by)).await.expect("it lives")
    }

    async fn ask_many(counter: &Addr<Counter>, by: u64, times: usize) -> u64 {
        let pending: Vec<_> = (0..times).map(|_| counter.send(Sum(by))).collect();
        let mut largest = 0;
        for one in pending {
            largest = largest.max(one.await.expect("it lives"));
        }
        largest
    }

    async fn busy(counter: &Addr<Counter>, duration: Duration) {
        counter.do_send(Busy(duration));
    }

    async fn end(&self, counter: Addr<Counter>) {
        counter.send(End).await.expect("it lives");
        while counter.connected() {
            tokio::task::yield_now().await;
        }
    }
}

impl<const INSIDE: bool> Holding for Actix<INSIDE> {
    async fn spawn_unbounded(&self) -> Addr<Counter> {
        self.spawn().await
    }

    async fn hold(counter: &Addr<Counter>) {
        counter.do_send(Hold);
    }
}

impl<const INSIDE: bool> Ringing for Actix<INSIDE> {
    type Ring = Vec<Addr<Node>>;

    async fn ring(&self, actors: usize, done: UnboundedSender<()>) -> Vec<Addr<Node>> {
        let mut ring: Vec<Addr<Node>> = Vec::new();
        for _ in 0..actors {
            let node = Node {
                next: ring.last().cloned(),
                done: done.clone(),
            };
            ring.push(Node::start_in_arbiter(self.arbiter(), |_| node));
        }
        let last = ring[actors - 1].clone();
        ring[0].send(Next(last)).await.expect("it lives");
        ring
    }

    async fn pass(ring: &Vec<Addr<Node>>, hops: u64) {
        ring[0].do_send(Pass(hops));
    }

    async fn end_ring(&self, ring: Vec<Addr<Node>>) {
        ring.iter().for_each(|node| node.do_send(End));
        for node in ring {
            while node.connected() {
                tokio::task::yield_now().await;
            }
        }
    }
}

impl<const INSIDE: bool> Carrying for Actix<INSIDE> {
    type Carrier = Addr<Carrier>;

    async fn spawn_carrier(&self) -> Addr<Carrier> {
        Carrier::start_in_arbiter(self.arbiter(), |_| Carrier)
    }

    async fn carry(carrier: &Addr<Carrier>, bytes: Vec<u8>) -> Vec<u8> {
        carrier.send(Carry(bytes)).await.expect("it lives")
    }
}
