//! Ports whose owners crash, end and start again, at both ends: in order, nothing lost, nothing
//! twice, closed once.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{DeadLetterCause, Event, PostErrorKind, RecvError};
use actor_tests::{LONG, on_threads, quiet_panics, under};
use proptest::prelude::*;

/// What goes over a port.
#[derive(Clone, Copy, Debug)]
struct Item {
    number: u32,
    /// In how many lives its handler crashes before it is done with it.
    crashes: u32,
    /// Whether that is a panic.
    panics: bool,
}

/// What became of one end.
#[derive(Default)]
struct Notes {
    /// What the other end took from here, in order.
    posted: Vec<Item>,
    /// What was handled here, in order.
    heard: Vec<u32>,
    /// How often each item was in hand.
    begun: Vec<u32>,
    /// The lives that were told that the port is closed.
    closed: Vec<u64>,
}

struct Wiring {
    port: Arc<MessagePort<Item, Item>>,
    redeliver: Option<u32>,
    notes: Arc<Mutex<Notes>>,
}

struct End {
    port: Arc<MessagePort<Item, Item>>,
    notes: Arc<Mutex<Notes>>,
}

#[actor]
impl End {
    #[message(fails)]
    fn heard(&mut self, item: Item) -> Result<(), Failure> {
        let begun = {
            let mut notes = self.notes.lock().unwrap();
            notes.begun.push(item.number);
            let again = notes.begun.iter().filter(|&&number| number == item.number);
            again.count() as u32
        };
        if begun <= item.crashes {
            assert!(!item.panics, "a planned panic");
            Err("a planned failure")?;
        }
        self.notes.lock().unwrap().heard.push(item.number);
        Ok(())
    }
    fn closed(&mut self, ctx: &mut Context<Self>) {
        self.notes.lock().unwrap().closed.push(ctx.life());
    }
    /// Posts them, and waits for room.
    fn post(&mut self, items: Vec<Item>) {
        for item in items {
            // Where both ends are full and wait for room, one is told that it is a deadlock.
            if self.port.post(item).is_ok() {
                self.notes.lock().unwrap().posted.push(item);
            }
        }
    }
}

impl Actor for End {
    type Args = Wiring;
    fn start(ctx: &mut Context<Self>, wiring: &Wiring) -> Result<Self, Failure> {
        let port = &*wiring.port;
        let attached = match wiring.redeliver {
            Some(times) => ctx.attach_redelivering(port, times, EndMessage::heard)?,
            None => ctx.attach(port, EndMessage::heard)?,
        };
        ctx.on_close(attached, EndMessage::closed());
        Ok(End {
            port: Arc::clone(&wiring.port),
            notes: Arc::clone(&wiring.notes),
        })
    }
}

#[derive(Clone, Debug)]
enum Step {
    Post {
        side: usize,
        items: Vec<(u32, bool)>,
    },
    Crash {
        side: usize,
    },
}

#[derive(Clone, Debug)]
struct Plan {
    capacity: usize,
    redeliver: [Option<u32>; 2],
    steps: Vec<Step>,
    closes: usize,
}

fn plans() -> impl Strategy<Value = Plan> {
    let crashes = prop_oneof![6 => Just(0_u32), 2 => Just(1), 1 => Just(2)];
    let items = prop::collection::vec((crashes, any::<bool>()), 1..6);
    let step = prop_oneof![
        5 => (0..2_usize, items).prop_map(|(side, items)| Step::Post { side, items }),
        1 => (0..2_usize).prop_map(|side| Step::Crash { side }),
    ];
    let redeliver = || prop::option::of(1..3_u32);
    (
        1..4_usize,
        [redeliver(), redeliver()],
        prop::collection::vec(step, 1..10),
        0..2_usize,
    )
        .prop_map(|(capacity, redeliver, steps, closes)| Plan {
            capacity,
            redeliver,
            steps,
            closes,
        })
}

