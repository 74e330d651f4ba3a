//! A word that goes to another thread and back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::Instant;

use crate::measure::{Measured, Scale, Times};

/// The number of the turn, the asker's when it is even.
type Turn = AtomicU64;

pub(super) fn park(scale: Scale) -> Vec<Measured> {
    round_trips(scale, |_| thread::park(), Thread::unpark)
}

pub(super) fn spin(scale: Scale) -> Vec<Measured> {
    round_trips(scale, |_| thread::yield_now(), |_| ())
}

fn round_trips(
    scale: Scale,
    wait: impl Fn(&Turn) + Send + Sync + Copy + 'static,
    wake: impl Fn(&Thread) + Send + Sync + Copy + 'static,
) -> Vec<Measured> {
    let turn = Arc::new(Turn::new(0));
    let rounds = scale.of(50_000, 500);
    let asker = thread::current();
    let answerer = {
        let turn = Arc::clone(&turn);
        thread::spawn(move || {
            for round in 0.. {
                if await_turn(&turn, 2 * round + 1, wait) {
                    return;
                }
                turn.store(2 * round + 2, Ordering::Release);
                wake(&asker);
            }
        })
    };
    let mut times = Times::default();
    let mut done = 0;
    for round in scale.rounds(rounds, rounds) {
        let begun = Instant::now();
        turn.store(2 * round as u64 + 1, Ordering::Release);
        wake(answerer.thread());
        await_turn(&turn, 2 * round as u64 + 2, wait);
        times.push(begun.elapsed());
        done += 1;
    }
    assert_eq!(
        turn.swap(OVER, Ordering::AcqRel),
        2 * done,
        "a turn was lost"
    );
    wake(answerer.thread());
    answerer.join().expect("it only answers");
    times.spread()
}

const OVER: u64 = u64::MAX;

/// True when it is over.
fn await_turn(turn: &Turn, number: u64, wait: impl Fn(&Turn)) -> bool {
    loop {
        match turn.load(Ordering::Acquire) {
            OVER => return true,
            now if now == number => return false,
            _ => wait(turn),
        }
    }
}
