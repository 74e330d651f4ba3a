//! What the library takes from `std`, with all that threads can do to each other scheduled by
//! shuttle. A crate that depends on this one under the name `std` compiles against it unchanged.

mod local;
pub mod thread;
pub mod time;

/// For what no execution is to see.
pub extern crate std as real;

pub use ::std::*;
pub use local::LocalKey;

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

/// What is in scope without a `use`.
pub mod prelude {
    pub mod rust_2024 {
        pub use crate::thread_local;
        pub use ::std::prelude::rust_2024::*;
    }
}

/// Each of shuttle's threads has its own, though they share one real thread.
#[macro_export]
macro_rules! thread_local {
    ($($(#[$attr:meta])* $vis:vis static $name:ident: $type:ty = const { $init:expr });+ $(;)?) => {$(
        $(#[$attr])* $vis static $name: $crate::LocalKey<$type> = $crate::LocalKey::new(|| $init);
    )+};
    ($($(#[$attr:meta])* $vis:vis static $name:ident: $type:ty = $init:expr);+ $(;)?) => {$(
        $(#[$attr])* $vis static $name: $crate::LocalKey<$type> = $crate::LocalKey::new(|| $init);
    )+};
}
