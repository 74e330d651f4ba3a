//! One round: a system that is used and abused for a while, and then shut down.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use actor_core::ShutdownError;
use actor_core::prelude::*;
use fastrand::Rng;

use super::account::{Kind, Tally};
use super::audit::audit;
use super::books::Books;
use super::deed::Deed;
use super::footprint::Footprint;
use super::hand::Hand;
use super::happened::Happened;
use super::options::Sabotage;
use super::world::{World, mix};

/// How long a shutdown may take. Its bound is no part of what is tested: other work may be on the
/// machine.
const SHUTDOWN: Duration = Duration::from_secs(60);
/// How long threads that were left behind may take to come back, at most.
const LATE: Duration = Duration::from_secs(30);
/// How long hands go on in a system that has ended.
const ENCORE: Duration = Duration::from_millis(50);

/// What decides about a round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) number: u64,
    pub(super) length: Duration,
    pub(super) patience: Duration,
    pub(super) sabotage: Option<Sabotage>,
}

/// What came of it.
pub(super) struct Report {
    pub(super) tokens: Tally,
    pub(super) built: u64,
    pub(super) actors: usize,
    pub(super) wildness: u32,
    pub(super) end: End,
    pub(super) happened: Happened,
    pub(super) took: Duration,
    pub(super) faults: Vec<String>,
}

/// How a round comes to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nobody does anything any more.
    Quiet,
    /// All go on meanwhile.
    Busy,
    /// The same, and an actor began it.
    FromInside,
}

/// Plays a round, and lets others see its world.
#[expect(
    clippy::disallowed_methods,
    reason = "it runs for a time, on threads of its own"
)]
pub(super) fn play(plan: Plan, stage: &OnceLock<Weak<World>>) -> Report {
    let begun = Instant::now();
    let before = Footprint::now();
    let books = Arc::new(Books::new(plan.sabotage));
    let system = System::builder("soak")
        .shutdown_timeout(SHUTDOWN)
        .build()
        .expect("a system can be made");
    let seed = mix([plan.seed, plan.number, 0]);
    let world = Arc::new(World::new(system.reference(), Arc::clone(&books), seed));
    stage.get_or_init(|| Arc::downgrade(&world));
    let mut rng = world.rng(0, 0);
    let end = match rng.u32(0..5) {
        0..=1 => End::Quiet,
        2..=3 => End::Busy,
        _ => End::FromInside,
    };
    let hands = rng.u64(2..6);
    let events = system.events();
    let until = begun + plan.length;
    let (happened, left_behind) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| Happened::until_the_end(events));
        furnish(&world, &mut rng);
        let hands: Vec<_> = (1..=hands)
            .map(|number| {
                // Beyond all numbers of actors.
                let hand = Hand::new(&world, world.rng(u64::MAX - number, 0), false);
                scope.spawn(move || work(hand))
            })
            .collect();
        let join = |hands: Vec<std::thread::ScopedJoinHandle<'_, Hand>>| {
            let joined = hands.into_iter().map(|hand| hand.join());
            joined
                .filter_map(|hand| {
                    let told = |payload| books.fault(format!("a hand panicked: {}", text(payload)));
                    hand.map_err(told).ok()
                })
                .collect::<Vec<Hand>>()
        };
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
        let (hands, outcome) = if end == End::Quiet {
            world.end();
            let hands = join(hands);
            (hands, system.shutdown())
        } else {
            if end == End::FromInside {
                begin_inside(&world);
            }
            let outcome = system.shutdown();
            std::thread::sleep(ENCORE);
            world.end();
            (join(hands), outcome)
        };
        let left_behind = outcome.err();
        for mut hand in hands {
            hand.gather_the_rest(left_behind.is_some());
        }
        (reader.join().expect("it counts"), left_behind)
    });
    drop(system);
    spoil(&books);
    world.ports.lock().expect("nobody panics with it").clear();
    let late = LATE.min(plan.patience / 2);
    check_threads(&books, before, late, left_behind.as_ref());
    let tokens = audit(&world, &happened, end);
    Report {
        tokens,
        built: world.built.load(Ordering::Relaxed),
        actors: world.targets.read().expect("nobody panics with it").len(),
        wildness: world.wildness,
        end,
        happened,
        took: begun.elapsed(),
        faults: books.faults(),
    }
}

/// What there is from the beginning.
fn furnish(world: &Arc<World>, rng: &mut Rng) {
    let mut hand = Hand::new(world, rng.fork(), false);
    hand.build_pool();
    for _ in 0..rng.u32(2..6) {
        hand.build();
    }
    for port in hand.ports.drain(..) {
        world.put_port(port);
    }
}

/// Acts until the round is over.
#[expect(clippy::disallowed_methods, reason = "it hangs, on purpose")]
fn work(mut hand: Hand) -> Hand {
    if hand.world.books.sabotages(Sabotage::Hang) {
        loop {
            std::thread::park();
        }
    }
    while !hand.world.is_over() {
        hand.act();
    }
    hand.ports.clear();
    hand
}

/// Lets an actor begin the shutdown.
fn begin_inside(world: &Arc<World>) {
    let mut hand = Hand::new(world, world.rng(u64::MAX, 1), false);
    if let Ok(actor) = hand.lone(false).spawn() {
        let all = world.targets.read().expect("nobody panics with it");
        let target = all.iter().find(|one| one.handle.id() == actor.id());
        if let Some(target) = target.map(Arc::clone) {
            drop(all);
            let token = hand.token(Kind::Tell, &target);
            hand.told(actor.work(token, Deed::EndAll).tell());
        }
    }
}

fn check_threads(
    books: &Books,
    before: Option<Footprint>,
    late: Duration,
    left_behind: Option<&ShutdownError>,
) {
    let Some(before) = before else {
        return;
    };
    let after = Footprint::with_threads(before.threads, late);
    let threads = after.map_or(0, |after| after.threads);
    if threads > before.threads {
        let who = left_behind.map_or_else(String::new, |error| format!("; {error}"));
        books.fault(format!(
            "{threads} threads are there {late:?} after the end, and {} were before{who}",
            before.threads
        ));
    }
}

/// What is to be done wrong at the end.
#[expect(clippy::disallowed_methods, reason = "a thread that stays, on purpose")]
fn spoil(books: &Books) {
    if books.sabotages(Sabotage::Thread) {
        std::thread::spawn(std::thread::park);
    }
    if books.sabotages(Sabotage::Memory) {
        vec![1_u8; 16 << 20].leak();
    }
}

fn text(payload: Box<dyn std::any::Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload
            .downcast_ref::<&str>()
            .map_or_else(|| "something that is no text".into(), |text| (*text).into()),
    }
}
