//! Message ports: between threads, between actors, on their travels, and over restarts.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Attachment, MessageChannel, MessagePort, PostErrorKind, RecvError};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{Counted, LONG, Log, everywhere, everywhere_leaving, lines, simulated};
use proptest::prelude::*;

type Shared<T, U> = Arc<MessagePort<T, U>>;

/// Notes what its ports give.
struct Node {
    plan: Plan,
    attached: Option<Attachment>,
}

#[derive(Clone, Default)]
struct Plan {
    log: Log,
    port: Option<Shared<u64, u64>>,
    second: Option<Shared<u64, u64>>,
    redeliver: u32,
    /// Fails on this number, as often as there are lives left to fail.
    fails_on: Option<u64>,
    failures: Arc<AtomicUsize>,
    gate: Option<GateHandle>,
}

#[actor]
impl Node {
    #[message(fails)]
    fn number(&mut self, ctx: &mut Context<Self>, n: u64) -> Result<(), Failure> {
        if let Some(gate) = self.plan.gate.take() {
            gate.pass().ask()?;
        }
        if self.plan.fails_on == Some(n) {
            let left = self.plan.failures.load(Ordering::SeqCst);
            if left > 0 {
                self.plan.failures.store(left - 1, Ordering::SeqCst);
                Err("broken")?
            }
        }
        let again = ctx.redelivered();
        self.plan.log.note(match again {
            0 => n.to_string(),
            again => format!("{n} again {again}"),
        });
        Ok(())
    }
    fn second(&mut self, n: u64) {
        self.plan.log.note(format!("second {n}"));
    }
    fn tick(&mut self) {
        self.plan.log.note("tick");
    }
    fn closed(&mut self) {
        self.plan.log.note("closed");
    }
    fn close_port(&mut self) {
        if let Some(port) = &self.plan.port {
            port.close();
        }
    }
    fn detach(&mut self, ctx: &mut Context<Self>) -> bool {
        self.attached.take().is_some_and(|it| ctx.detach(it))
    }
    fn take(&mut self, ctx: &mut Context<Self>, port: MessagePort<u64, u64>) {
        ctx.attach(&port, NodeMessage::number).unwrap();
    }
    fn hold(&mut self, port: MessagePort<u64, u64>) {
        self.plan.second = Some(Arc::new(port));
    }
    fn post(&mut self, n: u64) -> Result<(), PostErrorKind> {
        let port = self.plan.second.as_ref().unwrap();
        port.post(n).map_err(|error| error.kind())
    }
    fn post_three(&mut self, port: Shared<u64, u64>) -> Option<String> {
        let error = (0..3).try_for_each(|n| port.post(n)).err()?;
        Some(error.to_string())
    }
    fn pass_and_ask(&mut self, gate: GateHandle, other: NodeHandle) -> bool {
        gate.pass().ask().unwrap();
        other.sync().ask().is_ok()
    }
    fn attach(&mut self, ctx: &mut Context<Self>, port: Shared<u64, u64>) {
        self.attached = ctx.attach(&*port, NodeMessage::number).ok();
    }
    /// Waits until the gate is open, receives from the port, or no more, and asks the other.
    fn attach_and_ask(
        &mut self,
        ctx: &mut Context<Self>,
        gate: GateHandle,
        port: Option<Shared<u64, u64>>,
        other: NodeHandle,
    ) -> bool {
        gate.pass().ask().unwrap();
        match (port, self.attached.take()) {
            (Some(port), _) => self.attached = ctx.attach(&*port, NodeMessage::number).ok(),
            (None, attached) => assert!(attached.is_some_and(|it| ctx.detach(it))),
        }
        other.sync().ask().is_ok()
    }
    fn sync(&self) {}
    #[message(fails)]
    fn fail(&mut self) -> Result<(), Failure> {
        Err("broken")?
    }
}

impl Actor for Node {
    type Args = Plan;

    fn start(ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        let mut attached = None;
        if let Some(port) = &plan.port {
            let attachment = match plan.redeliver {
                0 => ctx.attach(&**port, NodeMessage::number)?,
                times => ctx.attach_redelivering(&**port, times, NodeMessage::number)?,
            };
            ctx.on_close(attachment, NodeMessage::closed());
            attached = Some(attachment);
        }
        if let Some(port) = &plan.second {
            ctx.attach(&**port, NodeMessage::second)?;
        }
        Ok(Node {
            plan: plan.clone(),
            attached,
        })
    }
}

