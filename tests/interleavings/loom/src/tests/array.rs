//! `shared.rs` and `shared/parking.rs`: waiting at a place of a shared array.

use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;

use super::{always, always_with};
use crate::shared::{SharedArray, Waited};

#[test]
fn who_changes_and_notifies_is_not_missed() {
    always(|| {
        let array = SharedArray::<u32>::new(1);
        let there = array.clone();
        thread::spawn(move || {
            there.store(0, 1);
            there.notify(0, 1);
        });
        // Once is enough: to look and to wait is one step.
        if array.load(0) == 0 {
            array.wait(0, 0);
        }
        assert_eq!(array.load(0), 1);
    });
}

#[test]
fn as_many_wake_up_as_were_notified() {
    always_with(2, || {
        let array = SharedArray::<u32>::new(1);
        let waiters = [0; 2].map(|_| {
            let array = array.clone();
            thread::spawn(move || array.wait(0, 0))
        });
        let mut notified = 0;
        array.store(0, 1);
        notified += array.notify(0, 1);
        notified += array.notify(0, usize::MAX);
        let waited = waiters.map(|waiter| waiter.join().unwrap());
        let were = |how| waited.iter().filter(|one| **one == how).count();
        assert_eq!(were(Waited::Notified), notified);
        assert_eq!(were(Waited::NotEqual), 2 - notified);
    });
}

/// Who gives up in the moment in which it is notified does not keep that from the others.
#[test]
fn a_notification_is_passed_on_by_whoever_gives_up() {
    always_with(3, || {
        let array = SharedArray::<u32>::new(1);
        let mut context = Context::from_waker(Waker::noop());
        let mut first = Box::pin(array.wait_async(0, 0));
        assert!(first.as_mut().poll(&mut context).is_pending());
        let mut second = pin!(array.wait_async(0, 0));
        assert!(second.as_mut().poll(&mut context).is_pending());
        let there = array.clone();
        let notifier = thread::spawn(move || there.notify(0, 1));
        drop(first);
        assert_eq!(notifier.join().unwrap(), 1);
        assert!(second.as_mut().poll(&mut context).is_ready());
    });
}
