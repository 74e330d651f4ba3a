//! Actors of kameo.

use std::time::Duration;

use kameo::Actor;
use kameo::actor::ActorRef;
use kameo::message::{Context, Message};
use tokio::sync::mpsc::UnboundedSender;

use crate::systems::actor_core::compute;
use crate::workloads::{growth::GATE, memory::change};

#[derive(Actor, Clone)]
pub(super) struct Counter(pub(super) u64);

pub(super) struct Add(pub(super) u64);
pub(super) struct Busy(pub(super) Duration);
pub(super) struct Hold;
pub(super) struct Crash;

impl Message<Add> for Counter {
    type Reply = u64;

    async fn handle(&mut self, Add(by): Add, _: &mut Context<Self, u64>) -> u64 {
        self.0 += by;
        self.0
    }
}

impl Message<Busy> for Counter {
    type Reply = ();

    async fn handle(&mut self, Busy(duration): Busy, _: &mut Context<Self, ()>) {
        compute(duration);
    }
}

impl Message<Hold> for Counter {
    type Reply = ();

    async fn handle(&mut self, _: Hold, _: &mut Context<Self, ()>) {
        GATE.pass();
    }
}

impl Message<Crash> for Counter {
    type Reply = ();

    async fn handle(&mut self, _: Crash, _: &mut Context<Self, ()>) {
        panic!("planned")
    }
}

/// The supervisor of a counter.
#[derive(Actor)]
pub(super) struct Overseer;

#[derive(Actor)]
pub(super) struct Node {
    pub(super) next: Option<ActorRef<Node>>,
    pub(super) done: UnboundedSender<()>,
}

/// Closes the ring.
pub(super) struct Next(pub(super) ActorRef<Node>);
pub(super) struct Pass(pub(super) u64);

impl Message<Next> for Node {
    type Reply = ();

    async fn handle(&mut self, Next(next): Next, _: &mut Context<Self, ()>) {
        self.next = Some(next);
    }
}

impl Message<Pass> for Node {
    type Reply = ();

    async fn handle(&mut self, Pass(left): Pass, _: &mut Context<Self, ()>) {
        match &self.next {
            Some(next) if left > 0 => {
                next.tell(Pass(left - 1))
                    .send()
                    .await
                    .expect("the ring lives");
            }
            _ => drop(self.done.send(())),
        }
    }
}

#[derive(Actor)]
pub(super) struct Carrier;

pub(super) struct Carry(pub(super) Vec<u8>);

impl Message<Carry> for Carrier {
    type Reply = Vec<u8>;

    async fn handle(&mut self, Carry(bytes): Carry, _: &mut Context<Self, Vec<u8>>) -> Vec<u8> {
        change(bytes)
    }
}
