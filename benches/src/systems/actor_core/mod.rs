//! This library.

mod actors;
mod depth;
mod inside;

use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{IdleStrategy, Pool};
use tokio::sync::mpsc::UnboundedSender;

pub(super) use actors::compute;
use actors::{Carrier, CarrierHandle, Counter, CounterHandle, Node, NodeHandle, Worker};

use super::{Carrying, Counting, Holding, Kind, OURS, Peer, Pooling, Ringing, Supervised, Threads};
use crate::work::Task;
use crate::workloads::{build, tell};

pub(super) fn adaptive() -> super::System {
    type Ours = Measured<false, true>;
    let about = "this library: a thread for each actor, mailboxes of 1,024 messages";
    super::System::new(OURS, Kind::Ours, about)
        .counting::<Ours>()
        .holding::<Ours>()
        .ringing::<Ours>()
        .supervised::<Ours>()
        .carrying::<Ours>()
        .pooling::<Ours>()
        .can("ask-from-inside", inside::run)
        .can("growth-depth", depth::run)
        .can("build", build::actor_core)
}

pub(super) fn park() -> super::System {
    type Ours = Measured<true, true>;
    let about = "the same with `IdleStrategy::Park`: threads sleep at once";
    super::System::new("actor-core, Park", Kind::Variant, about)
        .counting::<Ours>()
        .ringing::<Ours>()
}

/// The peers' mailboxes have no bound where they need none: so is this to be compared with them.
pub(super) fn unbounded() -> super::System {
    type Ours = Measured<false, false>;
    let about = "the same with mailboxes without a bound, as the peers have them";
    super::System::new("actor-core, unbounded", Kind::Variant, about)
        .can("tell", tell::run::<Ours, 1>)
        .can("tell-4", tell::run::<Ours, 4>)
}

#[derive(Clone)]
struct Measured<const PARK: bool, const BOUND: bool>(Arc<System>);

impl<const PARK: bool, const BOUND: bool> Peer for Measured<PARK, BOUND> {
    type Home = Threads;

    fn new() -> Self {
        let idle = if PARK {
            IdleStrategy::Park
        } else {
            IdleStrategy::Adaptive
        };
        let system = System::builder("bench").idle(idle).build();
        Measured(Arc::new(system.expect("the system starts")))
    }
}

impl<const PARK: bool, const BOUND: bool> Counting for Measured<PARK, BOUND> {
    type Counter = CounterHandle;

    async fn spawn(&self) -> CounterHandle {
        let spec = self.0.spec::<Counter>(());
        let spec = if BOUND { spec } else { spec.unbounded() };
        spec.spawn().expect("a thread starts")
    }

    async fn tell(counter: &CounterHandle, by: u64) {
        counter.add(by).tell().expect("it lives");
    }

    async fn ask(counter: &CounterHandle, by: u64) -> u64 {
        counter.sum(by).ask().expect("it lives")
    }

    async fn ask_many(counter: &CounterHandle, by: u64, times: usize) -> u64 {
        let send = |_| counter.sum(by).send().expect("it lives");
        let pending: Vec<_> = (0..times).map(send).collect();
        let answers = pending.into_iter().map(|one| one.wait().expect("it lives"));
        answers.max().expect("it was asked")
    }

    async fn busy(counter: &CounterHandle, duration: Duration) {
        let micros = duration.as_micros() as u64;
        counter.busy(micros).tell().expect("it lives");
    }

    async fn end(&self, counter: CounterHandle) {
        counter.stop();
        counter.join();
    }
}

impl<const PARK: bool, const BOUND: bool> Holding for Measured<PARK, BOUND> {
    async fn spawn_unbounded(&self) -> CounterHandle {
        let spec = self.0.spec::<Counter>(()).unbounded();
        spec.spawn().expect("a thread starts")
    }

    async fn hold(counter: &CounterHandle) {
        counter.hold().tell().expect("it lives");
    }
}

impl<const PARK: bool, const BOUND: bool> Ringing for Measured<PARK, BOUND> {
    type Ring = Vec<NodeHandle>;

    async fn ring(&self, actors: usize, done: UnboundedSender<()>) -> Vec<NodeHandle> {
        let mut ring: Vec<NodeHandle> = Vec::new();
        for _ in 0..actors {
            let args = (ring.last().cloned(), done.clone());
            ring.push(self.0.spawn::<Node>(args).expect("a thread starts"));
        }
        let last = ring[actors - 1].clone();
        ring[0].next(last).tell().expect("it lives");
        ring
    }

    async fn pass(ring: &Vec<NodeHandle>, hops: u64) {
        ring[0].pass(hops).tell().expect("it lives");
    }

    async fn end_ring(&self, ring: Vec<NodeHandle>) {
        ring.iter().for_each(|node| node.stop());
        for node in ring {
            node.join();
        }
    }
}

impl<const PARK: bool, const BOUND: bool> Supervised for Measured<PARK, BOUND> {
    type Child = CounterHandle;

    async fn spawn_supervised(&self) -> CounterHandle {
        let mut spec = self.0.spec::<Counter>(());
        let counter = spec.handle();
        let supervisor = Supervisor::one_for_one().child(spec);
        let supervisor = supervisor.intensity(usize::MAX, Duration::from_secs(1));
        self.0
            .spawn::<Supervisor>(supervisor)
            .expect("a thread starts");
        counter
    }

    async fn crash(child: &CounterHandle) {
        child.crash().tell().expect("its mailbox outlasts a crash");
    }

    async fn try_ask(child: &CounterHandle, by: u64) -> Option<u64> {
        child.sum(by).ask().ok()
    }
}

impl<const PARK: bool, const BOUND: bool> Carrying for Measured<PARK, BOUND> {
    type Carrier = CarrierHandle;

    async fn spawn_carrier(&self) -> CarrierHandle {
        self.0.spawn::<Carrier>(()).expect("a thread starts")
    }

    async fn carry(carrier: &CarrierHandle, bytes: Vec<u8>) -> Vec<u8> {
        carrier.carry(bytes).ask().expect("it lives")
    }
}

impl<const PARK: bool, const BOUND: bool> Pooling for Measured<PARK, BOUND> {
    type Pool = Arc<Pool<Worker>>;

    async fn pool(&self, workers: usize) -> Arc<Pool<Worker>> {
        let pool = self.0.pool::<Worker>(|_| ()).size(workers);
        Arc::new(pool.spawn().expect("threads start"))
    }

    async fn run(pool: &Arc<Pool<Worker>>, task: Task) -> u64 {
        pool.run(task).ask().expect("the pool lives")
    }

    async fn run_all(pool: &Arc<Pool<Worker>>, tasks: Vec<Task>) -> u64 {
        let send = |task| pool.run(task).send().expect("the pool lives");
        let pending: Vec<_> = tasks.into_iter().map(send).collect();
        pending
            .into_iter()
            .map(|one| one.wait().expect("the pool lives"))
            .sum()
    }
}
