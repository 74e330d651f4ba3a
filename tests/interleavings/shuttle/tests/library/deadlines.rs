//! Deadlines of what is awaited, which the root thread keeps.

use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use actor_core::prelude::*;

use super::actors::Taker;
use super::{Count, explore_system};

/// The smallest runtime.
struct Unparker(Thread);

impl Wake for Unparker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unparker(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// Nobody else wakes the root thread: it hears of each deadline that comes before those it knows.
#[test]
fn what_is_awaited_ends_when_it_is_due() {
    explore_system(|system| {
        let mut spec = system.spec::<Taker>(Count::default());
        // Not started, so nobody answers.
        let taker = spec.handle();
        let waiters = [9, 1].map(|seconds| {
            let taker = taker.clone();
            thread::spawn(move || {
                let asked = taker.take(0, 1).timeout(Duration::from_secs(seconds));
                block_on(asked.into_future())
            })
        });
        for waiter in waiters {
            let answer = waiter.join().unwrap();
            assert!(
                matches!(answer, Err(AskError::Timeout { .. })),
                "{answer:?}"
            );
        }
    });
}

/// Whoever awaits something of a system that goes hears that it has gone.
#[test]
fn what_is_awaited_ends_with_the_system() {
    explore_system(|system| {
        let mut spec = system.spec::<Taker>(Count::default());
        let taker = spec.handle();
        let waiter = thread::spawn(move || {
            let asked = taker.take(0, 1).timeout(Duration::from_secs(3600));
            block_on(asked.into_future())
        });
        system.shutdown().unwrap();
        assert!(waiter.join().unwrap().is_err());
    });
}
