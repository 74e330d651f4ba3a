//! `oneshot.rs`: one value, and ends that may go at any time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;

use super::{always, wait};
use crate::oneshot;

#[test]
fn a_value_that_is_waited_for_comes() {
    always(|| {
        let (sender, mut receiver) = oneshot::channel();
        thread::spawn(move || sender.send(1).expect("it is waited for"));
        assert_eq!(
            wait(|context| Pin::new(&mut receiver).poll(context)),
            Some(1)
        );
    });
}

#[test]
fn who_waits_is_told_that_none_comes() {
    always(|| {
        let (sender, mut receiver) = oneshot::channel::<u32>();
        thread::spawn(move || drop(sender));
        assert_eq!(wait(|context| Pin::new(&mut receiver).poll(context)), None);
    });
}

/// The receiver has looked before, and gives up: the value is dropped once, or comes back.
#[test]
fn a_receiver_that_goes_leaves_no_value_behind() {
    always(|| {
        let value = Arc::new(());
        let (sender, mut receiver) = oneshot::channel();
        let sent = Arc::clone(&value);
        let sending = thread::spawn(move || sender.send(sent));
        let mut now = Context::from_waker(Waker::noop());
        let looked = Pin::new(&mut receiver).poll(&mut now);
        drop(receiver);
        let came_back = sending.join().unwrap().is_err();
        assert!(!(looked.is_ready() && came_back));
        drop(looked);
        assert_eq!(Arc::strong_count(&value), 1);
    });
}
