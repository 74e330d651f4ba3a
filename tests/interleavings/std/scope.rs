//! What is in scope everywhere, whoever schedules the threads.

/// What is in scope without a `use`.
pub mod prelude {
    pub mod rust_2024 {
        pub use crate::thread_local;
        pub use ::std::prelude::rust_2024::*;
    }
}

/// Each scheduled thread has its own, though they share one real thread.
#[macro_export]
macro_rules! thread_local {
    ($($(#[$attr:meta])* $vis:vis static $name:ident: $type:ty = const { $init:expr });+ $(;)?) => {$(
        $(#[$attr])* $vis static $name: $crate::LocalKey<$type> = $crate::LocalKey::new(|| $init);
    )+};
    ($($(#[$attr:meta])* $vis:vis static $name:ident: $type:ty = $init:expr);+ $(;)?) => {$(
        $(#[$attr])* $vis static $name: $crate::LocalKey<$type> = $crate::LocalKey::new(|| $init);
    )+};
}
