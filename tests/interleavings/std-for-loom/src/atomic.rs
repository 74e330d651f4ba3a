//! loom's atomics, whose plain stores are made true to the hardware.
//!
//! loom lets a plain store of one thread fall between the read and the write of another thread's
//! exchange: after `exchange(0, 1)` beside `store(2)` it finds 1, though whichever comes first, 2
//! is left. So a store is an exchange here that forgets what was there, with the order asked for.

use std::ops::Deref;

pub use ::std::sync::atomic::Ordering;

macro_rules! atomics {
    ($($name:ident: $value:ty),+ $(,)?) => {$(
        #[derive(Debug, Default)]
        pub struct $name(loom::sync::atomic::$name);

        impl $name {
            pub fn new(value: $value) -> Self {
                $name(loom::sync::atomic::$name::new(value))
            }

            pub fn load(&self, order: Ordering) -> $value {
                self.0.load(order)
            }

            pub fn store(&self, value: $value, order: Ordering) {
                self.0.swap(value, order);
            }

            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                self.0.swap(value, order)
            }

            pub fn compare_exchange(
                &self,
                expected: $value,
                value: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.0.compare_exchange(expected, value, success, failure)
            }
        }

        impl Deref for $name {
            type Target = loom::sync::atomic::$name;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    )+};
}

atomics! {
    AtomicBool: bool,
    AtomicI8: i8, AtomicI16: i16, AtomicI32: i32, AtomicI64: i64,
    AtomicU8: u8, AtomicU16: u16, AtomicU32: u32, AtomicU64: u64,
    AtomicUsize: usize,
}
