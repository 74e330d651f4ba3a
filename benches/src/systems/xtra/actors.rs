//! Actors of xtra.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use xtra::{Actor, Address, Context, Handler};

use crate::systems::actor_core::compute;
use crate::work::Task;
use crate::workloads::{growth::GATE, memory::change};
#[derive(Actor)]
pub(super) struct Counter(pub(super) u64);

pub(super) struct Add(pub(super) u64);
pub(super) struct Busy(pub(super) Duration);
pub(super) struct Hold;
pub(super) struct End;
impl Handler<Add> for Counter {
    type Return = u64;

    async fn handle(&mut self, Add(by): Add, _: &mut Context<Self>) -> u64 {
        self.0 += by;
        self.0
    }
}

impl Handler<Busy> for Counter {
    type Return = ();

    async fn handle(&mut self, Busy(duration): Busy, _: &mut Context<Self>) {
        compute(duration);
    }
}

impl Handler<Hold> for Counter {
    type Return = ();

    async fn handle(&mut self, _: Hold, _: &mut Context<Self>) {
        GATE.pass();
    }
}

impl Handler<End> for Counter {
    type Return = ();

    async fn handle(&mut self, _: End, context: &mut Context<Self>) {
        context.stop_self();
    }
}

#[derive(Actor)]
pub(super) struct Node {
    pub(super) next: Option<Address<Node>>,
    pub(super) done: UnboundedSender<()>,
}

/// Closes the ring.
pub(super) struct Next(pub(super) Address<Node>);
pub(super) struct Pass(pub(super) u64);

impl Handler<Next> for Node {
    type Return = ();

    async fn handle(&mut self, Next(next): Next, _: &mut Context<Self>) {
        self.next = Some(next);
    }
}

impl Handler<Pass> for Node {
    type Return = ();

    async fn handle(&mut self, Pass(left): Pass, _: &mut Context<Self>) {
        match &self.next {
            Some(next) if left > 0 => {
                drop(
                    next.send(Pass(left - 1))
                        .detach()
                        .await
                        .expect("the ring lives"),
                );
            }
            _ => drop(self.done.send(())),
        }
    }
}

impl Handler<End> for Node {
    type Return = ();

    async fn handle(&mut self, _: End, context: &mut Context<Self>) {
        context.stop_self();
    }
}

#[derive(Actor)]
pub(super) struct Carrier;

pub(super) struct Carry(pub(super) Vec<u8>);

impl Handler<Carry> for Carrier {
    type Return = Vec<u8>;

    async fn handle(&mut self, Carry(bytes): Carry, _: &mut Context<Self>) -> Vec<u8> {
        change(bytes)
    }
}

#[derive(Actor)]
pub(super) struct Worker;

pub(super) struct Run(pub(super) Task);

impl Handler<Run> for Worker {
    type Return = u64;

    async fn handle(&mut self, Run(task): Run, _: &mut Context<Self>) -> u64 {
        task.run()
    }
}
