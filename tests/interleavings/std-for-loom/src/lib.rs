//! What the library takes from `std`, with all that threads can do to each other scheduled by
//! loom. A crate that depends on this one under the name `std` compiles against it unchanged.

pub mod atomic;
mod local;
#[path = "../../std/scope.rs"]
mod scope;

pub use ::std::*;
pub use local::LocalKey;
pub use scope::prelude;

/// Locks and atomics are loom's. Wakers are made from std's `Arc`, so that one stays.
pub mod sync {
    pub use crate::atomic;
    pub use ::std::sync::{Arc, LockResult, Once, PoisonError, TryLockError, TryLockResult, Weak};
    pub use loom::sync::{Mutex, MutexGuard};
}

/// Threads are loom's.
pub mod thread {
    pub use ::std::thread::{Result, available_parallelism, panicking};
    pub use loom::thread::{
        AccessError, Builder, JoinHandle, Thread, current, park, spawn, yield_now,
    };

    /// Returns at once, as the real one may: loom has no clock.
    pub fn park_timeout(_: std::time::Duration) {
        yield_now();
    }
}

/// Whoever spins lets the others go on.
pub mod hint {
    pub use ::std::hint::*;
    pub use loom::hint::spin_loop;
}