fn channel(capacity: usize) -> (MessagePort<u64, u64>, Shared<u64, u64>) {
    let MessageChannel { port1, port2 } = MessageChannel::bounded(capacity);
    (port1, Arc::new(port2))
}

fn with(port: &Shared<u64, u64>) -> Plan {
    Plan {
        port: Some(Arc::clone(port)),
        ..Plan::default()
    }
}

fn numbers(range: std::ops::Range<u64>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

/// Asks the actor for something until it has noted so much.
fn noted(node: &NodeHandle, log: &Log, number: usize) -> Vec<String> {
    while log.notes().len() < number {
        node.sync().ask().unwrap();
    }
    node.sync().ask().unwrap();
    log.notes()
}

#[test]
fn a20_a_port_that_was_sent_to_an_actor_which_is_terminated_closes() {
    everywhere_leaving(|system| {
        for _ in 0..10 {
            let MessageChannel { port1, port2 } = MessageChannel::<u64, u64>::new();
            let node = system.spawn::<Node>(Plan::default()).unwrap();
            let _ = node.hold(port2).tell();
            node.terminate(LONG);
            node.join();
            assert_eq!(port1.recv(), Err(RecvError::Closed));
            assert_eq!(port1.post(1).unwrap_err().kind(), PostErrorKind::Closed);
        }
    });
}

#[test]
fn a27_what_was_posted_before_the_receiver_attached_comes_in_order() {
    everywhere(|system| {
        let (port, other) = channel(100);
        for n in 0..50 {
            port.post(n).unwrap();
        }
        let plan = with(&other);
        let node = system.spawn::<Node>(plan.clone()).unwrap();
        for n in 50..100 {
            port.post(n).unwrap();
        }
        assert_eq!(noted(&node, &plan.log, 100), numbers(0..100));
    });
}

#[test]
fn a28_messages_before_close_all_arrive() {
    for _ in 0..10_000 {
        let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::new();
        port1.post(1).unwrap();
        port1.post(2).unwrap();
        drop(port1);
        assert_eq!(port2.iter().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(port2.recv(), Err(RecvError::Closed));
    }
}

#[test]
fn a29_closing_ones_own_end_still_delivers_what_is_queued() {
    everywhere(|system| {
        let (port, other) = channel(10);
        let gate = system.spawn::<Gate>(()).unwrap();
        let plan = Plan {
            gate: Some(gate.clone()),
            ..with(&other)
        };
        let node = system.spawn::<Node>(plan.clone()).unwrap();
        port.post(1).unwrap();
        port.post(2).unwrap();
        gate.somebody_waits().ask().unwrap();
        node.close_port().tell().unwrap();
        gate.open().tell().unwrap();
        assert_eq!(noted(&node, &plan.log, 3), ["1", "2", "closed"]);
        assert_eq!(port.post(3).unwrap_err().into_value(), 3);
    });
}

#[test]
fn a30_posting_to_a_closed_port_hands_the_value_back_and_both_ends_see_it_once() {
    everywhere(|system| {
        let (port, other) = channel(10);
        let plan = with(&other);
        let node = system.spawn::<Node>(plan.clone()).unwrap();
        port.close();
        port.close();
        assert_eq!(port.try_post(7).unwrap_err().into_value(), 7);
        assert_eq!(noted(&node, &plan.log, 1), ["closed"]);
        for _ in 0..20 {
            node.sync().ask().unwrap();
        }
        assert_eq!(plan.log.notes(), ["closed"], "once");
        assert_eq!(port.try_recv(), Err(RecvError::Closed));
    });
}

#[test]
fn a32_try_recv_is_in_order_and_then_empty() {
    let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::new();
    for n in 0..3 {
        port1.post(n).unwrap();
    }
    assert_eq!(port2.len(), 3);
    for n in 0..3 {
        assert_eq!(port2.try_recv(), Ok(n));
    }
    assert_eq!(port2.try_recv(), Err(RecvError::Empty));
    assert_eq!(
        port2.recv_timeout(Duration::from_millis(1)),
        Err(RecvError::Timeout)
    );
}

#[test]
fn a33_a_hundred_megabytes_arrive_without_a_copy() {
    let MessageChannel { port1, port2 } = MessageChannel::<Vec<u8>, ()>::new();
    let bytes = vec![7; 100 << 20];
    let place = bytes.as_ptr();
    port1.post(bytes).unwrap();
    let arrived = port2.recv().unwrap();
    assert_eq!((arrived.as_ptr(), arrived.len()), (place, 100 << 20));
}

#[test]
fn a34_what_was_not_posted_comes_back_whole_and_the_port_goes_on() {
    let MessageChannel { port1, port2 } =
        MessageChannel::<(MessagePort<u8, u8>, u8), ()>::bounded(1);
    let inner = MessageChannel::new();
    let other = MessageChannel::new();
    port1.post((other.port1, 0)).unwrap();
    let (inner_port, one) = port1.try_post((inner.port1, 1)).unwrap_err().into_value();
    assert_eq!(one, 1);
    inner_port.post(2).unwrap();
    assert_eq!(inner.port2.recv(), Ok(2), "nothing of it has moved");
    assert_eq!(port2.recv().unwrap().1, 0);
    port1.post((inner_port, 3)).unwrap();
    assert_eq!(port2.recv().unwrap().1, 3);
}

#[test]
fn a35_a_port_works_from_its_new_owner_and_brings_what_is_queued() {
    everywhere(|system| {
        let MessageChannel { port1, port2 } = MessageChannel::<u64, u64>::new();
        port1.post(1).unwrap();
        port1.post(2).unwrap();
        let carrier = MessageChannel::<MessagePort<u64, u64>, ()>::new();
        carrier.port1.post(port2).unwrap();
        let port2 = carrier.port2.recv().unwrap();
        port1.post(3).unwrap();
        let plan = Plan::default();
        let node = system.spawn::<Node>(plan.clone()).unwrap();
        // It is kept by the life, though the message is over.
        node.take(port2).ask().unwrap();
        port1.post(4).unwrap();
        assert_eq!(noted(&node, &plan.log, 4), numbers(1..5));
        node.stop();
        node.join();
        assert!(port1.is_closed());
    });
}

#[test]
fn a_full_port_makes_the_poster_wait_and_room_lets_it_go_on() {
    everywhere(|system| {
        let (port, other) = channel(2);
        let node = system.spawn::<Node>(Plan::default()).unwrap();
        node.hold(port).ask().unwrap();
        let posted: Vec<_> = (0..10).map(|n| node.post(n).send().unwrap()).collect();
        let taken: Vec<u64> = (0..10).map(|_| other.recv().unwrap()).collect();
        assert_eq!(taken, (0..10).collect::<Vec<_>>());
        for pending in posted {
            assert_eq!(pending.wait().unwrap(), Ok(()));
        }
    });
}

#[test]
fn closing_lets_a_poster_that_waits_go() {
    everywhere(|system| {
        let (port, other) = channel(1);
        port.post(0).unwrap();
        let node = system.spawn::<Node>(Plan::default()).unwrap();
        node.hold(port).ask().unwrap();
        let posted = node.post(1).send().unwrap();
        while node.snapshot().mailbox > 0 {
            system.spawn::<Gate>(()).unwrap().stop();
        }
        drop(other);
        assert_eq!(posted.wait().unwrap(), Err(PostErrorKind::Closed));
    });
}

#[test]
fn a_post_that_waits_for_the_poster_is_a_deadlock() {
    everywhere(|system| {
        let (port, other) = channel(1);
        let receiver = system.spawn::<Node>(with(&other)).unwrap();
        let poster = system.spawn::<Node>(Plan::default()).unwrap();
        let gate = system.spawn::<Gate>(()).unwrap();
        let answered = receiver.pass_and_ask(gate.clone(), poster.clone());
        let answered = answered.send().unwrap();
        gate.somebody_waits().ask().unwrap();
        // It needs room for three; the receiver takes nothing before it has been answered.
        let told = poster.post_three(Arc::new(port)).send().unwrap();
        while poster.snapshot().mailbox > 0 {
            system.spawn::<Gate>(()).unwrap().stop();
        }
        gate.open().tell().unwrap();
        let (answered, told) = (answered.wait().unwrap(), told.wait().unwrap());
        // Whoever closed the cycle was told, and the other went on.
        assert_ne!(answered, told.is_none(), "{told:?}");
        assert!(told.is_none_or(|text| text.contains("→(post)") && text.contains("→(sync)")));
    });
}

type Posting = actor_core::Pending<NodeMessage, Result<(), PostErrorKind>>;

/// Fills a port that has room for one, and is about to wait for more.
fn fill(system: &System, poster: &NodeHandle, port: MessagePort<u64, u64>) -> Posting {
    poster.hold(port).ask().unwrap();
    poster.post(1).ask().unwrap().unwrap();
    let posted = poster.post(2).send().unwrap();
    while poster.snapshot().mailbox > 0 {
        system.spawn::<Gate>(()).unwrap().stop();
    }
    posted
}

#[test]
fn who_waits_for_room_waits_for_whoever_attaches_the_port_then() {
    everywhere(|system| {
        let (port, other) = channel(1);
        let [receiver, poster] = [(); 2].map(|()| system.spawn::<Node>(Plan::default()).unwrap());
        let gate = system.spawn::<Gate>(()).unwrap();
        let asked = receiver.attach_and_ask(gate.clone(), Some(other), poster.clone());
        let asked = asked.send().unwrap();
        let posted = fill(system, &poster, port);
        gate.open().tell().unwrap();
        // Whoever looks second is told.
        match posted.wait().unwrap() {
            Ok(()) => assert!(!asked.wait().unwrap()),
            Err(kind) => {
                assert_eq!(kind, PostErrorKind::Deadlock);
                assert!(asked.wait().unwrap());
            }
        }
    });
}

#[test]
fn who_waits_for_room_does_not_wait_for_whoever_has_detached_the_port() {
    everywhere(|system| {
        let (port, other) = channel(1);
        let [receiver, poster] = [(); 2].map(|()| system.spawn::<Node>(Plan::default()).unwrap());
        let gate = system.spawn::<Gate>(()).unwrap();
        receiver.attach(Arc::clone(&other)).ask().unwrap();
        let asked = receiver.attach_and_ask(gate.clone(), None, poster.clone());
        let asked = asked.send().unwrap();
        gate.somebody_waits().ask().unwrap();
        let posted = fill(system, &poster, port);
        gate.open().tell().unwrap();
        assert_eq!(other.recv(), Ok(1));
        assert_eq!(posted.wait().unwrap(), Ok(()));
        assert!(asked.wait().unwrap());
    });
}

#[test]
fn a_port_belongs_to_one_life_at_a_time() {
    everywhere(|system| {
        let (port, other) = channel(4);
        let first = system
            .spec::<Node>(with(&other))
            .name("first")
            .spawn()
            .unwrap();
        let error = system.spawn::<Node>(with(&other)).unwrap_err().to_string();
        assert!(
            error.contains("attached to first#1: detach it there"),
            "{error}"
        );
        assert!(first.detach().ask().unwrap());
        assert!(!first.detach().ask().unwrap());
        let plan = with(&other);
        let second = system.spawn::<Node>(plan.clone()).unwrap();
        port.post(1).unwrap();
        assert_eq!(noted(&second, &plan.log, 1), ["1"]);
    });
}

#[test]
fn a_port_in_the_arguments_lasts_over_restarts_of_either_end() {
    everywhere(|system| {
        let MessageChannel { port1, port2 } = MessageChannel::<u64, u64>::new();
        let (here, there) = (Arc::new(port1), Arc::new(port2));
        let plan = with(&there);
        let mut receiver = system.spec::<Node>(plan.clone()).name("receiver");
        let receiver_handle = receiver.handle();
        let poster = Plan {
            second: Some(Arc::clone(&here)),
            ..Plan::default()
        };
        let mut poster = system.spec::<Node>(poster).name("poster");
        let poster_handle = poster.handle();
        let tree = Supervisor::one_for_one()
            .intensity(100, LONG)
            .child(receiver)
            .child(poster);
        let _tree = system.spawn::<Supervisor>(tree).unwrap();
        for n in 0..20 {
            poster_handle.post(n).ask().unwrap().unwrap();
            match n % 3 {
                0 => assert!(poster_handle.fail().ask().is_err()),
                1 => assert!(receiver_handle.fail().ask().is_err()),
                _ => {}
            }
        }
        assert_eq!(noted(&receiver_handle, &plan.log, 20), numbers(0..20));
        assert!(!here.is_closed());
    });
}

#[test]
fn the_message_in_hand_comes_again_where_the_port_is_to_redeliver() {
    everywhere(|system| {
        let (port, other) = channel(10);
        let plan = Plan {
            redeliver: 2,
            fails_on: Some(1),
            failures: Arc::new(AtomicUsize::new(2)),
            ..with(&other)
        };
        let mut spec = system.spec::<Node>(plan.clone()).name("node");
        let node = spec.handle();
        let tree = Supervisor::one_for_one().intensity(9, LONG).child(spec);
        let _tree = system.spawn::<Supervisor>(tree).unwrap();
        let mut events = system.events();
        for n in 0..4 {
            port.post(n).unwrap();
        }
        assert_eq!(noted(&node, &plan.log, 4), ["0", "1 again 2", "2", "3"]);
        let redelivered = lines(&mut events);
        let redelivered = redelivered
            .iter()
            .filter(|line| line.contains("redelivered number"));
        assert_eq!(redelivered.count(), 2);
        assert!(node.snapshot().dead_letters.is_empty());
        // Once more than it may, it is a dead letter, and the rest still comes.
        plan.failures.store(3, Ordering::SeqCst);
        port.post(1).unwrap();
        port.post(5).unwrap();
        assert_eq!(noted(&node, &plan.log, 5)[4], "5");
        assert_eq!(node.snapshot().dead_letters.values().sum::<u64>(), 1);
    });
}

#[test]
fn a31_a_flooded_port_starves_neither_mailbox_nor_timers_nor_another_port() {
    struct Flooded {
        flood: MessagePort<u64, u64>,
        counts: [u64; 4],
    }
    #[actor]
    impl Flooded {
        fn flood(&mut self, n: u64) {
            self.counts[0] += 1;
            // It goes on for ever.
            let _ = self.flood.try_post(n);
        }
        fn other(&mut self, _n: u64) {
            self.counts[1] += 1;
        }
        fn tick(&mut self) {
            self.counts[2] += 1;
        }
        fn counts(&mut self) -> [u64; 4] {
            self.counts[3] += 1;
            self.counts
        }
    }
    impl Actor for Flooded {
        type Args = Arc<MessagePort<u64, u64>>;
        fn start(ctx: &mut Context<Self>, other: &Self::Args) -> Result<Self, Failure> {
            let MessageChannel { port1, port2 } = MessageChannel::unbounded();
            ctx.attach(&port2, FloodedMessage::flood)?;
            ctx.attach(&**other, FloodedMessage::other)?;
            ctx.every(Duration::from_millis(1), FloodedMessage::tick);
            for n in 0..100 {
                port1.post(n)?;
            }
            Ok(Flooded {
                flood: port1,
                counts: [0; 4],
            })
        }
    }
    let system = System::new("flood").unwrap();
    let (port, other) = channel(1_000);
    let flooded = system.spawn::<Flooded>(other).unwrap();
    for n in 0..100 {
        port.post(n).unwrap();
    }
    let mut asks = 0;
    let counts = loop {
        asks += 1;
        let counts = flooded.counts().ask().unwrap();
        if counts[1] == 100 && counts[2] > 10 {
            break counts;
        }
    };
    assert_eq!(counts[3], asks);
    assert!(counts[0] > 100);
    flooded.stop();
    assert!(flooded.join().is_normal());
}

#[test]
fn a_mailbox_that_feeds_itself_starves_no_port() {
    struct Feeds {
        until: u64,
        fed: u64,
    }
    #[actor]
    impl Feeds {
        #[message(fails)]
        fn feed(&mut self, ctx: &mut Context<Self>) -> Result<(), Failure> {
            self.fed += 1;
            match self.fed < 1_000 {
                true => Ok(ctx.handle().feed().tell()?),
                false => Err("it starves the port")?,
            }
        }
        fn number(&mut self, ctx: &mut Context<Self>, n: u64) {
            if n == self.until {
                ctx.exit(7);
            }
        }
    }
    impl Actor for Feeds {
        type Args = Shared<u64, u64>;
        fn start(ctx: &mut Context<Self>, port: &Self::Args) -> Result<Self, Failure> {
            ctx.attach(&**port, FeedsMessage::number)?;
            ctx.handle().feed().tell()?;
            Ok(Feeds { until: 9, fed: 0 })
        }
    }
    everywhere(|system| {
        let (port, other) = channel(10);
        for n in 0..10 {
            port.post(n).unwrap();
        }
        let feeds = system.spawn::<Feeds>(other).unwrap();
        assert_eq!(feeds.join().code(), 7);
    });
}

#[test]
fn a_life_that_was_left_behind_attaches_nothing() {
    everywhere_leaving(|system| {
        let (port, other) = channel(1);
        let gate = system.spawn::<Gate>(()).unwrap();
        let [stuck, asked] = [(); 2].map(|()| system.spawn::<Node>(Plan::default()).unwrap());
        let attaches = stuck.attach_and_ask(gate.clone(), Some(Arc::clone(&other)), asked.clone());
        attaches.tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        assert!(matches!(
            stuck.terminate(Duration::from_millis(1)),
            ExitReason::Abandoned
        ));
        gate.open().tell().unwrap();
        // What it asks after that is still handled.
        while asked.snapshot().handled == 0 {
            system.spawn::<Gate>(()).unwrap().stop();
        }
        let plan = with(&other);
        let node = system.spawn::<Node>(plan.clone()).unwrap();
        port.post(1).unwrap();
        assert_eq!(noted(&node, &plan.log, 1), ["1"]);
    });
}

#[test]
fn who_has_made_room_may_ask_who_waited_for_it() {
    struct Curious(NodeHandle);
    #[actor]
    impl Curious {
        #[message(fails)]
        fn number(&mut self, _n: u64) -> Result<(), Failure> {
            // It goes on by now, and will answer.
            Ok(self.0.sync().ask()?)
        }
    }
    impl Actor for Curious {
        type Args = (Shared<u64, u64>, NodeHandle);
        fn start(ctx: &mut Context<Self>, (port, poster): &Self::Args) -> Result<Self, Failure> {
            ctx.attach(&**port, CuriousMessage::number)?;
            Ok(Curious(poster.clone()))
        }
    }
    everywhere(|system| {
        let (port, other) = channel(1);
        let poster = system.spawn::<Node>(Plan::default()).unwrap();
        let posted = fill(system, &poster, port);
        let curious = (Arc::clone(&other), poster.clone());
        let curious = system.spawn::<Curious>(curious).unwrap();
        assert_eq!(posted.wait().unwrap(), Ok(()));
        while curious.snapshot().handled < 2 {
            poster.sync().ask().unwrap();
            assert!(curious.is_alive());
        }
    });
}

#[test]
fn a_stuck_life_loses_its_lease_and_takes_nothing_more() {
    everywhere_leaving(|system| {
        let (port, other) = channel(10);
        let gate = system.spawn::<Gate>(()).unwrap();
        let plan = Plan {
            gate: Some(gate.clone()),
            redeliver: 1,
            ..with(&other)
        };
        let node = system.spawn::<Node>(plan.clone()).unwrap();
        for n in 0..3 {
            port.post(n).unwrap();
        }
        gate.somebody_waits().ask().unwrap();
        assert!(matches!(
            node.terminate(Duration::ZERO),
            ExitReason::Abandoned
        ));
        let next = with(&other);
        let successor = system.spawn::<Node>(next.clone()).unwrap();
        gate.open().ask().unwrap();
        assert_eq!(noted(&successor, &next.log, 3), ["0 again 1", "1", "2"]);
        gate.stop();
        gate.join();
    });
}

#[test]
fn what_waits_in_a_port_stays_there_when_its_actor_drains() {
    everywhere(|system| {
        let (port, other) = channel(10);
        let gate = system.spawn::<Gate>(()).unwrap();
        let plan = with(&other);
        let node = system.spawn::<Node>(plan.clone()).unwrap();
        let other_node = system.spawn::<Node>(Plan::default()).unwrap();
        node.pass_and_ask(gate.clone(), other_node).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        for n in 0..5 {
            port.post(n).unwrap();
        }
        node.drain();
        port.post(5).unwrap();
        gate.open().tell().unwrap();
        assert!(node.join().is_normal());
        // Those whose turn came before the mailbox was found empty, and the others.
        let mut all = plan.log.notes();
        assert!(all.len() < 5, "{all:?}");
        all.extend(std::iter::from_fn(|| other.try_recv().ok()).map(|n| n.to_string()));
        assert_eq!(all, numbers(0..6));
    });
}

#[test]
fn what_is_queued_in_a_dropped_port_is_dropped_and_no_destructor_hurts() {
    struct Bomb(#[expect(dead_code, reason = "it is counted")] Counted);
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("a bomb");
            }
        }
    }
    actor_tests::quiet_panics();
    let alive = Arc::new(AtomicUsize::new(0));
    let MessageChannel { port1, port2 } = MessageChannel::<Bomb, ()>::new();
    for _ in 0..3 {
        port1.post(Bomb(Counted::new(&alive))).unwrap();
    }
    drop(port2);
    assert_eq!(alive.load(Ordering::SeqCst), 0);
}