/// Waits for a condition, while `alive` lives.
fn until(alive: &EndHandle, mut holds: impl FnMut() -> bool) {
    for _ in 0..20_000 {
        if holds() {
            return;
        }
        assert!(alive.join_timeout(Duration::from_millis(1)).is_none());
    }
    panic!("it does not come");
}

fn run(system: &System, plan: &Plan) {
    let mut events = system.events();
    let channel = MessageChannel::<Item, Item>::bounded(plan.capacity);
    let ports = [Arc::new(channel.port1), Arc::new(channel.port2)];
    let notes: [Arc<Mutex<Notes>>; 2] = Default::default();
    let mut tree = Supervisor::one_for_one().intensity(10_000, LONG);
    let mut ends = Vec::new();
    for side in 0..2 {
        let spec = system.spec::<End>(Wiring {
            port: Arc::clone(&ports[side]),
            redeliver: plan.redeliver[side],
            notes: Arc::clone(&notes[side]),
        });
        let mut spec = spec.name(["left", "right"][side]);
        ends.push(spec.handle());
        tree = tree.child(spec);
    }
    let supervisor = system.spawn::<Supervisor>(tree).unwrap();

    let mut posts = Vec::new();
    let mut number = 0;
    for step in &plan.steps {
        match step {
            Step::Post { side, items } => {
                let items = items.iter().map(|&(crashes, panics)| {
                    number += 1;
                    Item {
                        number,
                        crashes,
                        panics,
                    }
                });
                let items = items.collect();
                posts.push(ends[*side].post(items).send().unwrap());
            }
            Step::Crash { side } => drop(ends[*side].terminate(LONG)),
        }
    }
    for post in posts {
        post.wait().unwrap();
    }
    ports[plan.closes].close();
    for side in 0..2 {
        // All that was accepted has been received when a life that goes on is told of the end.
        until(&ends[side], || {
            let life = ends[side].snapshot().life;
            ends[side].is_alive() && notes[side].lock().unwrap().closed.contains(&life)
        });
    }
    supervisor.stop();
    supervisor.join();

    let lost: BTreeSet<String> = dead_letters(&mut events).into_iter().collect();
    for side in 0..2 {
        let mine = notes[side].lock().unwrap();
        let other = notes[1 - side].lock().unwrap();
        let limit = plan.redeliver[side].unwrap_or(0);
        let survives = |item: &&Item| item.crashes <= limit;
        let expected: Vec<u32> = other
            .posted
            .iter()
            .filter(survives)
            .map(|item| item.number)
            .collect();
        assert_eq!(mine.heard, expected, "in order, all that was posted, once");
        let begun: Vec<u32> = other
            .posted
            .iter()
            .flat_map(|item| vec![item.number; 1 + item.crashes.min(limit) as usize])
            .collect();
        assert_eq!(
            mine.begun, begun,
            "what a life failed with comes first in the next"
        );
        let name = ["left", "right"][side];
        let gone = other
            .posted
            .iter()
            .filter(|item| item.crashes > limit)
            .count();
        assert_eq!(
            gone,
            lost.iter().filter(|line| line.starts_with(name)).count()
        );
        let told: BTreeSet<u64> = mine.closed.iter().copied().collect();
        assert_eq!(told.len(), mine.closed.len(), "closed once in each life");
    }
}

/// Dead letters of ports, each told apart by its life.
fn dead_letters(events: &mut actor_core::Events) -> Vec<String> {
    let line = |event: Event| match event.kind {
        EventKind::DeadLetter {
            message: "heard",
            cause,
            ..
        } => {
            assert!(matches!(
                cause,
                DeadLetterCause::Failed | DeadLetterCause::RedeliveryUsedUp
            ));
            Some(format!("{} {}", event.actor.name(), event.life))
        }
        _ => None,
    };
    std::iter::from_fn(|| events.try_next())
        .filter_map(line)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_comes_twice_whoever_crashes(plan in plans(), seed in any::<u64>()) {
        quiet_panics();
        under(seed).run(|system| run(system, &plan));
        on_threads(|system| run(system, &plan));
    }
}

