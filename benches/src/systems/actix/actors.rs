//! Actors of actix.

use std::time::Duration;

use actix::{Actor, ActorContext, Addr, Context, Handler, Message, MessageResult};
use tokio::sync::mpsc::UnboundedSender;

use crate::systems::actor_core::compute;
use crate::workloads::{growth::GATE, memory::change};
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Add(pub(super) u64);

#[derive(Message)]
#[rtype(result = "u64")]
pub(super) struct Sum(pub(super) u64);

#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Busy(pub(super) Duration);

#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct End;

#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Hold;

/// Closes the ring.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Next(pub(super) Addr<Node>);

#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Pass(pub(super) u64);

#[derive(Message)]
#[rtype(result = "Vec<u8>")]
pub(super) struct Carry(pub(super) Vec<u8>);

pub(super) struct Counter(pub(super) u64);

impl Actor for Counter {
    type Context = Context<Self>;
}

impl Handler<Add> for Counter {
    type Result = ();

    fn handle(&mut self, Add(by): Add, _: &mut Context<Self>) {
        self.0 += by;
    }
}

impl Handler<Sum> for Counter {
    type Result = u64;

    fn handle(&mut self, Sum(by): Sum, _: &mut Context<Self>) -> u64 {
        self.0 += by;
        self.0
    }
}

impl Handler<Busy> for Counter {
    type Result = ();

    fn handle(&mut self, Busy(duration): Busy, _: &mut Context<Self>) {
        compute(duration);
    }
}

impl Handler<Hold> for Counter {
    type Result = ();

    fn handle(&mut self, _: Hold, _: &mut Context<Self>) {
        GATE.pass();
    }
}

impl Handler<End> for Counter {
    type Result = ();

    fn handle(&mut self, _: End, context: &mut Context<Self>) {
        context.stop();
    }
}

pub(super) struct Node {
    pub(super) next: Option<Addr<Node>>,
    pub(super) done: UnboundedSender<()>,
}

impl Actor for Node {
    type Context = Context<Self>;
}

impl Handler<Next> for Node {
    type Result = ();

    fn handle(&mut self, Next(next): Next, _: &mut Context<Self>) {
        self.next = Some(next);
    }
}

impl Handler<Pass> for Node {
    type Result = ();

    fn handle(&mut self, Pass(left): Pass, _: &mut Context<Self>) {
        match &self.next {
            Some(next) if left > 0 => next.do_send(Pass(left - 1)),
            _ => drop(self.done.send(())),
        }
    }
}

impl Handler<End> for Node {
    type Result = ();

    fn handle(&mut self, _: End, context: &mut Context<Self>) {
        context.stop();
    }
}

pub(super) struct Carrier;

impl Actor for Carrier {
    type Context = Context<Self>;
}

impl Handler<Carry> for Carrier {
    type Result = MessageResult<Carry>;

    fn handle(&mut self, Carry(bytes): Carry, _: &mut Context<Self>) -> MessageResult<Carry> {
        MessageResult(change(bytes))
    }
}
