//! One test for each claim that the modules' docs make.

mod array;
mod bell;
mod crowd;
mod depth;
mod graph;
mod mailbox;
mod oneshot;
mod parker;

use std::num::NonZeroU64;
use std::sync::Mutex;
use std::task::{Context, Poll};

use crate::id::{ActorId, Identity};
use crate::rt::{IdleStrategy, Rt, lock};

/// Checks `body` in all interleavings.
fn always(body: impl Fn() + Send + Sync + 'static) {
    loom::model(body);
}

/// Checks `body` in all interleavings in which threads are held up so often at most where they
/// could go on: with more threads, the rest would take hours.
fn always_with(holdups: usize, body: impl Fn() + Send + Sync + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(holdups);
    model.check(body);
}

/// Blocks until `poll` is ready, as everything in the library does.
fn wait<T>(poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    let ready = Rt::Threads.wait(IdleStrategy::Park, None, poll);
    ready.expect("there is no deadline")
}

/// A queue, as the library's are: change and look are behind its lock.
#[derive(Default)]
struct Queue(Mutex<Vec<u32>>);

impl Queue {
    fn push(&self, value: u32) {
        lock(&self.0).push(value);
    }

    fn is_empty(&self) -> bool {
        lock(&self.0).is_empty()
    }

    fn pop(&self) -> Option<u32> {
        lock(&self.0).pop()
    }

    fn take(&self) -> Vec<u32> {
        std::mem::take(&mut *lock(&self.0))
    }
}

fn actor(number: u64) -> Identity {
    let number = NonZeroU64::new(number).expect("actors are counted from 1");
    Identity::new("actor", ActorId::new(number))
}
