//! What the library takes from `std`, with all that threads can do to each other scheduled by
//! shuttle. A crate that depends on this one under the name `std` compiles against it unchanged.

mod local;
#[path = "../../std/scope.rs"]
mod scope;
pub mod thread;
pub mod time;

/// For what no execution is to see.
pub extern crate std as real;

pub use ::std::*;
pub use local::LocalKey;
pub use scope::prelude;

/// Locks and atomics are shuttle's.
pub mod sync {
    pub use ::std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, Weak};
    /// Once in a process, not in each execution: a panic hook is not forgotten in between.
    pub use ::std::sync::{Once, OnceLock};
    pub use shuttle::sync::{Mutex, MutexGuard, atomic};
}

/// Whoever spins lets the others go on.
pub mod hint {
    pub use ::std::hint::*;
    pub use shuttle::hint::spin_loop;
}
