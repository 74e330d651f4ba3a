//! Tells, asks and the ends of actors: nothing that was accepted is lost, and nobody sleeps for
//! ever.

use std::thread;

use actor_core::prelude::*;

use super::actors::{Taker, TakerHandle};
use super::{Count, explore_system};

/// Sends `number` messages; how many were accepted.
fn sender(taker: &TakerHandle, sender: usize, number: u64) -> thread::JoinHandle<u64> {
    let taker = taker.clone();
    thread::spawn(move || {
        let sent = (1..=number).map(|number| taker.take(sender, number).tell());
        sent.filter(Result::is_ok).count() as u64
    })
}

fn taker(system: &System, mailbox: usize, handled: &Count) -> TakerHandle {
    let spec = system.spec::<Taker>(handled.clone());
    spec.mailbox(mailbox).spawn().unwrap()
}

fn dead_letters(taker: &TakerHandle) -> u64 {
    taker.snapshot().dead_letters.values().sum()
}

/// The bell: no wake-up of the actor is lost. The room: no wake-up of its senders.
#[test]
fn all_that_is_told_is_handled() {
    explore_system(|system| {
        let handled = Count::default();
        let taker = taker(system, 1, &handled);
        let senders = [0, 1].map(|number| sender(&taker, number, 3));
        let accepted = senders.map(|sender| sender.join().unwrap());
        assert_eq!(accepted, [3, 3]);
        taker.drain();
        assert!(taker.join().is_normal());
        assert_eq!(handled.get(), 6);
    });
}

#[test]
fn every_ask_is_answered_with_its_own_answer() {
    explore_system(|system| {
        let handled = Count::default();
        let taker = taker(system, 1, &handled);
        let other = taker.clone();
        let other = thread::spawn(move || {
            for number in 1..=2 {
                assert_eq!(other.take(1, number).ask().unwrap(), number);
            }
        });
        for number in 11..=12 {
            assert_eq!(taker.take(0, number).ask().unwrap(), number);
        }
        other.join().unwrap();
    });
}

/// The gate: what is accepted while the mailbox closes is handled, or swept by one of the two.
#[test]
fn what_is_accepted_while_an_actor_ends_is_accounted_for() {
    explore_system(|system| {
        for drains in [true, false] {
            let handled = Count::default();
            let taker = taker(system, 2, &handled);
            let senders = [0, 1].map(|number| sender(&taker, number, 2));
            match drains {
                true => taker.drain(),
                false => taker.stop(),
            }
            assert!(taker.join().is_normal());
            let accepted: u64 = senders.map(|sender| sender.join().unwrap()).iter().sum();
            assert_eq!(handled.get() + dead_letters(&taker), accepted);
            assert_eq!(taker.snapshot().mailbox, 0);
        }
    });
}

/// Whoever asks an actor that ends gets an answer, or hears that there is none.
#[test]
fn an_ask_of_an_actor_that_ends_comes_to_an_end() {
    explore_system(|system| {
        let handled = Count::default();
        let taker = taker(system, 1, &handled);
        let asker = taker.clone();
        let asker = thread::spawn(move || asker.take(0, 1).ask());
        let pending = taker.take(1, 1).send();
        taker.stop();
        let ended = |asked: Result<u64, AskError>| match asked {
            Ok(number) => assert_eq!(number, 1),
            Err(AskError::Stopped { .. }) => {}
            Err(other) => panic!("{other}"),
        };
        ended(asker.join().unwrap());
        if let Ok(pending) = pending {
            ended(pending.wait());
        }
    });
}
