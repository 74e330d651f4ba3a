//! Answers awaited from any async runtime, without one of our own.
#![expect(
    clippy::disallowed_methods,
    reason = "a bare executor parks, and a deadline is measured"
)]

use std::future::IntoFuture;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use actor_core::LockErrorKind;
use actor_core::prelude::*;
use actor_tests::probe::{Gate, GateHandle, Plan, Probe, ProbeHandle};
use actor_tests::{LONG, Log, on_threads};

/// The barest executor there is.
fn block_on<F: IntoFuture>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future.into_future());
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

fn held(system: &SystemRef, capacity: usize) -> (ProbeHandle, GateHandle) {
    let gate = system.spawn::<Gate>(()).unwrap();
    let held = system
        .spec::<Probe>(Plan::new(&Log::new(), "held"))
        .mailbox(capacity);
    let held = held.spawn().unwrap();
    held.pass(gate.clone()).tell().unwrap();
    gate.somebody_waits().ask().unwrap();
    (held, gate)
}

#[test]
fn from_a_bare_executor() {
    on_threads(|system| {
        let a = system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap();
        assert_eq!(block_on(a.echo(5)).unwrap(), 5);
        assert_eq!(
            block_on(a.echo(6).send().unwrap()).unwrap(),
            6,
            "a pending answer too"
        );
        a.stop();
        a.join();
        assert!(matches!(block_on(a.echo(7)), Err(AskError::Stopped { .. })));
    });
}

#[test]
fn from_tokio_on_one_thread_and_many_at_once() {
    on_threads(|system| {
        let a = system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap();
        let tokio = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        tokio.block_on(async {
            let asks: Vec<_> = (0..100)
                .map(|n| tokio::spawn(a.echo(n).into_future()))
                .collect();
            for (n, ask) in asks.into_iter().enumerate() {
                assert_eq!(ask.await.unwrap().unwrap(), n as u64);
            }
        });
    });
}

#[test]
fn a_deadline_is_kept_without_a_runtime() {
    on_threads(|system| {
        let (held, gate) = held(system, 10);
        let before = Instant::now();
        let error = block_on(held.echo(1).timeout(Duration::from_millis(30))).unwrap_err();
        assert!(
            matches!(
                error,
                AskError::Timeout {
                    message: "echo",
                    ..
                }
            ),
            "{error}"
        );
        assert!(before.elapsed() >= Duration::from_millis(30));
        // A later deadline first, then an earlier one: the root thread looks again.
        let far = held.echo(1).timeout(LONG).into_future();
        let near = held
            .echo(2)
            .timeout(Duration::from_millis(30))
            .into_future();
        let both = async {
            let (mut far, mut near) = (pin!(far), pin!(near));
            std::future::poll_fn(|context| {
                assert!(far.as_mut().poll(context).is_pending());
                near.as_mut().poll(context)
            })
            .await
        };
        assert!(matches!(block_on(both), Err(AskError::Timeout { .. })));
        gate.open().tell().unwrap();
        assert_eq!(block_on(held.echo(3).timeout(LONG)).unwrap(), 3);
    });
}

#[test]
fn a_full_mailbox_holds_up_the_future_only() {
    on_threads(|system| {
        let (held, gate) = held(system, 1);
        held.echo(1).tell().unwrap();
        let error = block_on(held.echo(2).timeout(Duration::from_millis(30))).unwrap_err();
        assert!(matches!(error, AskError::Timeout { .. }));
        let mut waiting = pin!(held.echo(3).into_future());
        let mut context = Context::from_waker(Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        assert_eq!(held.snapshot().mailbox, 1, "it was not sent yet");
        gate.open().tell().unwrap();
        assert_eq!(block_on(waiting).unwrap(), 3);
    });
}

#[test]
fn a_future_that_is_dropped_before_it_is_polled_sends_nothing() {
    on_threads(|system| {
        let a = system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap();
        drop(a.echo(1).into_future());
        assert_eq!(a.echo(2).ask().unwrap(), 2);
        assert_eq!(a.snapshot().handled, 1);
    });
}

#[test]
fn whoever_awaits_when_the_system_goes_is_answered() {
    let system = System::new("going").unwrap();
    let (held, gate) = held(&system, 10);
    let asked = held.echo(1).timeout(LONG).send().unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| block_on(asked));
        held.stop();
        gate.open().tell().unwrap();
        system.shutdown().unwrap();
        assert!(matches!(
            waiting.join().unwrap(),
            Err(AskError::Stopped { .. })
        ));
    });
}

#[test]
fn a_deadline_in_a_system_that_is_gone_does_not_hang() {
    let system = System::new("gone").unwrap();
    let mut spec = system.spec::<Probe>(Plan::new(&Log::new(), "never"));
    let never = spec.handle();
    let before = never.echo(1).timeout(LONG).send().unwrap();
    system.shutdown().unwrap();
    assert!(matches!(block_on(before), Err(AskError::Stopped { .. })));
    assert!(block_on(never.echo(2).timeout(LONG)).is_err());
}

/// Polls a future once.
fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_lock_is_awaited_and_who_lets_the_future_go_leaves_the_line() {
    on_threads(|system| {
        let guard = block_on(system.lock("x")).unwrap();
        let mut dropped = system.lock("x").into_future();
        let mut next = system.lock("x").into_future();
        assert!(poll_once(&mut dropped).is_pending() && poll_once(&mut next).is_pending());
        assert_eq!(system.locks().pending.len(), 2);
        drop(dropped);
        assert_eq!(system.locks().pending.len(), 1);
        let release = std::thread::scope(|scope| {
            let release = scope.spawn(|| guard.release());
            assert!(block_on(next).unwrap().is_held());
            release.join().unwrap()
        });
        assert!(release.is_ok() && system.locks().held.is_empty());
    });
}

#[test]
fn an_awaited_lock_has_a_deadline() {
    on_threads(|system| {
        let guard = system.lock("x").acquire().unwrap();
        let late = block_on(system.lock("x").timeout(Duration::from_millis(5)));
        assert_eq!(late.unwrap_err().kind(), LockErrorKind::Timeout);
        assert!(system.locks().pending.is_empty());
        drop(guard);
        assert!(block_on(system.lock("x").timeout(LONG)).is_ok());
    });
}