#[test]
fn hours_pass_in_no_time_for_who_waits_at_a_port() {
    simulated(|_| {
        let MessageChannel { port1, port2 } = MessageChannel::<u64, u64>::bounded(1);
        assert_eq!(
            port2.recv_timeout(Duration::from_secs(3600)),
            Err(RecvError::Timeout)
        );
        port1.post(1).unwrap();
        let error = port1
            .post_timeout(2, Duration::from_secs(3600))
            .unwrap_err();
        assert_eq!(error.kind(), PostErrorKind::Timeout);
    });
}

#[test]
fn many_posters_and_receivers_lose_nothing() {
    const POSTERS: u64 = 4;
    const EACH: u64 = 5_000;
    let MessageChannel { port1, port2 } = MessageChannel::<u64, ()>::bounded(7);
    let (port1, port2) = (Arc::new(port1), Arc::new(port2));
    let taken: Vec<u64> = std::thread::scope(|scope| {
        let receivers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| port2.iter().collect::<Vec<_>>()))
            .collect();
        let posters: Vec<_> = (0..POSTERS)
            .map(|poster| {
                let port1 = &port1;
                scope.spawn(move || {
                    for n in 0..EACH {
                        port1.post(poster * EACH + n).unwrap();
                    }
                })
            })
            .collect();
        posters
            .into_iter()
            .for_each(|poster| poster.join().unwrap());
        port1.close();
        receivers
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    let mut taken = taken;
    taken.sort_unstable();
    assert_eq!(taken, (0..POSTERS * EACH).collect::<Vec<_>>());
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Post(bool),
    Take(bool),
    Travel(bool),
    Close(bool),
    Drop(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let side = any::<bool>();
    let step = prop_oneof![
        8 => side.prop_map(Step::Post),
        8 => side.prop_map(Step::Take),
        2 => side.prop_map(Step::Travel),
        1 => side.prop_map(Step::Close),
        1 => side.prop_map(Step::Drop),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    /// Two ends against two queues: in order, nothing lost, nothing twice, closed for good.
    #[test]
    fn ports_behave_like_two_queues(steps in steps(), capacity in 1..4_usize) {
        let MessageChannel { port1, port2 } = MessageChannel::<u32, u32>::bounded(capacity);
        let mut ports = [Some(port1), Some(port2)];
        // What each end has to receive.
        let mut queues = [VecDeque::new(), VecDeque::new()];
        let mut closed = false;
        for (n, step) in (0_u32..).zip(steps) {
            match step {
                Step::Post(side) => {
                    let Some(port) = &ports[usize::from(side)] else { continue };
                    let queue = &mut queues[usize::from(!side)];
                    match port.try_post(n) {
                        Ok(()) => {
                            prop_assert!(!closed && queue.len() < capacity);
                            queue.push_back(n);
                        }
                        Err(error) => {
                            let kind = if closed { PostErrorKind::Closed } else { PostErrorKind::Full };
                            prop_assert_eq!(error.kind(), kind);
                            prop_assert!(closed || queue.len() == capacity);
                            prop_assert_eq!(error.into_value(), n);
                        }
                    }
                }
                Step::Take(side) => {
                    let Some(port) = &ports[usize::from(side)] else { continue };
                    let expected = match queues[usize::from(side)].pop_front() {
                        Some(n) => Ok(n),
                        None if closed => Err(RecvError::Closed),
                        None => Err(RecvError::Empty),
                    };
                    prop_assert_eq!(port.try_recv(), expected);
                }
                Step::Travel(side) => {
                    let Some(port) = ports[usize::from(side)].take() else { continue };
                    let carrier = MessageChannel::<MessagePort<u32, u32>, ()>::new();
                    carrier.port1.post(port).unwrap();
                    ports[usize::from(side)] = carrier.port2.recv().ok();
                }
                Step::Close(side) => {
                    let Some(port) = &ports[usize::from(side)] else { continue };
                    port.close();
                    closed = true;
                }
                Step::Drop(side) => {
                    closed |= ports[usize::from(side)].take().is_some();
                    queues[usize::from(side)].clear();
                }
            }
        }
    }
}