/// Holds an end that travels.
#[derive(Default)]
struct Holder(Option<MessagePort<(), u32>>);

#[actor]
impl Holder {
    fn hold(&mut self, port: MessagePort<(), u32>) {
        self.0 = Some(port);
    }
    fn take(&self) -> Option<Result<u32, RecvError>> {
        Some(self.0.as_ref()?.try_recv())
    }
    fn pass_on(&mut self, to: HolderHandle) {
        if let Some(port) = self.0.take() {
            to.hold(port).tell().unwrap();
        }
    }
    fn give_back(&mut self) -> Option<MessagePort<(), u32>> {
        self.0.take()
    }
    #[message(fails)]
    fn crash(&self) -> Result<(), Failure> {
        Err("a planned failure")?
    }
}

impl Actor for Holder {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Holder::default())
    }
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Post,
    Take,
    PassOn { to: usize },
    Close,
    Crash,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let step = prop_oneof![
        8 => Just(Move::Post),
        6 => Just(Move::Take),
        4 => (0..3_usize).prop_map(|to| Move::PassOn { to }),
        1 => Just(Move::Close),
        1 => Just(Move::Crash),
    ];
    prop::collection::vec(step, 0..40)
}

/// One end stays here, the other travels from actor to actor and is closed by the crash of the one
/// that holds it.
fn travel(system: &System, moves: &[Move], capacity: usize) {
    let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(capacity);
    let mut tree = Supervisor::one_for_one().intensity(1_000, LONG);
    let mut holders = Vec::new();
    for name in ["a", "b", "c"] {
        let mut spec = system.spec::<Holder>(()).name(name);
        holders.push(spec.handle());
        tree = tree.child(spec);
    }
    system.spawn::<Supervisor>(tree).unwrap();
    holders[0].hold(port2).ask().unwrap();
    let mut owner = 0;
    let mut queue = VecDeque::new();
    let (mut closed, mut gone) = (false, false);
    for (n, step) in (0_u32..).zip(moves) {
        match *step {
            Move::Post => match port1.try_post(n) {
                Ok(()) => {
                    assert!(!closed && queue.len() < capacity);
                    queue.push_back(n);
                }
                Err(error) => {
                    let full = !closed && queue.len() == capacity;
                    let kind = if full {
                        PostErrorKind::Full
                    } else {
                        PostErrorKind::Closed
                    };
                    assert_eq!((error.kind(), error.into_value()), (kind, n));
                }
            },
            Move::Take => {
                let expected = match queue.pop_front() {
                    _ if gone => None,
                    Some(n) => Some(Ok(n)),
                    None if closed => Some(Err(RecvError::Closed)),
                    None => Some(Err(RecvError::Empty)),
                };
                assert_eq!(holders[owner].take().ask().unwrap(), expected);
            }
            Move::PassOn { to } => {
                holders[owner].pass_on(holders[to].clone()).ask().unwrap();
                owner = to;
            }
            Move::Close => {
                port1.close();
                closed = true;
            }
            Move::Crash => {
                holders[owner].crash().ask().unwrap_err();
                // Its state is dropped before its next life answers.
                assert!(holders[owner].give_back().ask().unwrap().is_none());
                (closed, gone) = (true, true);
                queue.clear();
            }
        }
    }
    if let Some(port) = holders[owner].give_back().ask().unwrap() {
        port1.close();
        assert_eq!(port.iter().collect::<VecDeque<_>>(), queue);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_port_travels_with_what_is_queued_and_closes_with_its_owner(
        moves in moves(),
        capacity in 1..4_usize,
        seed in any::<u64>(),
    ) {
        quiet_panics();
        under(seed).run(|system| travel(system, &moves, capacity));
        on_threads(|system| travel(system, &moves, capacity));
    }
}
