//! Actors of this library.

use std::time::{Duration, Instant};

use actor_core::prelude::*;
use tokio::sync::mpsc::UnboundedSender;

use crate::work::Task;
use crate::workloads::{growth::GATE, memory::change};

#[derive(Default)]
pub(super) struct Counter {
    sum: u64,
}

#[actor]
impl Counter {
    pub(super) fn add(&mut self, by: u64) {
        self.sum += by;
    }

    pub(super) fn sum(&mut self, by: u64) -> u64 {
        self.sum += by;
        self.sum
    }

    pub(super) fn busy(&mut self, micros: u64) {
        compute(Duration::from_micros(micros));
    }

    pub(super) fn hold(&mut self) {
        GATE.pass();
    }

    pub(super) fn crash(&mut self) {
        panic!("planned")
    }
}

impl Actor for Counter {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Counter::default())
    }
}

/// A handler that needs the core for so long.
pub(in crate::systems) fn compute(duration: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < duration {
        std::hint::spin_loop();
    }
}

pub(super) struct Node {
    next: Option<NodeHandle>,
    done: UnboundedSender<()>,
}

#[actor]
impl Node {
    /// Closes the ring.
    pub(super) fn next(&mut self, next: NodeHandle) {
        self.next = Some(next);
    }

    pub(super) fn pass(&mut self, left: u64) {
        match &self.next {
            Some(next) if left > 0 => next.pass(left - 1).tell().expect("the ring lives"),
            // Nobody listens where only the ring's beginning and end are measured.
            _ => drop(self.done.send(())),
        }
    }
}

impl Actor for Node {
    type Args = (Option<NodeHandle>, UnboundedSender<()>);

    fn start(_ctx: &mut Context<Self>, (next, done): &Self::Args) -> Result<Self, Failure> {
        Ok(Node {
            next: next.clone(),
            done: done.clone(),
        })
    }
}

pub(super) struct Carrier;

#[actor]
impl Carrier {
    pub(super) fn carry(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        change(bytes)
    }
}

impl Actor for Carrier {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Carrier)
    }
}

pub(super) struct Worker;

#[actor]
impl Worker {
    pub(super) fn run(&mut self, task: Task) -> u64 {
        task.run()
    }
}

impl Actor for Worker {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Worker)
    }
}
