//! Ports, and memory that is shared.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::Fault;
use actor_core::{MessageChannel, MessagePort, SharedArray};
use actor_tests::Log;

use crate::{explore, explore_with, numbers};

/// Notes what comes to a port, until that is closed.
struct Listener(Log);

#[actor]
impl Listener {
    fn heard(&mut self, n: u64) {
        self.0.note(n.to_string());
    }
    fn over(&mut self, ctx: &mut Context<Self>) {
        ctx.exit(0);
    }
}

impl Actor for Listener {
    type Args = (Log, MessagePort<(), u64>);
    fn start(ctx: &mut Context<Self>, (log, port): &Self::Args) -> Result<Self, Failure> {
        let attachment = ctx.attach(port, ListenerMessage::heard)?;
        ctx.on_close(attachment, ListenerMessage::over());
        Ok(Listener(log.clone()))
    }
}

#[test]
fn a_port_loses_nothing_silently() {
    let crashes = Fault::crash_before("listener")
        .at("heard")
        .times(2)
        .one_in(3);
    explore_with([crashes], |system| {
        let log = Log::new();
        let MessageChannel { port1, port2 } = MessageChannel::bounded(2);
        let spec = system
            .spec::<Listener>((log.clone(), port2))
            .name("listener");
        let mut spec = spec.restart(Restart::Transient);
        let listener = spec.handle();
        let plan = Supervisor::one_for_one().intensity(2, Duration::from_secs(5));
        system.spawn::<Supervisor>(plan.child(spec)).unwrap();
        for n in 0..8 {
            port1.post(n).unwrap();
        }
        drop(port1);
        assert!(listener.join().is_normal());
        let (heard, end) = (numbers(&log), listener.snapshot());
        let dead: u64 = end.dead_letters.values().sum();
        assert_eq!(heard.len() as u64 + dead, 8, "{heard:?}, {end}");
        assert!(heard.is_sorted(), "{heard:?}");
    });
}

/// Adds its part to a total, and announces that once all have.
struct Adder;

const PARTS: u64 = 4;

#[actor]
impl Adder {
    fn add(&mut self, memory: SharedArray<u64>, part: u64) -> Option<u64> {
        memory.add(0, part);
        let done = memory.add(1, 1) + 1;
        (done == PARTS).then(|| memory.load(0))
    }
}

impl Actor for Adder {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Adder)
    }
}

#[test]
fn the_end_is_announced_once_and_with_the_right_total() {
    explore(|system| {
        let memory = SharedArray::new(2);
        let parts: Vec<_> = (1..=PARTS)
            .map(|part| {
                let adder = system.spawn::<Adder>(()).unwrap();
                adder.add(memory.clone(), part).send().unwrap()
            })
            .collect();
        let announced = parts.into_iter().filter_map(|part| part.wait().unwrap());
        assert_eq!(announced.collect::<Vec<_>>(), [1 + 2 + 3 + 4]);
    });
}
