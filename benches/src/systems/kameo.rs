//! kameo, as tasks and as threads.

mod actors;

use std::time::Duration;

use kameo::actor::{ActorRef, Spawn};
use kameo::mailbox;
use kameo::supervision::RestartPolicy;
use tokio::sync::mpsc::UnboundedSender;

use actors::{Add, Busy, Carrier, Carry, Counter, Crash, Hold, Next, Node, Overseer, Pass};

use super::{Carrying, Counting, Holding, Kind, Peer, Ringing, Supervised, System, Tokio};
use crate::workloads::build;

const NO_POOL: &str = "its pool is in another crate, kameo_actors";

pub(super) fn tasks() -> System {
    System::new(
        "kameo",
        Kind::Peer,
        "tasks of tokio's runtime of many threads, unbounded mailboxes",
    )
    .counting::<Kameo<false>>()
    .inside::<Kameo<false>>()
    .holding::<Kameo<false>>()
    .ringing::<Kameo<false>>()
    .supervised::<Kameo<false>>()
    .carrying::<Kameo<false>>()
    .cannot(["pool", "factory", "primes", "images"], NO_POOL)
    .can(
        "build",
        build::peer(
            "kameo = { version = \"0.22\", default-features = false, features = [\"macros\"] }",
        ),
    )
}

pub(super) fn threads() -> System {
    System::new(
        "kameo, threads",
        Kind::Peer,
        "`spawn_in_thread`, the rest as above",
    )
    .counting::<Kameo<true>>()
    .inside::<Kameo<true>>()
    .holding::<Kameo<true>>()
    .ringing::<Kameo<true>>()
    .supervised::<Kameo<true>>()
    .carrying::<Kameo<true>>()
    .cannot(["pool", "factory", "primes", "images"], NO_POOL)
    .cannot(["build"], "it is the crate of kameo's tasks")
}

struct Kameo<const THREADS: bool>;

impl<const THREADS: bool> Kameo<THREADS> {
    fn start<A: Spawn>(args: A::Args) -> ActorRef<A> {
        match THREADS {
            true => A::spawn_in_thread_with_mailbox(args, mailbox::unbounded()),
            false => A::spawn_with_mailbox(args, mailbox::unbounded()),
        }
    }
}

impl<const THREADS: bool> Peer for Kameo<THREADS> {
    type Home = Tokio;

    fn new() -> Self {
        Kameo
    }
}

impl<const THREADS: bool> Counting for Kameo<THREADS> {
    type Counter = ActorRef<Counter>;

    async fn spawn(&self) -> ActorRef<Counter> {
        Self::start(Counter(0))
    }

    async fn tell(counter: &ActorRef<Counter>, by: u64) {
        counter.tell(Add(by)).send().await.expect("it lives");
    }

    async fn ask(counter: &ActorRef<Counter>, by: u64) -> u64 {
        counter.ask(Add(by)).send().await.expect("it lives")
    }

    async fn ask_many(counter: &ActorRef<Counter>, by: u64, times: usize) -> u64 {
        let mut pending = Vec::with_capacity(times);
        for _ in 0..times {
            pending.push(counter.ask(Add(by)).enqueue().await.expect("it lives"));
        }
        let mut largest = 0;
        for one in pending {
            largest = largest.max(one.await.expect("it lives"));
        }
        largest
    }

    async fn busy(counter: &ActorRef<Counter>, duration: Duration) {
        counter.tell(Busy(duration)).send().await.expect("it lives");
    }

    async fn end(&self, counter: ActorRef<Counter>) {
        counter.stop_gracefully().await.expect("it lives");
        counter.wait_for_shutdown().await;
    }
}

impl<const THREADS: bool> Holding for Kameo<THREADS> {
    async fn spawn_unbounded(&self) -> ActorRef<Counter> {
        self.spawn().await
    }

    async fn hold(counter: &ActorRef<Counter>) {
        counter.tell(Hold).send().await.expect("it lives");
    }
}

impl<const THREADS: bool> Ringing for Kameo<THREADS> {
    type Ring = Vec<ActorRef<Node>>;

    async fn ring(&self, actors: usize, done: UnboundedSender<()>) -> Vec<ActorRef<Node>> {
        let mut ring: Vec<ActorRef<Node>> = Vec::new();
        for _ in 0..actors {
            let next = ring.last().cloned();
            let done = done.clone();
            ring.push(Self::start(Node { next, done }));
        }
        let last = ring[actors - 1].clone();
        ring[0].tell(Next(last)).send().await.expect("it lives");
        ring
    }

    async fn pass(ring: &Vec<ActorRef<Node>>, hops: u64) {
        ring[0].tell(Pass(hops)).send().await.expect("it lives");
    }

    async fn end_ring(&self, ring: Vec<ActorRef<Node>>) {
        for node in &ring {
            node.stop_gracefully().await.expect("it lives");
        }
        for node in ring {
            node.wait_for_shutdown().await;
        }
    }
}

impl<const THREADS: bool> Supervised for Kameo<THREADS> {
    /// A child lives as long as its supervisor.
    type Child = (ActorRef<Overseer>, ActorRef<Counter>);

    async fn spawn_supervised(&self) -> Self::Child {
        let overseer = Overseer::spawn(Overseer);
        let child = Counter::supervise(&overseer, Counter(0))
            .restart_policy(RestartPolicy::Permanent)
            .restart_limit(u32::MAX, Duration::from_secs(1));
        let child = match THREADS {
            true => {
                child
                    .spawn_in_thread_with_mailbox(mailbox::unbounded())
                    .await
            }
            false => child.spawn_with_mailbox(mailbox::unbounded()).await,
        };
        (overseer, child)
    }

    async fn crash((_, child): &Self::Child) {
        child
            .tell(Crash)
            .send()
            .await
            .expect("its mailbox outlasts a crash");
    }

    async fn try_ask((_, child): &Self::Child, by: u64) -> Option<u64> {
        child.ask(Add(by)).send().await.ok()
    }
}

impl<const THREADS: bool> Carrying for Kameo<THREADS> {
    type Carrier = ActorRef<Carrier>;

    async fn spawn_carrier(&self) -> ActorRef<Carrier> {
        Self::start(Carrier)
    }

    async fn carry(carrier: &ActorRef<Carrier>, bytes: Vec<u8>) -> Vec<u8> {
        carrier.ask(Carry(bytes)).send().await.expect("it lives")
    }
}
