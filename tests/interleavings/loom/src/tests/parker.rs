//! `rt/idle.rs`: a thread that waits and those who wake it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Poll, Waker};
use std::thread;

use super::always;
use crate::rt::{IdleStrategy, Rt};

/// Waits until `is_over` says so. `begin` gets the waker in the first poll; how often it polled.
fn wait(mut begin: impl FnMut(&Waker), mut is_over: impl FnMut() -> bool) -> u32 {
    let mut polls = 0;
    let over = Rt::Threads.wait(IdleStrategy::Park, None, |context| {
        if polls == 0 {
            begin(context.waker());
        }
        polls += 1;
        match is_over() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    });
    assert!(over.is_some());
    polls
}

fn change_and_wake(changed: &Arc<AtomicBool>, waker: &Waker) -> thread::JoinHandle<()> {
    let (changed, waker) = (Arc::clone(changed), waker.clone());
    thread::spawn(move || {
        // Relaxed: it is the wake-up that makes it visible.
        changed.store(true, Relaxed);
        waker.wake();
    })
}

#[test]
fn no_wake_up_is_lost_and_the_change_before_it_is_seen() {
    always(|| {
        let changed = Arc::new(AtomicBool::new(false));
        wait(
            |waker| drop(change_and_wake(&changed, waker)),
            || changed.load(Relaxed),
        );
    });
}

#[test]
fn of_two_wake_ups_none_is_lost() {
    always(|| {
        let changed = [0; 2].map(|_| Arc::new(AtomicBool::new(false)));
        let polls = wait(
            |waker| {
                for one in &changed {
                    change_and_wake(one, waker);
                }
            },
            || changed.iter().all(|one| one.load(Relaxed)),
        );
        assert!(polls <= 3, "a poll without a wake-up: {polls}");
    });
}

#[test]
fn an_unpark_that_is_not_for_us_is_no_wake_up() {
    always(|| {
        let changed = Arc::new(AtomicBool::new(false));
        let me = thread::current();
        // Not joined: it might unpark that wait, which loom does not allow for.
        thread::spawn(move || me.unpark());
        let polls = wait(
            |waker| drop(change_and_wake(&changed, waker)),
            || changed.load(Relaxed),
        );
        assert!(polls <= 2, "a poll without a wake-up: {polls}");
    });
}

#[test]
fn a_wake_up_that_comes_after_its_wait_does_the_next_no_harm() {
    always(|| {
        let mut late = None;
        wait(|waker| late = Some(waker.clone()), || true);
        let other = thread::spawn(|| late.into_iter().for_each(Waker::wake));
        let changed = Arc::new(AtomicBool::new(false));
        let polls = wait(
            |waker| drop(change_and_wake(&changed, waker)),
            || changed.load(Relaxed),
        );
        assert!(polls <= 3, "a poll without a wake-up: {polls}");
        other.join().unwrap();
    });
}
