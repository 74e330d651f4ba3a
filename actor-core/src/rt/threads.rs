//! The body that runs on real threads and the real clock.
#![allow(
    clippy::disallowed_methods,
    reason = "this is what the rest of the crate uses instead of them"
)]

use core::sync::atomic::{AtomicUsize, Ordering};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::num::NonZeroUsize;
use std::task::{Context, Poll};
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

use super::idle::{IdleStrategy, with_place};

pub(super) fn now() -> Instant {
    Instant::now()
}

/// Each set of std's hashing keys is another.
pub(super) fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}

pub(super) fn yield_now() {
    std::thread::yield_now();
}

/// How many threads can run at the same time. The system is asked once.
pub(super) fn cores() -> usize {
    static CORES: AtomicUsize = AtomicUsize::new(0);
    match CORES.load(Ordering::Relaxed) {
        0 => {
            let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
            CORES.store(cores, Ordering::Relaxed);
            cores
        }
        cores => cores,
    }
}

pub(super) fn spawn(
    name: String,
    stack_size: Option<usize>,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    // The system takes a thread's name as a C string.
    let mut builder = Builder::new().name(name.replace('\0', "?"));
    if let Some(size) = stack_size {
        // Beyond this, std's rounding to whole pages panics.
        if isize::try_from(size).is_err() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("a stack of {size} bytes is more than an address space holds"),
            ));
        }
        builder = builder.stack_size(size);
    }
    builder.spawn(body)
}

pub(super) fn join(handle: JoinHandle<()>) {
    // A thread's closure returns `()` and contains its panics, so there is no result to lose.
    drop(handle.join());
}

/// Parks until unparked or `deadline`; false once it has passed.
pub(super) fn park(deadline: Option<Instant>) -> bool {
    let Some(deadline) = deadline else {
        std::thread::park();
        return true;
    };
    let left = deadline.saturating_duration_since(now());
    if left.is_zero() {
        return false;
    }
    std::thread::park_timeout(left);
    true
}

pub(super) fn yield_until(idle: IdleStrategy, is_over: impl Fn() -> bool) -> bool {
    idle == IdleStrategy::Adaptive && with_place(|place| place.patience.yield_until(is_over))
}

pub(super) fn wait<T>(
    idle: IdleStrategy,
    deadline: Option<Instant>,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Option<T> {
    with_place(|place| {
        let mut context = Context::from_waker(&place.waker);
        loop {
            place.parker.clear();
            if let Poll::Ready(value) = poll(&mut context) {
                return Some(value);
            }
            if deadline.is_some_and(|deadline| now() >= deadline) {
                return None;
            }
            place.idle(idle, deadline);
        }
    })
}
